import { type Cidr, cidrOf, inAny, LOOPBACK, lengthOf, rangeOf } from "../../address/cidr.ts";
import { bitsOf, type Family, familyOf, type Ip, ipFromNumber } from "../../address/ip.ts";
import { type PrefixIndex, prefixIndex } from "../../address/prefix-index.ts";
import type { Assumption, Step } from "../../model/outcome.ts";
import type { Rule } from "../../model/rule.ts";
import type { GuestDecision, GuestDevice, GuestFacts, GuestHop, GuestQuery, GuestRoute, GuestSend } from "../guest.ts";
import * as rules from "../rules/windows.ts";
import { describeRoute } from "./describe-route.ts";
import { askFor } from "./doubt.ts";
import { commonBits, LABEL_EDGES, sourcesFor6 } from "./source6.ts";
import { windowsRunners } from "./windows-runners.ts";

/** An interface as Windows' commands let it be known: by index, by one of its addresses, or both. */
interface Side {
  readonly device: GuestDevice | null;
  readonly index: number | null;
  readonly interfaceAddress: Ip | null;
  /** Addresses of the interface, so far as shown. */
  readonly own: ReadonlySet<Ip>;
}

interface WindowsView {
  readonly facts: GuestFacts;
  readonly index: PrefixIndex<GuestRoute>;
  readonly has: Readonly<Record<Family, boolean>>;
  readonly own: ReadonlySet<Ip>;
  sideOf(hop: GuestHop): Side;
  costOf(route: GuestRoute): number;
}

/** @see https://mskb.pkisolutions.com/kb/969029 for the source, Get-NetRoute's page for the metric */
export function windowsDecision(facts: GuestFacts, query: GuestQuery): (destination: Ip) => GuestDecision {
  const view = viewOf(facts);
  return (destination) => {
    if (view.own.has(destination) || inAny(LOOPBACK, destination)) return { kind: "stays", steps: [] };
    if (!view.has[familyOf(destination)]) return notGiven(facts, query, destination);
    const { boundSource } = query;
    if (boundSource !== null && familyOf(boundSource) !== familyOf(destination)) return otherFamily(boundSource);
    if (boundSource !== null && !view.own.has(boundSource)) return notOwn(boundSource);
    return decide(view, query, destination);
  };
}

function viewOf(facts: GuestFacts): WindowsView {
  const shown = facts.devices.flatMap(({ addresses }) => addresses.map(({ ip }) => ip));
  const named = facts.routes.flatMap(({ hops }) => hops.flatMap(({ interfaceAddress }) => interfaceAddress ?? []));
  const sides = new Map<string, Side>();
  const sideOf = (hop: GuestHop): Side => {
    const key = `${hop.deviceIndex} ${hop.device} ${hop.interfaceAddress}`;
    const side = sides.get(key) ?? newSide(facts, hop);
    sides.set(key, side);
    return side;
  };
  return {
    facts,
    index: prefixIndex(facts.routes, ({ prefix }) => prefix),
    has: { 4: facts.routes.some(({ family }) => family === 4), 6: facts.routes.some(({ family }) => family === 6) },
    own: new Set([...shown, ...named, ...hostRows(facts).map(({ ip }) => ip)]),
    sideOf,
    costOf: (route) => costOf(route, sideOf(route.hops[0] ?? NO_HOP).device),
  };
}

const NO_HOP: GuestHop = {
  device: null,
  deviceIndex: null,
  interfaceAddress: null,
  gateway: null,
  weight: 1,
  flags: [],
};

function newSide(facts: GuestFacts, hop: GuestHop): Side {
  const { interfaceAddress } = hop;
  const device =
    facts.devices.find(
      ({ index, name, addresses }) =>
        (hop.deviceIndex !== null && index === hop.deviceIndex) ||
        (hop.device !== null && name === hop.device) ||
        (interfaceAddress !== null && addresses.some(({ ip }) => ip === interfaceAddress)),
    ) ?? null;
  const rows = hostRows(facts).filter((row) => row.interfaceAddress === interfaceAddress && interfaceAddress !== null);
  const own = [...(device?.addresses ?? []).map(({ ip }) => ip), ...rows.map(({ ip }) => ip)];
  return {
    device,
    index: hop.deviceIndex,
    interfaceAddress,
    own: new Set(interfaceAddress === null ? own : [interfaceAddress, ...own]),
  };
}

