import {
  type Cidr,
  familyOfCidr,
  inAny,
  LINK_LOCAL,
  lengthOf,
  parseCidr,
  RFC1918,
  RFC6598,
  UNIQUE_LOCAL,
} from "../../address/cidr.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import {
  type Appliance,
  type Gap,
  KEEPS_SOURCE,
  type Link,
  type NextHop,
  type Offer,
  type Usable,
} from "../../model/egress.ts";
import { same, type Text } from "../../problem.ts";
import { assumed, blocked, stepOf, unpredictable } from "./alternatives.ts";
import { askFarSide, askInstances, askTunnels } from "./asks.ts";
import { type Facts, type Nic, networkPath } from "./facts.ts";
import { nameOf, projectOf, regionOf, resourcePath, UNKNOWN_PROJECT } from "./links.ts";
import { complement } from "./ranges.ts";
import type { Found } from "./read/found.ts";
import type { RawForwardingRule, RawRoute, RawVpnTunnel } from "./read/raw.ts";
import { externalAddressUnusedOnPrivatePath, nccSpokes, vpnAndInterconnect, vpnSelectors } from "./rules/keep.ts";
import {
  ilbGlobalAccess,
  nextHopIpMustBePrimary,
  nextHopMustForward,
  stoppedNextHop,
  tunnelDown,
} from "./rules/routing.ts";

/** Where a route leads, whether it works, and how it competes. */
export interface Resolved {
  readonly hop: NextHop;
  readonly usable: Usable;
  /** RT-9: 0 goes before 1 at equal priority. */
  readonly preferred: 0 | 1;
  /** RT-9b, without a source: dynamic 1, load balancer 2, internet gateway 3. */
  readonly category: 0 | 1 | 2 | 3;
  /** Null when the next hop has none or it is not known. */
  readonly region: string | null;
}

export interface HopContext {
  readonly facts: Facts;
  readonly network: string;
  readonly project: string;
  /** The sender's region; null when not known. */
  readonly region: string | null;
  /** Private NAT of the sender's network and region for what a Cloud Router learned. */
  readonly hybridOffers: readonly Offer[];
  readonly dynamic: boolean;
  /** The route stands for the internet, not for a site. */
  readonly forced?: boolean;
}

/** No site has so many addresses: such a prefix is a part of the internet, as the halves of a default route are. */
const LONGEST_FORCED = 8;

export function isForced({ destRange }: RawRoute): boolean {
  const prefix = parseCidr(destRange ?? "", true);
  return prefix !== undefined && lengthOf(prefix) <= LONGEST_FORCED && !RFC1918.includes(prefix);
}

const YES: Usable = { kind: "yes" };

export const internetHop: NextHop = {
  kind: "internet",
  text: { en: "the default internet gateway", zh: "默认互联网网关" },
};

/** @see https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto (message Route) */
export function resolveNextHop(route: RawRoute, context: HopContext): Resolved {
  const rest = { usable: YES, preferred: 1, category: context.dynamic ? 1 : 0, region: null } as const;
  if (isForced(route) && context.forced !== true) return resolveNextHop(route, { ...context, forced: true });
  if (route.nextHopGateway) return { ...rest, hop: internetHop, category: 3 };
  if (route.nextHopVpnTunnel) return throughTunnel(route.nextHopVpnTunnel, context);
  if (route.nextHopInterconnectAttachment) return throughAttachment(route.nextHopInterconnectAttachment, context);
  if (route.nextHopIlb) return throughLoadBalancer(route.nextHopIlb, context);
  if (route.nextHopInstance) return throughInstance(route.nextHopInstance, context);
  if (route.nextHopIp) return throughAddress(route.nextHopIp, context);
  if (route.nextHopHub) return { ...rest, hop: linkHop(nameOf(route.nextHopHub), route.nextHopHub, context, "hub") };
  return { ...rest, hop: unreadHop(route) };
}

/** A kind of next hop that was added after this was written: never "no route". */
const unreadHop = (route: RawRoute): NextHop => ({
  kind: "alternatives",
  text: { en: "a next hop of an unknown kind", zh: "未知类型的下一跳" },
  alternatives: [
    unpredictable(
      null,
      null,
      stepOf(vpnAndInterconnect, {
        en: `route ${route.name ?? route.destRange ?? ""} names no next hop that is known here`,
        zh: `路由 ${route.name ?? route.destRange ?? ""} 没有已知的下一跳`,
      }),
      assumed("open", "unknown-next-hop", "what this next hop does is not known", "该下一跳的行为未知"),
    ),
  ],
});

