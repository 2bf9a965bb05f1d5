import type { GuestDevice, GuestRoute } from "../guest.ts";
import { NO_COMMAND } from "./command.ts";
import {
  addressOfWords,
  briefDevice,
  deviceHeader,
  looksLikeAddressLine,
  looksLikeBrief,
  newDevice,
} from "./ip-addr.ts";
import { hopOf, isRouteGet, keyValues, looksLikeRoute, routeGetOf, routeOf, routeWords } from "./ip-route.ts";
import { looksLikeRule, ruleOf } from "./ip-rule.ts";
import { looksLikeAdapter, looksLikeIpconfig, readIpconfigLine } from "./ipconfig.ts";
import { looksLikeNetTools, netToolsRoute } from "./net-tools.ts";
import { deviceName, type Line, normaliseMac, unreadable } from "./part.ts";
import { looksLikeRoutePrint, readRoutePrintLine } from "./route-print.ts";
import { finishSection, type Reading, type Section } from "./section.ts";

interface LineReader {
  readonly fits: (text: string, section: Section) => boolean;
  /** False: the line is of this kind, and cannot be read. undefined: it is not of this kind after all. */
  readonly read: (reading: Reading, line: Line) => boolean | undefined;
  readonly expected: string;
}

/** In this order: the first whose shape fits reads the line. */
const READERS: readonly LineReader[] = [
  { fits: looksLikeRule, read: readRule, expected: '"<priority>: from <prefix> … lookup <table>"' },
  { fits: isNexthop, read: readNexthop, expected: '"nexthop via <address> dev <device> weight <n>"' },
  { fits: isCache, read: readCache, expected: '"cache"' },
  { fits: isLifetime, read: () => true, expected: '"valid_lft"' },
  { fits: looksLikeAddressLine, read: readAddressLine, expected: '"inet <address>/<length> … scope <scope>"' },
  { fits: looksLikeNetTools, read: readNetTools, expected: '"<destination> <gateway> <mask> <flags> …"' },
  {
    fits: (text, { routePrint }) => looksLikeRoutePrint(text) || routePrint.wrapped !== null,
    read: readWindowsRoute,
    expected: '"<destination> <mask> <gateway> <interface address> <metric>"',
  },
  {
    fits: (text, { ipconfig }) =>
      looksLikeIpconfig(text) || looksLikeAdapter(text) || (ipconfig.labels > 0 && /^\s+\S/.test(text)),
    read: readIpconfig,
    expected: '"<label> . . . : <address>"',
  },
  { fits: looksLikeBrief, read: readBrief, expected: '"<device> <state> <address>/<length> …"' },
  { fits: looksLikeRoute, read: readRoute, expected: '"<prefix> via <address> dev <device> …"' },
];

/** Data that nothing could read: it holds an address, whole or masked, or words only routes have. */
const LOOKS_LIKE_DATA = /(^|\s)(\d{1,3}\.[\dxX*]{1,3}\.[\dxX*.]+|[0-9a-f]{1,4}:[0-9a-f:]*:\S*)|\s(via|dev|lookup)\s/;
/** https://github.com/iproute2/iproute2/blob/main/lib/libnetlink.c: the list changed while it was printed. */
const INTERRUPTED = /^Dump was interrupted/;
const LONGEST_LINE = 4000;

/** True when some reader knows lines of this shape. */
export const isGuestLine = (text: string, section: Section): boolean =>
  text.length <= LONGEST_LINE && READERS.some((reader) => reader.fits(text, section));

export function readTextLine(reading: Reading, line: Line): void {
  const { text } = line;
  if (text.trim() === "") return;
  if (/\bMSS\s+Window\b/.test(text.slice(0, 200))) reading.section.netstat = true;
  if (INTERRUPTED.test(text))
    reading.problems.push(unreadable(line, "a list that did not change while it was printed"));
  const reader = text.length > LONGEST_LINE ? undefined : READERS.find(({ fits }) => fits(text, reading.section));
  const done = reader?.read(reading, line);
  if (done === true) return;
  if (done === false || isLostData(text, reading.section))
    reading.problems.push(unreadable(line, reader?.expected ?? "a line of ip, route, netstat or ipconfig"));
}

/** Among lines that were read, one that holds an address and was not is missed; elsewhere it is another program's. */
const isLostData = (text: string, { linux, windows, command }: Section): boolean =>
  (linux || windows || command.name !== "other") && text.length <= LONGEST_LINE && LOOKS_LIKE_DATA.test(text);

function readRule(reading: Reading, line: Line): boolean {
  const rule = ruleOf(line);
  if (rule === undefined) {
    reading.section.ruleMissed = true;
    return false;
  }
  // A priority lower than the one before begins another list (`ip rule; ip -6 rule`).
  const previous = reading.section.rules.at(-1);
  if (previous !== undefined && rule.priority < previous.priority) finishSection(reading, NO_COMMAND, null);
  reading.section.rules.push(rule);
  reading.section.linux = true;
  return true;
}

