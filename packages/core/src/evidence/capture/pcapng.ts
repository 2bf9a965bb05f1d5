import { fileU16, fileU32 } from "./bytes.ts";
import { interfaceOf, type NetworkInterface } from "./pcapng-interface.ts";
import type { Format } from "./steps.ts";
import { LOOKED_AT, type Tally, tally } from "./tally.ts";

const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

const BLOCK_HEADER = 8;
/** With the length again at the end. */
const SHORTEST_BLOCK = 12;
/** Of a description; comments may be longer, but what is read of it comes first or is left out. */
const LOOKED_AT_INTERFACE = 16_384;
const BYTE_ORDER = 0x1a2b_3c4d;
/** Far more than any program has interfaces; each is kept. */
const MOST_INTERFACES = 65_536;

interface Section {
  little: boolean;
  interfaces: NetworkInterface[];
}

/**
 * Sections, interfaces and packets; other blocks are passed over. Each section has a byte order of its own.
 *
 * @see https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
 */
export function pcapngFormat(into: Tally): Format {
  const section: Section = { little: true, interfaces: [] };
  const format: Format = {
    needs: SHORTEST_BLOCK,
    skip: 0,
    damage: null,
    step: (bytes, at, end) => blocks(format, into, section, bytes, at, end),
  };
  return format;
}

function blocks(format: Format, into: Tally, section: Section, bytes: DataView, first: number, end: number): number {
  const walk = into.walk?.view === bytes ? into.walk : null;
  let at = first;
  for (;;) {
    if (walk !== null && section.little && at < end) at = walk.pcapng(at, end, section.interfaces);
    if (end - at < SHORTEST_BLOCK) break;
    const type = fileU32(bytes, at, section.little);
    if (type === SECTION_HEADER && !openSection(section, bytes, at)) return damaged(format, into, end);
    const length = fileU32(bytes, at + 4, section.little);
    if (length < SHORTEST_BLOCK || length % 4 !== 0) return damaged(format, into, end);
    const looked = Math.min(length, lookedAt(type));
    if (end - at < looked) {
      format.needs = looked;
      return at;
    }
    if (!readBlock(into, section, type, bytes, at, length, looked)) return damaged(format, into, end);
    at += length;
  }
  if (at > end) {
    format.skip = at - end;
    at = end;
  }
  format.needs = SHORTEST_BLOCK;
  return at;
}

function damaged(format: Format, into: Tally, end: number): number {
  format.damage = { kind: "block", after: into.packets };
  return end;
}

/** The number of its type reads the same in both orders. @returns false when neither order is the one it says */
function openSection(section: Section, bytes: DataView, at: number): boolean {
  section.little = fileU32(bytes, at + 8, true) === BYTE_ORDER;
  section.interfaces = [];
  return section.little || fileU32(bytes, at + 8, false) === BYTE_ORDER;
}

function lookedAt(type: number): number {
  switch (type) {
    case INTERFACE:
      return LOOKED_AT_INTERFACE;
    case ENHANCED_PACKET:
    case OLD_PACKET:
      return 28 + LOOKED_AT;
    case SIMPLE_PACKET:
      return SHORTEST_BLOCK + LOOKED_AT;
    default:
      return SHORTEST_BLOCK;
  }
}

/** @param looked how much of the block may be read @returns false for a block that contradicts itself */
function readBlock(
  into: Tally,
  section: Section,
  type: number,
  bytes: DataView,
  at: number,
  length: number,
  looked: number,
): boolean {
  const { little, interfaces } = section;
  switch (type) {
    case ENHANCED_PACKET: {
      if (length < 32) return false;
      const via = interfaces[fileU32(bytes, at + 8, little)];
      return packet(into, via, little, bytes, at, length, looked);
    }
    case OLD_PACKET: {
      if (length < 32) return false;
      const via = interfaces[fileU16(bytes, at + 8, little)];
      return packet(into, via, little, bytes, at, length, looked);
    }
    case SIMPLE_PACKET:
      return length >= 16 && simplePacket(into, interfaces[0], little, bytes, at, length, looked);
    case INTERFACE: {
      if (length < 20 || interfaces.length >= MOST_INTERFACES) return false;
      interfaces.push(interfaceOf(bytes, at + BLOCK_HEADER, at + looked, little));
      return true;
    }
    default:
      return true;
  }
}

function packet(
  into: Tally,
  via: NetworkInterface | undefined,
  little: boolean,
  bytes: DataView,
  at: number,
  length: number,
  looked: number,
): boolean {
  const captured = fileU32(bytes, at + 20, little);
  if (via === undefined || captured > length - 32) return false;
  via.setTime(into.moment, fileU32(bytes, at + 12, little), fileU32(bytes, at + 16, little));
  const data = at + 28;
  tally(into, bytes, data, Math.min(data + captured, at + looked), via.link);
  return true;
}

/** Of the first interface, without a time; how much was captured is only said by the interface. */
function simplePacket(
  into: Tally,
  via: NetworkInterface | undefined,
  little: boolean,
  bytes: DataView,
  at: number,
  length: number,
  looked: number,
): boolean {
  if (via === undefined) return false;
  const original = fileU32(bytes, at + 8, little);
  const captured = Math.min(original, via.snapLength === 0 ? original : via.snapLength, length - 16);
  into.moment.seconds = -1;
  into.moment.nanoseconds = 0;
  const data = at + 12;
  tally(into, bytes, data, Math.min(data + captured, at + looked), via.link);
  return true;
}
