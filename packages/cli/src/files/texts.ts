import { isUtf8 } from "node:buffer";
import type { Texts } from "@seenas/core";

/** A decoder of its own takes longer to set up than a small file to read. */
export const texts: Texts = {
  strictly: (encoding, bytes) => {
    if (encoding === "utf-8") return isUtf8(bytes) ? utf8(bytes) : null;
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      return null;
    }
  },
  loosely: (encoding, bytes) => (encoding === "utf-8" ? utf8(bytes) : new TextDecoder(encoding).decode(bytes)),
};

function utf8(bytes: Uint8Array): string {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString("utf8");
}
