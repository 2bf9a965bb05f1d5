import { WRITTEN_WITH } from "./line-key.ts";

/** What two neighbouring bytes may be part of. */
export const Pair = { nothing: 0, lineEnd: 1, address: 2 } as const;

const [DOT, COLON, LINE_END] = [".", ":", "\n"];
const OCTETS = "0123456789xX*";
/** What stands before an address that begins with a colon. */
const BEFORE_COLON = ` \t[(=<"'/,`;

/**
 * For each two bytes as one number, the lower byte first, one of `Pair`. Whichever way pairs are laid over a line, an address
 * has one: a dot beside a digit, or a colon beside a letter of an address.
 */
export function newPairs(): Uint8Array {
  const table = new Uint8Array(65_536);
  const set = (firsts: string, seconds: string, means: number): void => {
    for (const first of firsts)
      for (const second of seconds) table[first.charCodeAt(0) | (second.charCodeAt(0) << 8)] = means;
  };
  set(OCTETS, DOT, Pair.address);
  set(DOT, OCTETS, Pair.address);
  set(WRITTEN_WITH + BEFORE_COLON, COLON, Pair.address);
  set(COLON, WRITTEN_WITH, Pair.address);
  const any = String.fromCharCode(...Array.from({ length: 256 }, (_unused, byte) => byte));
  set(any, LINE_END, Pair.lineEnd);
  set(LINE_END, any, Pair.lineEnd);
  return table;
}

/** @returns where the next two bytes begin that mean something; four are looked at in one */
export function nextPair(pairs: Uint8Array, view: DataView, from: number): number {
  for (let at = from; ; at += 4) {
    const four = view.getInt32(at, true);
    const first = pairs[four & 0xffff] ?? 0;
    const second = pairs[four >>> 16] ?? 0;
    if ((first | second) !== Pair.nothing) return first === Pair.nothing ? at + 2 : at;
  }
}
