// Logs of Cloud NAT as `gcloud logging read` exports them, a record a line: the same lines for the same seed.
import { closeSync, openSync, writeSync } from "node:fs";

/** A small generator of numbers: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const VMS = 20_000;
const GATEWAYS = 200;
const ADDRESSES = 908;
const PORTS = [443, 443, 443, 25, 80, 53, 8443, 5432];
const START_MS = Date.UTC(2026, 10, 22);

/** Connections of a company: each VM has one gateway, blocks of 64 ports, and a few hundred places it goes to. */
export function connectionsOf(seed, count, spanMs) {
  const random = randomOf(seed);
  const pick = (limit) => Math.floor(random() * limit);
  const step = spanMs / count;
  return (index) => {
    const vm = pick(VMS);
    const hour = Math.floor((index * step) / 3_600_000);
    // A block is given back, and goes to another VM: which one a VM has changes by the hour.
    const block = (vm * 7 + hour * 131) % 1000;
    const place = Math.floor(random() ** 3 * 50_000);
    return {
      timeUs: Math.floor(START_MS * 1000 + index * step * 1000 + random() * step * 1000),
      vm,
      gateway: vm % GATEWAYS,
      address: (vm * 13) % ADDRESSES,
      natPort: 1024 + block * 64 + pick(64),
      sourcePort: 32_768 + pick(28_000),
      place,
      port: PORTS[pick(PORTS.length)],
      protocol: random() < 0.9 ? 6 : 17,
      isDropped: random() < 0.005,
    };
  };
}

const quad = (base, offset) => {
  const value = base + offset;
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
};

export const natAddress = (index) => quad(0xcb_00_71_00, index);
export const vmAddress = (index) => quad(0x0a_00_00_00, index);
export const placeAddress = (index) => quad(0xc6_33_64_00, index * 7);
export const vmName = (index) => `worker-${String(index).padStart(5, "0")}`;

function stamp(us) {
  const ms = Math.floor(us / 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us - ms * 1000).padStart(3, "0")}`;
}

/** One line, near 1,000 bytes, members in the order of Google's examples. */
export function lineOf(one, index) {
  const region = `europe-west${1 + (one.gateway % 9)}`;
  const gateway = `nat-${one.gateway}`;
  const vm = vmName(one.vm);
  const nat = one.isDropped ? "" : natAddress(one.address);
  const at = stamp(one.timeUs);
  const id = (index * 2_654_435_761).toString(36);
  return (
    `{"insertId":"${id}","jsonPayload":{"allocation_status":"${one.isDropped ? "DROPPED" : "OK"}","connection":{"dest_ip":"${placeAddress(one.place)}",` +
    `"dest_port":${one.port},"nat_ip":"${nat}","nat_port":${one.isDropped ? 0 : one.natPort},"protocol":${one.protocol},"src_ip":"${vmAddress(one.vm)}","src_port":${one.sourcePort}},` +
    `"destination":{"geo_location":{"asn":13335,"continent":"America","country":"usa"}},"endpoint":{"project_id":"example-app","region":"${region}","vm_name":"${vm}","zone":"${region}-b"},` +
    `"gateway_identifiers":{"gateway_name":"${gateway}","region":"${region}","router_name":"router-${one.gateway}"},"vpc":{"project_id":"example-host","subnetwork_name":"workers","vpc_name":"shared"}},` +
    `"labels":{"nat.googleapis.com/instance_name":"${vm}","nat.googleapis.com/instance_zone":"${region}-b","nat.googleapis.com/nat_ip":"${nat}","nat.googleapis.com/network_name":"shared","nat.googleapis.com/router_name":"router-${one.gateway}"},` +
    `"logName":"projects/example-app/logs/compute.googleapis.com%2Fnat_flows","receiveTimestamp":"${at}Z","resource":{"labels":{"gateway_name":"${gateway}","project_id":"example-app","region":"${region}","router_id":"91758244704060${one.gateway}"},"type":"nat_gateway"},"timestamp":"${at}321Z"}\n`
  );
}

/** Writes `count` lines over a day, or a span given in milliseconds. */
export function writeNatLog(path, seed, count, spanMs = 86_400_000) {
  const connection = connectionsOf(seed, count, spanMs);
  const descriptor = openSync(path, "w");
  let piece = "";
  for (let index = 0; index < count; index += 1) {
    piece += lineOf(connection(index), index);
    if (piece.length < 1 << 22 && index + 1 < count) continue;
    writeSync(descriptor, piece);
    piece = "";
  }
  closeSync(descriptor);
}
