import { familyOf, type Ip } from "../../address/ip.ts";
import type { Assumption, Step } from "../../model/outcome.ts";
import type { Rule } from "../../model/rule.ts";
import type { Text } from "../../problem.ts";
import type { GuestHop } from "../guest.ts";
import type { FilterChain } from "../packet-filter.ts";
import { ipv6Borrowed, ipv6Source } from "../rules/linux-ipv6.ts";
import { boundOnLink, fromRulesOnly, ipv6Retry, twoLookups } from "../rules/linux-lookup.ts";
import { multipathSet, multipathSource } from "../rules/linux-routes.ts";
import { nextRule, ruleErrors } from "../rules/linux-rules.ts";
import { boundSource, routeSource } from "../rules/linux-source.ts";
import type { Key } from "./fit.ts";
import { type Errno, lookup, type Result } from "./lookup.ts";
import { LINK, sourceFor4 } from "./source4.ts";
import { sourcesFor6 } from "./source6.ts";
import { filtered } from "./translate.ts";
import type { View } from "./view.ts";

/** What the kernel does with one packet when nothing is left open. */
export type PacketWay =
  | { readonly kind: "sends"; readonly sends: readonly PlainSend[] }
  | { readonly kind: "refuses"; readonly rule: Rule; readonly text: Text; readonly steps: readonly Step[] }
  | { readonly kind: "stays"; readonly steps: readonly Step[] }
  | { readonly kind: "hidden"; readonly source: Ip | null; readonly steps: readonly Step[] };

export interface PlainSend {
  readonly device: string | null;
  readonly nextHop: Ip | null;
  readonly source: Ip | null;
  readonly weight: number;
  readonly steps: readonly Step[];
  /** The source was taken from addresses that were not fully shown. */
  readonly doubtful: boolean;
  /** Under which it goes this way and no other. */
  readonly assumptions: readonly Assumption[];
  /** Why nobody can tell what becomes of it inside the host. */
  readonly lost: Assumption | null;
}

/** How the socket calls, and kernel settings that an export does not show. */
export interface Call {
  readonly connected: boolean;
  /** Kernels before the fix of 2025 may pair a source with another next hop. */
  readonly oldKernel: boolean;
  readonly preferTemporary: boolean;
  readonly ownDeviceOnly: boolean;
  /** The source port that the kernel chooses after the first look-up; null: no rule looks at it. */
  readonly latePort: number | null;
  /** Of several chains of one priority the one that is asked first; null: as they were printed. */
  readonly firstChain: FilterChain | null;
}

/** @param key its source is the bound address, or null. */
export function packetWay(view: View, key: Key, call: Call): PacketWay {
  if (key.source !== null && familyOf(key.source) !== view.family) return otherFamily(key.source);
  if (key.source !== null && !view.isOwn(key.source)) return notOwn(key.source);
  return filtered(view, key, call, view.family === 4 ? packetWay4(view, key, call) : packetWay6(view, key, call));
}

const notOwn = (source: Ip): PacketWay => ({
  kind: "refuses",
  rule: boundSource,
  text: {
    en: `${source} is no address of this host, so a program cannot bind to it (EADDRNOTAVAIL)`,
    zh: `${source} 不是本机地址，程序无法绑定（EADDRNOTAVAIL）`,
  },
  steps: [],
});

const otherFamily = (source: Ip): PacketWay => ({
  kind: "refuses",
  rule: boundSource,
  text: {
    en: `a program bound to ${source} cannot send to an address of the other family (EAFNOSUPPORT)`,
    zh: `绑定到 ${source} 的程序不能发往另一地址族的地址（EAFNOSUPPORT）`,
  },
  steps: [],
});

function packetWay4(view: View, key: Key, call: Call): PacketWay {
  const first = onLinkIfBound(lookup(view, key), key);
  const ended = endOf(first, key);
  if (ended !== null) return ended;
  if (first.kind !== "found") return noRoute(first.steps);
  if (key.source !== null) return { kind: "sends", sends: boundSends(view, first, key.source, call) };
  const chosen = first.hops.map((hop) => withSource(view, first, hop));
  if (!call.connected) return { kind: "sends", sends: chosen };
  return secondLookup(view, { ...key, sourcePort: call.latePort ?? key.sourcePort }, call, first, chosen);
}