/** On-link host rows are the host's own addresses; those at the end of an on-link subnet are broadcast addresses. */
function hostRows(facts: GuestFacts): readonly { readonly ip: Ip; readonly interfaceAddress: Ip }[] {
  const subnets = facts.routes.filter(
    ({ family, prefix }) => family === 4 && lengthOf(prefix) > 0 && lengthOf(prefix) < 31,
  );
  const broadcasts = new Set(subnets.map(({ prefix }) => ipFromNumber(4, rangeOf(prefix).last)));
  return facts.routes.flatMap(({ family, prefix, hops }) => {
    const [hop] = hops;
    if (family !== 4 || lengthOf(prefix) !== 32 || hop?.gateway !== null || hop.interfaceAddress === null) return [];
    const ip = ipFromNumber(4, rangeOf(prefix).first);
    return broadcasts.has(ip) || ip === "255.255.255.255" ? [] : [{ ip, interfaceAddress: hop.interfaceAddress }];
  });
}

/** `route print` shows the sum; `Get-NetRoute` the route's part. */
function costOf({ family, metric, metricKind }: GuestRoute, device: GuestDevice | null): number {
  const part = metricKind === "whole" ? 0 : ((family === 4 ? device?.metric4 : device?.metric6) ?? 0);
  return (metric ?? 0) + part;
}

function decide(view: WindowsView, query: GuestQuery, destination: Ip): GuestDecision {
  for (const routes of view.index.covering(destination)) {
    const usable = routes.filter((route) => fits(view.sideOf(route.hops[0] ?? NO_HOP), query));
    const lowest = Math.min(...usable.map((route) => view.costOf(route)));
    const best = usable.filter((route) => view.costOf(route) === lowest);
    if (best.length > 0) return sendsBy(view, query, destination, best);
  }
  return noRoute(query);
}

/** Strong host: https://learn.microsoft.com/en-us/windows/win32/fwp/ale-re-authorization */
function fits(side: Side, { boundSource, boundDevice }: GuestQuery): boolean {
  if (boundSource !== null && !side.own.has(boundSource)) return false;
  if (boundDevice === null) return true;
  const names = [side.device?.name, side.device?.index, side.index, side.interfaceAddress].map(String);
  return names.includes(boundDevice) || [...side.own].some((ip) => ip === boundDevice);
}

function sendsBy(view: WindowsView, query: GuestQuery, destination: Ip, best: readonly GuestRoute[]): GuestDecision {
  const metricAsk = needsMetric(view, best) ? [METRIC_NOT_SHOWN] : [];
  const sends = best.flatMap((route) => {
    const tie = best.length > 1 ? [tieOf(`windows/equal-route:${describeRoute(route)}`, describeRoute(route))] : [];
    return sendsOfRoute(view, query, destination, route, [...metricAsk, ...tie]);
  });
  const [first, ...rest] = sends;
  if (first === undefined) return noRoute(query);
  return { kind: "sends", sends: [first, ...rest], together: false, refusals: [] };
}

/** The route's part alone compares nothing when several interfaces compete. */
const needsMetric = (view: WindowsView, best: readonly GuestRoute[]): boolean =>
  best.some(({ metricKind, family, prefix, hops }) => {
    if (metricKind === "whole") return false;
    const device = view.sideOf(hops[0] ?? NO_HOP).device;
    if ((family === 4 ? device?.metric4 : device?.metric6) != null) return false;
    return view.facts.routes.filter((route) => route.prefix === prefix).length > 1;
  });

const METRIC_NOT_SHOWN: Assumption = {
  id: "windows/interface-metrics-equal",
  basis: "open",
  text: {
    en: "the interface metrics, which were not given, do not change the order of the routes",
    zh: "未提供的接口跃点数不改变路由的先后顺序",
  },
  ask: askFor("Get-NetIPInterface | Select ifIndex,InterfaceAlias,AddressFamily,InterfaceMetric | ConvertTo-Json", {
    en: "which route has the lowest sum",
    zh: "哪条路由的总跃点数最小",
  }),
};

