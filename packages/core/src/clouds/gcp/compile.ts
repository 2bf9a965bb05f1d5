import { addressOf, type Cidr, cidrs, hostCidr, isHost, LINK_LOCAL, LOOPBACK, lengthOf } from "../../address/cidr.ts";
import {
  type Egress,
  type Filter,
  type Gap,
  type Internet,
  KEEPS_SOURCE,
  type Route,
  type RouteStage,
  type RouteTable,
} from "../../model/egress.ts";
import {
  EMPTY_ESTATE,
  type Estate,
  type Group,
  type Host,
  type Interface,
  type InterfaceAddress,
  madeAt,
} from "../../model/estate.ts";
import type { Rule } from "../../model/rule.ts";
import type { Problem, Read, Text } from "../../problem.ts";
import type { ConfigDocument } from "../document.ts";
import { assumed, stepOf } from "./alternatives.ts";
import { type CustomRoutes, customRoutesFor, customStage } from "./custom-routes.ts";
import { type ReservedAddresses, reservedAddresses } from "./external-address.ts";
import { type Facts, factsOf, type GcpHost, isNetworkKnown, type Nic } from "./facts.ts";
import { firewallsOf } from "./firewall.ts";
import { nodeMasquerade } from "./gke-node.ts";
import { internetsOf } from "./internet.ts";
import { nameOf } from "./links.ts";
import { policyRoutesOf, policyStage } from "./policy-routes.ts";
import { privateNatOffers } from "./private-nat.ts";
import { readExport } from "./read/export.ts";
import { unreadPolicies } from "./read/problems.ts";
import { equalRoutesShare, specialPathsFirst } from "./rules/routing.ts";
import { defaultRouteOnNic0, linkLocalStays, metadataServerIpv6, sourceMustBeOwn, unicastOnly } from "./rules/vm.ts";
import { subnetStage } from "./subnet-routes.ts";
import { unseenNetworkStage } from "./unseen-network.ts";

/** What is not a plain VM, and what that changes for VMs; read by code that is loaded only when such a document was given. */
export interface Extension {
  /** How packets leave an interface, given how its VM alone would send them. */
  egressOf(nic: Nic, alone: Egress): Egress;
  /** Other senders than VMs, and what stands for several. */
  senders(egressOf: (nic: Nic) => Egress): Estate;
}

export type Extend = (facts: Facts) => Extension;

const VMS_ALONE: Extension = { egressOf: throughNode, senders: () => EMPTY_ESTATE };

/**
 * An export of Google Cloud as an estate. What could not be read becomes a problem; what refers to it becomes unknown.
 *
 * @param damagedFiles files that were cut short: what they list is never taken as complete
 */
export function compileGcp(
  documents: readonly ConfigDocument[],
  damagedFiles: ReadonlySet<string> = new Set(),
  extend: Extend | null = null,
): Read<Estate> {
  const exported = readExport(documents, damagedFiles);
  const problems: Problem[] = [...exported.problems];
  for (const origin of exported.value.policies) problems.push(unreadPolicies(origin));
  const facts = factsOf(exported.value, problems);
  const extension = extend?.(facts) ?? VMS_ALONE;
  const parts: EgressParts = {
    filters: firewallsOf(facts),
    routes: routeTablesOf(facts),
    internet: internetsOf(facts),
    reserved: reservedAddresses(facts),
    connected: connectedOf(facts),
  };
  const alone = sharedEgress(parts, exported.value.natMappings.length === 0);
  const compiled = (nic: Nic): Egress => extension.egressOf(nic, alone(nic));
  const known = new Map<Nic, Egress>();
  // Of a VM alone nobody asks twice.
  const egressOf = extend === null ? compiled : (nic: Nic) => remember(known, nic, () => compiled(nic));
  const hosts = facts.hosts.map((host) => hostOf(host, parts, egressOf));
  const others = extension.senders(egressOf);
  return {
    value: { hosts: [...hosts, ...others.hosts], groups: [...groupsOf(facts), ...others.groups] },
    problems,
  };
}

