import type { Matrix } from '../../src/array/matrix.ts';

// What we use of each peer, so that their types need not be installed.

export type NdarrayGemm = (out: Matrix, a: Matrix, b: Matrix, alpha?: number, beta?: number) => void;

export interface MlMatrix {
  transpose(): MlMatrix;
  mmul(other: MlMatrix): MlMatrix;
  to1DArray(): number[];
}

export interface MlMatrixModule {
  readonly Matrix: { from1DArray(rows: number, columns: number, values: ArrayLike<number>): MlMatrix };
}

export interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

/** A tensor that an optimizer changes. */
export interface Variable extends Tensor {
  readonly trainable: boolean;
}

export interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor1d(values: Float32Array): Tensor;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  variable(initial: Tensor): Variable;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  topk(x: Tensor, k: number): { values: Tensor; indices: Tensor };
  add(a: Tensor | number, b: Tensor | number): Tensor;
  sub(a: Tensor | number, b: Tensor | number): Tensor;
  mul(a: Tensor | number, b: Tensor | number): Tensor;
  div(a: Tensor | number, b: Tensor | number): Tensor;
  square(x: Tensor): Tensor;
  sum(x: Tensor): Tensor;
  mean(x: Tensor, axis: number): Tensor;
  log(x: Tensor): Tensor;
  sigmoid(x: Tensor): Tensor;
  cast(x: Tensor, type: 'float32'): Tensor;
  slice(x: Tensor, begin: number[], size: number[]): Tensor;
  greaterEqual(a: Tensor, b: Tensor): Tensor;
  customGrad(
    f: (
      x: Tensor,
      save: (tensors: Tensor[]) => void,
    ) => { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor },
  ): (x: Tensor) => Tensor;
  train: {
    momentum(
      learningRate: number,
      momentum: number,
    ): {
      minimize(f: () => Tensor, returnCost: true, variables: Variable[]): Tensor;
    };
  };
}

export interface TensorFlowWasm {
  setWasmPaths(folder: string): void;
  getThreadsCount(): number;
}

/** Every operation takes ownership of its arrays; `ref` keeps one alive for another use. */
export interface JaxArray {
  readonly ref: JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  reshape(shape: number[]): JaxArray;
  dataSync(): Float32Array;
  dispose(): void;
}

export interface Jax {
  init(device: 'wasm'): Promise<readonly string[]>;
  defaultDevice(device: 'wasm'): unknown;
  jit<F>(f: F): F;
  valueAndGrad(
    f: (parameters: JaxArray[], x: JaxArray) => JaxArray,
  ): (parameters: JaxArray[], x: JaxArray) => [JaxArray, JaxArray[]];
  blockUntilReady(arrays: JaxArray | JaxArray[]): Promise<unknown>;
  readonly tree: { ref(arrays: JaxArray[]): JaxArray[] };
  readonly numpy: {
    array(values: Float32Array): JaxArray;
    zerosLike(x: JaxArray): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    transpose(a: JaxArray): JaxArray;
    mean(a: JaxArray, axis: number): JaxArray;
    min(a: JaxArray, axis: number): JaxArray;
    sum(a: JaxArray): JaxArray;
    square(a: JaxArray): JaxArray;
    log(a: JaxArray): JaxArray;
    reciprocal(a: JaxArray): JaxArray;
    greaterEqual(a: JaxArray, b: JaxArray): JaxArray;
    where(condition: JaxArray, a: JaxArray, b: number): JaxArray;
  };
  readonly nn: { sigmoid(a: JaxArray): JaxArray };
  readonly lax: {
    topK(a: JaxArray, k: number): [JaxArray, JaxArray];
    stopGradient(a: JaxArray): JaxArray;
  };
}
