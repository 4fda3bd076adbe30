import { type FilePort, files, type OpenFile } from '../../src/node/file-port.ts';

/** An error as the file system makes it. */
export function fileFault(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: planted`), { code });
}

/**
 * Node's files, but that the n-th operation fails with `code` (n from 0), a write after half of its bytes; with `dead`,
 * so does every later one, as after a kill. `operations` lists what was done.
 */
export function failingPort(n: number, code = 'ENOSPC', dead = false): FilePort & { readonly operations: string[] } {
  const operations: string[] = [];
  const step = async <T>(name: string, work: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    const at = operations.push(name) - 1;
    if (at !== n && !(dead && at > n)) return work();
    if (at === n) await half?.();
    throw fileFault(code);
  };
  return {
    operations,
    create: (path) =>
      step('create', async (): Promise<OpenFile> => {
        const file = await files.create(path);
        return {
          write: (bytes) =>
            step(
              'write',
              () => file.write(bytes),
              () => file.write(bytes.subarray(0, bytes.length >> 1)),
            ),
          sync: () => step('sync', () => file.sync()),
          close: async () => {
            await file.close(); // or the test leaks it
            await step('close', async () => undefined);
          },
        };
      }),
    read: (path) => files.read(path),
    rename: (from, to) => step('rename', () => files.rename(from, to)),
    remove: (path) => step('remove', () => files.remove(path)),
    syncFolder: (path) => step('syncFolder', () => files.syncFolder(path)),
  };
}
