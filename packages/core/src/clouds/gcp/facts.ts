import { type Cidr, hostCidr, parseCidr } from "../../address/cidr.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import type { Origin, Problem } from "../../problem.ts";
import { groupBy } from "../group-by.ts";
import { FormedNic } from "./formed-nic.ts";
import {
  fullPath,
  locationOf,
  nameOf,
  projectOf,
  regionOf,
  resourcePath,
  sharedPaths,
  UNKNOWN_PROJECT,
} from "./links.ts";
import type { Export } from "./read/export.ts";
import type { Like } from "./read/formed-item.ts";
import { commonOf, type Found, ownNumber } from "./read/found.ts";
import { noInterfaces, notAnAddress } from "./read/problems.ts";
import type { RawInstance, RawInterface, RawNetwork, RawRoute, RawSubnetwork } from "./read/raw.ts";
import { type Router, routersOf } from "./routers.ts";

/** The export with its links resolved: what refers to what. */
export interface Facts {
  readonly exported: Export;
  readonly problems: Problem[];
  readonly hosts: readonly GcpHost[];
  readonly nics: readonly Nic[];
  readonly networks: ReadonlyMap<string, Found<RawNetwork>>;
  readonly subnets: ReadonlyMap<string, readonly Subnet[]>;
  readonly subnetByPath: ReadonlyMap<string, Subnet>;
  /** Networks with an interface in a subnet that the export lacks, whatever its list of subnets says. */
  readonly lacksSubnets: ReadonlySet<string>;
  readonly routes: ReadonlyMap<string, readonly Found<RawRoute>[]>;
  readonly routers: readonly Router[];
  /** VMs by their paths; made when they are first asked for. */
  readonly hostByPath: (path: string) => GcpHost | undefined;
  /** By network and address; made when it is first asked for. */
  readonly nicByAddress: (network: string, address: Ip) => Nic | undefined;
  /** Literal addresses of address resources, by path. */
  readonly addressByPath: ReadonlyMap<string, Ip>;
}

export interface Subnet {
  readonly path: string;
  readonly name: string;
  readonly network: string;
  readonly region: string;
  readonly primary: readonly Cidr[];
  readonly secondary: readonly { readonly name: string; readonly cidr: Cidr }[];
  readonly v6: readonly Cidr[];
  readonly hybrid: boolean;
  readonly purpose: string;
  readonly privateGoogleAccess: boolean;
  readonly origin: Origin;
}

export interface GcpHost {
  readonly found: Found<RawInstance>;
  readonly nics: readonly [Nic, ...Nic[]];
}

export interface Nic {
  readonly id: string;
  readonly name: string;
  readonly instance: Found<RawInstance>;
  readonly raw: RawInterface;
  readonly network: string;
  readonly subnet: string | null;
  readonly region: string | null;
  readonly primary: Ip | null;
  readonly v6: Ip | null;
  readonly externalV6: Cidr | null;
  readonly aliases: readonly { readonly cidr: Cidr; readonly range: string | null }[];
  /** The platform picks the source among these, nobody can tell which; empty for VMs. */
  readonly pool: readonly Cidr[];
  readonly forwards: boolean;
  readonly running: boolean;
  readonly tags: readonly string[];
  readonly serviceAccounts: readonly string[];
  /** Of many that are alike: stands for all that differ from it in their VM and their address alone. */
  readonly like?: Nic;
}

/** False where neither the interface nor its subnet tells the network. */
export const isNetworkKnown = ({ network }: Nic): boolean =>
  network !== UNKNOWN_PROJECT && !network.endsWith(`/${UNKNOWN_PROJECT}`);

export const networkPath = (link: string | null | undefined, project: string, pathOf = resourcePath): string =>
  pathOf(link ?? UNKNOWN_PROJECT, { project, location: "global", collection: "networks" });

/** What interfaces refer to, each said once however many of them do. */
interface Places {
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly pathOf: typeof resourcePath;
  readonly regionOf: typeof regionOf;
}

function sharedRegions(): typeof regionOf {
  const known = new Map<string, string | null>();
  return (link) => {
    if (!link) return null;
    const before = known.get(link);
    if (before !== undefined) return before;
    const region = regionOf(link);
    known.set(link, region);
    return region;
  };
}

function nicsByAddress(nics: readonly Nic[]): Facts["nicByAddress"] {
  let known: Map<string, Nic> | null = null;
  return (network, address) => {
    if (known === null) {
      known = new Map();
      for (const nic of nics)
        if (nic.primary !== null && isNetworkKnown(nic)) known.set(`${nic.network} ${nic.primary}`, nic);
    }
    return known.get(`${network} ${address}`);
  };
}