type LinkKind = "tunnel" | "attachment" | "hub" | "bgp";

const LINK_TEXT: Readonly<Record<LinkKind, (name: string) => Text>> = {
  tunnel: (name) => ({ en: `VPN tunnel ${name}`, zh: `VPN 隧道 ${name}` }),
  attachment: (name) => ({ en: `VLAN attachment ${name}`, zh: `VLAN 连接 ${name}` }),
  hub: (name) => ({ en: `hub ${name}`, zh: `NCC 中心 ${name}` }),
  bgp: (name) => ({ en: `BGP next hop ${name}`, zh: `BGP 下一跳 ${name}` }),
};

function linkHop(
  name: string,
  resource: string | null,
  context: HopContext,
  kind: LinkKind,
  first: readonly Offer[] = [],
): NextHop {
  const link: Link = {
    name,
    resource,
    text: LINK_TEXT[kind](name),
    keeps: kind === "hub" ? nccSpokes : vpnAndInterconnect,
    offers: [
      ...first,
      ...(context.dynamic ? context.hybridOffers : []),
      ...(context.forced === true ? [internetBeyond(name)] : []),
    ],
    beyond: [beyond(name)],
  };
  return { kind: "link", link };
}

let everythingPublic: readonly Cidr[] | null = null;

function publicDestinations(): readonly Cidr[] {
  const inside = [...RFC1918, ...RFC6598, ...UNIQUE_LOCAL, ...LINK_LOCAL];
  everythingPublic ??= ([4, 6] as const).flatMap((family) =>
    complement(
      family,
      inside.filter((prefix) => familyOfCidr(prefix) === family),
    ),
  );
  return everythingPublic;
}

/**
 * By a route for "everything else" the internet is reached through the far side, where no private source is seen: only if
 * the public destination is the far side's own the source may come as it is.
 */
function internetBeyond(name: string): Offer {
  const step = stepOf(vpnAndInterconnect, {
    en: `what is behind ${name} decides how a public destination is reached`,
    zh: `公网目的地址如何到达由 ${name} 之后的网络决定`,
  });
  return {
    translator: "other",
    resource: null,
    match: { destinations: publicDestinations() },
    step,
    alternatives: [
      {
        identity: KEEPS_SOURCE,
        assumptions: [
          assumed(
            "open",
            `own-public-range:${name}`,
            `the destination is of the site behind ${name}, which sees the source as it comes`,
            `目的地址属于 ${name} 之后的站点，站点看到原样的源地址`,
            askFarSide,
          ),
        ],
        steps: [],
      },
      unpredictable(
        "other",
        null,
        step,
        assumed(
          "open",
          `internet-beyond:${name}`,
          `the far side of ${name} sends it to the internet with an address that this export does not show`,
          `${name} 的对端以本导出中看不到的地址将其送往互联网`,
          askFarSide,
        ),
      ),
    ],
  };
}

/** Past the tunnel this estate does not reach: https://docs.cloud.google.com/vpc/docs/about-traffic-flows */
const beyond = (name: string): Gap => ({
  harmless: assumed(
    "default",
    "nothing-translates-beyond",
    "nothing beyond the private link translates",
    "专用链路之后没有地址转换",
    askFarSide,
  ),
  otherwise: [
    unpredictable(
      "other",
      null,
      stepOf(externalAddressUnusedOnPrivatePath, {
        en: `the far side of ${name} translates the source again`,
        zh: `${name} 的对端再次转换源地址`,
      }),
      assumed(
        "open",
        `translated-beyond:${name}`,
        `the far side of ${name} translates`,
        `${name} 的对端会转换`,
        askFarSide,
      ),
    ),
  ],
});

function throughTunnel(link: string, context: HopContext): Resolved {
  const path = resourcePath(link, {
    project: context.project,
    location: `regions/${context.region ?? "-"}`,
    collection: "vpnTunnels",
  });
  const found = context.facts.exported.vpnTunnels.find((tunnel) => tunnel.path === path);
  const name = nameOf(path);
  // Only Classic VPN takes static routes: https://docs.cloud.google.com/vpc/docs/static-routes
  return {
    hop: linkHop(name, path, context, "tunnel", found === undefined ? [] : selectorOffers(found)),
    usable: context.dynamic ? YES : tunnelUsable(found, path, context),
    preferred: context.dynamic ? 1 : 0,
    category: context.dynamic ? 1 : 0,
    region: regionOf(path),
  };
}

