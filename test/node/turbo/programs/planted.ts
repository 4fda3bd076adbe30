import { setFlagsFromString } from 'node:v8';
import { answer } from '../../../../src/node/turbo/answer.ts';
import { trialOf } from '../../../../src/node/turbo/trial.ts';

// A program of the proof in which something is wrong: what, the environment says. Node 20 has relaxed SIMD behind a flag.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const plants: Readonly<Record<string, () => void>> = {
  /** One bit of what axpy leaves, now and then, and only with turbo. */
  kernel: () =>
    answer((turbo) =>
      trialOf(turbo, {
        machine({ kernels, heap }) {
          const { axpy } = kernels;
          kernels.axpy = (...args) => {
            axpy(...args);
            const [columns, , out] = args;
            if (columns > 4000) new Uint8Array(heap.memory.buffer)[out] ^= 1;
          };
        },
      }),
    ),
  /** The flag does nothing: the wide tile is as slow as it then is. */
  slow: () => answer((turbo) => trialOf(turbo, { fuse: () => undefined })),
  crash: () => (process.argv[2] === 'turbo' ? process.abort() : answer(trialOf)),
  hang() {
    for (;;);
  },
  nonsense: () => process.send?.({ digests: 'equal', gain: 'large' }, () => process.disconnect()),
  silence: () => process.disconnect(),
  exit: () => process.exit(3),
  failure: () =>
    answer(() => {
      throw new Error('there is no room');
    }),
  interrupted: () => process.kill(process.pid, 'SIGINT'),
};

plants[process.env.RHOHAT_PLANTED ?? '']();
