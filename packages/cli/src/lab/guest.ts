import {
  addressOf,
  type Family,
  type FilterRule,
  type FilterTable,
  familyOfCidr,
  type Guest,
  type GuestDevice,
  type GuestRoute,
  type GuestRule,
  type Host,
} from "@seenas/core";
import { type SenderPlan, type Unrealisable, unrealisable } from "./plan.ts";
import { addressCommand } from "./sender.ts";

export interface GuestPlan extends SenderPlan {
  readonly kind: "guest";
  /** The guest's name of each device that is an interface of the host. */
  readonly devices: ReadonlyMap<string, string>;
}

/** The host's own tables, as they were printed, told to a kernel again. */
export function guestSender(guest: Guest, host: Host, family: Family): GuestPlan | Unrealisable {
  const { facts } = guest;
  if (facts.os !== "linux") return unrealisable("the guest is no Linux");
  const wrong = obstacleIn(guest, family);
  if (wrong !== undefined) return unrealisable(wrong);
  const attached = guest.attachTo(host);
  const named = facts.routes.flatMap(({ hops }) => hops.flatMap(({ device }) => device ?? []));
  const names = [...new Set([...facts.devices.map(({ name }) => name), ...named])].filter((name) => name !== "lo");
  const devices = new Map(
    names.flatMap((name) => {
      const by = attached.interfaceOf(name, null);
      return by === undefined ? [] : [[by.id, name] as const];
    }),
  );
  const ours = new Set(devices.values());
  const others = names.filter((name) => !ours.has(name));
  const tables = new Tables();
  const commands = [
    ...others.map((name) => `link add ${name} type bridge`),
    ...[...ours].map((name) => `link set ${name} arp off up`),
    ...others.map((name) => `link set ${name} up`),
    ...facts.devices.flatMap((device) => addressCommands(device, family)),
    ...(showsAddresses(guest) ? [] : lentAddresses(host, devices, family)),
    ...routesOf(facts.routes, family).map((route) => routeCommand(route, tables)),
    ...ruleCommands(facts.rules, family, tables),
  ];
  return {
    kind: "guest",
    devices,
    commands,
    ruleset: facts.filters.map(rulesetOf).join("\n"),
    undo: undoOf(facts.devices, family, names, tables, isLocalMoved(facts.rules, family)),
  };
}

function obstacleIn({ facts }: Guest, family: Family): string | undefined {
  const routes = routesOf(facts.routes, family);
  if (facts.routes.length === 0) return "the guest's routes were not given";
  if (routes.some(({ nexthopObject }) => nexthopObject)) return "the guest uses nexthop objects";
  if (routes.some(({ hops }) => hops.some(({ flags }) => flags.includes("linkdown"))))
    return "a device of the guest has no carrier";
  const rules = facts.rules.filter((rule) => rule.family === family);
  if (rules.some(({ unread, action }) => unread.length > 0 || action.kind === "vrf"))
    return "a rule of the guest cannot be rebuilt";
  const filterRules = facts.filters.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
  if (facts.filters.some(({ printedBy }) => printedBy !== "nft")) return "the guest's filter was printed by iptables";
  if (filterRules.some(isBeyond)) return "a rule of the guest's filter cannot be rebuilt";
  if (family === 6 && facts.devices.some((device) => device.addresses.some(({ temporary }) => temporary)))
    return "the guest has temporary addresses";
  return undefined;
}

/** What sends elsewhere is nothing that a destination sees, and what is not known may need more than its line. */
const isBeyond = ({ conditions, actions }: FilterRule): boolean =>
  conditions.some(({ kind }) => kind === "open") ||
  actions.some(({ kind }) => kind === "unread" || kind === "destination" || kind === "redirect");

const TABLES_OF = { 4: "ip", 6: "ip6" } as const;

