import { answer } from './answer.ts';
import { trialOf } from './trial.ts';

// What a process of the proof runs: see prove.ts.
answer(trialOf);
