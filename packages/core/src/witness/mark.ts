declare const markBrand: unique symbol;

/**
 * What a hello carries so that the destination's own log shows which line is its: 96 random bits as 24 hexadecimal
 * digits. They are a STUN transaction as well (RFC 8489, section 5), and fit into a label of a name.
 */
export type Mark = string & { readonly [markBrand]: true };

const DIGITS = /^[0-9a-f]{24}$/;
/** Logs may write names in capitals. */
const WRITTEN = /seenas-([0-9a-f]{24})(?![0-9a-f])/i;
export const MARK_BYTES = 12;

/** @param bytes twelve, random; anything else is our own bug and throws */
export function markOf(bytes: Uint8Array): Mark {
  if (bytes.length !== MARK_BYTES) throw new RangeError(`a mark is ${MARK_BYTES} bytes, not ${bytes.length}`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") as Mark;
}

export const parseMark = (text: string): Mark | null => (DIGITS.test(text) ? (text as Mark) : null);

export const bytesOfMark = (mark: Mark): Uint8Array =>
  Uint8Array.from({ length: MARK_BYTES }, (_, index) => Number.parseInt(mark.slice(index * 2, index * 2 + 2), 16));

/** `seenas-…`: a path of HTTP, a line of plain TCP and UDP, the first label of a name. */
export const markWord = (mark: Mark): string => `seenas-${mark}`;

/** A name that never exists (RFC 6761, section 6.4), for EHLO and for the server name of TLS. */
export const markName = (mark: Mark): string => `${markWord(mark)}.invalid`;

/** The first mark that stands in a text, whatever surrounds it. */
export function markIn(text: string): Mark | null {
  const digits = WRITTEN.exec(text)?.[1];
  return digits === undefined ? null : (digits.toLowerCase() as Mark);
}

/** Bytes of a hello are looked at one by one, so that other bytes around it do no harm. */
export function markInBytes(bytes: Uint8Array): Mark | null {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return markIn(text);
}
