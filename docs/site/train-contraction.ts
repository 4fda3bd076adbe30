// Trains the models of the figure of contraction, each from the one before, so that κ alone sets them apart. Run by
// `npm run stills -- --train`, which is needed only where the figure's data or its models change.
import { writeFileSync } from 'node:fs';
import { type AnyNumbers, toFlat, type View } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import { fit } from '../../src/training/fit.ts';
import { examples } from './figures/contraction.ts';

const KAPPAS = [0, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const HIDDEN = 6;

/** Writes docs/site/figures/contraction-models.ts. */
export async function trainContraction(): Promise<void> {
  const models: string[] = [];
  let from: Parameters | null = null;
  for (const kappa of KAPPAS) {
    const model = await Autoencoder.create(
      { inputs: 2, hidden: HIDDEN, tied: true, output: 'linear', contraction: kappa, precision: 'float64', seed: 2 },
      { threads: 1 },
    );
    if (from !== null) model.setParameters(from);
    await fit(model, examples(), { optimizer: { kind: 'lbfgs', iterations: 1000 } });
    from = await model.parameters();
    const { 'encoder.weight': w, 'encoder.bias': b, 'decoder.bias': c } = from;
    const flat = (view: View<AnyNumbers>) => Array.from(toFlat(view), (value) => Number(value.toFixed(4)));
    const weight = Array.from({ length: HIDDEN }, (_, j) => flat(w).slice(2 * j, 2 * j + 2));
    models.push(JSON.stringify({ kappa, weight, bias: flat(b), output: flat(c) }));
  }
  writeFileSync(
    'docs/site/figures/contraction-models.ts',
    `/** Autoencoders 2-6-2 with tied weights, trained with κ each: written by \`npm run stills -- --train\`. */
export interface Trained {
  readonly kappa: number;
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly output: readonly number[];
}

export const models: readonly Trained[] = [${models.join(',\n')}];
`,
  );
}