/** The rules as they were printed, not as they were understood. */
function rulesetOf({ family, name, chains }: FilterTable): string {
  const shown = chains.map(({ name: chain, hook, rules }) => {
    const base = hook === null ? [] : [`type ${hook.type} hook ${hook.at} priority ${hook.priority}; policy accept;`];
    return `chain ${chain} {\n${[...base, ...rules.map(({ text }) => text)].join("\n")}\n}`;
  });
  return `table ${family === null ? "inet" : TABLES_OF[family]} ${name} {\n${shown.join("\n")}\n}`;
}

const showsAddresses = ({ facts }: Guest): boolean => facts.devices.some(({ addresses }) => addresses.length > 0);

/** Where only tables were given, the devices have what the cloud gave their interfaces. */
const lentAddresses = (host: Host, devices: ReadonlyMap<string, string>, family: Family): readonly string[] =>
  host.interfaces.flatMap(({ id, addresses }) => {
    const device = devices.get(id);
    const mine = addresses.filter(({ cidr, role }) => role !== "range" && familyOfCidr(cidr) === family);
    return device === undefined ? [] : mine.map(({ cidr }) => addressCommand(addressOf(cidr), device));
  });

const familyOfText = (text: string): Family => (text.includes(":") ? 6 : 4);

function addressCommands(device: GuestDevice, family: Family): readonly string[] {
  const { name, group } = device;
  const mine = ownAddresses(device, family);
  // The kernel lists the newest IPv6 address first, and the oldest IPv4 one.
  const ordered = family === 6 ? [...mine].reverse() : mine;
  const grouped = group === null || group === "default" || name === "lo" ? [] : [`link set ${name} group ${group}`];
  return [
    ...grouped,
    ...ordered.map(({ ip, prefixLength, scope, deprecated }) => {
      const length = prefixLength ?? (family === 4 ? 32 : 128);
      const life = deprecated ? " valid_lft forever preferred_lft 0" : "";
      const scoped = family === 4 && scope === "link" ? " scope link" : "";
      const flags = `${family === 6 ? " nodad" : ""}${length < 32 || family === 6 ? " noprefixroute" : ""}`;
      return `addr add ${ip}/${length} dev ${name}${scoped}${life}${flags}`;
    }),
  ];
}

const ownAddresses = ({ addresses }: GuestDevice, family: Family) =>
  addresses.filter(
    ({ ip, tentative }) => familyOfText(ip) === family && !tentative && !/^(127\.|fe80:)/.test(ip) && ip !== "::1",
  );

/** Without what the kernel makes by itself; what is on link first, since gateways are looked up in it. */
function routesOf(routes: readonly GuestRoute[], family: Family): readonly GuestRoute[] {
  const mine = routes.filter(
    ({ family: of, table, type, prefix, protocol }) =>
      of === family &&
      !["broadcast", "multicast", "anycast", "nat"].includes(type) &&
      !(table === "local" && (protocol === "kernel" || protocol === null)) &&
      !/^(fe80:|ff00:)/.test(prefix),
  );
  const onLink = (route: GuestRoute): boolean => route.hops.every(({ gateway }) => gateway === null);
  return [...mine.filter(onLink), ...mine.filter((route) => !onLink(route))];
}

/** Names of tables as numbers: the lab has no `rt_tables` of that host. */
class Tables {
  readonly seen = new Map<string, string>();
  numberOf(name: string): string {
    if (/^\d+$|^(main|local|default)$/.test(name)) {
      this.seen.set(name, name);
      return name;
    }
    const known = this.seen.get(name) ?? `${700_000 + this.seen.size}`;
    this.seen.set(name, known);
    return known;
  }
}

