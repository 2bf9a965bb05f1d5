import { WRITTEN_WITH } from "./line-key.ts";

/** What two neighbouring bytes may be part of. */
export const Pair = { nothing: 0, lineEnd: 1, address: 2 } as const;

const [DOT, COLON, LINE_END] = [".", ":", "\n"];
const OCTETS = "0123456789xX*";
/** What stands before an address that begins with a colon. */
const BEFORE_COLON = ` \t[(=<"'/,`;

/**
 * For each two bytes as one number of the machine, one of `Pair`. Whichever way pairs are laid over a line, an address
 * has one: a dot beside a digit, or a colon beside a letter of an address.
 */
export function newPairs(): Uint8Array {
  const table = new Uint8Array(65_536);
  const both = new Uint8Array(2);
  const number = new Uint16Array(both.buffer);
  const set = (firsts: string, seconds: string, means: number): void => {
    for (const first of firsts)
      for (const second of seconds) {
        both[0] = first.charCodeAt(0);
        both[1] = second.charCodeAt(0);
        table[number[0] ?? 0] = means;
      }
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