function hostsByPath(hosts: readonly GcpHost[]): Facts["hostByPath"] {
  let known: ReadonlyMap<string, GcpHost> | null = null;
  return (path) => {
    known ??= new Map(hosts.map((host) => [host.found.path, host]));
    return known.get(path);
  };
}

export function factsOf(exported: Export, problems: Problem[]): Facts {
  const subnets = exported.subnetworks.map((found) => subnetOf(found, problems));
  const subnetByPath = new Map(subnets.map((subnet) => [subnet.path, subnet]));
  const places: Places = { subnets: subnetByPath, pathOf: sharedPaths(), regionOf: sharedRegions() };
  const hosts: GcpHost[] = [];
  const nics: Nic[] = [];
  const formedHost = formedHosts(places);
  const lacksSubnets = new Set<string>();
  for (const found of exported.instances) {
    const host = formedHost(found) ?? hostOf(found, places, problems);
    if (host === undefined) continue;
    hosts.push(host);
    for (const nic of host.nics) {
      nics.push(nic);
      if (nic.subnet !== null && !subnetByPath.has(nic.subnet)) lacksSubnets.add(nic.network);
    }
  }
  return {
    exported,
    problems,
    hosts,
    nics,
    networks: new Map(exported.networks.map((found) => [found.path, found])),
    subnets: groupBy(subnets, (subnet) => subnet.network),
    subnetByPath,
    lacksSubnets,
    routes: groupBy(exported.routes, networksOf(places)),
    routers: routersOf(exported, problems),
    hostByPath: hostsByPath(hosts),
    nicByAddress: nicsByAddress(nics),
    addressByPath: addressesOf(exported),
  };
}

function subnetOf({ value, path, name, project, origin }: Found<RawSubnetwork>, problems: Problem[]): Subnet {
  const read = (text: string | null | undefined): readonly Cidr[] => {
    if (text === null || text === undefined || text === "") return [];
    const cidr = parseCidr(text, true);
    if (cidr === undefined) problems.push(notAnAddress(`subnet ${name}`, text, origin));
    return cidr === undefined ? [] : [cidr];
  };
  return {
    path,
    name,
    network: networkPath(value.network, project),
    region: regionOf(value.region) ?? regionOf(locationOf(path)) ?? "",
    primary: read(value.ipCidrRange),
    secondary: (value.secondaryIpRanges ?? []).flatMap((range) =>
      read(range.ipCidrRange).map((cidr) => ({ name: range.rangeName ?? "", cidr })),
    ),
    v6: [...new Set([value.ipv6CidrRange, value.internalIpv6Prefix, value.externalIpv6Prefix].flatMap(read))],
    hybrid: value.allowSubnetCidrRoutesOverlap === true,
    purpose: value.purpose ?? "PRIVATE",
    privateGoogleAccess: value.privateIpGoogleAccess === true,
    origin,
  };
}

/** The network of each route, told once of those that are alike. */
function networksOf({ pathOf }: Places): (found: Found<RawRoute>) => string {
  const known: string[] = [];
  return (found) => {
    const { like, project } = found;
    const before = like === undefined ? undefined : known[like.number];
    if (before !== undefined) return before;
    const network = networkPath(commonOf(found).network, project, pathOf);
    if (like !== undefined) known[like.number] = network;
    return network;
  };
}

/** VMs that are alike in all but their names and their private IPv4 addresses are looked at once. */
function formedHosts(places: Places): (found: Found<RawInstance>) => GcpHost | undefined {
  const known: (readonly NicLike[] | null)[] = [];
  return (found) => {
    const { like, document } = found;
    if (like === undefined || document === undefined) return undefined;
    const before = known[like.number];
    const alike = before === undefined ? nicsLike(found, like, places) : before;
    known[like.number] = alike;
    if (alike === null) return undefined;
    const nics: Nic[] = [];
    for (const { nic, address } of alike) {
      const text = address < 0 ? null : document.ownText(address);
      const primary = text === null ? nic.primary : parseIp(text);
      if (primary === undefined || (text !== null && primary !== text)) return undefined;
      nics.push(new FormedNic(nic, found, primary));
    }
    const [first, ...rest] = nics;
    return first === undefined ? undefined : { found, nics: [first, ...rest] };
  };
}

interface NicLike {
  readonly nic: Nic;
  /** The number of its own address; -1: it has none. */
  readonly address: number;
}

/** Null: something else is their own, or amiss. */
function nicsLike(found: Found<RawInstance>, like: Like<RawInstance>, places: Places): readonly NicLike[] | null {
  const problems: Problem[] = [];
  const { path, project, name, origin, updateTime } = found;
  const host = hostOf({ value: like.value, path, project, name, origin, updateTime }, places, problems);
  if (host === undefined || problems.length > 0) return null;
  const nics = host.nics.map((nic, index) => ({
    nic,
    address: ownNumber(like.form, "networkInterfaces", index, "networkIP"),
  }));
  const told = nics.filter(({ address }) => address >= 0).length;
  const others = TOLD_APART.filter((member) => ownNumber(like.form, member) >= 0).length;
  return told + others === like.form.own.length ? nics : null;
}

