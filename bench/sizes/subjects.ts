/** What is installed and imported: enough to define an autoencoder and train it. */
export interface Subject {
  readonly name: string;
  /** For npm install; `.` is this package's tarball. */
  readonly packages: readonly string[];
  /** A module that keeps what it imports. */
  readonly source: string;
  /** A file that a page loads beside the bundle, from the project. */
  readonly beside?: string;
}

const keep = (names: string, from: string) => `export { ${names} } from '${from}';\n`;
const wasm = '@tensorflow/tfjs-backend-wasm';

export const subjects: readonly Subject[] = [
  { name: 'rhohat: Autoencoder', packages: ['.'], source: keep('Autoencoder', 'rhohat') },
  { name: 'rhohat: Autoencoder, fit', packages: ['.'], source: keep('Autoencoder, fit', 'rhohat') },
  { name: 'rhohat: checkGradientOf', packages: ['.'], source: keep('checkGradientOf', 'rhohat') },
  { name: 'rhohat: everything', packages: ['.'], source: "export * from 'rhohat';\n" },
  {
    name: 'TensorFlow.js: sequential, layers, train, tensor2d',
    packages: ['@tensorflow/tfjs@4.22.0'],
    source: keep('sequential, layers, train, tensor2d', '@tensorflow/tfjs'),
  },
  {
    name: 'TensorFlow.js: core, layers, wasm backend',
    packages: ['@tensorflow/tfjs-core@4.22.0', '@tensorflow/tfjs-layers@4.22.0', `${wasm}@4.22.0`],
    source:
      keep('train, tensor2d', '@tensorflow/tfjs-core') +
      keep('sequential, layers', '@tensorflow/tfjs-layers') +
      keep('setWasmPaths', wasm),
    beside: `node_modules/${wasm}/dist/tfjs-backend-wasm-simd.wasm`,
  },
  {
    name: 'jax-js: grad, jit, nn, numpy, random',
    packages: ['@jax-js/jax@0.1.25'],
    source: keep('grad, jit, nn, numpy, random', '@jax-js/jax'),
  },
  {
    name: 'brain.js 1: NeuralNetwork',
    packages: ['brain.js@1.6.1'],
    source: "import brain from 'brain.js';\nexport const { NeuralNetwork } = brain;\n",
  },
  {
    name: 'brain.js 2 beta: NeuralNetwork',
    packages: ['brain.js@2.0.0-beta.24'],
    source: "import { NeuralNetwork } from 'brain.js';\nexport { NeuralNetwork };\n",
  },
];
