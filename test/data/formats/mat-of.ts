/** An array by its shape, and its numbers with the first axis fastest. */
interface MatArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A MAT-file of doubles, written without our reader's help. */
export function matOfNumbers(arrays: Readonly<Record<string, MatArray>>): Uint8Array {
  const element = (type: number, data: Uint8Array) => {
    const padded = Buffer.alloc(8 + 8 * Math.ceil(data.length / 8));
    padded.writeUInt32LE(type, 0);
    padded.writeUInt32LE(data.length, 4);
    padded.set(data, 8);
    return padded;
  };
  const parts = Object.entries(arrays).map(([name, { shape, data }]) => {
    const body = Buffer.concat([
      element(6, Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0)),
      element(5, new Uint8Array(Int32Array.from(shape).buffer)),
      element(1, new TextEncoder().encode(name)),
      element(9, new Uint8Array(Float64Array.from(data).buffer)),
    ]);
    return element(14, body);
  });
  const head = Buffer.from(`${'MATLAB 5.0 MAT-file'.padEnd(124)}\u0000\u0001IM`, 'latin1');
  return new Uint8Array(Buffer.concat([head, ...parts]));
}

/** One of the numbers 0, 1, 2, … in MATLAB's order. */
export function matOf(arrays: Readonly<Record<string, { readonly shape: readonly number[] }>>): Uint8Array {
  return matOfNumbers(
    Object.fromEntries(
      Object.entries(arrays).map(([name, { shape }]) => {
        const length = shape.reduce((product, n) => product * n, 1);
        return [name, { shape, data: Float64Array.from({ length }, (_, i) => i) }];
      }),
    ),
  );
}
