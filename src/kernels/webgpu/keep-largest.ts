import { program } from './call.ts';
import { DIGITS, KEYS, rankedOf, SCAN } from './selection-code.ts';

/** A group a row, in place: 256 pairs are read before any of them is written, and none goes further right than it was. */
export const keepLargest = program({
  name: 'keepLargest',
  views: { values: 'write', indices: 'write', lengths: 'write', within: 'read', a: 'write', keep: 'read' },
  numbers: { width: 'u32' },
  code: `
${KEYS}
${SCAN}
${DIGITS}
${rankedOf('ranked', 'key(values(i, s))')}
var<workgroup> sizes: vec2<u32>;
fn run(group: u32, lane: u32) {
  let i = group;
  if (lane == 0u) {
    let n = select(p.width, u32(within1(i)), has_within);
    sizes = vec2<u32>(n, min(n, keep1(i)));
  }
  let row = workgroupUniformLoad(&sizes);
  let n = row.x;
  let most = row.y;
  if (lane == 0u) { set_lengths1(i, most); }
  if (most == n) { return; }
  var found = vec2<u32>(NAN_KEY, 0u);
  if (most > 0u) { found = ranked(lane, i, n, most); }
  var kept = 0u;
  var tied = 0u;
  for (var base = 0u; base < n; base += 256u) {
    let s = base + lane;
    let here = s < n;
    var value = 0.0;
    var column = 0u;
    var own = 0u; // below every key
    if (here) { value = values(i, s); column = indices(i, s); own = key(value); }
    let sums = scan(lane, select(0u, 1u, own > found.x) | select(0u, 0x10000u, here && own == found.x));
    let at_tie = tied + (sums.x >> 16u);
    if (here) {
      if (own > found.x || (own == found.x && at_tie < found.y)) {
        let t = kept + (sums.x & 0xffffu) + min(at_tie, found.y);
        set_values(i, t, value);
        set_indices(i, t, column);
      } else if (has_a) {
        set_a(i, column, 0.0);
      }
    }
    kept += sums.y & 0xffffu;
    tied += sums.y >> 16u;
    storageBarrier();
  }
}`,
});