function isNexthop(text: string): boolean {
  return /^\s+nexthop\s/.test(text);
}

function readNexthop({ section }: Reading, line: Line): boolean {
  const route = section.routes.at(-1);
  const hops = hopsAfter(line.text);
  // Below a route with a next hop of its own, the line of the route it belongs to is missing.
  if (route === undefined || hops === undefined || !section.hopsBelow) return false;
  section.routes[section.routes.length - 1] = { ...route, hops: [...route.hops, ...hops] };
  return true;
}

function hopsAfter(text: string): GuestRoute["hops"] | undefined {
  const hops = text
    .split(/\bnexthop\s/)
    .slice(1)
    .map((piece) => {
      const words = keyValues(piece.replaceAll("\\", " ").trim().split(/\s+/));
      return words === undefined ? undefined : hopOf(words.values, words.flags);
    });
  return hops.every((hop) => hop !== undefined) ? hops : undefined;
}

function isCache(text: string): boolean {
  return /^\s+cache\b/.test(text);
}

/** An answer without `uid` (old kernels, IPv6) is known only by the line below it. */
function readCache({ section }: Reading): boolean {
  const { lastGet } = section;
  section.lastGet = null;
  if (lastGet === null || section.routes.at(-1)?.origin.line !== lastGet.origin.line) return true;
  section.routes.pop();
  section.routeGets.push(lastGet);
  return true;
}

function isLifetime(text: string): boolean {
  return /^\s+(valid_lft|altname|alias)\s/.test(text);
}

function readRoute({ section }: Reading, line: Line): boolean {
  section.linux = true;
  const head = line.text.split(/\bnexthop\s/, 1)[0] ?? "";
  const words = routeWords(head);
  if (words === undefined) return false;
  const get = routeGetOf(words, line);
  if (isRouteGet(words, section.command)) {
    if (get !== undefined) section.routeGets.push(get);
    return get !== undefined;
  }
  const route = routeOf(words, section.command, line);
  const hops = head === line.text ? [] : hopsAfter(line.text);
  if (route === undefined || hops === undefined) return false;
  section.tablesPrinted ||= words.values.has("table");
  section.lastGet = get ?? null;
  section.hopsBelow = route.hops.length === 0;
  section.routes.push(hops.length > 0 ? { ...route, hops } : route);
  return true;
}

function readNetTools({ section }: Reading, line: Line): boolean {
  const route = netToolsRoute(line, section.netstat ? "no-metric" : "no-source");
  section.linux = true;
  if (route !== undefined && route !== null) section.routes.push(route);
  return route !== undefined;
}

function readAddressLine({ section }: Reading, line: Line): boolean {
  section.linux = true;
  const header = deviceHeader(line);
  if (header !== undefined) {
    section.devices.push(header);
    section.linkRead = false;
    return true;
  }
  const words = line.text.replaceAll("\\", " ").trim().split(/\s+/);
  if (words[0]?.startsWith("link/")) return readLink(section, words[1] ?? "");
  const start = words.findIndex((word) => word === "inet" || word === "inet6");
  const address = addressOfWords(words.slice(start));
  if (start < 0 || address === undefined) return false;
  if (start === 2)
    openDevice(section, newDevice(deviceName(words[1] ?? ""), Number.parseInt(words[0] ?? "", 10), line));
  section.addresses = "flagged";
  return changeLast(section, (device) => ({ ...device, addresses: [...device.addresses, address] }));
}

/** `ip -o addr` names the device on every line. */
function openDevice(section: Section, device: GuestDevice): void {
  if (section.devices.at(-1)?.name !== device.name) section.devices.push(device);
}

/** The second one below one device, or one below its addresses, is that of a device whose own line is missing. */
function readLink(section: Section, mac: string): boolean {
  if (section.linkRead || (section.devices.at(-1)?.addresses.length ?? 0) > 0) return false;
  section.linkRead = true;
  return changeLast(section, (device) => ({ ...device, mac: normaliseMac(mac) }));
}

function changeLast(section: Section, change: (device: GuestDevice) => GuestDevice): boolean {
  const device = section.devices.at(-1);
  if (device === undefined) return false;
  section.devices[section.devices.length - 1] = change(device);
  return true;
}

function readBrief({ section }: Reading, line: Line): boolean {
  const device = briefDevice(line);
  section.linux = true;
  if (device === undefined) return false;
  if (device.addresses.length > 0 && section.addresses === "none") section.addresses = "bare";
  section.devices.push(device);
  return true;
}

function readWindowsRoute({ section }: Reading, line: Line): boolean | undefined {
  const done = readRoutePrintLine(section.routePrint, line);
  if (section.routePrint.routes.length > 0) section.windows = true;
  return done;
}

function readIpconfig({ section }: Reading, line: Line): boolean | undefined {
  const done = readIpconfigLine(section.ipconfig, line);
  if (section.ipconfig.devices.length > 0) section.windows = true;
  return done;
}
