import { readFileSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** How the hub, on the host of rank 0, is reached, as all processes are told. */
export interface Offer {
  readonly host: string;
  readonly port: number;
  /** Who does not know it is not let in. */
  readonly token: string;
  readonly addresses: readonly string[];
  /** See `placeOfThis`. */
  readonly place: string;
}

/** More are not tried. */
const MOST = 16;

/** The addresses of this host that others may reach it by; those of links alone need more than an address. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => address)
    .slice(0, MOST);
}

/** Equal for processes that reach each other by the loopback address: the system's boot, and its network's namespace. */
export function placeOfThis(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/net')}`;
  } catch {
    return ''; // unknown: all addresses are tried
  }
}

/** Where to look for the hub. */
export function addressesOf({ addresses, place }: Offer): readonly string[] {
  const here = placeOfThis();
  if (here !== '' && place === here) return ['127.0.0.1'];
  return here === '' || place === '' ? [...addresses, '127.0.0.1'] : addresses;
}
