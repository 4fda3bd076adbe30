import { connect } from 'node:net';
import { addressesOf, type Offer } from './watch-address.ts';
import { BEAT_MS, Channel, everyBeat, type Message, SILENCE_MS } from './watch-channel.ts';
import { failureLines, type Member, unreachable, watchLost } from './watch-words.ts';

/** What a watch does to the world. */
export interface Effects {
  /** Lines for the user. */
  tell(lines: string | readonly string[]): void;
  /** Ends all processes. */
  end(status: number): void;
}

/** For a connection, and its welcome. */
const CONNECT_MS = 5000;
/** Of the hub: longer than it waits itself, for it is where the launcher is, and tells more. */
const HUB_SILENCE_MS = SILENCE_MS + 4000;
/** Of the pulse, whose beats are answered: long before the hub takes this process for gone. */
const PULSE_SILENCE_MS = 3 * BEAT_MS;
/** The hub, told of a failure, waits for others and has the job ended; then this process does. */
const FAILURE_MS = 4000;

/** A process's end of the watch: it says that it is there, and ends the job when it is told to, or when the hub is gone. */
export class Spoke {
  private readonly own: Member;
  private readonly size: number;
  private readonly offer: Offer;
  private readonly effects: Effects;
  private channel: Channel | null = null;
  /** For its beats: see `Hub`. Null without one: then they go over the channel. */
  private pulse: Channel | null = null;
  /** Where the hub was reached; null once a pulse was opened there, or where none was. */
  private address: string | null = null;
  private beats: NodeJS.Timeout | undefined;
  /** All has been told. */
  private over = false;

  constructor(own: Member, size: number, offer: Offer, effects: Effects) {
    this.own = own;
    this.size = size;
    this.offer = offer;
    this.effects = effects;
  }

  /** Connects to the hub by the first of its addresses that answers; where none does, says so and goes on without. */
  async open(): Promise<void> {
    const addresses = addressesOf(this.offer);
    this.channel = await this.join(addresses);
    if (this.channel === null) this.effects.tell(unreachable(this.own, this.size, addresses, this.offer.port));
    else this.beats = everyBeat((ran) => this.beat(ran));
  }

  /** This process has failed. */
  fail(text: string, status: number): void {
    const alone = () => this.finish(failureLines([{ ...this.own, text, status }], this.size), status);
    if (this.channel === null) {
      alone();
      return;
    }
    this.channel.send({ kind: 'failure', text, status });
    setTimeout(alone, FAILURE_MS);
  }

  /** This process leaves, and all is well. */
  async close(): Promise<void> {
    this.over = true;
    clearInterval(this.beats);
    await this.channel?.bye();
    this.pulse?.destroy();
  }

  /** All addresses at once; the first that is welcomed is kept. */
  private join(addresses: readonly string[]): Promise<Channel | null> {
    const { rank, host, pid } = this.own;
    const { port, token } = this.offer;
    return new Promise((resolve) => {
      let joined: Channel | null = null;
      let settled = false; // with a channel, or for good without
      const tried: Channel[] = [];
      const settle = (channel: Channel | null) => {
        clearTimeout(timer);
        settled = true;
        joined = channel;
        for (const other of tried) {
          if (joined === null)
            void other.bye(); // a hub that hears its hello later shall not take this for a death
          else if (other !== joined) other.destroy();
        }
        resolve(joined);
      };
      const timer = setTimeout(settle, CONNECT_MS, null);
      let left = addresses.length;
      if (left === 0) settle(null);
      for (const address of addresses) {
        const socket = connect({ host: address, port });
        const channel = new Channel(
          socket,
          (message, from) => {
            if (from === joined) this.hear(message);
            else if (!settled && message.kind === 'welcome') {
              settle(from);
              this.address = address;
            }
          },
          (from) => {
            if (from === joined) this.lost();
            else if (--left === 0 && !settled) settle(null);
          },
        );
        tried.push(channel);
        socket.once('connect', () => channel.send({ kind: 'hello', token, rank, host, pid }));
      }
    });
  }

  private hear(message: Message): void {
    if (message.kind !== 'end' || this.over) return;
    this.over = true;
    setTimeout(() => this.effects.end(message.status), message.after);
  }

  private beat(ran: boolean): void {
    const { channel } = this;
    if (channel === null || channel.left || this.over) return;
    const now = performance.now();
    if (!ran) channel.heard = now;
    this.pulseAt(now, ran).send({ kind: 'beat' });
    if (now - channel.heard > HUB_SILENCE_MS) this.withoutHub(HUB_SILENCE_MS / 1000);
  }

  /** What beats go over: the pulse, opened at the first, or the channel where the hub does not answer there. */
  private pulseAt(now: number, ran: boolean): Channel {
    if (this.address !== null) {
      const { port, token } = this.offer;
      this.pulse = new Channel(
        connect({ host: this.address, port }),
        () => undefined,
        () => {
          this.pulse = null;
        },
      );
      this.pulse.send({ kind: 'pulse', token, rank: this.own.rank });
      this.address = null;
    }
    if (!ran && this.pulse !== null) this.pulse.heard = now;
    if (this.pulse !== null && now - this.pulse.heard > PULSE_SILENCE_MS) {
      this.pulse.destroy();
      this.pulse = null;
    }
    return this.pulse ?? (this.channel as Channel);
  }

  private lost(): void {
    if (!this.channel?.left && !this.over) this.withoutHub();
  }

  /** Rank 0 tells it; where it is gone too, the lowest that is left: the others wait for as long as it takes to be ended. */
  private withoutHub(seconds?: number): void {
    clearInterval(this.beats);
    const { rank } = this.own;
    const line = watchLost(this.own, this.size, this.offer.host, seconds);
    setTimeout(() => this.finish(line, 1), rank === 0 ? 0 : Math.min(1400 + 100 * rank, 3500));
  }

  private finish(lines: string | readonly string[], status: number): void {
    if (this.over) return;
    this.over = true;
    this.effects.tell(lines);
    this.effects.end(status);
  }
}
