import { addressOf, type Cidr, cidrContains, EVERY_IPV4, EVERY_IPV6, familyOfCidr, lengthOf } from "../address/cidr.ts";
import { type Family, familyOf, type Ip } from "../address/ip.ts";
import type { Host, Interface, InterfaceAddress } from "../model/estate.ts";
import type { Assumption, Step } from "../model/outcome.ts";
import { connectedRoute, equalConnectedRoutes } from "./rules.ts";

/** The interface and source a program uses, where the user or the guest says so; null where nobody does. */
export interface Sender {
  readonly host: Host;
  readonly interface: Interface | null;
  readonly source: Ip | null;
}

/** One way the guest may send towards a destination. */
export interface Choice {
  readonly interface: Interface;
  readonly source: Ip;
  /** `source` only stands for these, of which the platform picks one; absent: it is the source. */
  readonly among?: readonly Cidr[];
  readonly assumptions: readonly Assumption[];
  readonly steps: readonly Step[];
  /** Not what the guest does by default. */
  readonly againstDefault: boolean;
}

/** What a host does by default for one destination, and what it may do instead. */
export function choicesOf(sender: Sender, destination: Ip): readonly Choice[] {
  const { host, source } = sender;
  const family = familyOf(destination);
  if (source !== null) {
    if (familyOf(source) !== family) return [];
    const owner = sender.interface ?? interfaceOwning(host, source) ?? defaultInterface(host);
    return [{ interface: owner, source, assumptions: [], steps: [], againstDefault: false }];
  }
  if (sender.interface !== null) return choicesOnInterface(sender.interface, family, AS_NAMED);
  const usual = usualWays(host, destination);
  const others = host.interfaces.filter((candidate) => !usual.some((way) => way.by === candidate));
  return [
    ...usual.flatMap(({ by, way }) => choicesOnInterface(by, family, way)),
    ...others.flatMap((other) =>
      choicesOnInterface(other, family, { assumptions: [guestSendsBy(host, other)], steps: [], against: true }),
    ),
  ];
}

/** Why an interface is the one: what its choices have in common. */
interface Way {
  readonly assumptions: readonly Assumption[];
  readonly steps: readonly Step[];
  readonly against: boolean;
}

const AS_NAMED: Way = { assumptions: [], steps: [], against: false };

/** By default a guest has a route to the subnet of each interface, and one to everything else by the default interface. */
function usualWays(host: Host, destination: Ip): readonly { readonly by: Interface; readonly way: Way }[] {
  const usual = defaultInterface(host);
  if (host.interfaces.length === 1) return [{ by: usual, way: AS_NAMED }];
  const [first, ...more] = connectedTo(host, destination);
  if (first === undefined || (first.by === usual && more.length === 0))
    return [{ by: usual, way: { ...AS_NAMED, assumptions: [guestRouteDefault(host, usual)] } }];
  if (more.length === 0) {
    const { by, range } = first;
    const steps = [connectedStep(host, by, range, destination)];
    return [{ by, way: { ...AS_NAMED, assumptions: [guestRouteConnected(host, by, range)], steps } }];
  }
  return [first, ...more].map(({ by, range }) => ({
    by,
    way: { ...AS_NAMED, assumptions: [guestPrefers(host, by, range)], steps: [equalStep(host, by, range)] },
  }));
}

interface Connected {
  readonly by: Interface;
  readonly range: Cidr;
}

/** The interfaces in whose subnet the destination is; of nested subnets the smallest. */
function connectedTo(host: Host, destination: Ip): readonly Connected[] {
  const family = familyOf(destination);
  const all = host.interfaces.flatMap((by): readonly Connected[] => {
    // Without an address of the family the guest has no route of it either.
    const has = by.addresses.some(({ cidr, role }) => role === "primary" && familyOf(addressOf(cidr)) === family);
    return has
      ? [...new Set(by.connected)].flatMap((range) => (cidrContains(range, destination) ? [{ by, range }] : []))
      : [];
  });
  const longest = Math.max(...all.map(({ range }) => lengthOf(range)));
  return all.filter(({ range }) => lengthOf(range) === longest);
}

export const defaultInterface = (host: Host): Interface =>
  host.interfaces.find((candidate) => candidate.id === host.defaultInterface.interface) ?? host.interfaces[0];

const interfaceOwning = (host: Host, source: Ip): Interface | undefined =>
  host.interfaces.find((candidate) => owns(candidate, source));

export const owns = (candidate: Interface, source: Ip): boolean =>
  [...candidate.addresses.map(({ cidr }) => cidr), ...(candidate.sendsFromAny ?? [])].some((cidr) =>
    cidrContains(cidr, source),
  );

