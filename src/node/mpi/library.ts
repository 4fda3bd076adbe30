import type { LibraryHandle } from 'koffi';
import { InputError } from '../../errors.ts';
import type { Launch } from './launch.ts';

type Koffi = typeof import('koffi').default;

/** A handle of MPI: an address in Open MPI, a number in MPICH and all that share its binary interface. */
type Handle = bigint | number;

/** The constants of one binary interface. */
interface Interface {
  readonly name: 'Open MPI' | 'MPICH';
  /** The C type of a handle. */
  readonly handle: string;
  readonly inPlace: bigint;
  readonly world: Handle;
  readonly float: Handle;
  readonly double: Handle;
  readonly byte: Handle;
  readonly sum: Handle;
  readonly max: Handle;
  readonly min: Handle;
}

/** The functions that are called, by their names in C without `MPI_`. */
export interface Calls {
  readonly handle: Interface;
  /** Such as "Open MPI v4.1.4". */
  readonly version: string;
  /** Where it was found. */
  readonly path: string;
  call(name: keyof typeof SIGNATURES, ...given: unknown[]): number;
  /** The same on another thread: JavaScript goes on meanwhile. */
  later(name: keyof typeof SIGNATURES, ...given: unknown[]): Promise<number>;
}

/** Parameters in C; H is a handle. */
const SIGNATURES = {
  Initialized: ['_Out_ int *'],
  Init_thread: ['void *', 'void *', 'int', '_Out_ int *'],
  Finalize: [],
  Abort: ['H', 'int'],
  Comm_rank: ['H', '_Out_ int *'],
  Comm_size: ['H', '_Out_ int *'],
  Barrier: ['H'],
  Bcast: ['void *', 'int', 'H', 'int', 'H'],
  Allreduce: ['void *', 'void *', 'int', 'H', 'H', 'H'],
  Allgather: ['void *', 'int', 'H', 'void *', 'int', 'H', 'H'],
} as const;

/** Names of the library, by which interface a launcher speaks. */
const NAMES: Readonly<Record<Interface['name'], readonly string[]>> =
  process.platform === 'darwin'
    ? {
        'Open MPI': [
          'libmpi.40.dylib',
          'libmpi.dylib',
          '/opt/homebrew/lib/libmpi.dylib',
          '/usr/local/lib/libmpi.dylib',
        ],
        MPICH: ['libmpi.12.dylib', 'libmpi.dylib', '/opt/homebrew/lib/libmpi.dylib', '/usr/local/lib/libmpi.dylib'],
      }
    : {
        'Open MPI': ['libmpi.so.40', 'libmpi.so'],
        MPICH: ['libmpi.so.12', 'libmpich.so.12', 'libmpi.so', 'libmpich.so'], // Intel MPI, Cray's and MVAPICH's too
      };

const SPEAKS: Readonly<Record<Launch['by'], readonly Interface['name'][]>> = {
  'open-mpi': ['Open MPI'],
  pmi: ['MPICH'],
  pmix: ['Open MPI', 'MPICH'],
  slurm: ['Open MPI', 'MPICH'],
};

/**
 * Opens the system's MPI library, the one of the launcher: `RHOHAT_MPI` where that names one.
 * @throws InputError where koffi or the library is missing, or the library is not the launcher's.
 */
