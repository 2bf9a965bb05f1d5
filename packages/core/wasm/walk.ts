// AssemblyScript, compiled by `npm run wasm` into src/evidence/capture/walk-module.ts. Of a capture it reads what nearly all
// of it is: TCP and UDP on Ethernet, without a tunnel, whose data is no word of a proxy or a probe. At any other packet it
// stops, and src/evidence/capture/ reads that one. The names are those of the functions there that do the same.

const LOOKED_AT: u32 = 2048;
const RECORD_HEADER: i32 = 16;
const SHORTEST_BLOCK: i32 = 12;
const ENHANCED_PACKET: u32 = 6;
/** Of a block; longer ones are left alone. */
const LONGEST_BLOCK: u32 = 1 << 24;
const LAST_SECOND: u64 = 0xffff_fffe;
/** From here on a number of 64 bits is not exact as a double, which it is where it is not read here. */
const INEXACT: u32 = 1 << 21;

/** EtherTypes as they stand in memory, the lower byte first. */
const IPV4: u16 = 0x0008;
const IPV6: u16 = 0xdd86;
const VLAN: u16 = 0x0081;
const QINQ: u16 = 0xa888;
const TCP: i32 = 6;
const UDP: i32 = 17;
const IS_IPV6: i32 = 0x100;
/** Ports that tunnels are sent to. */
const VXLAN: i32 = 4789;
const VXLAN_LINUX: i32 = 8472;
const GENEVE: i32 = 6081;

const FIN: i32 = 1;
const SYN: i32 = 2;
const ACK: i32 = 16;
/** Of a row's state: flows.ts. */
const PACKET: i32 = 1;
const FIN_SEEN: i32 = 8;
const DATA: i32 = 16;
const HIGHER: i32 = 8;
const SYN_SEEN: i32 = 1 << 16;
const FOLLOWING: i32 = 1 << 17;
const FOLLOWING_MASK: i32 = 3 << 17;
const KEPT: i32 = 1 << 20;
const MOST_KEPT: i32 = 24;
/** Of an event: events.ts. */
const FROM_HIGHER: i32 = 1 << 20;
const EVENT: i32 = 24;

/** How many packets were read, and how many rows and events there are. */
export const sizes: i32 = 512;
const PACKETS: i32 = sizes;
const ROWS: i32 = sizes + 4;
const EVENTS: i32 = sizes + 8;
/** Of each interface of a pcapng, how many units a second has; 0: of that one nothing is read here. */
export const interfaces: i32 = 1024;
export const INTERFACES: i32 = 64;
/** What is to be read, and memory for the tables behind it. */
export const room: i32 = 1 << 16;
export const ROOM_BYTES: i32 = 1 << 17;
export const tables: i32 = room + ROOM_BYTES + (1 << 16);

/** Of hash-table.ts: where words and slots lie, and what masks a slot. */
let words: i32 = 0;
let slots: i32 = 0;
let mask: i32 = 0;
let addressWords: i32 = 0;
let addressSlots: i32 = 0;
let addressMask: i32 = 0;
/** How many rows are begun here. */
let connections: i32 = 0;
/** Of events.ts: where words and ends lie, and how many events there is room for. */
let events: i32 = 0;
let ends: i32 = 0;
let eventRoom: i32 = 0;
/** Where `find` found nothing. */
let freePlace: i32 = 0;

export function useTable(newWords: i32, newSlots: i32, newMask: i32, most: i32): void {
  words = newWords;
  slots = newSlots;
  mask = newMask;
  connections = most;
}

export function useEvents(newWords: i32, newEnds: i32, most: i32): void {
  events = newWords;
  ends = newEnds;
  eventRoom = most;
}

export function useAddresses(newWords: i32, newSlots: i32, newMask: i32): void {
  addressWords = newWords;
  addressSlots = newSlots;
  addressMask = newMask;
}

/** Little-endian. @returns where the first record begins that was not read, or behind the end where one reaches there */
export function pcap(from: i32, until: i32, longest: u32, nanoseconds: i32): i32 {
  let at = room + from;
  const end = room + until;
  while (end - at >= RECORD_HEADER) {
    const length = load<u32>(at, 8);
    const looked = min(length, LOOKED_AT);
    const data = at + RECORD_HEADER;
    if (length > longest || <u32>(end - data) < looked) break;
    if (!isRead(data, data + looked, load<i32>(at), load<i32>(at, 4) * nanoseconds)) break;
    at = data + length;
  }
  return at - room;
}

