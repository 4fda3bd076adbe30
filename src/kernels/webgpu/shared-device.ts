import type { OpenDevice } from './adapter.ts';
import { Device } from './device.ts';

/** Milliseconds until another device is asked for: browsers need a moment after one was lost. */
const PATIENCE = [0, 200, 1000];

/** One device serves all models: kernels are compiled once. */
let shared: { readonly open: () => Promise<OpenDevice>; readonly device: Promise<Device> } | null = null;

/** The device that `open` has opened, while it lives; else another. @throws what `open` throws. */
export async function findDevice(open: () => Promise<OpenDevice>): Promise<Device> {
  while (shared !== null && shared.open === open) {
    const asked = shared.device;
    const device = await asked.catch(() => null);
    if (device !== null && device.lost === null) return device;
    if (shared.device === asked) shared = null; // nobody has asked for another meanwhile
  }
  const device = open().then((opened) => new Device(opened));
  shared = { open, device };
  return device;
}

/** A device in the place of one that was lost; null where none comes. */
export async function anotherDevice(open: () => Promise<OpenDevice>): Promise<Device | null> {
  for (const wait of PATIENCE) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const device = await findDevice(open).catch(() => null); // none yet
    if (device !== null) return device;
  }
  return null;
}