/** IPv4 only: https://github.com/torvalds/linux/blob/master/net/ipv4/route.c (`ip_route_output_key_hash_rcu`) */
function onLinkIfBound(result: Result, key: Key): Result {
  if (key.outDevice === null || result.kind === "found" || result.kind === "hidden") return result;
  const hop: GuestHop = {
    device: key.outDevice,
    deviceIndex: null,
    interfaceAddress: null,
    gateway: null,
    weight: 1,
    flags: [ON_LINK],
  };
  const step: Step = {
    rule: boundOnLink,
    resource: null,
    text: {
      en: `no route over ${key.outDevice}: the destination is taken to be on its link`,
      zh: `没有经过 ${key.outDevice} 的路由：目的地址被当作在该链路上`,
    },
    origin: null,
  };
  return { kind: "found", route: ON_LINK_ROUTE, hops: [hop], steps: [...result.steps, step] };
}

const ON_LINK = "taken-as-on-link";
const ON_LINK_ROUTE: Extract<Result, { kind: "found" }>["route"] = {
  family: 4,
  table: "none",
  type: "unicast",
  prefix: "0.0.0.0/0" as Extract<Result, { kind: "found" }>["route"]["prefix"],
  from: null,
  hops: [],
  metric: null,
  metricKind: "whole",
  tos: null,
  scope: LINK,
  source: null,
  nexthopObject: false,
  preference: "medium",
  protocol: null,
  detail: "full",
  origin: { file: "", line: null },
};

function endOf(result: Result, key: Key): PacketWay | null {
  switch (result.kind) {
    case "hidden":
      return { kind: "hidden", source: key.source, steps: result.steps };
    case "error":
      return refusal(result.errno, result.steps);
    case "none":
      return noRoute(result.steps);
    case "found":
      return result.route.type === "local" ? { kind: "stays", steps: result.steps } : null;
    default:
      return result satisfies never;
  }
}

const noRoute = (steps: readonly Step[]): PacketWay => refusal("ENETUNREACH", steps);

const refusal = (errno: Errno, steps: readonly Step[]): PacketWay => ({
  kind: "refuses",
  rule: steps.length === 0 ? fromRulesOnly : errno === "ENETUNREACH" ? nextRule : ruleErrors,
  text: {
    en: `the system itself refuses the packet: ${errno}`,
    zh: `操作系统自身拒绝该数据包：${errno}`,
  },
  steps,
});

type Found = Extract<Result, { kind: "found" }>;

const multipathSteps = ({ hops }: Found): readonly Step[] =>
  hops.length < 2
    ? []
    : [
        {
          rule: multipathSet,
          resource: null,
          text: {
            en: `${hops.length} next hops share the traffic (${hops.map(({ device, weight }) => `${device}: ${weight}`).join(", ")})`,
            zh: `${hops.length} 个下一跳分担流量（${hops.map(({ device, weight }) => `${device}: ${weight}`).join(", ")}）`,
          },
          origin: null,
        },
      ];

function sendBy(found: Found, hop: GuestHop, source: Ip | null, doubtful: boolean, steps: readonly Step[]): PlainSend {
  return {
    device: hop.device,
    nextHop: hop.gateway,
    source,
    weight: hop.weight,
    steps: [...found.steps, ...multipathSteps(found), ...steps],
    doubtful,
    assumptions: [],
    lost: null,
  };
}

const sourceStep = (rule: Rule, source: Ip | null, device: string | null): Step => ({
  rule,
  resource: null,
  text: {
    en: `the source on ${device} is ${source ?? "not shown"}`,
    zh: `${device} 上的源地址是 ${source ?? "未显示"}`,
  },
  origin: null,
});

function withSource(view: View, found: Found, hop: GuestHop): PlainSend {
  const { route } = found;
  if (route.source !== null) {
    const rule = found.hops.length > 1 ? multipathSource : routeSource;
    return sendBy(found, hop, route.source, false, [sourceStep(rule, route.source, hop.device)]);
  }
  const { ip, rule, doubtful } = sourceFor4(view, hop.device, hop.gateway, route.scope);
  return sendBy(found, hop, ip, doubtful, [sourceStep(rule, ip, hop.device)]);
}

function boundSends(view: View, found: Found, source: Ip, call: Call): readonly PlainSend[] {
  const step = sourceStep(boundSource, source, found.hops[0]?.device ?? null);
  const hops = call.oldKernel ? found.hops : hopsPreferring(view, found, source);
  return hops.map((hop) => sendBy(found, hop, source, false, [step]));
}

/**
 * Next hops whose own address is the source come first, since the fix of 2025; routes of nexthop objects know no such
 * preference.
 */
