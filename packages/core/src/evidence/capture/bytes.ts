/** Numbers in a file, by the byte. Whoever calls has checked that the bytes are there. */

/** 16 bits in network order. */
export const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** 32 bits in network order, signed: V8 keeps such a number in a register, where an unsigned one is an object. */
export const i32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);

const i32Little = (bytes: Uint8Array, at: number): number =>
  ((bytes[at + 3] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0);

/** In the order of whoever wrote the file. */
export const fileU32 = (bytes: Uint8Array, at: number, little: boolean): number =>
  (little ? i32Little(bytes, at) : i32(bytes, at)) >>> 0;

export const fileU16 = (bytes: Uint8Array, at: number, little: boolean): number =>
  little ? ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0) : u16(bytes, at);
