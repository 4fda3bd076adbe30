import { onnxFile } from './onnx.ts';

/** Numbers of each token's activations. */
export const WIDTH = 16;
const FADE = 1 / 8;

/** tanh((E[id of t] + Σ_{s<t} E[id of s] / 8) W), as an ONNX file and in plain loops. */
export interface SmallModel {
  readonly file: Uint8Array;
  /** The activations of each of the tokens, in float64. */
  layer(ids: readonly number[]): number[][];
}

/**
 * A model of `vocabulary` tokens: input_ids, (batch, tokens), in; `output`, (batch, tokens, 16), out, and the same in two
 * bytes each as `half`. With `mask`, it takes an attention_mask too, 0 for tokens that are not there, as BERT's do.
 */
export function smallModel(vocabulary: number, output: string, mask: boolean): SmallModel {
  let state = 11;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  const embedding = Float32Array.from({ length: vocabulary * WIDTH }, () => 2 * random());
  const weight = Float32Array.from({ length: WIDTH * WIDTH }, random);

  const shape = ['batch', 'tokens'];
  const file = onnxFile({
    inputs: ['input_ids', ...(mask ? ['attention_mask'] : [])].map((name) => ({ name, type: 'int64', shape })),
    constants: [
      { name: 'embedding', shape: [vocabulary, WIDTH], data: embedding },
      { name: 'weight', shape: [WIDTH, WIDTH], data: weight },
      { name: 'gates', shape: [2, 1], data: Float32Array.of(0, 1) },
      { name: 'fade', shape: [], data: Float32Array.of(FADE) },
      { name: 'axis', shape: [], data: BigInt64Array.of(1n) },
    ],
    operations: [
      { operator: 'Gather', inputs: ['embedding', 'input_ids'], output: mask ? 'embedded' : 'tokens' },
      ...(mask
        ? [
            { operator: 'Gather', inputs: ['gates', 'attention_mask'], output: 'gate' },
            { operator: 'Mul', inputs: ['embedded', 'gate'], output: 'tokens' },
          ]
        : []),
      { operator: 'CumSum', inputs: ['tokens', 'axis'], output: 'before', attributes: { exclusive: 1 } },
      { operator: 'Mul', inputs: ['before', 'fade'], output: 'faded' },
      { operator: 'Add', inputs: ['tokens', 'faded'], output: 'seen' },
      { operator: 'MatMul', inputs: ['seen', 'weight'], output: 'product' },
      { operator: 'Tanh', inputs: ['product'], output },
      { operator: 'Cast', inputs: [output], output: 'half', attributes: { to: 10 } },
    ],
    outputs: [
      { name: output, type: 'float32', shape: [...shape, WIDTH] },
      { name: 'half', type: 'float16', shape: [...shape, WIDTH] },
    ],
  });

  const units = Array.from({ length: WIDTH }, (_, i) => i);
  const row = (id: number) => units.map((j) => embedding[id * WIDTH + j]);
  const layer = (ids: readonly number[]) => {
    const before = units.map(() => 0);
    return ids.map((id) => {
      const seen = row(id).map((value, j) => value + FADE * before[j]);
      row(id).forEach((value, j) => {
        before[j] += value;
      });
      return units.map((i) => Math.tanh(seen.reduce((sum, value, j) => sum + value * weight[j * WIDTH + i], 0)));
    });
  };
  return { file, layer };
}
