import type { Cidr } from "../address/cidr.ts";
import type { DestinationMap } from "../address/destination-map.ts";
import type { Family, Ip } from "../address/ip.ts";
import type { Estate, Host, Interface } from "../model/estate.ts";
import type { Protocol } from "../model/flow.ts";
import type { Assumption, Step } from "../model/outcome.ts";
import type { Rule } from "../model/rule.ts";
import type { Origin, Text } from "../problem.ts";
import type { FilterTable } from "./packet-filter.ts";

/** What was read from the commands of one host. Nothing here is computed: see `decide/` for what it means. */
export interface GuestFacts {
  readonly os: "linux" | "windows";
  readonly hostName: string | null;
  readonly devices: readonly GuestDevice[];
  /** Both families, each in printed order. */
  readonly rules: readonly GuestRule[];
  readonly routes: readonly GuestRoute[];
  /** Answers of the system itself (`ip route get`, `Find-NetRoute`): true of exactly the call they were asked for. */
  readonly routeGets: readonly RouteGet[];
  /** Of the packet filter, what was given. */
  readonly filters: readonly FilterTable[];
  /** Of which programs may send by them instead. */
  readonly proxies: readonly GuestProxy[];
  readonly have: GuestParts;
}

export interface GuestProxy {
  readonly for: "http" | "https" | "all";
  /** `HOST:PORT`, without names and passwords. */
  readonly server: string;
  /** The variable, or the command that shows it. */
  readonly setBy: string;
  /** What is not for the proxy, as it is written: addresses, prefixes, names, `*`. */
  readonly bypass: readonly string[];
  readonly origin: Origin;
}

/** Which parts of the whole were given at all: an empty list of what was not asked for proves nothing. */
export interface GuestParts {
  /** `flagged`: with scope and secondary, deprecated and temporary marks; `bare`: addresses alone. */
  readonly addresses: "none" | "bare" | "flagged";
  readonly rules4: boolean;
  readonly rules6: boolean;
  /** Tables that were shown completely. */
  readonly tables4: Tables;
  readonly tables6: Tables;
  /** What the packet filter does was shown, be it nothing. */
  readonly filter4: boolean;
  readonly filter6: boolean;
  /** Windows: `SkipAsSource` was shown. */
  readonly skipAsSource: boolean;
}

export type Tables = "all" | readonly string[];

export interface GuestDevice {
  readonly name: string;
  readonly index: number | null;
  /** Lower case, colons. */
  readonly mac: string | null;
  /** As printed; `default` is group 0. */
  readonly group: string | null;
  readonly up: boolean | null;
  /** Windows: added to each route metric of `Get-NetRoute`. By family, since they may differ. */
  readonly metric4: number | null;
  readonly metric6: number | null;
  /** In printed order, which decides between equals. */
  readonly addresses: readonly GuestAddress[];
  readonly origin: Origin;
}

export interface GuestAddress {
  readonly ip: Ip;
  /** null where the command does not print it. */
  readonly prefixLength: number | null;
  /** The far end of a point-to-point address: its subnet is the peer's. */
  readonly peer: Ip | null;
  readonly scope: string;
  readonly secondary: boolean;
  readonly deprecated: boolean;
  readonly tentative: boolean;
  readonly temporary: boolean;
  readonly skipAsSource: boolean;
}

export interface Span {
  readonly first: number;
  readonly last: number;
}

export type RuleAction =
  | { readonly kind: "lookup"; readonly table: string }
  | { readonly kind: "goto"; readonly target: number }
  | { readonly kind: "nop" }
  /** The table of the VRF that the socket is bound to. */
  | { readonly kind: "vrf" }
  | { readonly kind: "blackhole" | "unreachable" | "prohibit" };

export interface GuestRule {
  readonly family: Family;
  readonly priority: number;
  readonly not: boolean;
  /** null: `all`. */
  readonly from: Cidr | null;
  readonly to: Cidr | null;
  readonly tos: number | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  readonly inDevice: string | null;
  readonly outDevice: string | null;
  readonly uids: Span | null;
  readonly protocol: string | null;
  readonly sourcePorts: Span | null;
  readonly ports: Span | null;
  readonly action: RuleAction;
  readonly suppressLength: number | null;
  readonly suppressGroup: string | null;
  /** Conditions that are not known here (`tun_id 5`): the rule may hold or not. */
  readonly unread: readonly string[];
  readonly text: string;
  readonly origin: Origin;
}

/** The selectors of a rule that holds for every packet. */
export const EVERY_PACKET = {
  from: null,
  to: null,
  tos: null,
  mark: null,
  inDevice: null,
  outDevice: null,
  uids: null,
  protocol: null,
  sourcePorts: null,
  ports: null,
  suppressLength: null,
  suppressGroup: null,
} as const satisfies Partial<GuestRule>;

export const ROUTE_TYPES = [
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "nat",
] as const;
export type RouteType = (typeof ROUTE_TYPES)[number];