/** Packets of a section in little-endian. @returns as `pcap` does */
export function pcapng(from: i32, until: i32): i32 {
  let at = room + from;
  const end = room + until;
  while (end - at >= SHORTEST_BLOCK) {
    const length = load<u32>(at, 4);
    if (load<u32>(at) !== ENHANCED_PACKET || length < 32 || length > LONGEST_BLOCK || (length & 3) !== 0) break;
    const looked = min(length, 28 + LOOKED_AT);
    if (<u32>(end - at) < looked || !isBlockRead(at, length, looked)) break;
    at += length;
  }
  return at - room;
}

function isBlockRead(at: i32, length: u32, looked: u32): bool {
  const via = load<u32>(at, 8);
  const captured = load<u32>(at, 20);
  if (via >= <u32>INTERFACES || captured > length - 32) return false;
  const unit = load<u32>(interfaces + (via << 2));
  const high = load<u32>(at, 12);
  if (unit === 0 || high >= INEXACT) return false;
  const time = ((<u64>high) << 32) | load<u32>(at, 16);
  const seconds = time / unit;
  if (seconds > LAST_SECOND) return false;
  const nanoseconds = <u32>(time - seconds * unit) * (1_000_000_000 / unit);
  const data = at + 28;
  return isRead(data, data + min(captured, looked - 28), <i32>seconds, <i32>nanoseconds);
}

/** @returns false for a packet that is not read here, of which nothing is counted */
function isRead(at: i32, limit: i32, seconds: i32, nanoseconds: i32): bool {
  if (limit - at < 14) return false;
  let type = load<u16>(at, 12);
  let data = at + 14;
  while (type === VLAN || type === QINQ) {
    if (limit - data < 4) return false;
    type = load<u16>(data, 2);
    data += 4;
  }
  if (type === IPV4) return ipv4(data, limit, seconds, nanoseconds);
  return type === IPV6 && ipv6(data, limit, seconds, nanoseconds);
}

function ipv4(at: i32, limit: i32, seconds: i32, nanoseconds: i32): bool {
  if (limit - at < 20) return false;
  const first = <i32>load<u8>(at);
  const header = (first & 15) << 2;
  const total = u16At(at + 2);
  if (first >> 4 !== 4 || header < 20 || (total !== 0 && total < header)) return false;
  if ((u16At(at + 6) & 0x1fff) !== 0 || limit - at < header) return false;
  const end = total !== 0 && at + total < limit ? at + total : limit;
  return packet(
    at + header,
    end,
    load<u8>(at, 9),
    load<u8>(at, 8),
    i32At(at + 12),
    i32At(at + 16),
    0,
    seconds,
    nanoseconds,
  );
}

function ipv6(at: i32, limit: i32, seconds: i32, nanoseconds: i32): bool {
  if (limit - at < 40 || load<u8>(at) >> 4 !== 6) return false;
  const length = u16At(at + 4);
  const data = at + 40;
  const end = length !== 0 && data + length < limit ? data + length : limit;
  const protocol = <i32>load<u8>(at, 6);
  if (protocol !== TCP && protocol !== UDP) return false;
  const source = addressNumber(at + 8);
  const destination = addressNumber(at + 24);
  if (source < 0 || destination < 0) return false;
  return packet(data, end, protocol, load<u8>(at, 7), source, destination, IS_IPV6, seconds, nanoseconds);
}

function packet(
  at: i32,
  end: i32,
  protocol: i32,
  ttl: i32,
  source: i32,
  destination: i32,
  version: i32,
  seconds: i32,
  nanoseconds: i32,
): bool {
  const isTcp = protocol === TCP;
  let flags = 0;
  let sequence = 0;
  let data = at + 8;
  if (isTcp) {
    if (end - at < 14) return false;
    flags = load<u8>(at, 13);
    sequence = i32At(at + 4);
    data = at + ((<i32>load<u8>(at, 12) >> 4) << 2);
  } else if (protocol !== UDP || end - at < 8) return false;
  const sourcePort = u16At(at);
  const destinationPort = u16At(at + 2);
  if (!isTcp && isTunnel(destinationPort)) return false;
  const fromHigher = source > destination || (source === destination && sourcePort > destinationPort);
  const a = fromHigher ? destination : source;
  const b = fromHigher ? source : destination;
  const ports = fromHigher ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort;
  let found = find(words, slots, mask, a, b, ports, protocol | version);
  const state = found < 0 ? 0 : load<i32>(words + (found << 5), 16);
  const shift = fromHigher ? HIGHER : 0;
  const seen = state >> shift;
  const isFirstData = data < end && (isTcp ? (seen & DATA) === 0 : (seen & PACKET) === 0);
  if (isFirstData && saysMore(data)) return false;
  const isClosing = (flags & FIN) !== 0 && (seen & FIN_SEEN) === 0 && (state & SYN_SEEN) === 0;
  const isOpening = (flags & (SYN | ACK)) === SYN;
  const isKept = (seen & PACKET) === 0 || (state & FOLLOWING_MASK) !== 0 || (flags & SYN) !== 0 || isClosing;
  if (isKept && load<i32>(EVENTS) >= eventRoom) return false;
  if (found < 0) {
    if (load<i32>(ROWS) >= connections) return false;
    found = add(a, b, ports, protocol | version);
  }
  const packets = load<i32>(PACKETS) + 1;
  store<i32>(PACKETS, packets);
  const row = words + (found << 5);
  if (isKept || isFirstData) {
    let after = state | (PACKET << shift);
    if ((after & FOLLOWING_MASK) !== 0) after -= FOLLOWING;
    if (isClosing) after |= FIN_SEEN << shift;
    if ((flags & SYN) !== 0) after |= SYN_SEEN;
    if (isClosing || isOpening) after = (after & ~FOLLOWING_MASK) | (2 * FOLLOWING);
    if (isFirstData && isTcp) after |= DATA << shift;
    if (isKept && after >>> 20 < MOST_KEPT) {
      record(found, packets, seconds, nanoseconds, sequence, flags | (ttl << 8) | (fromHigher ? FROM_HIGHER : 0));
      after += KEPT;
    }
    store<i32>(row, after, 16);
  }
  store<i32>(row, load<i32>(row, 20) + 1, 20);
  store<i32>(row, seconds, 24);
  store<i32>(row, nanoseconds, 28);
  return true;
}

