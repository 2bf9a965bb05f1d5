import { familyOf, type Ip, ipFromNumber, ipToNumber, parseIp } from "../address/ip.ts";

/** https://www.rfc-editor.org/rfc/rfc8489#section-5 */
const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const REQUEST = 0x0001;
const SUCCESS = 0x0101;
/** https://www.rfc-editor.org/rfc/rfc8489#section-14 */
const MAPPED_ADDRESS = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;
const SOFTWARE = 0x8022;
const FINGERPRINT = 0x8028;
const FINGERPRINT_XOR = 0x5354554e;
/** https://www.rfc-editor.org/rfc/rfc5780#section-7.6: what makes a request as long as its answer. */
const PADDING = 0x0026;

export interface StunRequest {
  readonly transaction: Uint8Array;
  /** Of the whole message: an answer that is no longer cannot be used to flood anybody. */
  readonly bytes: number;
}

export interface StunAnswer {
  readonly transaction: Uint8Array;
  readonly address: Ip;
  readonly port: number;
  /** What the server calls itself; of a witness, its receipt. */
  readonly software: string | null;
}

/** A binding request (RFC 8489, section 6.3); null for any other bytes. Never throws. */
export function readStunRequest(bytes: Uint8Array): StunRequest | null {
  if (!isStun(bytes, REQUEST)) return null;
  return { transaction: bytes.slice(8, HEADER_BYTES), bytes: bytes.length };
}

/** The answer to a binding request; null for any other bytes, and for one without an address. Never throws. */
export function readStunAnswer(bytes: Uint8Array): StunAnswer | null {
  if (!isStun(bytes, SUCCESS)) return null;
  const view = viewOf(bytes);
  let mapped: Mapped | null = null;
  let software: string | null = null;
  for (let at = HEADER_BYTES; at + 4 <= bytes.length; ) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    const value = bytes.subarray(at + 4, at + 4 + length);
    if (value.length < length) break;
    if (type === XOR_MAPPED_ADDRESS) mapped = addressIn(value, bytes) ?? mapped;
    else if (type === MAPPED_ADDRESS) mapped ??= addressIn(value, null);
    else if (type === SOFTWARE) software = asciiOf(value);
    at += 4 + padded(length);
  }
  return mapped === null ? null : { transaction: bytes.slice(8, HEADER_BYTES), ...mapped, software };
}

/** @param length of the whole message at least: the rest is padding */
export function stunRequest(transaction: Uint8Array, length: number): Uint8Array {
  const rest = length - HEADER_BYTES - 8;
  const padding = rest < 4 ? [] : [attribute(PADDING, new Uint8Array(padded(rest - 4)))];
  return message(REQUEST, transaction, padding);
}

/** @param software left out where the answer would become longer than `longest` */
export function stunAnswer(
  transaction: Uint8Array,
  source: { readonly address: Ip; readonly port: number },
  software: string,
  longest: number,
): Uint8Array {
  const mapped = attribute(XOR_MAPPED_ADDRESS, mappedAddress(source, transaction));
  const named = attribute(
    SOFTWARE,
    Uint8Array.from(software, (letter) => letter.charCodeAt(0) & 127),
  );
  const whole = message(SUCCESS, transaction, [mapped, named]);
  return whole.length <= longest ? whole : message(SUCCESS, transaction, [mapped]);
}

/** https://www.rfc-editor.org/rfc/rfc8489#section-7.3: what is no message of this kind, or has a wrong checksum. */
function isStun(bytes: Uint8Array, type: number): boolean {
  if (bytes.length < HEADER_BYTES || bytes.length % 4 !== 0) return false;
  const view = viewOf(bytes);
  if (view.getUint16(0) !== type || view.getUint32(4) !== COOKIE) return false;
  if (view.getUint16(2) !== bytes.length - HEADER_BYTES) return false;
  const last = bytes.length - 8;
  const hasPrint = last >= HEADER_BYTES && view.getUint16(last) === FINGERPRINT && view.getUint16(last + 2) === 4;
  return !hasPrint || view.getUint32(last + 4) === fingerprint(bytes.subarray(0, last));
}

interface Mapped {
  readonly address: Ip;
  readonly port: number;
}

/** @param message whose cookie and transaction the address was mixed with; null: it was not (RFC 8489, section 14.1) */
function addressIn(value: Uint8Array, message: Uint8Array | null): Mapped | null {
  const size = value[1] === 1 ? 4 : value[1] === 2 ? 16 : 0;
  if (size === 0 || value.length !== 4 + size) return null;
  const plain = message === null ? value : mixed(value, message.subarray(4, HEADER_BYTES));
  let number = 0n;
  for (const byte of plain.subarray(4)) number = (number << 8n) | BigInt(byte);
  const address = parseIp(ipFromNumber(size === 4 ? 4 : 6, number));
  return address === undefined ? null : { address, port: viewOf(plain).getUint16(2) };
}

function mappedAddress({ address, port }: Mapped, transaction: Uint8Array): Uint8Array {
  const family = familyOf(address);
  const value = new Uint8Array(family === 4 ? 8 : 20);
  const view = viewOf(value);
  value[1] = family === 4 ? 1 : 2;
  view.setUint16(2, port);
  let number = ipToNumber(address);
  for (let at = value.length - 1; at >= 4; at -= 1) {
    value[at] = Number(number & 0xffn);
    number >>= 8n;
  }
  const key = new Uint8Array(16);
  viewOf(key).setUint32(0, COOKIE);
  key.set(transaction.subarray(0, 12), 4);
  return mixed(value, key);
}

/** Port and address, each with the key from its beginning. https://www.rfc-editor.org/rfc/rfc8489#section-14.2 */
const mixed = (value: Uint8Array, key: Uint8Array): Uint8Array =>
  value.map((byte, at) => (at < 2 ? byte : byte ^ (key[at < 4 ? at - 2 : at - 4] ?? 0)));

function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = viewOf(bytes);
  view.setUint16(0, type);
  view.setUint16(2, value.length);
  bytes.set(value, 4);
  return bytes;
}

function message(type: number, transaction: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  const length = attributes.reduce((sum, one) => sum + one.length, 0) + 8;
  const bytes = new Uint8Array(HEADER_BYTES + length);
  const view = viewOf(bytes);
  view.setUint16(0, type);
  view.setUint16(2, length);
  view.setUint32(4, COOKIE);
  bytes.set(transaction.subarray(0, 12), 8);
  let at = HEADER_BYTES;
  for (const one of attributes) {
    bytes.set(one, at);
    at += one.length;
  }
  view.setUint16(at, FINGERPRINT);
  view.setUint16(at + 2, 4);
  view.setUint32(at + 4, fingerprint(bytes.subarray(0, at)));
  return bytes;
}

/** CRC-32 of ISO 3309, mixed with a word. https://www.rfc-editor.org/rfc/rfc8489#section-14.7 */
function fingerprint(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff ^ FINGERPRINT_XOR) >>> 0;
}

const padded = (length: number): number => (length + 3) & ~3;
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function asciiOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "?";
  return text;
}