interface EgressParts {
  readonly filters: (nic: Nic) => readonly Filter[];
  readonly routes: (nic: Nic) => RouteTable;
  readonly internet: (nic: Nic) => Internet;
  readonly reserved: ReservedAddresses;
  readonly connected: (nic: Nic) => readonly Cidr[];
}

function hostOf({ found, nics }: GcpHost, parts: EgressParts, egressOf: (nic: Nic) => Egress): Host {
  const [first, ...rest] = nics;
  const usual = nics.find(({ name }) => name === "nic0") ?? first;
  return {
    id: found.path,
    name: found.name,
    interfaces: [
      interfaceOf(first, parts, egressOf(first)),
      ...rest.map((nic) => interfaceOf(nic, parts, egressOf(nic))),
    ],
    defaultInterface: { interface: usual.id, rule: defaultRouteOnNic0 },
    origin: found.origin,
    ...madeAt(found.value.creationTimestamp),
  };
}

const FORWARDS = { allowed: true, rule: sourceMustBeOwn } as const;
const FORWARDS_NOT = { allowed: false, rule: sourceMustBeOwn } as const;

function interfaceOf(nic: Nic, parts: EgressParts, egress: Egress): Interface {
  return {
    id: nic.id,
    name: nic.name,
    resource: nic.id,
    network: nic.network,
    mac: null,
    addresses: addressesOf(nic, parts.reserved),
    connected: parts.connected(nic),
    foreignSources: nic.forwards ? FORWARDS : FORWARDS_NOT,
    egress,
    origin: nic.instance.origin,
  };
}

const egressAlone = (nic: Nic, parts: EgressParts): Egress => ({
  filters: parts.filters(nic),
  routes: parts.routes(nic),
  internet: parts.internet(nic),
});

/**
 * Interfaces that differ in nothing but their one private address share an egress, so that whatever reads it does it once
 * for all of them.
 *
 * @param isByPlace nothing is known of single interfaces beside what they say themselves
 */
function sharedEgress(parts: EgressParts, isByPlace: boolean): (nic: Nic) => Egress {
  const byNetwork = new Map<string, Map<string | null, Map<string, Egress | null>>>();
  return (nic) => {
    if (!isByPlace || !isPlain(nic)) return egressAlone(nic, parts);
    const { network, region, subnet, tags, serviceAccounts } = nic;
    const bySubnet = remember(byNetwork, network, () => new Map<string | null, Map<string, Egress | null>>());
    const alike = remember(bySubnet, subnet, () => new Map<string, Egress | null>());
    const key = `${region}|${tags.join()}|${serviceAccounts.join()}`;
    const known = alike.get(key);
    if (known !== undefined && known !== null) return known;
    const egress = egressAlone(nic, parts);
    if (known === undefined) alike.set(key, asksForAddress(egress) ? null : egress);
    return egress;
  };
}

/** One private IPv4 address, and nothing that anybody could tell it by. */
const isPlain = (nic: Nic): boolean =>
  nic.primary !== null &&
  nic.v6 === null &&
  nic.externalV6 === null &&
  nic.aliases.length === 0 &&
  nic.pool.length === 0 &&
  (nic.raw.accessConfigs ?? []).length === 0 &&
  !nic.forwards &&
  isNetworkKnown(nic);

/** Offers are made for the sources of one interface where they are not for every source. */
const asksForAddress = ({ internet }: Egress): boolean =>
  internet.offers.some(({ match: { sources } }) => sources?.some((cidr) => lengthOf(cidr) > 0) === true);

/** The ranges of an interface's subnet. */
function connectedOf(facts: Facts): EgressParts["connected"] {
  const known = new Map<string, readonly Cidr[]>();
  for (const { path, primary, v6 } of facts.subnetByPath.values()) known.set(path, [...primary, ...v6]);
  return ({ subnet }) => (subnet === null ? NOWHERE : (known.get(subnet) ?? NOWHERE));
}

