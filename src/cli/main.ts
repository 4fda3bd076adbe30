#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { InputError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { addCheckGradients } from './check-gradients.ts';
import { addClassify } from './classify.ts';
import { addCompare } from './compare.ts';
import { addEncode } from './encode.ts';
import { nameFlags } from './flag-names.ts';
import { addInspect } from './inspect.ts';
import { addPenalties } from './penalties.ts';
import { addPredict } from './predict.ts';
import { addScore } from './score.ts';
import { addStack } from './stack.ts';
import { addTrain } from './train.ts';

// Commands make few objects and large arrays: a nursery that grows takes 16 MB and saves no time.
setFlagsFromString('--semi-space-growth-factor=1');

const program = new Command('rhohat')
  .description(
    'Sparse autoencoders: every gradient derived by hand and proved by a gradient check.\n' +
      'Exit status: 0 done, 1 failed, 2 wrong usage or bad input, 130 interrupted, 143 terminated.',
  )
  .addHelpText(
    'after',
    `
Examples:
  $ rhohat train                     # edges from generated images
  $ rhohat inspect runs/dead-leaves  # what came out of it
  $ rhohat train --help              # data of your own, other models`,
  )
  .version(VERSION)
  .configureHelp({ subcommandTerm: (command) => command.name() })
  .showSuggestionAfterError()
  // What commander has to say comes on one line, as our own errors do.
  .configureOutput({
    outputError: (text, write) =>
      write(
        `rhohat: ${text
          .replace(/^error: /, '')
          .trim()
          .replace(/\s*\n\s*/g, ' ')}\n`,
      ),
  })
  .exitOverride();

for (const add of [
  addTrain,
  addStack,
  addClassify,
  addPredict,
  addEncode,
  addScore,
  addInspect,
  addCompare,
  addPenalties,
  addCheckGradients,
])
  add(program);

/** The command whose flags were read. */
let command: Command | undefined;
program.hook('preAction', (_, action) => {
  command = action;
});

// A reader such as `head` may close the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** One line on stderr, and the exit status. RHOHAT_DEBUG=1 shows the stack. */
function report(error: unknown): number {
  // Commander has said it already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (process.env.RHOHAT_DEBUG) process.stderr.write(`${(error as Error)?.stack}\n`);
  else process.stderr.write(`rhohat: ${nameFlags(error, command)}\n`);
  return error instanceof InputError ? 2 : 1;
}