export interface GuestRoute {
  readonly family: Family;
  readonly table: string;
  readonly type: RouteType;
  readonly prefix: Cidr;
  /** Source-specific IPv6 routes: only packets from here. */
  readonly from: Cidr | null;
  /** Empty for routes that name no device (`blackhole`). */
  readonly hops: readonly GuestHop[];
  /** null: not printed. */
  readonly metric: number | null;
  /** `route-part`: the interface's metric is to be added (`Get-NetRoute`). */
  readonly metricKind: "whole" | "route-part";
  readonly tos: number | null;
  readonly scope: string;
  readonly source: Ip | null;
  /** Made with a nexthop object, which matters to how several next hops are chosen from. */
  readonly nexthopObject: boolean;
  /** Preference of router advertisements. */
  readonly preference: "low" | "medium" | "high";
  readonly protocol: string | null;
  /** What the command can show of a route: `route -n` knows no source, `netstat -rn` no metric either. */
  readonly detail: RouteDetail;
  readonly origin: Origin;
}

export type RouteDetail = "full" | "no-source" | "no-metric";

export interface GuestHop {
  /** null: Windows names the interface by its address or index only. */
  readonly device: string | null;
  readonly deviceIndex: number | null;
  /** Windows: one address of the interface, not necessarily the source. */
  readonly interfaceAddress: Ip | null;
  /** null: on link. */
  readonly gateway: Ip | null;
  readonly weight: number;
  /** `linkdown`, `dead`, `onlink`. */
  readonly flags: readonly string[];
}

export interface RouteGet {
  readonly os: "linux" | "windows";
  readonly destination: Ip;
  /** The source that was asked for. */
  readonly from: Ip | null;
  readonly device: string | null;
  readonly gateway: Ip | null;
  /** The source the packet has: what was asked for, else what the system chose; null when not shown. */
  readonly source: Ip | null;
  readonly table: string | null;
  readonly type: RouteType;
  readonly mark: number;
  readonly uid: number | null;
  /** Asked for as forwarded traffic that came in here. */
  readonly inDevice: string | null;
  readonly origin: Origin;
}

/** What of a program's call can change the guest's choice. */
export interface GuestQuery {
  readonly protocol: Protocol;
  readonly port: number | null;
  /** The program binds to this address. */
  readonly boundSource: Ip | null;
  /** The program binds to this device (SO_BINDTODEVICE); on Windows the interface's name or index. */
  readonly boundDevice: string | null;
  /** 0: none, which is then taken as a default assumption where a rule asks for a mark. */
  readonly mark: number;
  readonly uid: number | null;
  /** TCP and connected UDP look the route up twice on IPv4. */
  readonly connected: boolean;
  readonly tos?: number;
}

/** What a program that says nothing more does. */
export const PLAIN_QUERY: GuestQuery = {
  protocol: "tcp",
  port: null,
  boundSource: null,
  boundDevice: null,
  mark: 0,
  uid: null,
  connected: true,
};

export type GuestDecision =
  | {
      readonly kind: "sends";
      /** Never empty. Those with the same assumptions share the traffic when `together`; the others exclude each other. */
      readonly sends: readonly [GuestSend, ...GuestSend[]];
      readonly together: boolean;
      /** What refuses the packet instead, under other assumptions. */
      readonly refusals: readonly GuestRefusal[];
    }
  | ({ readonly kind: "refuses" } & GuestRefusal)
  /** An address of the host itself: nothing leaves. */
  | { readonly kind: "stays"; readonly steps: readonly Step[] };

export interface GuestSend {
  /** null: what was given does not tell. */
  readonly device: string | null;
  /** null: on link, or not known when `device` is null. */
  readonly nextHop: Ip | null;
  /** null: not shown; the assumption tells what to take. `0.0.0.0` is a real answer: the host has no address to use. */
  readonly source: Ip | null;
  /** Windows: the address by which the route table names the interface. */
  readonly interfaceAddress: Ip | null;
  readonly weight: number;
  readonly steps: readonly Step[];
  /** Why nobody can tell what becomes of it inside the host; null: it leaves as it is described. */
  readonly lost: Assumption | null;
  /** True when nothing was assumed. */
  readonly certain: boolean;
  readonly assumptions: readonly Assumption[];
}

export interface GuestRefusal {
  readonly rule: Rule;
  readonly text: Text;
  readonly steps: readonly Step[];
  readonly assumptions: readonly Assumption[];
}

/** The guest's devices as interfaces of the estate. */
export interface AttachedGuest {
  /** undefined: no interface of the host (a tunnel, a bridge, or another host's facts). */
  interfaceOf(device: string | null, interfaceAddress: Ip | null): Interface | undefined;
  /** The guest's name of it; null: what was given does not show which it is. */
  deviceOf(by: Interface): string | null;
  /** For what goes by a device that is none of them. */
  notInEstate(send: GuestSend): Assumption;
}

/** How a program uses its socket, and what that rests on. */
export interface WayToCall {
  readonly connected: boolean;
  readonly assumption: Assumption | null;
}

/** One host's facts with what they mean. What asks a guest imports this type alone: most questions come without one. */
export interface Guest {
  readonly facts: GuestFacts;
  waysToCall(protocol: Protocol): readonly WayToCall[];
  decisionFor(query: GuestQuery): DestinationMap<GuestDecision>;
  attachTo(host: Host): AttachedGuest;
  /** The hosts whose addresses or MACs the facts show; empty: the facts are of none of them. */
  fits(estate: Estate): readonly Host[];
}
