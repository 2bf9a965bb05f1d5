import type { EndColumn } from "./columns.ts";
import type { Key } from "./pack.ts";

/** Addresses as two keys: which family, and in which order within it. */
export function addressKeys({ v4, port, six }: EndColumn, length: number): readonly [Key, Key] {
  const family = new Uint32Array(length);
  const value = new Uint32Array(length);
  let least = 0xffff_ffff;
  for (let row = 0; row < length; row += 1) {
    const own = v4[row] ?? 0;
    const isShown = (port[row] ?? 0) >= -1;
    family[row] = isShown ? 1 : 0;
    value[row] = own;
    if (isShown && own < least) least = own;
  }
  // Within the range of the others, so that it takes no bits of its own.
  for (let row = 0; row < length; row += 1) if (family[row] === 0) value[row] = least;
  const ranks = ranksOf(six);
  for (const [row, { hi, lo }] of six) {
    family[row] = 2;
    value[row] = ranks.get(`${hi} ${lo}`) ?? 0;
  }
  return [family, value];
}

function ranksOf(six: EndColumn["six"]): ReadonlyMap<string, number> {
  const all = new Map([...six.values()].map((address) => [`${address.hi} ${address.lo}`, address]));
  const sorted = [...all].sort(([, a], [, b]) => (a.hi === b.hi ? Number(a.lo > b.lo) * 2 - 1 : a.hi > b.hi ? 1 : -1));
  return new Map(sorted.map(([text], rank) => [text, rank]));
}

/** Ports, of which `NO_END` is the least. */
export function portKey({ port }: EndColumn, length: number): Key {
  const key = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) key[row] = (port[row] ?? 0) + 2;
  return key;
}
