import { together } from '../model/agreement.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Attachments } from '../training/model-format.ts';
import { modelPieces } from '../training/model-writer.ts';
import { writeWhole } from './run-folder.ts';

/**
 * Saves a model whose latents processes share as one file: that of the whole model. The first process writes, the others give it
 * their rows, a few megabytes at a time: none holds more than its own beside these.
 * @throws InputError in all of them where it cannot be written.
 */
export async function saveShared(path: string, model: Autoencoder, attachments: Attachments): Promise<void> {
  const latents = model.engine.spec.shard?.latents;
  const pieces = modelPieces(model, 'autoencoder', attachments);
  await together(latents, async () => {
    try {
      if (latents?.rank === 0) await writeWhole(path, keptOpen(pieces));
    } finally {
      for await (const _ of pieces); // the others wait for every piece of theirs to be taken
    }
  });
}

/** The same pieces; who leaves early does not end them. */
async function* keptOpen<T>(pieces: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    const next = await pieces.next();
    if (next.done) return;
    yield next.value;
  }
}
