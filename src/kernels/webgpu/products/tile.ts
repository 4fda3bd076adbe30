import type { Program } from '../program.ts';

/** How an operand of a product lies. */
export interface Lie {
  /** Whether its elements lie one after another along the depth, or nearer there than across it. */
  readonly turned: boolean;
  /** Whether four of them are read at once. */
  readonly wide: boolean;
}

/** What the text of a product depends on. */
export interface TileKind {
  /** Rows and columns of a group's tile. */
  readonly size: 64 | 128;
  readonly a: Lie;
  readonly b: Lie;
  /** Whether out is written, and read, by four columns. */
  readonly out: boolean;
  /** The same of `from`. */
  readonly from: boolean;
  /** Tiles of operands that workgroup memory holds: 2 let the next arrive while one is multiplied. */
  readonly stages: 1 | 2;
}

/** Vectors of four of one operand's tile in workgroup memory: 8 KiB. */
const VECTORS = 512;

const known = new Map<string, Program>();

/**
 * out = α·a·b + β·from of tiles of `size`×`size`, 256 lanes each: a lane has 8×8 (4×4) sums in registers. Half of the lanes bring
 * a's tile to workgroup memory and half b's, four by four elements each, which are transposed in registers where they lie
 * along the depth; vectors of a line are permuted by the line, so that neither writing nor reading meets a bank twice.
 * Sums go along the depth in order, in float32 with fused multiply-add.
 */
export function tileProgram(kind: TileKind): Program {
  const { size, stages } = kind;
  const text = (lie: Lie) => `${lie.turned ? 't' : ''}${lie.wide ? 4 : 1}`;
  const how = [text(kind.a), text(kind.b), kind.out ? 4 : 1, kind.from ? 4 : 1, stages].join('-');
  const name = `gemm ${size} ${how}`;
  let program = known.get(name);
  if (program === undefined) {
    program = {
      name,
      views: { out: 'write', a: 'read', b: 'read', start: 'read' },
      numbers: {
        rows: 'u32',
        columns: 'u32',
        depth: 'u32',
        each: 'u32', // depth of a part
        down: 'u32', // tiles of a column
        across: 'u32', // tiles of a row
        shift: 'u32', // rows of out from one part to the next
        alpha: 'f32',
        beta: 'f32',
      },
      code: code(kind),
    };
    known.set(name, program);
  }
  return program;
}

function code(kind: TileKind): string {
  const { size, stages } = kind;
  const own = size / 64; // vectors of four rows, and of columns, of a lane
  const lines = size / 4; // vectors of a line
  const deep = VECTORS / lines; // lines: the depth of a tile
  const halves = [...Array(own).keys()];
  const sums = [...Array(4 * own).keys()].flatMap((i) => halves.map((j) => [i, j] as const));
  const products = sums.map(([i, j]) => `s${i}_${j} = fma(vec4<f32>(a${i >> 2}.${'xyzw'[i & 3]}), b${j}, s${i}_${j});`);
  const step = (k: number) => `{
        ${halves.map((h) => `let a${h} = tiles[at_a + ${k * lines + 16 * h}u]; let b${h} = tiles[at_b + ${k * lines + 16 * h}u];`).join(' ')}
        ${products.join('\n        ')}
      }`;
  return `
const DEEP = ${deep}u;
var<workgroup> tiles: array<vec4<f32>, ${2 * VECTORS * stages}>;
var<private> r0: vec4<f32>;
var<private> r1: vec4<f32>;
var<private> r2: vec4<f32>;
var<private> r3: vec4<f32>;

${loader('a', kind.a, 'p.a_r', 'p.a_c', 'rows')}
${loader('b', kind.b, 'p.b_c', 'p.b_r', 'columns')}
${store(kind)}

fn run(group: u32, lane: u32) {
  // Bands of 8 rows of tiles, column by column: what groups at work read is near.
  let tiles_of_part = p.down * p.across;
  let part = group / tiles_of_part;
  let tile = group % tiles_of_part;
  let band = tile / (8u * p.across);
  let high = min(8u, p.down - 8u * band);
  let within = tile - 8u * band * p.across;
  let row = (8u * band + within % high) * ${size}u;
  let column = (within / high) * ${size}u;
  let begin = part * p.each;
  let end = min(p.depth, begin + p.each);

  // The 4×4 block that this lane brings.
  let of_b = lane >= 128u;
  let l = lane & 127u;
  var line = l / ${lines}u;
  var across = l % ${lines}u;
  if ((of_b && ${kind.b.turned}) || (!of_b && ${kind.a.turned})) { line = l % ${deep / 4}u; across = l / ${deep / 4}u; }
  let place = select(0u, ${VECTORS}u, of_b) + 4u * line * ${lines}u + (across ^ (line * ${32 / deep}u));
  // A warp has 4×8 lanes of sums.
  let y = (lane / 64u) * 4u + ((lane & 31u) >> 3u);
  let x = ((lane >> 5u) & 1u) * 8u + (lane & 7u);
  ${sums.map(([i, j]) => `var s${i}_${j} = vec4<f32>();`).join(' ')}

  // While one tile is multiplied the next one arrives.
  var stage = 0u;
  for (var k = begin; ; k += DEEP) {
    let more = k < end;
    if (more) {
      if (of_b) { bring_b(column + 4u * across, k + 4u * line, end); }
      else { bring_a(row + 4u * across, k + 4u * line, end); }
    }
    if (k > begin) {
      for (var q = 0u; q < ${deep / 4}u; q++) {
        let at_a = stage + 4u * q * ${lines}u + (y ^ (q * ${32 / deep}u));
        let at_b = stage + ${VECTORS}u + 4u * q * ${lines}u + (x ^ (q * ${32 / deep}u));
        ${[0, 1, 2, 3].map(step).join('\n        ')}
      }
      ${stages === 1 ? 'workgroupBarrier();' : `stage = ${2 * VECTORS}u - stage;`}
    }
    if (!more) { break; }
    ${put('stage + place')}
    workgroupBarrier();
  }
  ${sums.map(([i, j]) => `store(part, row + ${64 * (i >> 2) + (i & 3)}u + 4u * y, column + ${64 * j}u + 4u * x, s${i}_${j});`).join('\n  ')}
}`;

  function put(at: string): string {
    return [0, 1, 2, 3].map((n) => `tiles[${at} + ${n * lines}u] = r${n};`).join(' ');
  }
}