function tunnelUsable(found: Found<RawVpnTunnel> | undefined, path: string, context: HopContext): Usable {
  const status = found?.value.status ?? null;
  const name = nameOf(path);
  if (status === "ESTABLISHED") return YES;
  if (status !== null) {
    const text = { en: `VPN tunnel ${name} is ${status}`, zh: `VPN 隧道 ${name} 的状态为 ${status}` };
    return { kind: "no", rule: tunnelDown, text };
  }
  const ask = askTunnels(projectOf(path) ?? context.project);
  return {
    kind: "unknown",
    rule: tunnelDown,
    up: assumed(
      "default",
      `tunnel-established:${name}`,
      `VPN tunnel ${name} is established`,
      `VPN 隧道 ${name} 已建立`,
      ask,
    ),
    down: assumed("open", `tunnel-down:${name}`, `VPN tunnel ${name} is down`, `VPN 隧道 ${name} 未建立`, ask),
  };
}

/** What lies outside a tunnel's selectors is dropped before it enters. */
function selectorOffers({ value, path, name, origin }: Found<RawVpnTunnel>): readonly Offer[] {
  const read = (texts: readonly string[] | null | undefined): readonly Cidr[] =>
    (texts ?? []).flatMap((text) => parseCidr(text, true) ?? []);
  const step = stepOf(
    vpnSelectors,
    { en: `outside the traffic selectors of ${name}`, zh: `不在 ${name} 的流量选择器范围内` },
    path,
    origin,
  );
  const drop = (match: Offer["match"]): Offer => ({
    translator: "vpn",
    resource: path,
    match,
    step,
    alternatives: [blocked(step)],
  });
  const local = read(value.localTrafficSelector);
  const remote = read(value.remoteTrafficSelector);
  return [
    ...(local.length === 0 ? [] : [drop({ sources: complement(4, local) })]),
    ...(remote.length === 0 ? [] : [drop({ destinations: complement(4, remote) })]),
  ];
}

function throughAttachment(link: string, context: HopContext): Resolved {
  const home = {
    project: context.project,
    location: `regions/${context.region ?? "-"}`,
    collection: "interconnectAttachments",
  };
  const path = resourcePath(link, home);
  const hop = linkHop(nameOf(path), path, context, "attachment");
  return { hop, usable: YES, preferred: 1, category: context.dynamic ? 1 : 0, region: regionOf(path) };
}

export const applianceHop = (name: string, resource: string | null): NextHop => {
  const appliance: Appliance = { id: resource ?? name, name, resource, behaviours: [], egress: null };
  return { kind: "appliance", appliances: [appliance] };
};

function throughLoadBalancer(link: string, context: HopContext): Resolved {
  const rule = findLoadBalancer(link, context);
  const region = regionOf(rule?.value.region) ?? (link.includes("/") ? regionOf(link) : null);
  const rest = { preferred: 1, category: 2, region } as const;
  const hop = applianceHop(nameOf(link), rule?.path ?? null);
  const remote = rule !== undefined && context.region !== null && region !== null && region !== context.region;
  if (!remote || rule.value.allowGlobalAccess === true) return { ...rest, hop, usable: YES };
  const text = {
    en: `load balancer ${rule.name} is in ${region}, without global access from ${context.region}`,
    zh: `负载均衡器 ${rule.name} 位于 ${region}，未开启从 ${context.region} 的全球访问`,
  };
  return { ...rest, hop, usable: { kind: "no", rule: ilbGlobalAccess, text } };
}

/** The value is a URL or an address. */
export function findLoadBalancer(link: string, context: HopContext): Found<RawForwardingRule> | undefined {
  const ip = parseIp(link);
  const path =
    ip === undefined
      ? resourcePath(link, { project: context.project, location: "-", collection: "forwardingRules" })
      : "";
  const fits = ({ value, path: own, project }: Found<RawForwardingRule>): boolean =>
    ip === undefined
      ? own === path
      : (value.IPAddress ?? value.ipAddress) === ip &&
        (!value.network || networkPath(value.network, project) === context.network);
  return context.facts.exported.forwardingRules.find(fits);
}

