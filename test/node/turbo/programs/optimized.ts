import { setFlagsFromString } from 'node:v8';
import { Machine } from '../../../../src/kernels/simd/machine.ts';
import { warm } from '../../../../src/node/turbo/digests.ts';
import { modulesApart } from '../../../../src/node/turbo/kernel-modules.ts';
import { optimizeSoon } from '../../../../src/node/turbo/trial.ts';

// Prints the kernels that the optimizing compiler has not taken when the proof begins to compare.
setFlagsFromString('--allow-natives-syntax');
const isOptimized = new Function('kernel', 'return %IsTurboFanFunction(kernel)');
optimizeSoon();
const machine = new Machine(modulesApart(1), 'one thread');
warm(machine);
const left = Object.entries(machine.kernels).flatMap(([name, kernel]) => (isOptimized(kernel) ? [] : [name]));
process.stdout.write(JSON.stringify({ all: Object.keys(machine.kernels).length, left }));
