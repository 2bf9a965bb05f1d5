/** Writes captures byte by byte, by the published formats alone: nothing of the reader is used. */
import { ipToNumber, parseIp } from "../../address/ip.ts";

export type Bytes = readonly number[];

export const be16 = (value: number): Bytes => [(value >> 8) & 255, value & 255];
export const be32 = (value: number): Bytes => [...be16(value >>> 16), ...be16(value & 0xffff)];
const ordered = (bytes: Bytes, little: boolean): Bytes => (little ? [...bytes].reverse() : bytes);

export const address = (text: string): Bytes => {
  const ip = parseIp(text);
  if (ip === undefined) throw new Error(`not an address: ${text}`);
  const value = ipToNumber(ip);
  return Array.from({ length: ip.includes(":") ? 16 : 4 }, (_, index, length = ip.includes(":") ? 16 : 4) =>
    Number((value >> BigInt(8 * (length - 1 - index))) & 255n),
  );
};

export const [SYN, SYN_ACK, ACK, FIN_ACK, PUSH] = [0x02, 0x12, 0x10, 0x11, 0x18] as const;

export const tcp = (from: number, to: number, flags: number, sequence = 1000, data: Bytes = []): Bytes => [
  ...be16(from),
  ...be16(to),
  ...be32(sequence),
  ...be32(0),
  0x50,
  flags,
  ...be16(64_240),
  ...be32(0),
  ...data,
];

export const udp = (from: number, to: number, data: Bytes = []): Bytes => [
  ...be16(from),
  ...be16(to),
  ...be16(8 + data.length),
  ...be16(0),
  ...data,
];

export const icmp = (type: number, data: Bytes = []): Bytes => [type, 0, 0, 0, ...be32(0), ...data];

export interface IpOptions {
  readonly ttl?: number;
  /** In units of eight bytes. */
  readonly fragment?: number;
  /** Of IPv4, a multiple of four. */
  readonly options?: Bytes;
}

export function ip(from: string, to: string, protocol: number, payload: Bytes, options: IpOptions = {}): Bytes {
  const { ttl = 60, fragment = 0, options: extra = [] } = options;
  const [source, destination] = [address(from), address(to)];
  if (source.length === 16)
    return [...be32(0x6000_0000), ...be16(payload.length), protocol, ttl, ...source, ...destination, ...payload];
  const length = 20 + extra.length;
  const head = [0x40 | (length / 4), 0, ...be16(length + payload.length), ...be16(7), ...be16(fragment), ttl, protocol];
  return [...head, ...be16(0), ...source, ...destination, ...extra, ...payload];
}

