import type { Family } from "../../address/ip.ts";
import type { Problem } from "../../problem.ts";
import type { GuestDevice, GuestParts, GuestRoute, GuestRule, RouteGet, Tables } from "../guest.ts";
import type { Command } from "./command.ts";
import { cutLists } from "./cut.ts";
import type { DraftRule } from "./ip-rule.ts";
import { type IpconfigState, newIpconfig } from "./ipconfig.ts";
import { NO_PARTS, type Part, problemAt } from "./part.ts";
import { newRoutePrint, type RoutePrintState } from "./route-print.ts";

/** The output of one command while it is read; finished, it becomes a part of the facts. */
export interface Section {
  readonly command: Command;
  readonly routes: GuestRoute[];
  /** Words of the last route line, kept since a `cache` line below makes it an answer of `ip route get`. */
  lastGet: RouteGet | null;
  readonly routeGets: RouteGet[];
  readonly rules: DraftRule[];
  readonly devices: GuestDevice[];
  readonly routePrint: RoutePrintState;
  readonly ipconfig: IpconfigState;
  /** Header of `netstat -rn` seen: the column after the flags is no metric. */
  netstat: boolean;
  addresses: GuestParts["addresses"];
  skipAsSource: boolean;
  hostName: string | null;
  windows: boolean;
  linux: boolean;
  /** `table` was printed, so more than one was asked for. */
  tablesPrinted: boolean;
  /** The last route has its next hops on the lines below it. */
  hopsBelow: boolean;
  /** A rule could not be read, which was told. */
  ruleMissed: boolean;
  /** `link/…` of the last device was read. */
  linkRead: boolean;
}

export const newSection = (command: Command, hostName: string | null): Section => ({
  command,
  routes: [],
  lastGet: null,
  routeGets: [],
  rules: [],
  devices: [],
  routePrint: newRoutePrint(),
  ipconfig: newIpconfig(),
  netstat: false,
  addresses: "none",
  skipAsSource: false,
  hostName,
  windows: false,
  linux: false,
  tablesPrinted: false,
  hopsBelow: false,
  ruleMissed: false,
  linkRead: false,
});

export interface Reading {
  section: Section;
  readonly parts: Part[];
  readonly problems: Problem[];
}

export function finishSection(reading: Reading, next: Command, hostName: string | null): void {
  if (reading.section.command.elsewhere) reading.problems.push(...notOfTheHost(reading.section));
  else {
    reading.problems.push(...cutLists(reading.section));
    reading.parts.push(partOf(reading.section, reading.parts));
  }
  reading.section = newSection(next, hostName ?? reading.section.hostName);
}

function notOfTheHost({ routes, rules, devices, routeGets }: Section): readonly Problem[] {
  const origin = [...routes, ...rules, ...devices, ...routeGets][0]?.origin;
  if (origin === undefined) return [];
  const text = {
    en: "expected the host's own output, found that of another network namespace; it was passed over",
    zh: "应为主机自身的输出，实为另一个网络命名空间的输出；已跳过",
  };
  const fix = {
    en: "for an answer about the container, give its output in a file of its own, without the command line",
    zh: "若要查询该容器，请将其输出放入单独的文件，且不含命令行",
  };
  return [problemAt("warning", "guest/other-namespace", origin, text, fix)];
}

function partOf(section: Section, before: readonly Part[]): Part {
  const { command, routePrint, ipconfig } = section;
  const rules = rulesOf(section, before);
  const routes = [...section.routes, ...routePrint.routes];
  const windows = section.windows || command.name === "windows";
  const linux = section.linux || (command.name !== "other" && command.name !== "find-net-route" && !windows);
  return {
    os: windows ? "windows" : linux ? "linux" : null,
    hostName: ipconfig.hostName ?? section.hostName,
    devices: [...section.devices, ...routePrint.devices, ...ipconfig.devices],
    rules,
    routes,
    routeGets: section.routeGets,
    filters: [],
    proxies: [],
    have: {
      ...NO_PARTS,
      addresses: ipconfig.devices.length > 0 && section.addresses === "none" ? "bare" : section.addresses,
      rules4: hasRules(section, rules, 4),
      rules6: hasRules(section, rules, 6),
      tables4: tablesOf(section, routes, 4),
      tables6: tablesOf(section, routes, 6),
      skipAsSource: section.skipAsSource,
    },
  };
}

/** A list without any rule is that of a command that failed: the kernel always has some. */
const hasRules = ({ command }: Section, rules: readonly GuestRule[], family: Family): boolean =>
  command.whole && rules.some((rule) => rule.family === family);

/** A list of rules without any address is of the family whose default rules it holds: only IPv4 has table default. */
function rulesOf(section: Section, before: readonly Part[]): readonly GuestRule[] {
  const { command, rules } = section;
  const named = rules.find((rule) => rule.family !== null)?.family ?? null;
  const hasDefault = rules.some(({ action }) => action.kind === "lookup" && action.table === "default");
  const hasMain = rules.some(({ priority }) => priority === 32766) && rules.some(({ priority }) => priority === 0);
  const had4 = before.some((part) => part.have.rules4);
  const guess: Family = !hasDefault && (hasMain || had4) ? 6 : 4;
  const asked = command.name === "rule" ? command.family : null;
  const family = named ?? asked ?? guess;
  return rules.map((rule) => ({ ...rule, family: rule.family ?? family }));
}

function tablesOf(section: Section, routes: readonly GuestRoute[], family: Family): Tables {
  const { command } = section;
  if (!command.whole) return [];
  const mine = routes.filter((route) => route.family === family);
  const asked = command.name === "route" || command.name === "net-tools";
  // Without -4 or -6 "table all" prints both families, the others IPv4 alone.
  if (mine.length === 0 && !(asked && (command.family === family || command.family === null))) return [];
  if (section.windows) return "all";
  if (command.table === "all") return "all";
  if (command.table !== null) return [command.table];
  // `table local` is printed only when all tables were asked for, and it is never empty.
  if (section.tablesPrinted) return mine.some((route) => route.table === "local") ? "all" : tableNames(mine);
  return ["main"];
}

const tableNames = (routes: readonly GuestRoute[]): readonly string[] => [
  ...new Set(routes.map((route) => route.table)),
];