/** What of a VM no interface of it rests on. */
const TOLD_APART = ["name", "creationTimestamp"];

function hostOf(found: Found<RawInstance>, places: Places, problems: Problem[]): GcpHost | undefined {
  const nics = (found.value.networkInterfaces ?? []).map((raw, index) => nicOf(found, raw, index, places, problems));
  const [first, ...rest] = nics;
  if (first !== undefined && found.path !== "") return { found, nics: [first, ...rest] };
  problems.push(noInterfaces(found.name, found.origin));
  return undefined;
}

function nicOf(
  instance: Found<RawInstance>,
  raw: RawInterface,
  index: number,
  { subnets, pathOf, regionOf: regionAt }: Places,
  problems: Problem[],
): Nic {
  const { value, project, path, origin } = instance;
  const name = raw.name ?? `nic${index}`;
  const zoneRegion = regionAt(value.zone) ?? regionOf(locationOf(path));
  const subnet =
    raw.subnetwork === null || raw.subnetwork === undefined || raw.subnetwork === ""
      ? null
      : pathOf(raw.subnetwork, { project, location: `regions/${zoneRegion ?? "-"}`, collection: "subnetworks" });
  const known = subnet === null ? undefined : subnets.get(subnet);
  const readIp = (text: string | null | undefined): Ip | null => {
    if (text === null || text === undefined || text === "") return null;
    const ip = parseIp(text) ?? parseIp(text.replace(/\/\d+$/, ""));
    if (ip === undefined) problems.push(notAnAddress(`${instance.name}/${name}`, text, origin));
    return ip ?? null;
  };
  return {
    id: `${path}/networkInterfaces/${name}`,
    name,
    instance,
    raw,
    network:
      raw.network || known === undefined
        ? networkPath(raw.network, networkProject(subnet ?? fullPath(raw.networkAttachment ?? ""), project), pathOf)
        : known.network,
    subnet,
    region: known?.region || (subnet === null ? zoneRegion : regionOf(locationOf(subnet))),
    primary: readIp(raw.networkIP),
    v6: readIp(raw.ipv6Address),
    externalV6: externalPrefix(raw),
    aliases: (raw.aliasIpRanges ?? NONE).flatMap(({ ipCidrRange, subnetworkRangeName }) => {
      const cidr = parseCidr(ipCidrRange ?? "", true);
      if (cidr === undefined) problems.push(notAnAddress(`${instance.name}/${name}`, ipCidrRange ?? "", origin));
      return cidr === undefined ? [] : [{ cidr, range: subnetworkRangeName ?? null }];
    }),
    pool: NONE,
    forwards: value.canIpForward === true,
    running: !STOPPED.has(value.status ?? ""),
    tags: value.tags?.items ?? NONE,
    serviceAccounts: value.serviceAccounts?.flatMap(({ email }) => (email ? [email] : [])) ?? NONE,
  };
}

const NONE: readonly never[] = [];

const STOPPED: ReadonlySet<string> = new Set(["STOPPING", "SUSPENDING", "SUSPENDED", "TERMINATED"]);

/** A bare network name with a full subnet link means the subnet's project: with Shared VPC not the VM's own. */
const networkProject = (subnet: string | undefined, project: string): string =>
  (subnet === undefined ? undefined : projectOf(subnet)) ?? project;

function externalPrefix(raw: RawInterface): Cidr | null {
  for (const { externalIpv6, externalIpv6PrefixLength } of raw.ipv6AccessConfigs ?? NONE) {
    const ip = parseIp((externalIpv6 ?? "").replace(/\/\d+$/, ""));
    if (ip === undefined) continue;
    // The API gives 96 for VMs: https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto
    return parseCidr(`${ip}/${externalIpv6PrefixLength ?? 96}`, true) ?? hostCidr(ip);
  }
  return null;
}

function addressesOf(exported: Export): ReadonlyMap<string, Ip> {
  const addresses = new Map<string, Ip>();
  for (const { path, value } of exported.addresses) {
    const ip = parseIp(value.address ?? "");
    if (ip !== undefined && path !== "") addresses.set(path, ip);
  }
  return addresses;
}

/** Primary ranges and secondary ones. */
export const ipv4RangesOf = (subnet: Subnet): readonly Cidr[] => [
  ...subnet.primary,
  ...subnet.secondary.map(({ cidr }) => cidr),
];

export const zoneOf = (path: string): string | undefined => {
  const location = locationOf(path);
  return location?.startsWith("zones/") ? nameOf(location) : undefined;
};
