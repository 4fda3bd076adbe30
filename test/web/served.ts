import { type Port, serve } from '../../src/web/index.ts';

/** Runs `use` with the page's end of a channel at whose other end `serve` listens, on this same thread. */
export async function served(use: (worker: Port) => Promise<void>): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  try {
    await use(port1);
  } finally {
    port1.close();
    port2.close();
  }
}
