import { parseIp } from "../../address/ip.ts";
import type { Read } from "../../problem.ts";
import type { GuestFacts } from "../guest.ts";
import { commandAt, NO_COMMAND, promptHost } from "./command.ts";
import { readFilters } from "./filter/tables.ts";
import { deviceFromJson, jsonKind, routeFromJson, routeGetFromJson, ruleFromJson } from "./iproute-json.ts";
import { type JsonBlock, readJsonBlock } from "./json-values.ts";
import { mergeParts } from "./merge.ts";
import { maskLength } from "./net-tools.ts";
import { EMPTY_PART, type Line, NO_PARTS, problemAt, unreadable } from "./part.ts";
import { findNetRoute, netAddressOf, netInterfaceOf, netRouteOf, powershellKind } from "./powershell.ts";
import { proxiesIn } from "./proxies.ts";
import { finishSection, newSection, type Reading } from "./section.ts";
import { isGuestLine, readTextLine } from "./text-lines.ts";

const linesOf = (text: string, file: string): readonly Line[] =>
  text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((words, index) => ({ text: words, origin: { file, line: index + 1 } }));

/**
 * Reads what a host prints of its own network: `ip` (text and `-j`), `route -n`, Linux `netstat -rn`, `route print`
 * and `ipconfig` in any language, and the JSON of PowerShell's network commands. One text may hold the output of
 * several commands, with or without their prompts. Never throws; a line that cannot be read becomes a problem.
 */
export function readGuest(text: string, file: string): Read<GuestFacts> {
  const lines = linesOf(text, file);
  const reading: Reading = { section: newSection(NO_COMMAND, null), parts: [], problems: [] };
  const filters = readFilters(lines);
  for (let index = 0; index < lines.length; ) {
    const line = lines[index];
    if (line === undefined) break;
    index = filters.taken.has(line) ? index + 1 : readFrom(reading, lines, index, line);
  }
  finishSection(reading, NO_COMMAND, null);
  if (!reading.parts.some((part) => part.os !== null)) reading.problems.push(nothingRead(file));
  const value = mergeParts([
    ...reading.parts,
    { ...EMPTY_PART, filters: filters.tables, proxies: proxiesIn(lines), have: { ...NO_PARTS, ...filters.have } },
  ]);
  return { value, problems: [...reading.problems, ...filters.problems] };
}

/** Reads a JSON block, a command line or one line of text; gives the index to go on from. */
function readFrom(reading: Reading, lines: readonly Line[], index: number, line: Line): number {
  const block = readJsonBlock(lines, index);
  if (block !== undefined) {
    readBlock(reading, block, line);
    return block.end;
  }
  const command = commandAt(line.text);
  if (command === undefined) readTextLine(reading, line);
  else finishSection(reading, command, promptHost(line.text));
  return index + 1;
}

function readBlock(reading: Reading, block: JsonBlock, line: Line): void {
  const { section } = reading;
  for (const element of block.elements) {
    const { value } = element;
    if (typeof value !== "object" || value === null || Object.keys(value).length === 0) continue;
    if (!readElement(reading, value, element.line)) reading.problems.push(unreadable(element.line, expectedIn(value)));
  }
  if (!block.complete) reading.problems.push(truncated(line));
  if (isFindNetRoute(block)) takeFindNetRoute(reading, block);
  // One block is one command's output: what follows without a prompt is another's.
  if (section === reading.section) finishSection(reading, NO_COMMAND, null);
}

const expectedIn = (value: object): string =>
  `an element of "ip -j", "Get-NetRoute" or "Get-NetIPAddress" (${jsonKind(value) ?? powershellKind(value) ?? "none of them"})`;

/** False: the element cannot be read. */
function readElement({ section }: Reading, value: object, line: Line): boolean {
  const kind = jsonKind(value) ?? powershellKind(value);
  switch (kind) {
    case "rule":
      section.linux = true;
      return push(section.rules, ruleFromJson(value, line));
    case "route-get":
      section.linux = true;
      return push(section.routeGets, routeGetFromJson(value, line));
    case "route":
      section.linux = true;
      section.tablesPrinted ||= "table" in value;
      return push(section.routes, routeFromJson(value, section.command, line));
    case "device":
      section.linux = true;
      if ("addr_info" in value) section.addresses = "flagged";
      return push(section.devices, deviceFromJson(value, line));
    case "net-route": {
      section.windows = true;
      const route = netRouteOf(value, line);
      return route === null || push(section.routes, route);
    }
    case "net-address": {
      section.windows = true;
      const address = netAddressOf(value, line);
      section.addresses = "flagged";
      section.skipAsSource ||= address?.showsSkip ?? false;
      return push(section.devices, address?.device);
    }
    case "net-interface":
      section.windows = true;
      return push(section.devices, netInterfaceOf(value, line));
    case undefined:
      return false;
    default:
      return kind satisfies never;
  }
}