const NOWHERE: readonly Cidr[] = [];

/** Pods are rewritten by their node before the network sees them. */
export function throughNode(nic: Nic, egress: Egress): Egress {
  const masquerade = nodeMasquerade(nic, egress);
  return masquerade === null ? egress : withStage(nic, egress, masquerade);
}

/** The stage comes before everything the network decides; what never leaves a host stays before it. */
export function withStage({ id: nic }: Nic, egress: Egress, stage: RouteStage): Egress {
  const { id, none, stages } = egress.routes;
  const [notRoutable = NOT_ROUTABLE, ...others] = stages;
  return { ...egress, routes: { id: `${id}|${nic}`, none, stages: [notRoutable, stage, ...others] } };
}

function addressesOf(nic: Nic, reserved: ReservedAddresses): readonly InterfaceAddress[] {
  const addresses: InterfaceAddress[] = [];
  if (nic.primary !== null) {
    const stability = reserved.isReservedInside(nic.primary) ? "static" : "ephemeral";
    addresses.push({ cidr: hostCidr(nic.primary), role: "primary", stability });
  }
  if (nic.v6 !== null) addresses.push({ cidr: hostCidr(nic.v6), role: "primary" });
  if (nic.externalV6 !== null) {
    addresses.push({
      cidr: hostCidr(addressOf(nic.externalV6)),
      role: nic.v6 === null ? "primary" : "secondary",
    });
    if (!isHost(nic.externalV6)) addresses.push({ cidr: nic.externalV6, role: "range" });
  }
  // Used only by programs that the guest was set up for: https://docs.cloud.google.com/vpc/docs/alias-ip
  for (const { cidr } of nic.aliases) addresses.push({ cidr, role: isHost(cidr) ? "secondary" : "range" });
  return addresses;
}

/** Interfaces of one network and region whose tags select the same routes share one table. */
function routeTablesOf(facts: Facts): (nic: Nic) => RouteTable {
  const policies = policyRoutesOf(facts);
  const subnetStages = new Map<string, RouteStage>();
  const customs = new Map<string, CustomRoutes>();
  const tables = new Map<string, RouteTable>();
  const byTags = new Map<string, RouteTable>();
  const tableFor = (place: string, { network, region, tags }: Nic): RouteTable => {
    const custom = remember(customs, place, () =>
      customRoutesFor(facts, {
        network,
        region,
        hybridOffers: privateNatOffers(facts, network, region, { kind: "hybrid" }),
      }),
    );
    const has = (wanted: readonly string[]): boolean => wanted.some((tag) => tags.includes(tag));
    const policy = policies.flatMap((one, index) =>
      one.network === network && (one.tags.length === 0 || has(one.tags)) ? [index] : [],
    );
    const tagged = custom.tagged.flatMap((one, index) => (has(one.tags) ? [index] : []));
    const id = `${place}|${policy.join()}|${tagged.join()}`;
    return remember(tables, id, () => {
      const subnets = remember(subnetStages, place, () =>
        subnetStage(facts, network, (hub) => privateNatOffers(facts, network, region, { kind: "hub", hub })),
      );
      const policyRoutes = policy.flatMap((index) => policies[index]?.route ?? []);
      const taggedRoutes = tagged.flatMap((index) => custom.tagged[index]?.route ?? []);
      return tableOf(id, network, [
        NOT_ROUTABLE,
        policyStage(
          facts,
          network,
          policyRoutes,
          custom.unexported === null || custom.everyone.length > 0 || facts.subnets.has(network),
        ),
        subnets,
        customStage(taggedRoutes.length === 0 ? custom.everyone : [...custom.everyone, ...taggedRoutes], custom.gaps),
        ...(custom.unexported === null ? [] : [custom.unexported]),
      ]);
    });
  };
  return (nic) => {
    if (!isNetworkKnown(nic)) return tableOf(`${nic.id}|unseen`, nic.network, [NOT_ROUTABLE, unseenNetworkStage(nic)]);
    const place = `${nic.network}|${nic.region ?? ""}`;
    return remember(byTags, `${place}|${nic.tags.join()}`, () => tableFor(place, nic));
  };
}

