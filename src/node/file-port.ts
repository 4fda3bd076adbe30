import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeFolder } from './folders.ts';
import { openNew, readRegular } from './open-file.ts';

/** A file that is being written. */
export interface OpenFile {
  /** Appends. */
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when the bytes are on the disk. */
  sync(): Promise<void>;
  /** Gives the file back, written or not. */
  close(): Promise<void>;
}

/** What writing safely takes of a file system, so that tests can let any part of it fail. Errors have Node's codes. */
export interface FilePort {
  /** A new, empty file, in place of any that was there: where that was a link, what it leads to is left alone. */
  create(path: string): Promise<OpenFile>;
  /** The whole file; an error where it is a pipe or a device. */
  read(path: string): Promise<Uint8Array>;
  /** Replaces what stands at `to`, at once. */
  rename(from: string, to: string): Promise<void>;
  /** No error where there is none. */
  remove(path: string): Promise<void>;
  /** Makes what was renamed in a folder outlive a power cut. */
  syncFolder(path: string): Promise<void>;
  /** Makes a folder and those above it. A port without it writes into folders that are there, and makes none. */
  makeFolder?(path: string): Promise<void>;
}

/** Node's file system. */
export const files: FilePort = {
  async create(path) {
    const file = await openNew(path);
    return {
      write: (bytes) => file.writeFile(bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
  read: (path) => readRegular(path),
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncFolder(path) {
    if (process.platform === 'win32') return; // folders cannot be opened there
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  async makeFolder(path) {
    await makeFolder(resolve(path));
  },
};
