import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Offer, ownAddresses, placeOfThis } from './watch-address.ts';
import { BEAT_MS, Channel, everyBeat, type Message, SILENCE_MS } from './watch-channel.ts';
import { deathOf, type Failure, failureLines, type Member, silenceOf } from './watch-words.ts';

/** What becomes of a hub. */
export interface HubEvents {
  /** Lines for the user. */
  tell(lines: string | readonly string[]): void;
  /** A process has joined. */
  joined(): void;
  /** The last of those that had joined is gone. */
  empty(): void;
}

/** A process that has joined. */
interface Peer extends Member {
  /**
   * Carries no beats while a pulse does: a launcher that sees one process die ends the others within moments, and a hub that was given no time
   * finds all their ends at once. The system hands them over in their order, but those that have something to read come
   * where that came; so what comes all the time has a connection of its own.
   */
  readonly channel: Channel;
}

/** Who connects must say who it is within so long. */
const HELLO_MS = 5000;
/** After the first failure, others may come with the same one: so long is waited for them. */
const FAILURES_MS = 1000;
/** Launchers know of a death by themselves: MPICH's ends the others at once, Open MPI's within 2 s, and with fewer words. */
const LAUNCHER_MS = 3000;
/** After the first has been asked to end the job, what is left does. */
const OTHERS_MS = 3000;

/** What all processes of a job are connected to: it tells what has become of them, and has the job ended. */
export class Hub {
  private readonly size: number;
  private readonly events: HubEvents;
  private readonly token = randomBytes(16).toString('hex');
  private readonly peers = new Map<number, Peer>();
  private readonly failures: Failure[] = [];
  /** All that are open, of peers, of pulses, and of those who have not said who they are. */
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private beats: NodeJS.Timeout | undefined;
  /** The end has been told. */
  private over = false;

  constructor(size: number, events: HubEvents) {
    this.size = size;
    this.events = events;
  }

  /** Listens on a free port. @returns what the others need to reach it. @throws Error where it cannot listen. */
  async open(): Promise<Omit<Offer, 'host'>> {
    const server = createServer((socket) => this.greet(socket));
    this.server = server;
    const listen = (host: string) =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port: 0, backlog: Math.max(511, this.size) }, () => resolve());
      });
    await listen('::').catch(() => listen('0.0.0.0')); // a system without IPv6
    server.on('error', () => undefined);
    this.beats = everyBeat((ran) => this.beat(ran));
    const { port } = server.address() as AddressInfo;
    return { port, token: this.token, addresses: ownAddresses(), place: placeOfThis() };
  }

  /** Leaves: the job goes on without. */
  close(): void {
    clearInterval(this.beats);
    this.over = true;
    this.server?.close();
    const byes = [...this.peers.values()].map(({ channel }) => channel.bye());
    void Promise.all(byes).then(() => {
      for (const socket of this.sockets) socket.destroy();
    });
  }

  private greet(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), HELLO_MS);
    this.sockets.add(socket);
    socket.once('close', () => {
      clearTimeout(timer);
      this.sockets.delete(socket);
    });
    let peer: Peer | null = null;
    let beating: Peer | null = null;
    new Channel(
      socket,
      (message, channel) => {
        if (beating !== null) {
          beating.channel.heard = channel.heard;
          channel.send({ kind: 'beat' });
        } else if (peer !== null) this.hear(peer, message);
        else {
          peer = this.admit(message, channel);
          beating = this.beatingOf(message);
          clearTimeout(timer);
          if (peer !== null) channel.send({ kind: 'welcome' });
          else if (beating === null) channel.destroy();
        }
      },
      () => peer !== null && this.lost(peer),
    );
  }

  /** Whose beats come over a connection that begins so. */
  private beatingOf(message: Message): Peer | null {
    if (message.kind !== 'pulse' || message.token !== this.token) return null;
    return this.peers.get(message.rank) ?? null;
  }

  /** Null for one that is no process of this job, or is there already. */
  private admit(message: Message, channel: Channel): Peer | null {
    if (message.kind !== 'hello' || message.token !== this.token || this.peers.has(message.rank)) return null;
    const { rank, host, pid } = message;
    const peer: Peer = { rank, host, pid, channel };
    this.peers.set(rank, peer);
    this.events.joined();
    return peer;
  }

  private hear(peer: Peer, message: Message): void {
    if (message.kind !== 'failure') return;
    const { rank, host, pid } = peer;
    if (this.failures.length === 0) setTimeout(() => this.tellFailures(), FAILURES_MS);
    this.failures.push({ rank, host, pid, text: message.text, status: message.status });
    if (this.failures.length === this.size) this.tellFailures();
  }

  private lost(peer: Peer): void {
    if (!peer.channel.left) {
      // What was told first is the cause.
      if (this.failures.length > 0) this.tellFailures();
      else this.finish(deathOf(peer, this.size), 1, LAUNCHER_MS);
    }
    if ([...this.peers.values()].every(({ channel }) => channel.gone)) this.events.empty();
  }

  private tellFailures(): void {
    const failures = [...this.failures].sort((a, b) => a.rank - b.rank);
    this.finish(failureLines(failures, this.size), failures[0].status);
  }

  private beat(ran: boolean): void {
    const now = performance.now();
    const here = this.present();
    for (const { channel } of here) {
      if (!ran) channel.heard = now;
      channel.send({ kind: 'beat' });
    }
    const silent = (limit: number) => here.filter(({ channel }) => now - channel.heard > limit);
    const { length } = silent(SILENCE_MS);
    // Where none is heard, those of this host neither, someone has stopped the job, and may let it go on.
    if (length === 0 || length === here.length) return;
    // Those of the same host fall silent within a beat of each other.
    this.finish(silenceOf(silent(SILENCE_MS - 2 * BEAT_MS), this.size, SILENCE_MS / 1000), 1);
  }

  private present(): Peer[] {
    const all = [...this.peers.values()].filter(({ channel }) => !channel.gone && !channel.left);
    return all.sort((a, b) => a.rank - b.rank);
  }

  /** Has the lowest rank that is left end the job, and the others themselves where that does not. */
  private finish(lines: string | readonly string[], status: number, after = 0): void {
    if (this.over) return;
    this.over = true;
    this.events.tell(lines);
    const now = performance.now();
    const ender = this.present().find(({ channel }) => now - channel.heard < SILENCE_MS / 2);
    for (const { channel, rank } of this.present()) {
      channel.send({ kind: 'end', status, after: rank === ender?.rank ? after : after + OTHERS_MS });
    }
  }
}
