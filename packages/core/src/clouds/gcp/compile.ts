import { type Cidr, cidrs, LINK_LOCAL, LOOPBACK, lengthOf } from "../../address/cidr.ts";
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
import { EMPTY_ESTATE, type Estate, type Group } from "../../model/estate.ts";
import type { Rule } from "../../model/rule.ts";
import type { Problem, Read, Text } from "../../problem.ts";
import type { ConfigDocument } from "../document.ts";
import { assumed, stepOf } from "./alternatives.ts";
import { type CustomRoutes, customRoutesFor, customStage } from "./custom-routes.ts";
import { type Facts, factsOf, isNetworkKnown, type Nic } from "./facts.ts";
import { firewallsOf } from "./firewall.ts";
import { nodeMasquerade } from "./gke-node.ts";
import { hostsOf } from "./hosts.ts";
import { internetsOf } from "./internet.ts";
import { nameOf } from "./links.ts";
import { policyRoutesOf, policyStage } from "./policy-routes.ts";
import { privateNatOffers } from "./private-nat.ts";
import { readExport } from "./read/export.ts";
import { commonOf } from "./read/found.ts";
import { unreadEndpoints, unreadPolicies } from "./read/problems.ts";
import { equalRoutesShare, specialPathsFirst } from "./rules/routing.ts";
import { linkLocalStays, metadataServerIpv6, unicastOnly } from "./rules/vm.ts";
import { type Endpoints, subnetStage } from "./subnet-routes.ts";
import { unseenNetworkStage } from "./unseen-network.ts";

/** What is not a plain VM, and what that changes for VMs; read by code that is loaded only when such a document was given. */
export interface Extension {
  /** How packets leave an interface, given how its VM alone would send them. */
  egressOf(nic: Nic, alone: Egress): Egress;
  /** Other senders than VMs, and what stands for several. */
  senders(egressOf: (nic: Nic) => Egress): Estate;
  /** Single addresses inside a network that forwarding rules show, seen from a region. */
  endpoints(network: string, region: string | null): readonly Route[];
  /** The same of a peered network. */
  endpointsOfPeer(peer: string): readonly Route[];
}

export type Extend = (facts: Facts) => Extension;

const VMS_ALONE: Extension = {
  egressOf: throughNode,
  senders: () => EMPTY_ESTATE,
  endpoints: () => [],
  endpointsOfPeer: () => [],
};

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
  const [endpoint] = exported.value.forwardingRules;
  if (extend === null && endpoint !== undefined) problems.push(unreadEndpoints(endpoint.origin));
  const extension = extend?.(facts) ?? VMS_ALONE;
  const parts: EgressParts = {
    filters: firewallsOf(facts),
    routes: routeTablesOf(facts, extension),
    internet: internetsOf(facts),
  };
  const alone = sharedEgress(parts, exported.value.natMappings.length === 0);
  const compiled = (nic: Nic): Egress => extension.egressOf(nic, alone(nic));
  const known = new Map<Nic, Egress>();
  // Of a VM alone nobody asks twice.
  const egressOf = extend === null ? compiled : (nic: Nic) => remember(known, nic, () => compiled(nic));
  const hosts = hostsOf(facts, egressOf);
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
  const likes = new Map<Nic, Egress>();
  return (nic) => {
    const alike = nic.like === undefined ? undefined : likes.get(nic.like);
    if (alike !== undefined) return alike;
    if (!isByPlace || !isPlain(nic)) return egressAlone(nic, parts);
    const { network, region, subnet, tags, serviceAccounts } = nic;
    const bySubnet = remember(byNetwork, network, () => new Map<string | null, Map<string, Egress | null>>());
    const inSubnet = remember(bySubnet, subnet, () => new Map<string, Egress | null>());
    const key = `${region}|${tags.join()}|${serviceAccounts.join()}`;
    const known = inSubnet.get(key);
    const egress = known ?? egressAlone(nic, parts);
    const isShared = known === undefined ? !asksForAddress(egress) : known !== null;
    if (known === undefined) inSubnet.set(key, isShared ? egress : null);
    if (isShared && nic.like !== undefined) likes.set(nic.like, egress);
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

/** Interfaces of one network and region whose tags select the same routes share one table. */
function routeTablesOf(facts: Facts, endpoints: Endpoints): (nic: Nic) => RouteTable {
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
        subnetStage(facts, { network, region }, endpoints, (hub) =>
          privateNatOffers(facts, network, region, { kind: "hub", hub }),
        ),
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
  // Of those that are alike no names are made that hardly anybody asks for.
  const groups = new Map<string, { readonly kind: string; readonly nics: (Nic | string)[] }>();
  const add = (id: string, kind: string, nic: Nic): void => {
    const { nics } = remember(groups, id, () => ({ kind, nics: [] as (Nic | string)[] }));
    nics.push(nic.like === undefined ? nic.id : nic);
  };
  for (const nic of facts.nics) if (nic.subnet !== null) add(nic.subnet, "subnet", nic);
  for (const { found, nics } of facts.hosts) {
    const manager = commonOf(found).metadata;
    if (manager?.includes("/instanceGroupManagers/")) add(manager, "instance-group", nics[0]);
  }
  return [...groups].map(([id, { kind, nics }]) => ({
    id,
    name: nameOf(id),
    kind,
    get members() {
      return nics.map((nic) => (typeof nic === "string" ? nic : nic.id));
    },
  }));
}
