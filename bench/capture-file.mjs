// A synthetic capture of a busy service: clients open connections to a few services, exchange data and close; 5 % IPv6.
// Seeded: the same numbers give the same bytes on every machine.
import { closeSync, openSync, writeSync } from "node:fs";
import { randomNumbers } from "./estate.mjs";

const CLIENTS = 100;
const SERVICES = 5;
const PORTS = [25, 443, 587, 5432, 8443];
/** Connections that are open at the same time, whose packets stand between each other. */
const OPEN = 64;
const PACKETS = 24;
const SMALL = 66;
const LARGE = 1434;
const WRITE_BYTES = 4_000_000;

/** @returns how many packets were written */
export function writeCapture(path, { bytes, seed, format }) {
  const random = randomNumbers(seed);
  const frame = Buffer.alloc(2048);
  const out = { file: openSync(path, "w"), buffer: Buffer.alloc(WRITE_BYTES + 4096), at: 0, written: 0 };
  const record = format === "pcap" ? pcapRecord : pcapngRecord;
  out.at += format === "pcap" ? pcapHeader(out.buffer) : pcapngHeader(out.buffer);
  const open = Array.from({ length: OPEN }, () => newConnection(random));
  let packets = 0;
  let microseconds = 1_734_663_662_000_000;
  while (out.written + out.at < bytes) {
    const index = random(OPEN);
    const connection = open[index];
    const length = writePacket(frame, connection, random);
    microseconds += 1 + random(40);
    record(out, frame, length, microseconds);
    packets += 1;
    connection.sent += 1;
    if (connection.sent === PACKETS) open[index] = newConnection(random);
    if (out.at > WRITE_BYTES) flush(out);
  }
  flush(out);
  closeSync(out.file);
  return packets;
}

function flush(out) {
  writeSync(out.file, out.buffer, 0, out.at);
  out.written += out.at;
  out.at = 0;
}

const newConnection = (random) => ({
  client: random(CLIENTS),
  service: random(SERVICES),
  port: 1024 + random(64_512),
  sequence: random(2 ** 31),
  isV6: random(20) === 0,
  sent: 0,
});

/** SYN, SYN-ACK, ACK; data, mostly from the service; FIN from both. */
function writePacket(frame, connection, random) {
  const { sent } = connection;
  const fromClient = sent === 0 || sent === 2 || (sent !== 1 && random(2) === 0);
  const flags = sent === 0 ? 0x02 : sent === 1 ? 0x12 : sent >= PACKETS - 2 ? 0x11 : 0x10;
  const isLarge = sent > 2 && sent < PACKETS - 2 && random(20) < 11;
  const length = (isLarge ? LARGE : SMALL) + (connection.isV6 ? 20 : 0);
  frame.fill(0, 0, 80);
  const network = connection.isV6
    ? ipv6(frame, connection, fromClient, length)
    : ipv4(frame, connection, fromClient, length);
  const service = PORTS[connection.service];
  frame.writeUInt16BE(fromClient ? connection.port : service, network);
  frame.writeUInt16BE(fromClient ? service : connection.port, network + 2);
  frame.writeUInt32BE(connection.sequence + sent, network + 4);
  frame[network + 12] = 0x80;
  frame[network + 13] = flags;
  return length;
}

function ipv4(frame, { client, service }, fromClient, length) {
  frame.writeUInt16BE(0x0800, 12);
  frame[14] = 0x45;
  frame.writeUInt16BE(length - 14, 16);
  frame[22] = 60;
  frame[23] = 6;
  frame.writeUInt32BE(0xcb00_7100 - 65_536 * 40 + client * 37, fromClient ? 26 : 30);
  frame.writeUInt32BE(0xc633_6400 + service + 1, fromClient ? 30 : 26);
  return 34;
}

function ipv6(frame, { client, service }, fromClient, length) {
  frame.writeUInt16BE(0x86dd, 12);
  frame[14] = 0x60;
  frame.writeUInt16BE(length - 54, 18);
  frame[20] = 6;
  frame[21] = 60;
  address(frame, fromClient ? 22 : 38, 0x72, client + 1);
  address(frame, fromClient ? 38 : 22, 0x100, service + 1);
  return 54;
}

function address(frame, at, group, host) {
  frame.writeUInt32BE(0x2001_0db8, at);
  frame.writeUInt32BE(group, at + 4);
  frame.writeUInt32BE(host, at + 12);
}

function pcapHeader(buffer) {
  buffer.writeUInt32LE(0xa1b2_c3d4, 0);
  buffer.writeUInt16LE(2, 4);
  buffer.writeUInt16LE(4, 6);
  buffer.writeUInt32LE(262_144, 16);
  buffer.writeUInt32LE(1, 20);
  return 24;
}

function pcapRecord(out, frame, length, microseconds) {
  const { buffer, at } = out;
  buffer.writeUInt32LE(Math.floor(microseconds / 1e6), at);
  buffer.writeUInt32LE(microseconds % 1e6, at + 4);
  buffer.writeUInt32LE(length, at + 8);
  buffer.writeUInt32LE(length, at + 12);
  frame.copy(buffer, at + 16, 0, length);
  out.at += 16 + length;
}

function pcapngHeader(buffer) {
  for (const [at, word] of [0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, 0xffff_ffff, 0xffff_ffff, 28].entries())
    buffer.writeUInt32LE(word, at * 4);
  for (const [at, word] of [1, 20, 1, 262_144, 20].entries()) buffer.writeUInt32LE(word, 28 + at * 4);
  return 48;
}

function pcapngRecord(out, frame, length, microseconds) {
  const { buffer, at } = out;
  const padded = Math.ceil(length / 4) * 4;
  const words = [6, 32 + padded, 0, Math.floor(microseconds / 2 ** 32), microseconds % 2 ** 32, length, length];
  for (const [index, word] of words.entries()) buffer.writeUInt32LE(word, at + index * 4);
  frame.copy(buffer, at + 28, 0, padded);
  buffer.writeUInt32LE(32 + padded, at + 28 + padded);
  out.at += 32 + padded;
}
