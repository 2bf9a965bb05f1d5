/**
 * Numbers in a file, by the byte: each is one load, whatever its width. Whoever calls has checked that the bytes are
 * there; a `DataView` throws where they are not.
 */

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The bytes from one place up to another, in the same memory. */
export const partOf = (bytes: DataView, from: number, to: number): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset + from, Math.max(to - from, 0));

export const u8 = (bytes: DataView, at: number): number => bytes.getUint8(at);

/** 16 bits in network order. */
export const u16 = (bytes: DataView, at: number): number => bytes.getUint16(at);

/** 32 bits in network order, signed: V8 keeps such a number in a register, where an unsigned one is an object. */
export const i32 = (bytes: DataView, at: number): number => bytes.getInt32(at);

/** In the order of whoever wrote the file. */
export const fileU32 = (bytes: DataView, at: number, little: boolean): number => bytes.getUint32(at, little);
export const fileU16 = (bytes: DataView, at: number, little: boolean): number => bytes.getUint16(at, little);
