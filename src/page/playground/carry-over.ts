import type { View } from '../../array/matrix.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';

/**
 * What two models have in common goes from one to the other: of every parameter that both have, the rows and columns that
 * both have; what the other has beyond them stays as it began.
 */
export async function carryOver(from: Autoencoder, to: Autoencoder): Promise<void> {
  const [old, values] = [await from.parameters(), await to.parameters()];
  for (const [name, value] of Object.entries(values)) {
    if (old[name] === undefined) continue;
    const [rows, columns = 1] = value.shape.map((length, axis) => Math.min(length, old[name].shape[axis]));
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) value.data[placeOf(value, i, j)] = old[name].data[placeOf(old[name], i, j)];
    }
  }
  to.setParameters(values);
}

function placeOf({ offset, stride }: View, i: number, j: number): number {
  return offset + i * stride[0] + j * (stride[1] ?? 0);
}

/** The same as a program of Node has it, its models made with such options. */
export const carryOverCode = (
  options: string,
) => `/** Another model of the parameters so far: of each the rows and columns that both have. */
async function changed(from, config) {
  const to = await Autoencoder.create(config, ${options});
  const [old, values] = [await from.parameters(), await to.parameters()];
  for (const [name, value] of Object.entries(values).filter(([name]) => name in old)) {
    const [rows, columns = 1] = value.shape.map((n, axis) => Math.min(n, old[name].shape[axis]));
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) value.set(i, ...(value.shape.length > 1 ? [j] : []), old[name].get(i, j));
    }
  }
  to.setParameters(values);
  return to;
}`;