function routeCommand(route: GuestRoute, tables: Tables): string {
  const { type, prefix, from, hops, metric, tos, source, table, scope, family, protocol } = route;
  const words = ["route", "append", type === "unicast" ? "" : type, prefix];
  if (from !== null) words.push("from", from);
  if (tos !== null && tos !== 0) words.push("tos", `0x${tos.toString(16)}`);
  words.push("table", tables.numberOf(table));
  if (metric !== null) words.push("metric", `${metric}`);
  if (source !== null) words.push("src", source);
  if (protocol !== null && /^\d+$/.test(protocol)) words.push("proto", protocol);
  const [hop, ...others] = hops;
  if (hop === undefined || !["unicast", "local"].includes(type)) return words.filter(Boolean).join(" ");
  // What prints no scope is global; what is added without one is not.
  if (family === 4) words.push("scope", scope === "" ? "global" : scope);
  const hopWords = ({ gateway, device }: (typeof hops)[number], one: boolean): string => {
    const other = gateway !== null && familyOfText(gateway) !== family ? "inet6 " : "";
    const via = gateway === null ? "" : `via ${other}${gateway} `;
    return `${via}dev ${device}${gateway === null || (one && family === 6) ? "" : " onlink"}`;
  };
  if (others.length === 0) words.push(hopWords(hop, true));
  else for (const one of hops) words.push("nexthop", hopWords(one, false), "weight", `${one.weight}`);
  return words.filter(Boolean).join(" ");
}

function isLocalMoved(rules: readonly GuestRule[], family: Family): boolean {
  const mine = rules.filter((rule) => rule.family === family);
  return mine.length > 0 && mine.every(({ priority }) => priority !== 0);
}

function ruleCommands(rules: readonly GuestRule[], family: Family, tables: Tables): readonly string[] {
  const mine = rules.filter((rule) => rule.family === family);
  if (mine.length === 0) return [];
  const moved = isLocalMoved(rules, family) ? ["rule del pref 0"] : [];
  const added = mine.filter(({ priority }) => priority !== 0).map((rule) => ruleCommand(rule, tables));
  return ["rule flush", ...added, ...moved];
}

function ruleCommand(rule: GuestRule, tables: Tables): string {
  const { not, priority, from, to, tos, mark, inDevice, outDevice, uids, protocol, sourcePorts, ports, action } = rule;
  const words = ["rule add", `pref ${priority}`, not ? "not" : "", `from ${from ?? "all"}`];
  if (to !== null) words.push(`to ${to}`);
  if (tos !== null) words.push(`tos 0x${tos.toString(16)}`);
  if (mark !== null) words.push(`fwmark ${mark.value}/${mark.mask >>> 0}`);
  if (inDevice !== null) words.push(`iif ${inDevice}`);
  if (outDevice !== null) words.push(`oif ${outDevice}`);
  if (uids !== null) words.push(`uidrange ${uids.first}-${uids.last}`);
  if (protocol !== null) words.push(`ipproto ${protocol}`);
  if (sourcePorts !== null) words.push(`sport ${sourcePorts.first}-${sourcePorts.last}`);
  if (ports !== null) words.push(`dport ${ports.first}-${ports.last}`);
  switch (action.kind) {
    case "lookup":
      words.push(`lookup ${tables.numberOf(action.table)}`);
      break;
    case "goto":
      words.push(`goto ${action.target}`);
      break;
    default:
      words.push(action.kind);
  }
  if (rule.suppressLength !== null) words.push(`suppress_prefixlength ${rule.suppressLength}`);
  if (rule.suppressGroup !== null) words.push(`suppress_ifgroup ${rule.suppressGroup}`);
  return words.filter(Boolean).join(" ");
}

function undoOf(
  devices: readonly GuestDevice[],
  family: Family,
  names: readonly string[],
  tables: Tables,
  moved: boolean,
): readonly string[] {
  const lo = devices.find(({ name }) => name === "lo");
  const length = family === 4 ? 32 : 128;
  const lent = lo === undefined ? [] : ownAddresses(lo, family);
  return [
    "rule flush",
    ...(moved ? ["rule add pref 0 lookup local"] : []),
    "rule add pref 32766 lookup main",
    ...(family === 4 ? ["rule add pref 32767 lookup default"] : []),
    ...lent.map(({ ip, prefixLength }) => `addr del ${ip}/${prefixLength ?? length} dev lo`),
    ...names.map((name) => `link del ${name}`),
    // Routes without a device outlive every link.
    ...[...tables.seen.values()].filter((table) => table !== "local").map((table) => `route flush table ${table}`),
  ];
}