function remember<K, T>(known: Map<K, T>, key: K, make: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

const tableOf = (id: string, network: string, stages: readonly RouteStage[]): RouteTable => ({
  id,
  stages,
  none: stepOf(
    equalRoutesShare,
    { en: `network ${nameOf(network)} has no route for it`, zh: `网络 ${nameOf(network)} 没有对应的路由` },
    network,
  ),
});

const nowhere = (prefixes: readonly Cidr[], rule: Rule, text: Text): readonly Route[] =>
  prefixes.map((prefix) => ({
    prefix,
    hop: { kind: "drop", text, rule },
    preference: [],
    usable: { kind: "yes" },
    name: "not routable",
    resource: null,
    rule,
    origin: null,
  }));

/** Queries that Cloud DNS forwards come from here; the replies have a path of their own: https://docs.cloud.google.com/vpc/docs/routes */
const CLOUD_DNS: Gap = {
  destinations: cidrs("35.199.192.0/19"),
  harmless: assumed(
    "open",
    "not-a-reply-to-cloud-dns",
    "the flow is no reply to a query that Cloud DNS forwarded",
    "该流量不是对 Cloud DNS 转发查询的回复",
  ),
  otherwise: [
    {
      identity: KEEPS_SOURCE,
      assumptions: [
        assumed(
          "open",
          "reply-to-cloud-dns",
          "the flow is a reply to a query that Cloud DNS forwarded",
          "该流量是对 Cloud DNS 转发查询的回复",
        ),
      ],
      steps: [
        stepOf(specialPathsFirst, {
          en: "35.199.192.0/19 is Cloud DNS, which is reached by a path of its own",
          zh: "35.199.192.0/19 是 Cloud DNS，经专用路径到达",
        }),
      ],
    },
  ],
};

const NOT_ROUTABLE: RouteStage = {
  kind: "longest-prefix",
  routes: [
    // https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto (NON_ROUTABLE_IP_ADDRESS)
    ...nowhere([...LINK_LOCAL, ...LOOPBACK], linkLocalStays, {
      en: "nowhere: link-local and loopback addresses stay on the host",
      zh: "无：链路本地和环回地址不离开主机",
    }),
    // https://docs.cloud.google.com/vpc/docs/vpc
    ...nowhere(cidrs("224.0.0.0/4", "ff00::/8", "255.255.255.255/32", "0.0.0.0/8"), unicastOnly, {
      en: "nowhere: a VPC network carries no multicast, broadcast or 0.0.0.0/8",
      zh: "无：VPC 网络不承载组播、广播和 0.0.0.0/8",
    }),
    // https://docs.cloud.google.com/compute/docs/metadata/querying-metadata
    ...nowhere(cidrs("fd20:ce::254/128"), metadataServerIpv6, {
      en: "nowhere: the metadata server answers on the host",
      zh: "无：元数据服务器在主机上应答",
    }),
  ],
  orders: [[]],
  ties: { kind: "together", rule: linkLocalStays },
  gaps: [CLOUD_DNS],
};

/** Subnets, and the instance groups that made the VMs. */
function groupsOf(facts: Facts): readonly Group[] {
  const groups = new Map<string, { readonly kind: string; readonly members: string[] }>();
  const add = (id: string, kind: string, member: string): void => {
    remember(groups, id, () => ({ kind, members: [] as string[] })).members.push(member);
  };
  for (const nic of facts.nics) if (nic.subnet !== null) add(nic.subnet, "subnet", nic.id);
  for (const { found, nics } of facts.hosts) {
    const manager = found.value.metadata;
    if (manager?.includes("/instanceGroupManagers/"))
      for (const nic of nics.slice(0, 1)) add(manager, "instance-group", nic.id);
  }
  return [...groups].map(([id, { kind, members }]) => ({ id, name: nameOf(id), kind, members }));
}