export const addressOn = (candidate: Interface, source: Ip): InterfaceAddress | undefined =>
  candidate.addresses.find((address) => cidrContains(address.cidr, source));

function choicesOnInterface(by: Interface, family: Family, way: Way): readonly Choice[] {
  if (by.sendsFromAny !== undefined) return choiceAmong(by, by.sendsFromAny, family, way);
  const { assumptions, steps, against } = way;
  return by.addresses.flatMap(({ cidr, role }) => {
    const source = addressOf(cidr);
    if (familyOf(source) !== family || role === "range") return [];
    const bound = role === "secondary" ? [programBinds(source)] : [];
    return [
      {
        interface: by,
        source,
        assumptions: [...assumptions, ...bound],
        steps,
        againstDefault: against || role === "secondary",
      },
    ];
  });
}

/** One choice for all of them: which it is shows only where nothing translates it. */
function choiceAmong(
  by: Interface,
  ranges: readonly Cidr[],
  family: Family,
  { assumptions, steps, against }: Way,
): readonly Choice[] {
  return [{ interface: by, ...standIn(ranges, family), assumptions, steps, againstDefault: against }];
}

/** Without a range of the family the source is not known; whether the family leaves at all, the egress tells. */
export function standIn(
  ranges: readonly Cidr[],
  family: Family,
): { readonly source: Ip; readonly among: readonly Cidr[] } {
  const among = ranges.filter((cidr) => familyOfCidr(cidr) === family);
  return { source: addressOf(among[0] ?? (family === 4 ? EVERY_IPV4 : EVERY_IPV6)), among };
}

const guestRouteDefault = (host: Host, usual: Interface): Assumption => ({
  id: "guest-route-default",
  basis: "default",
  text: {
    en: `the guest of ${host.name} sends by ${usual.name}: its default route is there unless somebody added others`,
    zh: `${host.name} 的操作系统从 ${usual.name} 发送：除非有人另加路由，默认路由就在该网卡上`,
  },
  ask: askGuest(host),
});

const guestRouteConnected = (host: Host, by: Interface, range: Cidr): Assumption => ({
  id: `guest-route-connected:${by.name}`,
  basis: "default",
  text: {
    en: `the guest of ${host.name} sends by ${by.name}: it has a route to ${range}, the subnet of that interface, unless somebody changed it`,
    zh: `${host.name} 的操作系统从 ${by.name} 发送：除非有人改动，系统中有到该网卡子网 ${range} 的路由`,
  },
  ask: askGuest(host),
});

const guestPrefers = (host: Host, by: Interface, range: Cidr): Assumption => ({
  id: `guest-prefers:${by.name}`,
  basis: "open",
  text: {
    en: `of the interfaces in ${range} the guest of ${host.name} uses ${by.name}`,
    zh: `在 ${range} 内的各网卡中，${host.name} 的操作系统使用 ${by.name}`,
  },
  ask: askGuest(host),
});

const connectedStep = (host: Host, by: Interface, range: Cidr, destination: Ip): Step => ({
  rule: connectedRoute,
  resource: by.resource,
  text: {
    en: `${destination} is in ${range}, the subnet of ${host.name}/${by.name}`,
    zh: `${destination} 在 ${host.name}/${by.name} 的子网 ${range} 内`,
  },
  origin: by.origin,
});

const equalStep = (host: Host, by: Interface, range: Cidr): Step => ({
  rule: equalConnectedRoutes,
  resource: by.resource,
  text: {
    en: `${host.name} has several interfaces in ${range}; this is by ${by.name}`,
    zh: `${host.name} 有多个网卡在 ${range} 内；此处从 ${by.name} 发送`,
  },
  origin: by.origin,
});

const guestSendsBy = (host: Host, other: Interface): Assumption => ({
  id: `guest-sends-by:${other.name}`,
  basis: "open",
  text: {
    en: `the guest of ${host.name} has a route or rule that sends this by ${other.name}`,
    zh: `${host.name} 的操作系统有路由或策略规则使该流量从 ${other.name} 发出`,
  },
  ask: askGuest(host),
});

const programBinds = (source: Ip): Assumption => ({
  id: `program-binds:${source}`,
  basis: "open",
  text: { en: `the program binds its socket to ${source}`, zh: `程序把套接字绑定到 ${source}` },
  ask: null,
});

const askGuest = (host: Host) => ({
  text: {
    en: `run this on ${host.name} and pass the output with --config (on Windows: route print, ipconfig /all)`,
    zh: `在 ${host.name} 上运行，并用 --config 传入输出（Windows：route print、ipconfig /all）`,
  },
  command: "ip -j addr; ip rule; ip -6 rule; ip route show table all",
  settles: { en: "which interface and source the guest uses", zh: "操作系统使用哪个网卡和源地址" },
  inside: true as const,
});
