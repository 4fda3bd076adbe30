import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { EngineError } from '../../src/errors.ts';
import { trainClassifierInWorker, trainInWorker } from '../../src/web/index.ts';
import { adapter, fakeGpu, withGpu } from '../support/fake-gpu.ts';
import { served } from './served.ts';

const x = matrix(
  Float32Array.from({ length: 30 * 8 }, (_, i) => ((i * 7919) % 97) / 100),
  30,
  8,
);
const config = { inputs: 8, hidden: 5, seed: 1 } as const;
const options = { epochs: 2, batchSize: 10 } as const;

test('engine: a model is trained on the GPU of the worker, and comes back on that of the page', () =>
  served((worker) =>
    withGpu(
      () => fakeGpu(),
      async () => {
        const engine = { kernels: 'webgpu' } as const;
        const { model, result } = await trainInWorker(worker, config, x, { ...options, engine });
        assert.equal([model.runtime.device, model.runtime.adapter?.vendor], ['gpu', adapter.vendor]);
        assert.ok(Number.isFinite(result.cost));
        const labels = Array.from({ length: 30 }, (_, i) => i % 2);
        const start = { inputs: 8, hidden: [], classes: 2 } as const;
        const { classifier } = await trainClassifierInWorker(worker, start, x, labels, { engine });
        assert.is(classifier.runtime.device, 'gpu');
      },
    ),
  ));

test('engine: a page without a GPU takes what a worker trained on the processor', () =>
  served(async (worker) => {
    let asked = 0;
    const first = () => {
      if (asked++ > 0) throw new EngineError('no adapter here');
      return fakeGpu();
    };
    await withGpu(first, async () => {
      const engine = { kernels: 'webgpu' } as const;
      const { model } = await trainInWorker(worker, config, x, { ...options, engine });
      assert.equal([asked, model.runtime.device], [2, 'cpu']);
    });
  }));

test('engine: auto is asked once, in the worker, for a step of the batches to come', () =>
  served(async (worker) => {
    let asked = 0;
    const slow = () => {
      asked++;
      return fakeGpu({ slow: 20 });
    };
    await withGpu(slow, async () => {
      const { model } = await trainInWorker(worker, config, x, { ...options, engine: { kernels: 'auto' } });
      const { device, chosen } = model.runtime;
      assert.equal([asked, device, chosen?.kernels, chosen?.batchSize], [1, 'cpu', 'cpu', 10]);
      assert.ok(Number(chosen?.gpu) > Number(chosen?.cpu));
    });
  }));

test.run();
