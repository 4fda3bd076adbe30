import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { openDevice } from '../../src/kernels/webgpu/adapter.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { gpuKernels } from '../support/gpu.ts';
import { uniforms } from '../support/views.ts';

const there = (await gpuKernels()) !== null;

/** How often a device is asked for anything, and what is sent and brought back, in bytes. */
function counting() {
  const counts = { submissions: 0, sent: 0, maps: 0, read: 0 };
  const open = async () => {
    const opened = await openDevice();
    const { device } = opened;
    const { queue } = device;
    const [submit, write, create] = [
      queue.submit.bind(queue),
      queue.writeBuffer.bind(queue),
      device.createBuffer.bind(device),
    ];
    queue.submit = (commands) => {
      counts.submissions++;
      return submit(commands);
    };
    queue.writeBuffer = ((buffer: GPUBuffer, at: number, data: ArrayBuffer, first = 0, size = data.byteLength) => {
      counts.sent += size;
      return write(buffer, at, data, first, size);
    }) as typeof queue.writeBuffer;
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const map = buffer.mapAsync.bind(buffer);
      buffer.mapAsync = (mode, first, size = 0) => {
        counts.maps++;
        counts.read += size;
        return map(mode, first, size);
      };
      return buffer;
    };
    return opened;
  };
  return { counts, open };
}

const { counts, open } = counting(); // one device: kernels are compiled once

const objectives: Record<string, Partial<AutoencoderConfig>> = {
  KL: { sparsity: { kind: 'kl', target: 0.1, weight: 3 }, weightDecay: 1e-4 },
  'k-sparse': { sparsity: { kind: 'k-sparse', k: 3, annealOver: 0 } },
  TopK: {
    sparsity: { kind: 'top-k', k: 3 },
    center: true,
    unitNorm: true,
    auxiliary: { kind: 'aux-k', k: 4 },
  } as never,
  BatchTopK: { sparsity: { kind: 'batch-top-k', k: 3 } },
  JumpReLU: { sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'target-l0', weight: 1, target: 3 } } },
  Gated: { sparsity: { kind: 'gated', weight: 0.1 } },
};

for (const [name, objective] of Object.entries(objectives)) {
  (there ? test : test.skip)(`a step on a GPU is one submission and one read of a few numbers: ${name}`, async () => {
    const kernels = await gpuKernels({ open });
    if (kernels === null) throw new Error('there was one');
    const config = parseConfig({ inputs: 20, hidden: 40, seed: 1, ...objective } as AutoencoderConfig);
    const model = Autoencoder.over({ ...kernels, keep: undefined }, config); // whose copies are made by the clock
    const [M, EPOCHS] = [60, 4];
    const x = matrix(Float32Array.from(uniforms(M * 20, 3, 0.1, 0.9)), M, 20);
    const seen: (typeof counts)[] = [];
    await fit(model, x, {
      epochs: EPOCHS,
      batchSize: 10,
      optimizer: { kind: 'adam', learningRate: 1e-3 },
      onProgress: () => void seen.push({ ...counts }),
    });
    assert.is(seen.length, 24);
    for (let n = 2; n < seen.length; n++) {
      const [before, now] = [seen[n - 1], seen[n]];
      const at = `step ${n + 1}: ${JSON.stringify(now)} after ${JSON.stringify(before)}`;
      assert.is(now.submissions - before.submissions, 1, at);
      assert.is(now.maps - before.maps, 1, at);
      assert.ok(now.sent - before.sent < 64 * 1024, at);
      assert.ok(now.read - before.read <= 512, at);
    }
    model.dispose();
  });
}

test.run();
