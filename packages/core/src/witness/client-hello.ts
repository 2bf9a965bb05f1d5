/** https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;

/**
 * The server name in the first record of a TLS connection (RFC 6066, section 3); null for none, and for bytes that are
 * no hello or the beginning of one. Never throws.
 */
export function serverNameIn(bytes: Uint8Array): string | null {
  if (bytes[0] !== HANDSHAKE || bytes[5] !== CLIENT_HELLO) return null;
  const u16 = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  // Record, handshake, version, random; then three lists, each behind its length.
  let at = 5 + 4 + 2 + 32;
  at += 1 + (bytes[at] ?? 0);
  at += 2 + u16(at);
  at += 1 + (bytes[at] ?? 0);
  const end = Math.min(bytes.length, at + 2 + u16(at));
  for (at += 2; at + 4 <= end; at += 4 + u16(at + 2)) {
    if (u16(at) !== SERVER_NAME) continue;
    const length = u16(at + 7);
    const isWhole = bytes[at + 6] === 0 && length > 0 && length < 256 && at + 9 + length <= end;
    return isWhole ? String.fromCharCode(...bytes.subarray(at + 9, at + 9 + length)) : null;
  }
  return null;
}
