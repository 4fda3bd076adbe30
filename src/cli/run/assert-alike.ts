import { InputError } from '../../errors.ts';
import type { MpiGroup } from '../../node/mpi/mpi-group.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { VERSION } from '../../version.ts';
import type { SharedRows } from './shared-rows.ts';

/**
 * Processes that share out examples must see the same ones and the same model, and compute on kernels that add in one order.
 * @throws InputError, in all of them, that names what differs and where.
 */
export async function assertAlike(
  group: MpiGroup,
  { model }: SavedModel,
  { source, examples }: SharedRows,
): Promise<void> {
  const { kernels, theta } = model.engine;
  const square = kernels.allocateResults(1);
  kernels.dot(square, 0, theta, theta);
  const [sum] = await kernels.read(square);
  const own = {
    'the version of rhohat': VERSION,
    'the kernels': kernels.name.replace('wide', 'relaxed'),
    'the model': JSON.stringify([model.config, String(sum)]),
    'the data': `${examples} examples of ${source}`,
  };
  const all = group.texts(JSON.stringify(own)).map((text): typeof own => JSON.parse(text));
  for (const what of Object.keys(own) as (keyof typeof own)[]) {
    const other = all.findIndex((one) => one[what] !== all[0][what]);
    if (other < 0) continue;
    const [given, wanted] = [all[other][what], all[0][what]].map((text) =>
      text.length > 80 ? 'one of its own' : text,
    );
    throw new InputError(
      `${what} of rank ${other} (${group.hosts[other]}) is ${given}, of rank 0 ${wanted}: all must have the same; kernels are with --deterministic`,
    );
  }
}
