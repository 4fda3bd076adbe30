import { bytesOf, isRecord, number, whole } from './plain.ts';
import type { RunSnapshot, SnapshotTile } from './run-snapshot.ts';
import { visibleText } from './visible-text.ts';

/** A snapshot with its bytes, and no more of it than can be shown. */
export interface Seen extends Omit<RunSnapshot, 'tiles' | 'pairs' | 'columns'> {
  readonly tiles: Uint8Array;
  /** Names of the numbers of a row, ready to be shown; of images none. */
  readonly columns: readonly string[];
  readonly pairs: {
    readonly n: number;
    readonly x: Uint8Array;
    readonly corrupted: Uint8Array | null;
    readonly reconstructions: Uint8Array;
  } | null;
}

const MOST_TILES = 1024;
const MOST_NUMBERS = 2 ** 24; // of all tiles
const MOST_PAIRS = 64;
const LONGEST_NAME = 120;

/** null where it is no snapshot. */
export function readSnapshot(value: unknown): Seen | null {
  if (!isRecord(value)) return null;
  const tile = tileOf(value.tile);
  const [epoch, step, units, looked] = [value.epoch, value.step, value.units, value.looked].map((own) => whole(own));
  const all = bytesOf(value.tiles);
  if (tile === null || all === null || epoch === null || step === null || units === null) return null;
  const d = tile.height * tile.width * tile.channels;
  const given = (Array.isArray(value.shown) ? value.shown : []).filter(isRecord);
  const n = Math.min(given.length, Math.floor(all.length / d), MOST_TILES, Math.floor(MOST_NUMBERS / d));
  const shown = given.slice(0, n).map((one, i) => {
    const use = number(one.use) ?? 0;
    const scale = number(one.scale);
    return {
      ...{ unit: whole(one.unit) ?? i, use: Math.min(1, Math.max(0, use)), dead: one.dead === true },
      ...(scale === null || scale < 0 ? {} : { scale }),
    };
  });
  return {
    ...{ epoch, step, units, looked: looked ?? 0, shown, tile, tiles: all.subarray(0, n * d) },
    useIs: value.useIs === 'mean' ? 'mean' : 'frequency',
    target: number(value.target),
    tilesAre: value.tilesAre === 'additions' ? 'additions' : 'weights',
    columns: tile.isImage ? [] : columnsOf(value.columns, d),
    uses: usesOf(value.uses),
    pairs: pairsOf(value.pairs, d),
  };
}

function tileOf(value: unknown): SnapshotTile | null {
  if (!isRecord(value)) return null;
  const [height, width, channels] = [value.height, value.width, value.channels].map((side) => whole(side, 1));
  if (height === null || width === null || (channels !== 1 && channels !== 3)) return null;
  if (height * width * channels > MOST_NUMBERS) return null;
  return { height, width, channels, isImage: value.isImage === true };
}

/** A name for each of d numbers: its place, from 0, where it has none. */
function columnsOf(value: unknown, d: number): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [];
  return Array.from({ length: d }, (_, j) => {
    const name = names[j];
    return typeof name === 'string' && name.trim() !== '' ? visibleText(name, LONGEST_NAME) : `${j}`;
  });
}

function usesOf(value: unknown): RunSnapshot['uses'] {
  const uses = isRecord(value) ? value : {};
  const numbers = (list: unknown) => (Array.isArray(list) ? list.map(number) : []);
  const [edges, counts] = [numbers(uses.edges), numbers(uses.counts)];
  const rises = edges.every((edge, i) => edge !== null && (i === 0 || edge > (edges[i - 1] ?? edge)));
  const counted = counts.every((count) => count !== null && count >= 0);
  const fits = rises && counted && counts.length > 0 && edges.length === counts.length + 1;
  return {
    edges: fits ? (edges as number[]) : [],
    counts: fits ? (counts as number[]) : [],
    dead: whole(uses.dead) ?? 0,
  };
}

function pairsOf(value: unknown, d: number): Seen['pairs'] {
  if (!isRecord(value)) return null;
  const [x, corrupted, reconstructions] = [value.x, value.corrupted, value.reconstructions].map(bytesOf);
  if (x === null || reconstructions === null) return null;
  const sides = [x, reconstructions, ...(corrupted === null ? [] : [corrupted])];
  const n = Math.min(whole(value.n, 1) ?? 0, MOST_PAIRS, ...sides.map(({ length }) => Math.floor(length / d)));
  if (n === 0) return null;
  const first = (bytes: Uint8Array) => bytes.subarray(0, n * d);
  return { n, x: first(x), corrupted: corrupted && first(corrupted), reconstructions: first(reconstructions) };
}
