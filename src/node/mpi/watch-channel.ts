import type { Socket } from 'node:net';

/** How often each side says that it is there. */
export const BEAT_MS = 2000;
/** Who has said nothing for so long is gone: many times what a busy machine, or a pause of some seconds, makes of a beat. */
export const SILENCE_MS = 15_000;
/** Of one message, in characters: an error's text, at most 1000 characters, is far below. */
const LONGEST = 2 ** 16;

/** What watches say to each other, one JSON text a line. */
export type Message =
  | {
      readonly kind: 'hello';
      readonly token: string;
      readonly rank: number;
      readonly host: string;
      readonly pid: number;
    }
  /** Of a second connection, after the welcome on the first: beats come here, and each is answered by one. */
  | { readonly kind: 'pulse'; readonly token: string; readonly rank: number }
  | { readonly kind: 'welcome' | 'beat' }
  /** I leave, and all is well. */
  | { readonly kind: 'bye' }
  | { readonly kind: 'failure'; readonly text: string; readonly status: number }
  /** What has happened has been told: end the job where nothing has ended it after so many milliseconds. */
  | { readonly kind: 'end'; readonly status: number; readonly after: number };

/** One end of a connection between two watches. */
export class Channel {
  /** When the other side was heard the last time. */
  heard = performance.now();
  /** The other side, or this one, has said goodbye. */
  left = false;
  /** The connection has ended. */
  gone = false;
  private readonly socket: Socket;
  private rest = '';

  constructor(socket: Socket, hear: (message: Message, channel: Channel) => void, ended: (channel: Channel) => void) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.read(text, hear));
    // The first sign of the end, in the order in which ends come: "close" follows sooner or later.
    const end = () => {
      if (this.gone) return;
      this.gone = true;
      ended(this);
    };
    for (const sign of ['end', 'error', 'close']) socket.on(sign, end);
  }

  send(message: Message): void {
    if (this.socket.writable) this.socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Says goodbye and leaves once that is on its way. */
  bye(): Promise<void> {
    this.left = true;
    if (!this.socket.writable) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.end(`${JSON.stringify({ kind: 'bye' })}\n`, resolve);
      this.socket.once('close', () => resolve());
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  private read(text: string, hear: (message: Message, channel: Channel) => void): void {
    this.heard = performance.now();
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.socket.destroyed) return;
      const message = messageOf(line);
      if (message === null) {
        this.destroy();
        return;
      }
      if (message.kind === 'bye') this.left = true;
      hear(message, this);
    }
    if (this.rest.length > LONGEST) this.destroy();
  }
}

function messageOf(line: string): Message | null {
  try {
    const value = JSON.parse(line);
    return typeof value?.kind === 'string' ? value : null;
  } catch {
    return null;
  }
}

/**
 * Calls `look` at every beat with whether this process has run since the last one: one that was stopped for a while, and
 * goes on, must not take its own absence for that of others, whose words wait to be read.
 */
export function everyBeat(look: (ran: boolean) => void): NodeJS.Timeout {
  let last = performance.now();
  return setInterval(() => {
    const now = performance.now();
    look(now - last < 2 * BEAT_MS);
    last = now;
  }, BEAT_MS);
}
