import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Launcher } from './mpirun.ts';

const ADDRESSES = ['10.77.5.1', '10.77.5.2'] as const;

/** Two network namespaces on this machine, each with a name of its own, and a link between them. */
export interface TwoHosts {
  /** A launcher that starts half of the processes on each. */
  launcher(launcher: Launcher): Launcher;
  /** Takes the link down. */
  cut(): void;
  close(): void;
}

/**
 * Makes them, in a folder for what launchers need to enter the other one. Processes speak by TCP alone.
 * @returns why there can be none, such as for want of rights.
 */
export function twoHosts(folder: string): TwoHosts | string {
  const id = process.pid;
  const hosts = ['a', 'b'].map((letter, i) => ({
    space: `rhohat-${id}${letter}`,
    link: `rh${id}${letter}`,
    address: ADDRESSES[i],
    name: `host-${letter}`,
  }));
  const [a, b] = hosts;
  const close = () => {
    for (const { space } of hosts) spawnSync('ip', ['netns', 'del', space]);
  };
  try {
    for (const { space } of hosts) ip('netns', 'add', space);
    ip('link', 'add', a.link, 'netns', a.space, 'type', 'veth', 'peer', 'name', b.link, 'netns', b.space);
    for (const { space, link, address } of hosts) {
      ip('-n', space, 'addr', 'add', `${address}/24`, 'dev', link);
      ip('-n', space, 'link', 'set', link, 'addrgenmode', 'none'); // no second address, which takes seconds to settle
      for (const each of ['lo', link]) ip('-n', space, 'link', 'set', each, 'up');
    }
    ip('netns', 'exec', a.space, 'unshare', '--uts', 'true');
    // Libraries look at what interfaces there are as soon as they begin.
    for (const { space, link } of hosts) {
      for (let tries = 0; !/state UP/.test(ip('-n', space, 'link', 'show', link)); tries++) {
        if (tries === 100) throw new Error(`${link} does not come up`);
        spawnSync('sleep', ['0.1']);
      }
    }
    spawnSync('sleep', ['1']); // MPICH's UCX may hang on a link that has only just come up
  } catch (error) {
    close();
    return (error as Error).message;
  }
  // As ssh: agent [flags] HOST COMMAND…, of which a shell makes one command.
  const agent = join(folder, 'agent');
  const lines = hosts.map(({ address, space, name }) => `${address}) ${within(space, name)} "$*" ;;`);
  writeFileSync(
    agent,
    `#!/bin/sh\nhost=$1; shift\n[ "$1" = -n ] && shift\ncase $host in\n${lines.join('\n')}\nesac\n`,
    {
      mode: 0o755,
    },
  );
  const all = ADDRESSES.join(',');
  const own: Readonly<Record<Launcher['name'], readonly string[]>> = {
    'Open MPI': [
      ...['--mca', 'plm_rsh_agent', agent, '--mca', 'pml', 'ob1', '--mca', 'btl', 'tcp,self'],
      ...['--mca', 'btl_tcp_if_include', '10.77.5.0/24', '--mca', 'oob_tcp_if_include', '10.77.5.0/24', '--host', all],
    ],
    MPICH: [
      ...['-launcher', 'rsh', '-launcher-exec', agent, '-localhost', a.address, '-hosts', all, '-ppn', '1'],
      ...['-genv', 'UCX_TLS', 'tcp,self'],
    ],
  };
  return {
    launcher: ({ name, command, args }) => ({
      name,
      command: 'ip',
      args: [
        ...['netns', 'exec', a.space, 'unshare', '--uts', 'sh', '-c', `hostname ${a.name}; exec "$@"`, 'sh'],
        ...[command, ...args, ...own[name]],
      ],
    }),
    cut: () => void ip('-n', a.space, 'link', 'set', a.link, 'down'),
    close,
  };
}

const within = (space: string, name: string) =>
  `exec ip netns exec ${space} unshare --uts sh -c "hostname ${name}; exec sh -c \\"\\$*\\"" sh`;

function ip(...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout;
}