const tieOf = (id: string, what: string): Assumption => ({
  id,
  basis: "open",
  text: { en: `of equal candidates Windows takes ${what}`, zh: `在同等的候选中 Windows 选用 ${what}` },
  ask: askFor("Find-NetRoute -RemoteIPAddress <destination>", {
    en: "which of the equal candidates Windows takes",
    zh: "Windows 选用哪个同等候选",
  }),
});

function sendsOfRoute(
  view: WindowsView,
  query: GuestQuery,
  destination: Ip,
  route: GuestRoute,
  assumed: readonly Assumption[],
): readonly GuestSend[] {
  const hop = route.hops[0] ?? NO_HOP;
  const side = view.sideOf(hop);
  const routeStep: Step = {
    rule: query.boundSource === null ? rules.windowsMetric : rules.windowsStrongHost,
    resource: null,
    text: {
      en: `the route that fits best is ${describeRoute(route)}`,
      zh: `最匹配的路由是 ${describeRoute(route)}`,
    },
    origin: route.origin,
    runners: () =>
      windowsRunners(view.index.covering(destination).flat(), route, {
        fits: ({ hops }) => fits(view.sideOf(hops[0] ?? NO_HOP), query),
        costOf: view.costOf,
      }),
  };
  const chosen =
    query.boundSource === null ? sourcesOf(view, side, hop, destination) : [{ ip: query.boundSource, assumptions: [] }];
  return chosen.map(({ ip, assumptions }) => {
    const all = [...assumed, ...assumptions];
    return {
      device: side.device?.name ?? hop.device,
      nextHop: hop.gateway,
      source: ip,
      interfaceAddress: side.interfaceAddress,
      weight: 1,
      steps: [routeStep, sourceStep(ip, query.boundSource !== null, familyOf(destination))],
      lost: null,
      certain: all.length === 0,
      assumptions: all,
    };
  });
}

const sourceStep = (ip: Ip | null, bound: boolean, family: Family): Step => ({
  rule: bound ? rules.windowsStrongHost : family === 4 ? rules.windowsSource : rules.windowsIpv6,
  resource: null,
  text: { en: `the source is ${ip ?? "not shown"}`, zh: `源地址是 ${ip ?? "未显示"}` },
  origin: null,
});

interface SourceChoice {
  readonly ip: Ip | null;
  readonly assumptions: readonly Assumption[];
}

function sourcesOf(view: WindowsView, side: Side, hop: GuestHop, destination: Ip): readonly SourceChoice[] {
  const addresses = side.device?.addresses.filter(({ ip }) => familyOf(ip) === familyOf(destination)) ?? [];
  if (addresses.length === 0) return [fromColumn(side)];
  const usable = addresses.filter(({ skipAsSource, tentative }) => !skipAsSource && !tentative);
  const best =
    familyOf(destination) === 4
      ? bestBy(
          bestBy(
            usable.map(({ ip }) => ip),
            (ip) => commonBits(ip, hop.gateway ?? destination),
          ),
          (ip) => commonBits(ip, destination),
        )
      : sourcesFor6(
          side.device === null ? [] : [{ ...side.device, addresses: usable }],
          side.device?.name ?? null,
          destination,
          {
            preferTemporary: true,
            ownDeviceOnly: true,
          },
        );
  const skip = addresses.length > 1 && !view.facts.have.skipAsSource ? [skipNotShown(side)] : [];
  if (best.length === 0) return [{ ip: null, assumptions: skip }];
  return best.map((ip) => ({
    ip,
    assumptions: best.length > 1 ? [...skip, tieOf(`windows/equal-source:${ip}`, ip)] : skip,
  }));
}

function bestBy(ips: readonly Ip[], score: (ip: Ip) => number): readonly Ip[] {
  const highest = Math.max(...ips.map(score));
  return ips.filter((ip) => score(ip) === highest);
}

/** The interface column is one address of the interface: the source, if it is the only one. */
function fromColumn(side: Side): SourceChoice {
  const name = side.device?.name ?? side.interfaceAddress ?? `interface ${side.index}`;
  return {
    ip: side.interfaceAddress,
    assumptions: [
      {
        id: `windows/addresses-not-shown:${name}`,
        basis: "default",
        text:
          side.interfaceAddress === null
            ? {
                en: `the source is the only address of ${name}, which was not given`,
                zh: `源地址是 ${name} 的唯一地址（未提供）`,
              }
            : {
                en: `${side.interfaceAddress} is the only address of its interface (the addresses were not given)`,
                zh: `${side.interfaceAddress} 是其接口的唯一地址（未提供地址列表）`,
              },
        ask: askFor("ipconfig /all", { en: "which addresses the interface has", zh: "该接口有哪些地址" }),
      },
    ],
  };
}