/** @returns the row of a key that `find` has just not found */
function add(a: i32, b: i32, c: i32, d: i32): i32 {
  const found = load<i32>(ROWS);
  const row = words + (found << 5);
  store<i32>(row, a);
  store<i32>(row, b, 4);
  store<i32>(row, c, 8);
  store<i32>(row, d, 12);
  store<i32>(freePlace, hash(a, b, c, d));
  store<i32>(freePlace, found + 1, 4);
  store<i32>(ROWS, found + 1);
  return found;
}

function record(row: i32, number: i32, seconds: i32, nanoseconds: i32, sequence: i32, info: i32): void {
  const size = load<i32>(EVENTS) + 1;
  const event = events + (size - 1) * EVENT;
  store<i32>(event, 0);
  store<i32>(event, number, 4);
  store<i32>(event, seconds, 8);
  store<i32>(event, nanoseconds, 12);
  store<i32>(event, sequence, 16);
  store<i32>(event, info, 20);
  store<i32>(EVENTS, size);
  const own = ends + (row << 3);
  const last = load<i32>(own, 4);
  if (last === 0) store<i32>(own, size);
  else store<i32>(events + (last - 1) * EVENT, size);
  store<i32>(own, size, 4);
}

function isTunnel(port: i32): bool {
  return port === VXLAN || port === VXLAN_LINUX || port === GENEVE;
}

/** What begins so may be the PROXY protocol or the mark of a probe: proxy-protocol.ts, marks.ts. */
function saysMore(data: i32): bool {
  switch (<i32>load<u8>(data)) {
    case 0x50: // PROXY
    case 0x0d: // its binary form
    case 0x45: // EHLO
    case 0x47: // GET
    case 0x73: // the mark alone
    case 0x16: // a handshake of TLS
      return true;
    default: // a request of STUN
      return load<u16>(data) === 0x0100;
  }
}

function addressNumber(at: i32): i32 {
  return find(addressWords, addressSlots, addressMask, i32At(at), i32At(at + 4), i32At(at + 8), i32At(at + 12));
}

/** Of hash-table.ts, by the byte. */
function find(rows: i32, places: i32, among: i32, a: i32, b: i32, c: i32, d: i32): i32 {
  const hashed = hash(a, b, c, d);
  let slot = (hashed << 1) & among;
  while (true) {
    const place = places + (slot << 2);
    const found = load<i32>(place, 4) - 1;
    if (found < 0) {
      freePlace = place;
      return -1;
    }
    const row = rows + (found << 5);
    if (
      load<i32>(place) === hashed &&
      load<i32>(row) === a &&
      load<i32>(row, 4) === b &&
      load<i32>(row, 8) === c &&
      load<i32>(row, 12) === d
    )
      return found;
    slot = (slot + 2) & among;
  }
}

function hash(a: i32, b: i32, c: i32, d: i32): i32 {
  let mixed = a * 0xcc9e2d51;
  mixed = (rotl(mixed, 13) * 5) ^ b;
  mixed = mixed * 0x1b873593;
  mixed = (rotl(mixed, 15) * 5) ^ c;
  mixed = ((mixed ^ (mixed >>> 16)) * 0x85ebca6b) ^ d;
  mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
  return mixed ^ (mixed >>> 16);
}

function i32At(at: i32): i32 {
  return bswap<i32>(load<i32>(at));
}

function u16At(at: i32): i32 {
  return <i32>bswap<u16>(load<u16>(at));
}