function push<T>(list: T[], value: T | undefined): boolean {
  if (value === undefined) return false;
  list.push(value);
  return true;
}

/** `Find-NetRoute` prints one address and one route: an answer, not the table. */
function isFindNetRoute({ elements }: JsonBlock): boolean {
  const kinds = elements.map(({ value }) =>
    typeof value === "object" && value !== null ? powershellKind(value) : undefined,
  );
  return kinds.includes("net-route") && kinds.includes("net-address");
}

function takeFindNetRoute({ section }: Reading, block: JsonBlock): void {
  const { command } = section;
  const address = section.devices.at(-1);
  const route = section.routes.at(-1);
  section.routes.splice(0);
  section.addresses = "none";
  const { destination, from } = command;
  if (address === undefined || route === undefined || destination === null || block.elements.length < 2) return;
  section.routeGets.push(findNetRoute(destination, from, address, route));
}

const truncated = (line: Line) =>
  problemAt(
    "error",
    "json/truncated",
    line.origin,
    {
      en: "expected the end of the JSON that begins here, found the end of the file; what came before was read",
      zh: "从此处开始的 JSON 没有结尾，文件已结束；之前的内容已读取",
    },
    { en: "run the command again and give its whole output", zh: "请重新运行该命令，并提供完整输出" },
  );

const nothingRead = (file: string) =>
  problemAt(
    "error",
    "guest/nothing-read",
    { file, line: null },
    {
      en: "expected the output of ip, route, netstat, ipconfig or Get-NetRoute, found none of them",
      zh: "应为 ip、route、netstat、ipconfig 或 Get-NetRoute 的输出，但一个也没有找到",
    },
    {
      en: "give the output of: ip rule; ip route show table all; ip addr (Windows: route print & ipconfig /all)",
      zh: "请提供以下命令的输出：ip rule; ip route show table all; ip addr（Windows：route print 和 ipconfig /all）",
    },
  );

const SNIFFED_LINES = 400;

/** Cheap, by content: does the text hold what `readGuest` reads? */
export function recogniseGuest(text: string): boolean {
  const lines = linesOf(text.slice(0, 200_000), "").slice(0, SNIFFED_LINES);
  const section = newSection(NO_COMMAND, null);
  let rows = 0;
  for (const [index, { text: words }] of lines.entries()) {
    if (/^\s*[[{]/.test(words)) {
      if (isGuestJson(lines, index)) return true;
    } else if (isTellingLine(words, section)) rows += 1;
  }
  return rows > 0;
}

function isGuestJson(lines: readonly Line[], index: number): boolean {
  const block = readJsonBlock(lines, index);
  return (block?.elements ?? []).some(({ value }) => {
    if (typeof value !== "object" || value === null) return false;
    if (powershellKind(value) !== undefined)
      return "ifIndex" in value || "InterfaceIndex" in value || "NextHop" in value;
    const kind = jsonKind(value);
    if (kind === "rule") return "table" in value || "src" in value;
    return kind === "device" || (kind !== undefined && ("dev" in value || "gateway" in value || "flags" in value));
  });
}

/** Lines whose shape other texts share (`====`, labels with dots) tell nothing by themselves. */
function isTellingLine(text: string, section: Parameters<typeof isGuestLine>[1]): boolean {
  if (!isGuestLine(text, section) || /^\s*=+\s*$|^\S.*[:：]\s*$/.test(text)) return false;
  if (/^\s+(valid_lft|cache|nexthop)/.test(text)) return false;
  // Two addresses in a row begin many a log line; in a route table the second is a netmask, or the third is.
  const [, second = "", third = ""] = text.trim().split(/\s+/, 3);
  if (/^\s*\d+\.\d/.test(text) && parseIp(second) !== undefined)
    return maskLength(second) !== undefined || maskLength(third) !== undefined;
  if (/\. ?:/.test(text))
    return /\.\s*:\s*([\d.]{7,15}|[0-9a-f:]+(%\d+)?|([0-9A-F]{2}-){5}[0-9A-F]{2})\s*([(（].*)?$/i.test(text);
  return true;
}