export async function openLibrary({ by }: Pick<Launch, 'by'>, env = process.env): Promise<Calls> {
  // UCX, below MPICH and Open MPI, would replace malloc's and mmap's calls while V8's threads are in them: 4 of 100 starts with MPICH ended so, none of 100 without.
  env.UCX_MEM_EVENTS ??= 'no';
  const koffi = await loadKoffi();
  const named = env.RHOHAT_MPI;
  const wanted = SPEAKS[by];
  const names = named ? [named] : wanted.flatMap((name) => NAMES[name]);
  const failures: string[] = [];
  for (const path of names) {
    let library: LibraryHandle;
    try {
      library = koffi.load(path, { global: true }); // Open MPI's components look for its symbols
    } catch (error) {
      failures.push((error as Error).message);
      continue;
    }
    const handle = interfaceOf(koffi, library);
    if (handle === null) {
      failures.push(`${path} is no MPI library that is known`);
      continue;
    }
    if (!wanted.includes(handle.name)) {
      failures.push(`${path} is ${handle.name}, and the processes were started by ${wanted.join(' or ')}`);
      continue;
    }
    return callsOf(library, handle, path);
  }
  const where = named ? `RHOHAT_MPI is ${named}` : `no MPI library was found for ${wanted.join(' or ')}`;
  throw new InputError(
    `${where}: ${failures.join('; ')}: set RHOHAT_MPI to the path of the library that belongs to mpirun, such as /usr/lib/x86_64-linux-gnu/${by === 'pmi' ? 'libmpich.so.12' : 'libmpi.so.40'}`,
  );
}

async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (error) {
    throw new InputError(
      `several processes need the package koffi, which cannot be loaded (${(error as Error).message.split('\n')[0]}): npm install koffi`,
    );
  }
}

/** Open MPI has its handles as symbols, MPICH, Intel MPI and others that follow its interface (ABI initiative, 2013) as numbers. */
function interfaceOf(koffi: Koffi, library: LibraryHandle): Interface | null {
  const at = (name: string): bigint => koffi.address(library.symbol(name));
  if (has(library, 'ompi_mpi_comm_world')) {
    return {
      name: 'Open MPI',
      handle: 'void *',
      inPlace: 1n,
      world: at('ompi_mpi_comm_world'),
      float: at('ompi_mpi_float'),
      double: at('ompi_mpi_double'),
      byte: at('ompi_mpi_byte'),
      sum: at('ompi_mpi_op_sum'),
      max: at('ompi_mpi_op_max'),
      min: at('ompi_mpi_op_min'),
    };
  }
  if (!has(library, 'MPI_Allreduce')) return null;
  return {
    name: 'MPICH',
    handle: 'int',
    inPlace: 0xffff_ffff_ffff_ffffn,
    world: 0x4400_0000,
    float: 0x4c00_040a,
    double: 0x4c00_080b,
    byte: 0x4c00_010d,
    sum: 0x5800_0003,
    max: 0x5800_0001,
    min: 0x5800_0002,
  };
}

function has(library: LibraryHandle, symbol: string): boolean {
  try {
    library.symbol(symbol);
    return true;
  } catch {
    return false;
  }
}

function callsOf(library: LibraryHandle, handle: Interface, path: string): Calls {
  const text = Buffer.alloc(8192); // MPI_MAX_LIBRARY_VERSION_STRING of both
  library.func('MPI_Get_library_version', 'int', ['void *', '_Out_ int *'])(text, [0]);
  const version = text.toString('latin1').split('\0')[0];
  const functions = Object.fromEntries(
    Object.entries(SIGNATURES).map(([name, types]) => {
      const list = types.map((type) => (type === 'H' ? handle.handle : type));
      return [name, library.func(`MPI_${name}`, 'int', list)];
    }),
  );
  return {
    handle,
    version: nameOf(handle, version),
    path,
    call: (name, ...given) => functions[name](...given),
    later: (name, ...given) =>
      new Promise((resolve, reject) => {
        functions[name].async(...given, (error: unknown, code: number) => (error ? reject(error) : resolve(code)));
      }),
  };
}

/** In a few words: "Open MPI v4.1.4, package: …" is a paragraph, as is MPICH's with its options of configure. */
function nameOf({ name }: Interface, version: string): string {
  const first = version.split(/[,\n]/)[0];
  const number = /\d+(\.\d+)+/.exec(version)?.[0];
  if (/Intel/.test(version)) return `Intel MPI ${number ?? ''}`.trim();
  return number === undefined ? first.trim() || name : `${name} ${number}`;
}
