#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { InputError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { nameFlags } from './flags/flag-names.ts';
import { print, say } from './output.ts';
import { underNohup } from './run/interruption.ts';
import { assertParallel, failToJoin, joinedGroup, leaveGroup } from './run/join-group.ts';
import { stdout } from './stdout.ts';
import { endWithParent } from './with-parent.ts';

// Commands make few objects and large arrays: a nursery that grows takes 16 MB and saves no time.
setFlagsFromString('--semi-space-growth-factor=1');

const program = new Command('rhohat')
  .description(
    'Sparse autoencoders: every gradient derived by hand and proved by a gradient check.\n' +
      'Exit status: 0 done, 1 failed, 2 wrong usage or bad input,\n128 + n ended by signal n: 130 by Ctrl-C, 143 by SIGTERM, 129 by a lost terminal.',
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
    outputError: (text) =>
      say(
        `rhohat: ${text
          .replace(/^error: /, '')
          .trim()
          .replace(/\s*\n\s*/g, ' ')}`,
      ),
    writeOut: (text) => print(text.replace(/\n$/, '')),
  })
  .exitOverride();

/** What declares each command. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  train: async () => (await import('./commands/train.ts')).addTrain,
  stack: async () => (await import('./commands/stack.ts')).addStack,
  classify: async () => (await import('./commands/classify.ts')).addClassify,
  predict: async () => (await import('./commands/predict.ts')).addPredict,
  encode: async () => (await import('./commands/encode.ts')).addEncode,
  score: async () => (await import('./commands/score.ts')).addScore,
  inspect: async () => (await import('./commands/inspect.ts')).addInspect,
  import: async () => (await import('./commands/import.ts')).addImport,
  export: async () => (await import('./commands/export.ts')).addExport,
  view: async () => (await import('./commands/view.ts')).addView,
  report: async () => (await import('./commands/report.ts')).addReport,
  sweep: async () => (await import('./commands/sweep.ts')).addSweep,
  compare: async () => (await import('./commands/compare.ts')).addCompare,
  penalties: async () => (await import('./commands/penalties.ts')).addPenalties,
  'check-gradients': async () => (await import('./commands/check-gradients.ts')).addCheckGradients,
};
const asked = process.argv[2] ?? '';
// What other commands need takes time and memory: all are declared where none is named, as for help.
const declared = Object.hasOwn(commands, asked) ? [commands[asked]] : Object.values(commands);
for (const declare of declared) (await declare())(program);

/** The command whose flags were read. */
let command: Command | undefined;
program.hook('preAction', (_, action) => {
  command = action;
  assertParallel(action.name());
});

// What cannot be told is not worth what was computed: the reader of a pipe may leave, a terminal may go.
process.stderr.on('error', () => undefined);
// What nohup asks for: Node undoes it.
if (underNohup()) process.on('SIGHUP', () => undefined);
endWithParent();

try {
  await program.parseAsync();
  await leaveGroup();
} catch (error) {
  const group = await joinedGroup();
  process.exitCode = report(error, group === null);
  await group?.fail(nameFlags(error, command), process.exitCode); // the others wait for this one
  if (group === null) await failToJoin(nameFlags(error, command));
}
await stdout.end();
if (stdout.failure !== null) {
  say(`rhohat: the output could not be written to stdout: ${stdout.failure.message}; what it shows is not complete`);
  process.exitCode ||= 1;
}

/** One line on stderr, if that is `told`, and the exit status. RHOHAT_DEBUG=1 shows the stack. */
function report(error: unknown, told: boolean): number {
  // Commander has said it already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (process.env.RHOHAT_DEBUG)
    String((error as Error)?.stack)
      .split('\n')
      .forEach(say);
  else if (told) say(`rhohat: ${nameFlags(error, command)}`);
  return error instanceof InputError ? 2 : 1;
}
