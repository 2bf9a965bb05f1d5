export type Packing = "gzip" | "zip" | "tar";

/** Up to here tells what a file is: a tar has its sign behind the first member's name. */
export const PACKING_HEAD_BYTES = 262;

const USTAR = [0x75, 0x73, 0x74, 0x61, 0x72];
const USTAR_AT = 257;

/** How a file is packed, by its first bytes; null: not in a way that is read. An empty zip has another sign. */
export function packingOf(head: Uint8Array): Packing | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head[0] === 0x50 && head[1] === 0x4b) return isZip(head) ? "zip" : null;
  return USTAR.every((byte, index) => head[USTAR_AT + index] === byte) ? "tar" : null;
}

const isZip = (head: Uint8Array): boolean =>
  (head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6 && head.length >= 22);
