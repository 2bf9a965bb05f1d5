import { cidrContains, cidrOf } from "../../address/cidr.ts";
import { familyOf } from "../../address/ip.ts";
import type { Origin, Problem, Text } from "../../problem.ts";
import type { GuestAddress, GuestDevice } from "../guest.ts";
import type { DraftRule } from "./ip-rule.ts";
import { problemAt } from "./part.ts";
import type { Section } from "./section.ts";

/** What shows that a list lacks lines: what the kernel never leaves out of it is not there. */
export function cutLists(section: Section): readonly Problem[] {
  return [
    ...cutRoutePrint(section),
    ...cutRules(section),
    ...cutRoutes(section),
    ...cutTables(section),
    ...cutAddresses(section),
  ];
}

const cut = (origin: Origin, text: Text, command: string): Problem =>
  problemAt("error", "guest/cut-table", origin, text, {
    en: `give the whole output of ${command}`,
    zh: `请提供 ${command} 的完整输出`,
  });

/** `route print` closes each list with a line of equals signs: without it, rows may be missing. */
function cutRoutePrint({ routePrint }: Section): readonly Problem[] {
  const { list, routes, devices } = routePrint;
  if (list !== "interfaces" && list !== "active4" && list !== "active6") return [];
  const origin = (list === "interfaces" ? devices : routes).at(-1)?.origin;
  if (origin === undefined) return [];
  const text = {
    en: "expected the closing line (=====) of this list, found the end; rows that followed are not known",
    zh: "此列表应以 ===== 行结束，但文本到此为止；之后的行无从得知",
  };
  return [cut(origin, text, "route print")];
}

/**
 * A list of rules begins with the one for table local and ends with one that holds for every packet: table main, or a
 * refusal.
 *
 * @see https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in ("At startup time the kernel configures the default RPDB")
 */
function cutRules({ command, rules, ruleMissed }: Section): readonly Problem[] {
  const [first] = rules;
  if (!command.whole || ruleMissed || first === undefined) return [];
  const hasLocal = rules.some((rule) => looksUp(rule, "local"));
  if (hasLocal && rules.some(isLast)) return [];
  const missing = hasLocal ? "main" : "local";
  const text = {
    en: `expected a rule "from all lookup ${missing}" in this list, found none; other rules may be missing, too`,
    zh: `此列表中应有规则“from all lookup ${missing}”，但没有找到；其他规则也可能缺失`,
  };
  return [cut((hasLocal ? (rules.at(-1) ?? first) : first).origin, text, "ip rule")];
}

const looksUp = ({ action }: DraftRule, table: string): boolean => action.kind === "lookup" && action.table === table;

const isLast = (rule: DraftRule): boolean =>
  looksUp(rule, "main") || ["blackhole", "unreachable", "prohibit"].includes(rule.action.kind);

/** A route that sends packets on names a device, or next hops on the lines below it. */
function cutRoutes({ routes }: Section): readonly Problem[] {
  const text = {
    en: 'expected "dev <device>" or lines with "nexthop" below this route, found neither',
    zh: "该路由应有“dev <设备>”，或在下方有“nexthop”行，但两者都没有",
  };
  return routes
    .filter(({ type, hops }) => type === "unicast" && hops.length === 0)
    .map(({ origin }) => cut(origin, text, "ip route show table all"));
}

/**
 * All tables of IPv4 end with table local, which is never empty: it holds 127.0.0.0/8 at least.
 *
 * @see https://github.com/torvalds/linux/blob/master/net/ipv4/fib_frontend.c (`inet_dump_fib`: by number, local is 255)
 */
function cutTables({ command, routes }: Section): readonly Problem[] {
  const mine = routes.filter(({ family }) => family === 4);
  const last = mine.at(-1);
  if (!command.whole || command.table !== "all" || last === undefined) return [];
  if (mine.some(({ table }) => table === "local")) return [];
  const text = {
    en: "expected table local at the end of all tables, found none; other routes may be missing, too",
    zh: "所有表的末尾应有 local 表，但没有找到；其他路由也可能缺失",
  };
  return [cut(last.origin, text, "ip route show table all")];
}

/** Secondary is every address but the first of its subnet: https://man7.org/linux/man-pages/man8/ip-address.8.html */
function cutAddresses({ devices }: Section): readonly Problem[] {
  return devices.filter(lacksPrimary).map(({ name, origin }) => {
    const text = {
      en: `${name} has a secondary address, expected the first one of its subnet above it, found none`,
      zh: `${name} 有辅助地址（secondary），其上方应有同一子网的首个地址，但没有找到`,
    };
    return cut(origin, text, "ip addr");
  });
}

const lacksPrimary = ({ addresses }: GuestDevice): boolean =>
  addresses.some(
    (address) =>
      address.secondary && familyOf(address.ip) === 4 && !addresses.some((other) => isPrimaryOf(other, address)),
  );

const isPrimaryOf = (other: GuestAddress, { ip, peer, prefixLength }: GuestAddress): boolean =>
  !other.secondary &&
  familyOf(other.ip) === 4 &&
  prefixLength !== null &&
  other.prefixLength === prefixLength &&
  cidrContains(cidrOf(other.peer ?? other.ip, prefixLength), peer ?? ip);
