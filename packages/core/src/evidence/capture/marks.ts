import { serverNameIn } from "../../witness/client-hello.ts";
import { type Mark, markIn, markInBytes, markOf } from "../../witness/mark.ts";
import { partOf, u8, u16 } from "./bytes.ts";

/** First letters of what `seenas probe` says: EHLO, GET, the mark alone, and a handshake of TLS. */
const [LETTER_E, LETTER_G, LETTER_S, HANDSHAKE] = [69, 71, 115, 22];
const LOOKED_AT = 2048;

/** The mark at the beginning of a connection's data, or in a datagram; null for anything else, which is nearly all. */
export function helloMarkIn(bytes: DataView, at: number, end: number): Mark | null {
  if (at >= end) return null;
  const first = u8(bytes, at);
  if (first === LETTER_E || first === LETTER_G || first === LETTER_S) return markInBytes(helloAt(bytes, at, end));
  if (first === HANDSHAKE) return markIn(serverNameIn(helloAt(bytes, at, end)) ?? "");
  // A request of STUN, whose transaction is the mark: https://www.rfc-editor.org/rfc/rfc8489#section-5
  const isStun =
    end - at >= 20 && u16(bytes, at) === 1 && u16(bytes, at + 4) === 0x2112 && u16(bytes, at + 6) === 0xa442;
  return isStun ? markOf(partOf(bytes, at + 8, at + 20)) : null;
}

const helloAt = (bytes: DataView, at: number, end: number): Uint8Array =>
  partOf(bytes, at, Math.min(end, at + LOOKED_AT));