/** Brings the 4×4 block at (first, k) of an operand to registers, line by line of the depth; what lies beyond `end` is 0. */
function loader(name: string, { turned, wide }: Lie, outer: string, inner: string, extent: string): string {
  const index = (i: string, k: string) => `u32(p.${name}_o + i32(${i}) * ${outer} + i32(${k}) * ${inner})`;
  const four = (i: number) => {
    if (turned) {
      const row = `min(first + ${i}u, p.${extent} - 1u)`;
      return wide
        ? `${name}_wide(${index(row, 'at')})`
        : `vec4<f32>(${[0, 1, 2, 3].map((c) => `${name}_data(${index(row, `min(k + ${c}u, end - 1u)`)})`).join(', ')})`;
    }
    const line = `min(k + ${i}u, end - 1u)`;
    return wide
      ? `${name}_wide(${index('at', line)})`
      : `vec4<f32>(${[0, 1, 2, 3].map((c) => `${name}_data(${index(`min(first + ${c}u, p.${extent} - 1u)`, line)})`).join(', ')})`;
  };
  const at = turned ? 'min(k, (end - 1u) & ~3u)' : `min(first, (p.${extent} - 1u) & ~3u)`;
  const lines = [0, 1, 2, 3];
  const beyond = turned
    ? `let there = vec4<u32>(k, k + 1u, k + 2u, k + 3u) < vec4<u32>(end);
    ${lines.map((n) => `v${n} = select(vec4<f32>(), v${n}, there);`).join(' ')}`
    : lines.map((n) => `if (k + ${n}u >= end) { v${n} = vec4<f32>(); }`).join(' ');
  const result = turned
    ? lines.map((n) => `r${n} = vec4<f32>(${lines.map((m) => `v${m}.${'xyzw'[n]}`).join(', ')});`).join(' ')
    : lines.map((n) => `r${n} = v${n};`).join(' ');
  return `fn bring_${name}(first: u32, k: u32, end: u32) {
  let at = ${at};
  ${lines.map((n) => `var v${n} = ${four(n)};`).join('\n  ')}
  if (k + 4u > end) {
    ${beyond}
  }
  ${result}
}`;
}

/** out = α·sum + β·start, four columns: one rounding for β·start and one for the rest, as `scale` and a product after it would give. */
function store({ out, from }: TileKind): string {
  const old = from
    ? 'start_wide(start_at(i, j))'
    : `vec4<f32>(${[0, 1, 2, 3].map((c) => `start(i, min(j + ${c}u, p.columns - 1u))`).join(', ')})`;
  const write = out
    ? 'set_out_wide(out_at(i + part * p.shift, j), v);'
    : [0, 1, 2, 3]
        .map((c) => `if (j + ${c}u < p.columns) { set_out(i + part * p.shift, j + ${c}u, v.${'xyzw'[c]}); }`)
        .join('\n  ');
  return `fn store(part: u32, i: u32, j: u32, sum: vec4<f32>) {
  if (i >= p.rows || j >= p.columns) { return; }
  var v = p.alpha * sum;
  if (p.beta != 0.0) { v = fma(vec4<f32>(p.alpha), sum, p.beta * ${old}); }
  ${write}
}`;
}
