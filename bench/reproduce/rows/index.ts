import type { Row } from '../row.ts';
import { colour } from './colour.ts';
import { contractive } from './contractive.ts';
import { cs294a } from './cs294a.ts';
import { deepAutoencoder } from './deep-autoencoder.ts';
import { denoising } from './denoising.ts';
import { dictionaryToys } from './dictionary-toys.ts';
import { kSparse } from './k-sparse.ts';
import { kSparseFinetuned } from './k-sparse-finetuned.ts';
import { kSparseLong } from './k-sparse-long.ts';
import { kSparseSgd } from './k-sparse-sgd.ts';
import { linearPca } from './linear-pca.ts';
import { penalties } from './penalties.ts';
import { pretraining } from './pretraining.ts';
import { selfTaught } from './self-taught.ts';
import { stacked } from './stacked.ts';
import { swissRollRow } from './swiss-roll.ts';
import { synthSaeBenchRow, synthSaeBenchSmall } from './synth-sae-bench.ts';
import { ufldlMnist } from './ufldl-mnist.ts';

/** Every row, in the order of the page. */
export const rows: readonly Row[] = [
  cs294a,
  ufldlMnist,
  selfTaught,
  stacked,
  colour,
  kSparse,
  kSparseSgd,
  kSparseLong,
  kSparseFinetuned,
  denoising,
  contractive,
  pretraining,
  deepAutoencoder,
  linearPca,
  swissRollRow,
  penalties,
  dictionaryToys,
  synthSaeBenchSmall,
  synthSaeBenchRow,
];
