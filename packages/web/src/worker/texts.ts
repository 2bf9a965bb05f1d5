import type { Texts } from "@seenas/core";

/** A worker in a browser and a thread of Node have the same decoders. */
export const texts: Texts = {
  strictly: (encoding, bytes) => {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      return null;
    }
  },
  loosely: (encoding, bytes) => new TextDecoder(encoding).decode(bytes),
};
