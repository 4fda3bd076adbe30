import { matrix, toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { TensorFlow } from '../beside/types.ts';
import { type Context, effortOf } from '../context.ts';
import { type Called, measure } from '../harness/measure.ts';
import { digits, duration, durations, type Report } from '../harness/report.ts';

const SIZES = [
  { inputs: 8, hidden: 4 },
  { inputs: 64, hidden: 25 },
  { inputs: 784, hidden: 196 },
] as const;
/** Calls in one that is timed: a clock's tick is as long as some of them. */
const CALLS = 100;
const TOLERANCE = 1e-5;

interface Weights {
  readonly w: Float32Array;
  readonly b: Float32Array;
}

/** What one would write by hand: a = f(W·x + b). */
function plainLoop({ w, b }: Weights, inputs: number): (x: Float32Array) => Float32Array {
  return (x) => {
    const a = new Float32Array(b.length);
    for (let j = 0, p = 0; j < b.length; j++) {
      let z = b[j];
      for (let i = 0; i < inputs; i++, p++) z += w[p] * x[i];
      a[j] = 1 / (1 + Math.exp(-z));
    }
    return a;
  };
}

/** From an array to an array, as the others do. */
function ofTensorFlow(tf: TensorFlow, { w, b }: Weights, inputs: number): (x: Float32Array) => Float32Array {
  const [weight, bias] = [tf.tensor2d(w, [b.length, inputs]), tf.tensor1d(b)];
  return (x) => {
    const given = tf.tensor2d(x, [1, inputs]);
    const product = tf.matMul(given, weight, false, true);
    const z = tf.add(product, bias);
    const a = tf.sigmoid(z);
    const codes = a.dataSync();
    for (const each of [given, product, z, a]) each.dispose();
    return codes;
  };
}

/** `CALLS` calls of a function of an example. */
function called(
  name: string,
  encode: (x: Float32Array) => Float32Array,
  x: Float32Array,
  begin?: Called['begin'],
): Called {
  const run = () => {
    for (let i = 0; i < CALLS; i++) encode(x);
  };
  return { name, run, units: CALLS, ...(begin ? { begin } : {}) };
}

/** Codes of a single example: what a call costs beside its arithmetic. */
export async function benchOneExample(context: Context): Promise<Report> {
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  const { tensorFlow: tf, tensorFlowBackends } = context.peers;
  for (const { inputs, hidden } of SIZES) {
    const model = await Autoencoder.create({ inputs, hidden, seed: 1 }, { threads: 1 });
    const { 'encoder.weight': weight, 'encoder.bias': bias } = await model.parameters();
    const weights = { w: toFlat(weight) as Float32Array, b: toFlat(bias) as Float32Array };
    const x = Float32Array.from({ length: inputs }, (_, i) => 0.5 + 0.4 * Math.sin(i));
    const view = matrix(x, 1, inputs);
    const loop = plainLoop(weights, inputs);
    const expected = loop(x);
    const subjects: Called[] = [
      called('a plain loop', loop, x),
      called('encodeSync', () => model.encodeSync(view).data as Float32Array, x),
    ];
    const sync = [loop(x), model.encodeSync(view).data, (await model.encode(view)).data];
    subjects.push({
      name: 'await encode',
      isAsync: true,
      units: CALLS,
      async run() {
        for (let i = 0; i < CALLS; i++) await model.encode(view);
      },
    });
    for (const backend of tf === null ? [] : tensorFlowBackends) {
      await tf?.setBackend(backend);
      const encode = ofTensorFlow(tf as TensorFlow, weights, inputs);
      sync.push(encode(x));
      subjects.push(called(`TensorFlow.js ${backend}`, encode, x, async () => tf?.setBackend(backend)));
    }
    for (const codes of sync) {
      const wrong = expected.findIndex((a, j) => !(Math.abs(a - codes[j]) <= TOLERANCE));
      if (wrong >= 0) throw new Error(`unit ${wrong} is ${codes[wrong]}, not ${expected[wrong]}: nothing was timed`);
    }
    const timings = await measure(subjects, effortOf(context));
    for (const { name, median, low, high, samples } of timings) {
      const ofLoop = median / timings[0].median;
      rows.push([`${inputs}-${hidden}`, name, duration(median), durations(low, high), digits(ofLoop)]);
      records.push({ inputs, hidden, name, median, low, high, samples, ofLoop });
    }
    model.dispose();
  }
  return {
    title: 'Codes of one example, one thread, float32',
    checked: `every subject's codes agree with the plain loop's to ${TOLERANCE}, before timing`,
    columns: ['model', 'by', 'a call', 'half of the calls', "times the loop's"],
    rows,
    records,
    notes: ['a call takes an array and gives an array; TensorFlow.js makes a tensor of it and reads one back'],
  };
}
