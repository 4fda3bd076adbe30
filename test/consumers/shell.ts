import { spawnSync } from 'node:child_process';

/** Runs a program and gives what it wrote. @throws with its last lines where it fails. */
export function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32' && program === 'npm',
    env: { ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '' },
  });
  if (status === 0) return stdout;
  const said = `${stdout ?? ''}\n${stderr ?? ''}`.trim().split('\n').slice(-12).join('\n');
  throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `status ${status}`}\n${said}`);
}

/** Runs one of the tools that test/consumers/package.json installs, on the present Node. */
export function tool(path: string, args: readonly string[], cwd: string): string {
  return run(process.execPath, [`${process.cwd()}/test/consumers/node_modules/${path}`, ...args], cwd);
}