export const etherTypeOf = (packet: Bytes): number => ((packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800);

const MACS = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
export const ethernet = (packet: Bytes, type = etherTypeOf(packet)): Bytes => [...MACS, ...be16(type), ...packet];
export const vlan = (tag: number, packet: Bytes, type = etherTypeOf(packet)): Bytes => [
  ...be16(tag),
  ...be16(type),
  ...packet,
];

/** @param kind 0 received, 4 sent */
export const cooked = (kind: number, packet: Bytes): Bytes => [
  ...be16(kind),
  ...be16(1),
  ...be16(6),
  ...MACS.slice(0, 6),
  ...be16(0),
  ...be16(etherTypeOf(packet)),
  ...packet,
];
export const cookedV2 = (kind: number, packet: Bytes): Bytes => [
  ...be16(etherTypeOf(packet)),
  ...be16(0),
  ...be32(2),
  ...be16(1),
  kind,
  6,
  ...MACS.slice(0, 6),
  0,
  0,
  ...packet,
];

export interface Written {
  readonly frame: Bytes;
  /** Nanoseconds since 1970. */
  readonly time?: bigint;
  /** How many bytes of it are kept. */
  readonly kept?: number;
  readonly interface?: number;
}

const START = 1_734_663_662_000_000_000n;
const timeOf = ({ time }: Written, index: number): bigint => time ?? START + BigInt(index) * 1_000_000n;

export interface PcapOptions {
  readonly little?: boolean;
  readonly nanoseconds?: boolean;
  readonly link?: number;
}

export function pcap(packets: readonly Written[], options: PcapOptions = {}): Uint8Array {
  const { little = true, nanoseconds = false, link = 1 } = options;
  const u16 = (value: number) => ordered(be16(value), little);
  const u32 = (value: number) => ordered(be32(value), little);
  const magic = nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4;
  const head = [magic, 0, 0, 262_144, link];
  return Uint8Array.from([
    ...u32(head[0] ?? 0),
    ...u16(2),
    ...u16(4),
    ...head.slice(1).flatMap(u32),
    ...packets.flatMap((packet, index) => {
      const { frame, kept = frame.length } = packet;
      const time = timeOf(packet, index);
      const fraction = Number(time % 1_000_000_000n);
      return [
        ...u32(Number(time / 1_000_000_000n)),
        ...u32(nanoseconds ? fraction : Math.floor(fraction / 1000)),
        ...u32(Math.min(kept, frame.length)),
        ...u32(frame.length),
        ...frame.slice(0, kept),
      ];
    }),
  ]);
}

const padded = (bytes: Bytes): Bytes => [...bytes, ...new Array<number>((4 - (bytes.length % 4)) % 4).fill(0)];

export interface PcapngInterface {
  readonly link?: number;
  readonly snapLength?: number;
  /** The byte of if_tsresol; absent: microseconds. */
  readonly resolution?: number;
  /** Seconds. */
  readonly offset?: number;
}

/** One section: blocks of pcapng in one byte order. */
export function pcapngSection(little: boolean) {
  const u16 = (value: number) => ordered(be16(value), little);
  const u32 = (value: number) => ordered(be32(value), little);
  const u64 = (value: bigint) =>
    ordered([...be32(Number(value >> 32n)), ...be32(Number(value & 0xffff_ffffn))], little);
  const block = (type: number, body: Bytes): Bytes => {
    const whole = padded(body);
    return [...u32(type), ...u32(12 + whole.length), ...whole, ...u32(12 + whole.length)];
  };
  const halves = (value: bigint) => [...u32(Number(value >> 32n)), ...u32(Number(value & 0xffff_ffffn))];
  const kept = ({ frame, kept: length = frame.length }: Written) => frame.slice(0, length);
  return {
    block,
    header: (): Bytes =>
      block(0x0a0d_0d0a, [...u32(0x1a2b_3c4d), ...u16(1), ...u16(0), ...u32(0xffff_ffff), ...u32(0xffff_ffff)]),
    interface: ({ link = 1, snapLength = 0, resolution, offset }: PcapngInterface = {}): Bytes =>
      block(1, [
        ...u16(link),
        ...u16(0),
        ...u32(snapLength),
        ...(resolution === undefined ? [] : [...u16(9), ...u16(1), resolution, 0, 0, 0]),
        ...(offset === undefined ? [] : [...u16(14), ...u16(8), ...u64(BigInt(offset))]),
        ...be32(0),
      ]),
    enhanced: (packet: Written, units: bigint): Bytes =>
      block(6, [
        ...u32(packet.interface ?? 0),
        ...halves(units),
        ...u32(kept(packet).length),
        ...u32(packet.frame.length),
        ...padded(kept(packet)),
      ]),
    simple: (packet: Written): Bytes => block(3, [...u32(packet.frame.length), ...padded(kept(packet))]),
    old: (packet: Written, units: bigint): Bytes =>
      block(2, [
        ...u16(packet.interface ?? 0),
        ...u16(0),
        ...halves(units),
        ...u32(kept(packet).length),
        ...u32(packet.frame.length),
        ...padded(kept(packet)),
      ]),
  };
}

export const pcapng = (packets: readonly Written[], little = true): Uint8Array => {
  const section = pcapngSection(little);
  return Uint8Array.from([
    ...section.header(),
    ...section.interface(),
    ...packets.flatMap((packet, index) => section.enhanced(packet, timeOf(packet, index) / 1000n)),
  ]);
};
