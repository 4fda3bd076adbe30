import { matrix, matrixView, type Numbers, type Precision, zeros } from '../../src/array/matrix.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Peers } from '../beside/load.ts';
import type { Python } from '../beside/python.ts';
import type { Jax, MlMatrixModule, NdarrayGemm, TensorFlow } from '../beside/types.ts';
import type { Subject } from '../harness/measure.ts';
import { nameOf } from '../subjects.ts';
import { type Operands, plainView, type Shape, view } from './operands.ts';

/** A subject that can show what it computed, row-major. */
export interface GemmSubject {
  readonly subject: Subject;
  readonly precision: Precision;
  result(): Numbers | readonly number[] | Promise<Numbers>;
  /** Untimed, after the last round. */
  end?(): unknown;
}

export function ours(kernels: Kernels, { a, b }: Operands, [m, n]: Shape): GemmSubject {
  const { precision } = kernels;
  const [left, right] = [view(kernels, a), view(kernels, b)];
  const out = matrixView(kernels.allocate(m * n), m, n);
  const run = () => kernels.gemm(out, left, right, 1, 0);
  return {
    subject: { name: `${nameOf(kernels)}, ${precision}`, run },
    precision,
    result: () => kernels.copyOut(out),
  };
}

function withNdarrayGemm(gemm: NdarrayGemm, { a, b }: Operands, [m, n]: Shape, precision: Precision): GemmSubject {
  const [left, right] = [a, b].map((factor) => plainView(zeros(factor.values.length, precision), factor));
  const out = matrix(zeros(m * n, precision), m, n);
  const run = () => gemm(out, left, right);
  return { subject: { name: `ndarray-gemm, ${precision}`, run }, precision, result: () => out.data };
}

/** It has no transposed product: its user writes a.transpose().mmul(b). */
function withMlMatrix({ Matrix }: MlMatrixModule, { a, b }: Operands): GemmSubject {
  const [left, right] = [a, b].map(({ values, rows, columns }) => Matrix.from1DArray(rows, columns, values));
  const run = () => (a.transpose ? left.transpose() : left).mmul(b.transpose ? right.transpose() : right);
  return { subject: { name: 'ml-matrix, float64', run }, precision: 'float64', result: () => run().to1DArray() };
}

function withTensorFlow(tf: TensorFlow, backend: string, { a, b }: Operands): GemmSubject {
  const [left, right] = [a, b].map(({ values, rows, columns }) => tf.tensor2d(values, [rows, columns]));
  const multiply = () => tf.matMul(left, right, a.transpose, b.transpose);
  return {
    subject: {
      name: `TensorFlow.js ${backend}, float32`,
      begin: () => tf.setBackend(backend),
      run: () => multiply().dispose(),
    },
    precision: 'float32',
    result: () => multiply().dataSync(),
    end: () => [left, right].map((tensor) => tensor.dispose()),
  };
}

function withJax({ numpy, jit, blockUntilReady }: Jax, { a, b }: Operands): GemmSubject {
  const [left, right] = [a, b].map(({ values, rows, columns }) => numpy.array(values).reshape([rows, columns]));
  const multiply = jit((x: typeof left, y: typeof left) =>
    numpy.matmul(a.transpose ? numpy.transpose(x) : x, b.transpose ? numpy.transpose(y) : y),
  );
  const run = async () => {
    const product = multiply(left.ref, right.ref);
    await blockUntilReady(product);
    product.dispose();
  };
  return {
    subject: { name: 'jax-js wasm, float32', isAsync: true, run },
    precision: 'float32',
    result: () => multiply(left.ref, right.ref).dataSync(),
    end: () => [left, right].map((array) => array.dispose()),
  };
}

/** Every JavaScript peer that is installed. */
export async function peerSubjects(peers: Peers, values: Operands, shape: Shape): Promise<GemmSubject[]> {
  const { ndarrayGemm, mlMatrix, tensorFlow, tensorFlowBackends, jax } = peers;
  const list: GemmSubject[] = [];
  if (ndarrayGemm !== null) {
    for (const precision of ['float32', 'float64'] as const) {
      list.push(withNdarrayGemm(ndarrayGemm, values, shape, precision));
    }
  }
  if (mlMatrix !== null) list.push(withMlMatrix(mlMatrix, values));
  if (tensorFlow !== null) {
    for (const backend of tensorFlowBackends) list.push(withTensorFlow(tensorFlow, backend, values));
  }
  if (jax !== null) list.push(withJax(jax, values));
  return list;
}

/** A product in Python, of the library that the name says. */
export async function pythonSubject(
  python: Python,
  name: string,
  { a, b }: Operands,
  precision: Precision,
): Promise<GemmSubject> {
  const [left, right] = [a, b].map(({ values, rows, columns }) =>
    python.send(precision === 'float32' ? values : Float64Array.from(values), [rows, columns]),
  );
  const out = python.path();
  const id = await python.prepare('gemm', {
    ...{ a: left, b: right, transposeA: a.transpose, transposeB: b.transpose, out },
  });
  return {
    subject: python.subject(`${name}, ${precision}`, id),
    precision,
    result: () => python.receive(out, precision),
    end: () => python.forget(id),
  };
}
