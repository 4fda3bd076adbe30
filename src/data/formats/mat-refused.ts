import { InputError } from '../../errors.ts';

const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER = 128;

const textOf = (bytes: Uint8Array, length: number) => String.fromCharCode(...bytes.subarray(0, length));

/** Whether the bytes begin as a file that MATLAB's `save` wrote, of version 5 or later. */
export function isMat(bytes: Uint8Array): boolean {
  return /^MATLAB \d/.test(textOf(bytes, 10)) && bytes.length >= HEADER;
}

/** Whether the bytes begin as an HDF5 file. */
export function isHdf5(bytes: Uint8Array): boolean {
  return HDF5.every((byte, i) => bytes[i] === byte);
}

/**
 * The byte order of a MAT-file of version 5, which `-v6` and `-v7` write. Throws InputError, with what to do, on other versions
 * and other files.
 */
export function matByteOrder(bytes: Uint8Array, what: string): { readonly littleEndian: boolean } {
  const again = "write it again: save('x.mat', 'x', '-v7') in MATLAB, scipy.io.savemat('x.mat', {'x': x}) in Python";
  const hdf5 = new InputError(`${what}: it is of version 7.3, which is an HDF5 file, and those are not read: ${again}`);
  if (isHdf5(bytes) || /^MATLAB 7\.3/.test(textOf(bytes, 10))) throw hdf5;
  if (!isMat(bytes)) {
    const version4 = bytes.length >= 20 && bytes.subarray(0, 4).includes(0);
    const kind = version4 ? 'it seems to be of version 4, which is not read' : 'its first bytes are not MATLAB 5.0';
    throw new InputError(`${what}: ${kind}: ${again}`);
  }
  const mark = textOf(bytes.subarray(126), 2);
  if (mark !== 'IM' && mark !== 'MI') {
    throw new InputError(`${what}: it does not say its byte order, so it is damaged: ${again}`);
  }
  const littleEndian = mark === 'IM';
  const version = littleEndian ? bytes[125] : bytes[124];
  if (version === 2) throw hdf5;
  if (version !== 1) throw new InputError(`${what}: its version is ${version}, and 1 is read: ${again}`);
  return { littleEndian };
}
