import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { portNumber } from '../flags/flags.ts';
import { print, say } from '../output.ts';

/** Declares `rhohat view`. */
export function addView(program: Command): void {
  program
    .command('view')
    .summary('show runs in a page: finished ones, unfinished ones, several beside each other')
    .description(
      'Serves a page about run folders on 127.0.0.1, until it is ended: curves, features, how often units are used, what settings and results differ. Runs that train, in this process or another, are followed. Nobody is answered without the token in the address.',
    )
    .argument('<runs...>', 'run folders, or those of sweeps')
    .option('--port <n>', 'where to listen (default: a free port)', portNumber)
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train  # writes runs/dead-leaves
  $ rhohat view runs/dead-leaves
  $ rhohat train --iterations 50  # another one: runs/dead-leaves-2
  $ rhohat view runs/dead-leaves runs/dead-leaves-2`,
    )
    .action(view);
}

async function view(folders: string[], { port }: { port?: number }): Promise<void> {
  // A server is loaded by those who need one.
  const { openRuns } = await import('../../node/view/run-reader.ts');
  const { ViewFiles } = await import('../../node/view/view-files.ts');
  const { openViewServer } = await import('../../node/view/view-server.ts');
  const { pageFolder } = await import('../../node/view/live.ts');
  const { runFolders } = await import('../sweep/run-folders.ts');
  const runs = await openRuns(await runFolders([...new Set(folders)]));
  const server = await openViewServer(new ViewFiles(fileURLToPath(pageFolder()), runs), port).catch((error: Error) => {
    throw new InputError(
      `--port is ${port}: it cannot be listened on: ${error.message}; choose another, or leave it out`,
    );
  });
  print(server.address);
  say('open it in a browser of this machine; Ctrl-C ends it');
}