const skipNotShown = (side: Side): Assumption => ({
  id: `windows/skip-as-source-off:${side.device?.name}`,
  basis: "default",
  text: {
    en: `no address of ${side.device?.name} is marked SkipAsSource`,
    zh: `${side.device?.name} 的地址都没有设置 SkipAsSource`,
  },
  ask: askFor(
    "Get-NetIPAddress | Select IPAddress,PrefixLength,ifIndex,InterfaceAlias,SkipAsSource,AddressState,SuffixOrigin | ConvertTo-Json",
    {
      en: "which addresses may be chosen",
      zh: "哪些地址可以被选用",
    },
  ),
});

const refusal = (rule: Rule, en: string, zh: string): GuestDecision => ({
  kind: "refuses",
  rule,
  text: { en, zh },
  steps: [],
  assumptions: [],
});

const notOwn = (ip: Ip): GuestDecision =>
  refusal(
    rules.windowsStrongHost,
    `${ip} is no address of this host, so a program cannot bind to it`,
    `${ip} 不是本机地址，程序无法绑定`,
  );

const otherFamily = (ip: Ip): GuestDecision =>
  refusal(
    rules.windowsStrongHost,
    `a program bound to ${ip} cannot send to an address of the other family`,
    `绑定到 ${ip} 的程序不能发往另一地址族的地址`,
  );

const noRoute = ({ boundSource }: GuestQuery): GuestDecision =>
  boundSource === null
    ? refusal(rules.windowsMetric, "no route fits the destination", "没有匹配该目的地址的路由")
    : refusal(
        rules.windowsStrongHost,
        `the interface of ${boundSource} has no route to the destination, and Windows uses no other`,
        `${boundSource} 所在接口没有到该目的地址的路由，Windows 也不会使用其他接口`,
      );

function notGiven(facts: GuestFacts, query: GuestQuery, destination: Ip): GuestDecision {
  const answer = facts.routeGets.find((get) => get.destination === destination && get.from === query.boundSource);
  const base = { nextHop: null, interfaceAddress: null, weight: 1, lost: null, certain: false } as const;
  if (answer !== undefined) {
    const step: Step = {
      rule: rules.windowsFindNetRoute,
      resource: null,
      text: { en: `Find-NetRoute answered ${answer.source}`, zh: `Find-NetRoute 的回答是 ${answer.source}` },
      origin: answer.origin,
    };
    const { device, gateway: nextHop, source } = answer;
    const send = { ...base, device, nextHop, source, steps: [step], assumptions: [], certain: true };
    return { kind: "sends", sends: [send], together: false, refusals: [] };
  }
  const unknown: Assumption = {
    id: `windows/routes-not-given-ipv${familyOf(destination)}`,
    basis: "open",
    text: { en: "the host's routes were not given", zh: "未提供该主机的路由" },
    ask: askFor("route print", { en: "which interface the packets leave by", zh: "数据包从哪个接口离开" }),
  };
  const send = { ...base, device: null, source: query.boundSource, steps: [], assumptions: [unknown] };
  return { kind: "sends", sends: [send], together: false, refusals: [] };
}

/** Where the choice of a source may change with the destination, apart from the routes. */
export function windowsEdges(facts: GuestFacts): readonly Cidr[] {
  const several = facts.devices.filter(({ addresses }) => addresses.length > 1).flatMap(({ addresses }) => addresses);
  const own = viewOf(facts).own;
  return [
    ...[...own].map((ip) => cidrOf(ip, bitsOf(familyOf(ip)))),
    ...LOOPBACK,
    ...(several.length === 0 ? [] : LABEL_EDGES),
    ...several.flatMap(({ ip }) =>
      Array.from({ length: familyOf(ip) === 4 ? 32 : 64 }, (_, index) => cidrOf(ip, index + 1)),
    ),
  ];
}
