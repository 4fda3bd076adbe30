/** How the numbers of a feature are laid out. */
export interface SnapshotTile {
  readonly height: number;
  readonly width: number;
  /** 1 grey, 3 RGB. */
  readonly channels: number;
  /** Whether it is an image; otherwise a row of a table, 1 × d. */
  readonly isImage: boolean;
}

/** snapshot.json: what a view shows of a model at a moment of its training. Bytes are base64. */
export interface RunSnapshot {
  readonly epoch: number;
  readonly step: number;
  /** Of the code. */
  readonly units: number;
  /** Whether `use` is how often a unit is not 0, or, of units that never are exactly 0, its mean activation ρ̂ in [0, 1]. */
  readonly useIs: 'frequency' | 'mean';
  /** The target ρ of a KL penalty, where there is one. */
  readonly target: number | null;
  /** Examples that uses were counted on. */
  readonly looked: number;
  /** The most used units, most used first, dead ones last. */
  readonly shown: readonly {
    readonly unit: number;
    readonly use: number;
    readonly dead: boolean;
    /** The weight whose shade is 255; absent where it is not known. */
    readonly scale?: number;
  }[];
  readonly tile: SnapshotTile;
  /** What tiles show: weights of the encoder (the default), or what a unit adds to a reconstruction. */
  readonly tilesAre?: 'weights' | 'additions';
  /** Names of the numbers of a row, where they are columns of a table. */
  readonly columns?: readonly string[];
  /** Shades of the shown units, one after the other: 0 the least, 128 none, 255 the most; dead ones 128 throughout. */
  readonly tiles: string;
  /** Of all units: counts[i] have a use in [edges[i], edges[i + 1]), of frequencies their log₁₀. */
  readonly uses: { readonly edges: readonly number[]; readonly counts: readonly number[]; readonly dead: number };
  /** Examples, what the model saw where they were corrupted, and what it made of them: shades of one scale; null where there is none to show. */
  readonly pairs: {
    readonly n: number;
    readonly x: string;
    readonly corrupted?: string;
    readonly reconstructions: string;
  } | null;
}