function throughInstance(link: string, context: HopContext): Resolved {
  const path = resourcePath(link, { project: context.project, location: "-", collection: "instances" });
  const host = context.facts.hostByPath(path);
  const nic = host?.nics.find((one) => one.network === context.network);
  const rest = {
    preferred: context.dynamic ? 1 : 0,
    category: context.dynamic ? 1 : 0,
    region: regionOf(path),
  } as const;
  if (nic !== undefined) return { ...rest, ...throughNic(nic) };
  const hop = applianceHop(nameOf(path), path);
  if (host === undefined) return { ...rest, hop, usable: YES };
  const text = {
    en: `${nameOf(path)} has no interface in this network`,
    zh: `${nameOf(path)} 在该网络中没有网卡`,
  };
  return { ...rest, hop, usable: { kind: "no", rule: nextHopIpMustBePrimary, text } };
}

/** A VM that is stopped or may not forward takes the traffic nowhere. */
function throughNic(nic: Nic): Pick<Resolved, "hop" | "usable"> {
  const { name, path } = nic.instance;
  const hop = applianceHop(name, path);
  if (!nic.running) {
    const text = { en: `next hop VM ${name} is stopped`, zh: `下一跳虚拟机 ${name} 已停止` };
    return { hop, usable: { kind: "no", rule: stoppedNextHop, text } };
  }
  if (nic.forwards) return { hop, usable: YES };
  const text = {
    en: `next hop VM ${name}, which may not forward (canIpForward is off)`,
    zh: `下一跳虚拟机 ${name}，其未允许转发（canIpForward 关闭）`,
  };
  return { hop: { kind: "drop", text, rule: nextHopMustForward }, usable: YES };
}

function throughAddress(text: string, context: HopContext): Resolved {
  const rest = { preferred: context.dynamic ? 1 : 0, category: context.dynamic ? 1 : 0, region: null } as const;
  const ip = parseIp(text);
  if (ip === undefined) return { ...rest, hop: applianceHop(text, null), usable: YES };
  const link = context.dynamic ? linkOfPeer(ip, context) : undefined;
  if (link !== undefined) return link;
  const nic = context.facts.nicByAddress(context.network, ip);
  if (nic !== undefined) return { ...rest, region: nic.region, ...throughNic(nic) };
  return { ...rest, hop: applianceHop(text, null), usable: context.dynamic ? YES : addressUsable(ip, context) };
}

/** Learned routes name the BGP peer's link-local address; the router's configuration tells which link that is. */
function linkOfPeer(ip: Ip, context: HopContext): Resolved | undefined {
  for (const router of context.facts.routers) {
    if (router.network !== context.network) continue;
    const peer = router.found.value.bgpPeers?.find(({ peerIpAddress }) => peerIpAddress === ip);
    const by = router.found.value.interfaces?.find(({ name }) => name !== null && name === peer?.interfaceName);
    const inRouter = { ...context, region: router.region };
    if (by?.linkedVpnTunnel) return throughTunnel(by.linkedVpnTunnel, inRouter);
    if (by?.linkedInterconnectAttachment) return throughAttachment(by.linkedInterconnectAttachment, inRouter);
  }
  if (!inAny(LINK_LOCAL, ip)) return undefined;
  return { hop: linkHop(ip, null, context, "bgp"), usable: YES, preferred: 1, category: 1, region: null };
}

/** An alias address is accepted as next hop and never works; one that nobody has may be in another project. */
function addressUsable(ip: Ip, context: HopContext): Usable {
  const owner = context.facts.nics.find(
    (nic) => nic.network === context.network && nic.aliases.some(({ cidr }) => inAny([cidr], ip)),
  );
  const other = context.facts.nics.find((nic) => nic.primary === ip);
  if (owner !== undefined) {
    const text = {
      en: `${ip} is an alias address of ${owner.instance.name}, not its primary address`,
      zh: `${ip} 是 ${owner.instance.name} 的别名地址，而非主地址`,
    };
    return { kind: "no", rule: nextHopIpMustBePrimary, text };
  }
  const where =
    other === undefined
      ? same("")
      : {
          en: ` (${other.instance.name} has it in another network)`,
          zh: `（${other.instance.name} 在另一网络中拥有该地址）`,
        };
  const project = projectOf(context.network) ?? UNKNOWN_PROJECT;
  return {
    kind: "unknown",
    rule: nextHopIpMustBePrimary,
    up: assumed(
      "open",
      `next-hop-exists:${ip}`,
      `a VM of this network has the address ${ip}`,
      `该网络中有虚拟机拥有地址 ${ip}`,
      askInstances(project),
    ),
    down: assumed(
      "open",
      `next-hop-absent:${ip}`,
      `no interface of this network has ${ip} as its primary address${where.en}`,
      `该网络中没有网卡以 ${ip} 为主地址${where.zh}`,
      askInstances(project),
    ),
  };
}
