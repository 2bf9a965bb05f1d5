import { egressMapOf, findSender, parseIp, readEstate, readJsonDocuments } from "@seenas/core";
import { randomNumbers, syntheticEstate } from "./estate.mjs";
import { paired, rounded } from "./statistics.mjs";

const SEED = 20241220;
const VMS = 1000;
const ROUTES = 5000;
const BATCH = 2000;
const RUNS = 15;

/**
 * Single look-ups a second: any VM, any destination, the whole answer with its steps. Beside a bare binary search over
 * the same prefixes, which finds the route and nothing else.
 */
export async function lookups(name, family) {
  const { text, names, prefixes } = syntheticEstate({ vms: VMS, routes: ROUTES, seed: SEED });
  const { value: estate } = await readEstate(readJsonDocuments(text, "estate.json").value);
  const maps = names.map((vm) =>
    egressMapOf({ sender: senderOf(estate, vm), protocol: "tcp", port: 443, guest: null }),
  );
  const random = randomNumbers(SEED + family);
  const flows = Array.from({ length: BATCH }, () => ({
    map: maps[random(maps.length)],
    destination: destinationIn(prefixes[family], random, family),
  }));
  const table = sortedTable(prefixes[family]);
  const search = perSecond(flows, ({ destination }) => table(destination));
  const lookup = perSecond(flows, ({ map, destination }) => map.at(destination).length);
  search();
  lookup();
  const { value, ratio } = paired(lookup, search, RUNS);
  return [
    { name, value: Math.round(value), unit: "1/s", against: "binary search", ratio: rounded(ratio, 4), runs: RUNS },
  ];
}

function senderOf(estate, vm) {
  const found = findSender(estate, vm);
  if (found.kind !== "sender") throw new Error(`${vm} was not found in the estate: ${JSON.stringify(found)}`);
  return found.sender;
}

/** Nine in ten inside a known prefix, the rest anywhere. */
function destinationIn(prefixes, random, family) {
  const prefix = prefixes[random(prefixes.length)];
  const inside = random(10) > 0;
  if (family === 4) {
    const base = inside ? toNumber(prefix.slice(0, prefix.indexOf("/"))) : random(2 ** 31) + 2 ** 24;
    const value = base + (inside ? random(8) : 0);
    return parseIp([24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join("."));
  }
  const base = inside ? prefix.slice(0, prefix.indexOf("::")) : `2a00:${random(0xffff).toString(16)}`;
  return parseIp(`${base}::${(1 + random(0xfffe)).toString(16)}`);
}

const toNumber = (dotted) => dotted.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);

function perSecond(flows, lookUp) {
  return () => {
    let found = 0;
    const start = process.hrtime.bigint();
    for (const flow of flows) found += lookUp(flow);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (found <= 0) throw new Error("nothing was found");
    return flows.length / seconds;
  };
}

/** The peer: first addresses in order, as numbers. IPv6 by its upper half, which holds every prefix here. */
function sortedTable(prefixes) {
  const parse = prefixes[0].includes(":") ? upperHalf : toNumber;
  const starts = prefixes.map((prefix) => parse(prefix.slice(0, prefix.indexOf("/")))).sort((a, b) => (a < b ? -1 : 1));
  return (destination) => {
    const value = parse(destination);
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

function upperHalf(address) {
  const [head = ""] = address.split("::");
  const words = head.split(":").slice(0, 4);
  let value = 0n;
  for (let index = 0; index < 4; index += 1) value = (value << 16n) | BigInt(`0x${words[index] || "0"}`);
  return value;
}
