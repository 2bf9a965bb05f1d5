import { addressOf, cidrContains } from "../address/cidr.ts";
import { type Family, familyOf, type Ip } from "../address/ip.ts";
import type { Host, Interface, InterfaceAddress } from "../model/estate.ts";
import type { Assumption, Step } from "../model/outcome.ts";

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
  readonly assumptions: readonly Assumption[];
  readonly steps: readonly Step[];
  /** Not what the guest does by default. */
  readonly againstDefault: boolean;
}

/** What a host does by default for one family of destinations, and what it may do instead. */
export function choicesOf(sender: Sender, family: Family): readonly Choice[] {
  const { host, source } = sender;
  if (source !== null) {
    if (familyOf(source) !== family) return [];
    const owner = sender.interface ?? interfaceOwning(host, source) ?? defaultInterface(host);
    return [{ interface: owner, source, assumptions: [], steps: [], againstDefault: false }];
  }
  if (sender.interface !== null) return choicesOnInterface(sender.interface, family, [], false);
  const usual = defaultInterface(host);
  const others = host.interfaces.filter((candidate) => candidate !== usual);
  const usualAssumptions = others.length === 0 ? [] : [guestRouteDefault(host, usual)];
  return [
    ...choicesOnInterface(usual, family, usualAssumptions, false),
    ...others.flatMap((other) => choicesOnInterface(other, family, [guestSendsBy(host, other)], true)),
  ];
}

export const defaultInterface = (host: Host): Interface =>
  host.interfaces.find((candidate) => candidate.id === host.defaultInterface.interface) ?? host.interfaces[0];

const interfaceOwning = (host: Host, source: Ip): Interface | undefined =>
  host.interfaces.find((candidate) => owns(candidate, source));

export const owns = (candidate: Interface, source: Ip): boolean =>
  candidate.addresses.some((address) => cidrContains(address.cidr, source));

export const addressOn = (candidate: Interface, source: Ip): InterfaceAddress | undefined =>
  candidate.addresses.find((address) => cidrContains(address.cidr, source));

function choicesOnInterface(
  by: Interface,
  family: Family,
  assumptions: readonly Assumption[],
  against: boolean,
): readonly Choice[] {
  return by.addresses.flatMap(({ cidr, role }) => {
    const source = addressOf(cidr);
    if (familyOf(source) !== family || role === "range") return [];
    const bound = role === "secondary" ? [programBinds(source)] : [];
    return [
      {
        interface: by,
        source,
        assumptions: [...assumptions, ...bound],
        steps: [],
        againstDefault: against || role === "secondary",
      },
    ];
  });
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
});