function hopsPreferring(view: View, found: Found, source: Ip | null): readonly GuestHop[] {
  const { route, hops } = found;
  if (hops.length < 2 || route.nexthopObject) return hops;
  const own = hops.filter((hop) => sourceFor4(view, hop.device, hop.gateway, route.scope).ip === source);
  return own.length > 0 ? own : hops;
}

/** The second pass may change device and next hop; the source stays: include/net/route.h (`ip_route_connect`). */
function secondLookup(view: View, key: Key, call: Call, first: Found, chosen: readonly PlainSend[]): PacketWay {
  const sends: PlainSend[] = [];
  for (const choice of chosen) {
    if (choice.source === null) {
      sends.push(choice);
      continue;
    }
    const second = onLinkIfBound(lookup(view, { ...key, source: choice.source }), key);
    const ended = endOf(second, { ...key, source: choice.source });
    if (ended !== null) return ended;
    if (second.kind !== "found") continue;
    sends.push(...pairs(view, call, first, second, choice));
  }
  return { kind: "sends", sends };
}

function pairs(view: View, call: Call, first: Found, second: Found, choice: PlainSend): readonly PlainSend[] {
  const hops = call.oldKernel ? second.hops : hopsPreferring(view, second, choice.source);
  const unchanged = second.route === first.route;
  if (unchanged && hops.length === 1)
    return [{ ...choice, device: hops[0]?.device ?? null, nextHop: hops[0]?.gateway ?? null }];
  const step: Step = {
    rule: twoLookups,
    resource: null,
    text: {
      en: `the route is looked up again with source ${choice.source}`,
      zh: `带着源地址 ${choice.source} 再次查找路由`,
    },
    origin: null,
  };
  // With a fixed source every choice of the first pass leads to the same second one.
  const weight = unchanged && first.route.source === null ? choice.weight : 1;
  return hops.map((hop) => ({
    ...choice,
    device: hop.device,
    nextHop: hop.gateway,
    weight: weight * hop.weight,
    steps: unchanged ? choice.steps : [...choice.steps, step, ...second.steps],
  }));
}

function packetWay6(view: View, key: Key, call: Call): PacketWay {
  const first = lookup(view, key);
  if (key.source === null && (first.kind === "none" || first.kind === "error")) return retry6(view, key, call, first);
  const ended = endOf(first, key);
  if (ended !== null) return ended;
  if (first.kind !== "found") return noRoute(first.steps);
  if (key.source !== null) {
    const { source } = key;
    return {
      kind: "sends",
      sends: first.hops.map((hop) => sendBy(first, hop, source, false, [sourceStep(boundSource, source, hop.device)])),
    };
  }
  return { kind: "sends", sends: first.hops.map((hop) => withSource6(view, key, call, first, hop)) };
}

function withSource6(view: View, key: Key, call: Call, found: Found, hop: GuestHop): PlainSend {
  const { source } = found.route;
  if (source !== null) return sendBy(found, hop, source, false, [sourceStep(ipv6Source, source, hop.device)]);
  const best = sourcesFor6(view.devices, hop.device, key.destination, call);
  const chosen = best[0] ?? null;
  // Addresses that were not printed have no known order, and a tie is decided by it.
  const doubtful = view.addresses === "none" && best.length > 1;
  if (chosen === null || doubtful) return sendBy(found, hop, null, true, [sourceStep(ipv6Source, null, hop.device)]);
  const own = view.devices.find(({ name }) => name === hop.device)?.addresses.some(({ ip }) => ip === chosen);
  const rule = own === true ? ipv6Source : ipv6Borrowed;
  return sendBy(found, hop, chosen, view.addresses !== "flagged", [sourceStep(rule, chosen, hop.device)]);
}

/** When the first look-up fails a source of any interface is chosen and the look-up repeats with it. */
function retry6(view: View, key: Key, call: Call, first: Result): PacketWay {
  const source = sourcesFor6(view.devices, null, key.destination, call)[0];
  const failed = endOf(first, key) ?? noRoute(first.steps);
  if (source === undefined) return failed;
  const second = lookup(view, { ...key, source });
  if (second.kind !== "found") return second.kind === "hidden" ? (endOf(second, { ...key, source }) ?? failed) : failed;
  if (second.route.type === "local") return { kind: "stays", steps: second.steps };
  const step = sourceStep(ipv6Retry, source, second.hops[0]?.device ?? null);
  return {
    kind: "sends",
    sends: second.hops.map((hop) => sendBy(second, hop, source, view.addresses !== "flagged", [step])),
  };
}
