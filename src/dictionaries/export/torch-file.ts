import type { Numbers } from '../../array/matrix.ts';
import { writeNumbers } from '../../data/formats/number-bytes.ts';
import { zipFile } from '../../data/formats/zip/write-zip.ts';

/** A tensor of a state dict. */
export interface TorchTensor {
  readonly shape: readonly number[];
  readonly data: Numbers | Int32Array | BigInt64Array;
}

const ASCII = new TextEncoder();
const storages = new Map<string, string>([
  ['Float32Array', 'FloatStorage'],
  ['Float64Array', 'DoubleStorage'],
  ['Int32Array', 'IntStorage'],
  ['BigInt64Array', 'LongStorage'],
]);

/**
 * A state dict as `torch.save` writes it and `torch.load` reads it, with `weights_only` too: a zip archive of a pickle of fixed
 * opcodes, protocol 2, and a file of little-endian numbers for each tensor. The same tensors give the same bytes.
 */
export function torchFile(tensors: ReadonlyMap<string, TorchTensor>, name = 'archive'): Uint8Array<ArrayBuffer> {
  const entries = [...tensors];
  return zipFile([
    { name: `${name}/data.pkl`, bytes: pickleOf(entries) },
    { name: `${name}/byteorder`, bytes: ASCII.encode('little') },
    ...entries.map(([, { data }], i) => ({ name: `${name}/data/${i}`, bytes: bytesOf(data) })),
    { name: `${name}/version`, bytes: ASCII.encode('3\n') },
  ]);
}

function bytesOf(data: TorchTensor['data']): Uint8Array {
  const bytes = new Uint8Array(data.byteLength);
  if (data instanceof BigInt64Array) {
    const view = new DataView(bytes.buffer);
    data.forEach((value, i) => {
      view.setBigInt64(8 * i, value, true);
    });
  } else writeNumbers(bytes, 0, data);
  return bytes;
}

/** OrderedDict() ← { name: _rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict()), … }. */
function pickleOf(entries: readonly (readonly [string, TorchTensor])[]): Uint8Array {
  const out: number[] = [];
  const put = (...bytes: number[]) => out.push(...bytes);
  const chars = (text: string) => put(...ASCII.encode(text));
  const long = (n: number) => put(n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255);
  const global = (module: string, what: string) => chars(`c${module}\n${what}\n`); // GLOBAL
  const text = (value: string) => {
    const bytes = ASCII.encode(value);
    chars('X'); // BINUNICODE
    long(bytes.length);
    put(...bytes);
  };
  const int = (n: number) => {
    chars('J'); // BININT
    long(n);
  };
  const tuple = (items: () => void) => {
    chars('('); // MARK
    items();
    chars('t'); // TUPLE
  };
  const emptyDict = () => {
    global('collections', 'OrderedDict');
    chars(')R'); // EMPTY_TUPLE, REDUCE
  };
  put(0x80, 2); // PROTO 2
  emptyDict();
  chars('('); // MARK
  entries.forEach(([name, { shape, data }], i) => {
    text(name);
    global('torch._utils', '_rebuild_tensor_v2');
    tuple(() => {
      tuple(() => {
        text('storage');
        global('torch', storages.get(data.constructor.name) as string);
        text(`${i}`);
        text('cpu');
        int(data.length);
      });
      chars('Q'); // BINPERSID
      int(0);
      tuple(() => shape.forEach(int));
      tuple(() => shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1)).forEach(int));
      put(0x89); // NEWFALSE
      emptyDict();
    });
    chars('R'); // REDUCE
  });
  chars('u.'); // SETITEMS, STOP
  return Uint8Array.from(out);
}
