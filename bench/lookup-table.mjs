import { lookupTable4, lookupTable6, mapEstate, readEstate, readJsonDocuments } from "@seenas/core";
import { randomNumbers, syntheticEstate } from "./estate.mjs";
import { paired, rounded } from "./statistics.mjs";

const SEED = 20241220;
const ROUTES = 5000;
const BATCH = 1_000_000;
const RUNS = 11;
/** Looks at every rule of its list, so fewer look-ups say as much. */
const BLOCK_LIST_BATCH = 2000;

/** Look-ups in the table of one finished map, in nanoseconds: nine in ten inside a route. */
export async function tableLookups(name, family) {
  const { text, prefixes } = syntheticEstate({ vms: 1, routes: ROUTES, seed: SEED });
  const { value: estate } = await readEstate(readJsonDocuments(text, "estate.json").value);
  const { map } = mapEstate(estate, { spoiled: false }).interfaces[0].sources.find(
    ({ from }) => from.family === family,
  );
  const random = randomNumbers(SEED + family);
  const inside = prefixes[family].map(family === 4 ? toNumber : upperWords);
  const word = () => random(2 ** 16) * 2 ** 16 + random(2 ** 16);
  const [ours, theirs] =
    family === 4 ? ofFour(map.steps, inside, random, word) : ofSix(map.steps, inside, random, word);
  const expected = theirs().sum;
  if (ours().sum !== expected) throw new Error("the table and the search disagree");
  const { value, ratio } = paired(
    () => ours().nanoseconds,
    () => theirs().nanoseconds,
    RUNS,
  );
  const figure = { name, value: rounded(value, 2), unit: "ns" };
  const intervals = map.steps.ids.length;
  const search = "binary search of a sorted array";
  const lines = [{ ...figure, against: search, ratio: rounded(ratio, 3), runs: RUNS, intervals }];
  const texts = textsInside(prefixes[family], random);
  for (const peer of [trie, blockList]) lines.push(await besidePeer(figure, ours, peer, prefixes[family], texts));
  return lines;
}

/** Peers take addresses as text alone, and are given them ready made. */
async function besidePeer(figure, ours, peer, prefixes, texts) {
  const { against, lookUps } = await peer(prefixes, texts);
  if (lookUps === null) return { ...figure, against, ratio: null, runs: 0, missing: against };
  lookUps();
  const { ratio } = paired(
    () => ours().nanoseconds,
    () => lookUps().nanoseconds,
    RUNS,
  );
  return { ...figure, against, ratio: rounded(ratio, 5), runs: RUNS };
}

async function trie(prefixes, texts) {
  const against = "arkime-iptrie, addresses as text";
  const library = await import("arkime-iptrie").catch(() => null);
  if (library === null) return { against, lookUps: null };
  const table = new library.default.IPTrie();
  for (const [index, prefix] of prefixes.entries()) {
    const [address, length] = prefix.split("/");
    table.add(address, Number(length), index + 1);
  }
  const lookUps = timed(() => {
    let sum = 0;
    for (let index = 0; index < texts.length; index += 1) sum = (sum + (table.find(texts[index]) ?? 0)) | 0;
    return sum;
  }, texts.length);
  return { against, lookUps };
}

/** Says that an address is in one of the prefixes, not in which. */
async function blockList(prefixes, texts) {
  const { BlockList } = await import("node:net");
  const family = prefixes[0].includes(":") ? "ipv6" : "ipv4";
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [address, length] = prefix.split("/");
    list.addSubnet(address, Number(length), family);
  }
  const few = texts.slice(0, BLOCK_LIST_BATCH);
  const lookUps = timed(() => {
    let sum = 0;
    for (let index = 0; index < few.length; index += 1) sum += list.check(few[index], family) ? 1 : 0;
    return sum;
  }, few.length);
  return { against: "net.BlockList, addresses as text", lookUps };
}

const textsInside = (prefixes, random) =>
  Array.from({ length: BATCH / 10 }, () => {
    const [address] = prefixes[random(prefixes.length)].split("/");
    return address.includes(":") ? `${address}${(1 + random(0xfffe)).toString(16)}` : address;
  });

function ofFour({ starts, ids }, inside, random, word) {
  const addresses = Uint32Array.from({ length: BATCH }, () =>
    random(10) > 0 ? inside[random(inside.length)] + random(8) : word(),
  );
  const table = lookupTable4({ family: 4, starts, ids });
  const sorted = Array.from(starts);
  return [
    timed(() => {
      let sum = 0;
      for (let index = 0; index < BATCH; index += 1) sum = (sum + table.at(addresses[index])) | 0;
      return sum;
    }),
    timed(() => {
      let sum = 0;
      for (let index = 0; index < BATCH; index += 1) sum = (sum + ids[lastAtMost(sorted, addresses[index])]) | 0;
      return sum;
    }),
  ];
}

function ofSix({ starts, ids }, inside, random, word) {
  const words = new Uint32Array(BATCH * 4);
  for (let index = 0; index < BATCH; index += 1) {
    const [a, b] = random(10) > 0 ? inside[random(inside.length)] : [word(), word()];
    words.set([a, b, word(), word()], index * 4);
  }
  const table = lookupTable6({ family: 6, starts, ids });
  const sorted = Array.from(starts);
  const addresses = Array.from({ length: BATCH }, (_, index) => {
    const [a, b, c, d] = words.subarray(index * 4, index * 4 + 4);
    return (((((BigInt(a) << 32n) | BigInt(b)) << 32n) | BigInt(c)) << 32n) | BigInt(d);
  });
  return [
    timed(() => {
      let sum = 0;
      for (let at = 0; at < words.length; at += 4)
        sum = (sum + table.at(words[at], words[at + 1], words[at + 2], words[at + 3])) | 0;
      return sum;
    }),
    timed(() => {
      let sum = 0;
      for (let index = 0; index < BATCH; index += 1) sum = (sum + ids[lastAtMost(sorted, addresses[index])]) | 0;
      return sum;
    }),
  ];
}

/**
 * Each loop is written out: one that were shared would call what it measures without knowing it. By the processor's time,
 * of which a neighbour on the machine takes nothing.
 */
function timed(lookUps, count = BATCH) {
  return () => {
    const before = process.cpuUsage();
    const sum = lookUps();
    const { user, system } = process.cpuUsage(before);
    return { sum, nanoseconds: ((user + system) * 1000) / count };
  };
}

function lastAtMost(starts, position) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle] <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

const toNumber = (prefix) =>
  prefix
    .slice(0, prefix.indexOf("/"))
    .split(".")
    .reduce((value, octet) => value * 256 + Number(octet), 0);

function upperWords(prefix) {
  const groups = prefix
    .slice(0, prefix.indexOf("::"))
    .split(":")
    .map((group) => Number.parseInt(group, 16));
  const [a = 0, b = 0, c = 0, d = 0] = groups;
  return [a * 2 ** 16 + b, c * 2 ** 16 + d];
}
