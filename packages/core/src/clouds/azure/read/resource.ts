import type { Cidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { PortRange, Protocol } from "../../../model/flow.ts";
import type { Stability } from "../../../model/identity.ts";
import type { Origin } from "../../../problem.ts";
import type { Key } from "./resource-id.ts";

/** What every resource has. `id` is as written, `key` the same in lower case. References between resources are keys' ids. */
export interface Resource {
  readonly id: string;
  readonly key: Key;
  readonly name: string;
  readonly origin: Origin;
}

/** A reference to another resource: its id as written, or null when the export says there is none. */
export type Ref = string | null;

/** true, false, or null where the export says neither; the three are never mixed. */
export type Flag = boolean | null;

export type Sku = "basic" | "standard" | "standardv2" | "gateway" | "other" | null;

export interface VirtualMachine extends Resource {
  readonly nics: readonly { readonly id: string; readonly primary: Flag }[];
  readonly availabilitySet: Ref;
  readonly scaleSet: Ref;
  readonly timeCreated: string | null;
}

export interface ScaleSet extends Resource {
  readonly location: string | null;
  readonly flexible: Flag;
  /** The node pool of a cluster that it stands for; null: of none. */
  readonly agentPool: string | null;
  /** The NICs that every instance gets; their configurations have no address yet. */
  readonly profile: readonly NicProfile[];
}

export interface NicProfile {
  readonly name: string;
  readonly primary: Flag;
  readonly securityGroup: Ref;
  readonly configurations: readonly {
    readonly name: string;
    readonly primary: boolean;
    readonly v6: boolean;
    readonly subnet: Ref;
    /** Every instance gets a public IP of its own. */
    readonly ownPublicIp: boolean;
    readonly pools: readonly string[];
  }[];
}

export interface Nic extends Resource {
  readonly location: string | null;
  readonly primary: Flag;
  readonly mac: string | null;
  readonly ipForwarding: Flag;
  /** Whether a default outbound address is allocated to it. */
  readonly defaultOutbound: Flag;
  readonly allowPort25Out: Flag;
  readonly virtualMachine: Ref;
  readonly privateEndpoint: Ref;
  readonly securityGroup: Ref;
  readonly configurations: readonly IpConfiguration[];
}

export interface IpConfiguration {
  readonly key: Key;
  readonly name: string;
  readonly primary: boolean;
  readonly cidr: Cidr;
  readonly stability: Stability | null;
  readonly subnet: Ref;
  readonly publicIp: Ref;
  readonly pools: readonly string[];
  readonly inboundNatRules: readonly string[];
  readonly gatewayLoadBalancer: Ref;
  /** Keys of the application security groups that it is in. */
  readonly applicationGroups: readonly Key[];
}

export interface SecurityGroup extends Resource {
  readonly location: string | null;
  /** Outbound only; null: what was exported of the group does not show them. */
  readonly rules: readonly SecurityRule[] | null;
}

export interface SecurityRule {
  readonly name: string;
  /** The lowest first. */
  readonly priority: number;
  readonly access: "allow" | "deny";
  /** null: only protocols that no flow here has. */
  readonly protocols: readonly Protocol[] | "any" | null;
  readonly ports: readonly PortRange[] | "any";
  readonly anySourcePort: boolean;
  /** Prefixes, service tags, `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Keys of application security groups. */
  readonly sourceGroups: readonly Key[];
  readonly destinationGroups: readonly Key[];
}

/** A security admin rule of Virtual Network Manager. */
export interface AdminRule extends Resource {
  readonly outbound: boolean;
  /** `allow`: security groups have their say; `always-allow`: they do not. */
  readonly access: "allow" | "always-allow" | "deny";
  readonly priority: number;
  readonly protocols: readonly Protocol[] | "any";
  readonly ports: readonly PortRange[] | "any";
  /** `any` also where a service tag or a network group is named. */
  readonly destinations: readonly Cidr[] | "any";
}

export interface VirtualNetwork extends Resource {
  readonly location: string | null;
  readonly prefixes: readonly Cidr[];
  readonly defaultNatGateway: Ref;
  /** False: the export says nothing of its peerings. */
  readonly listsPeerings: boolean;
}

export interface Subnet extends Resource {
  readonly network: Key;
  readonly prefixes: readonly Cidr[];
  readonly natGateway: Ref;
  /** Ids of the virtual network gateways that have a configuration in it. */
  readonly gateways: readonly string[];
  readonly routeTable: Ref;
  readonly securityGroup: Ref;
  readonly defaultOutboundAccess: Flag;
  readonly serviceEndpoints: readonly { readonly service: string; readonly locations: readonly string[] }[];
  readonly delegated: boolean;
  /** A route table may override private endpoints in this subnet. */
  readonly endpointsFollowRoutes: boolean;
}

export interface Peering extends Resource {
  readonly network: Key;
  readonly remote: Ref;
  readonly remotePrefixes: readonly Cidr[];
  /** Set where only some subnets are peered. Local names are in lower case; null: the export does not tell them. */
  readonly bySubnet: { readonly localSubnets: readonly string[] | null; readonly remoteKnown: boolean } | null;
  readonly connected: boolean;
  readonly usesRemoteGateway: boolean;
}

export interface PublicIp extends Resource {
  readonly sku: Sku;
  readonly address: Ip | null;
  readonly stability: Stability;
}

export interface PublicIpPrefix extends Resource {
  readonly prefix: Cidr | null;
}

export interface NatGateway extends Resource {
  readonly sku: Sku;
  readonly publicIps: readonly string[];
  readonly prefixes: readonly string[];
  readonly publicIpsV6: readonly string[];
  readonly prefixesV6: readonly string[];
  readonly subnets: readonly Key[];
  readonly wholeNetwork: Ref;
}

export interface LoadBalancer extends Resource {
  readonly sku: Sku;
  readonly global: boolean;
}

export interface Frontend extends Resource {
  readonly privateAddress: Ip | null;
  readonly subnet: Ref;
  readonly publicIp: Ref;
  readonly prefix: Ref;
  readonly gatewayLoadBalancer: Ref;
}

export interface Pool extends Resource {
  readonly members: readonly Key[];
  /** Members named by address alone; their network where the entry or the pool names one. */
  readonly byAddress: readonly { readonly address: Ip; readonly network: Key | null }[];
}

export interface LoadBalancingRule extends Resource {
  readonly frontend: Ref;
  readonly pools: readonly Key[];
  readonly protocols: readonly Protocol[];
  readonly snat: boolean;
}

export interface OutboundRule extends Resource {
  readonly frontends: readonly string[];
  readonly pool: Key | null;
  readonly protocols: readonly Protocol[];
}

export interface RouteTableResource extends Resource {
  readonly propagates: boolean;
}

export interface UserRoute extends Resource {
  /** A prefix, or else a service tag. */
  readonly prefix: Cidr | null;
  readonly tag: string | null;
  /** Lower case. */
  readonly hopType: string;
  readonly hopAddresses: readonly Ip[];
}

export interface Firewall extends Resource {
  readonly privateAddresses: readonly Ip[];
  readonly subnet: Ref;
  readonly publicIps: readonly string[];
  /** The virtual hub it stands in; null: it stands in a subnet. */
  readonly hub: Ref;
  readonly hubAddresses: readonly Ip[];
  readonly forced: boolean;
  readonly policy: Ref;
  /** Its own setting, which counts only without a policy; null: none. */
  readonly ranges: readonly string[] | null;
  /** Its own rules, which count only without a policy; null: not shown. */
  readonly rules: FirewallRules | null;
}

export interface FirewallPolicy extends Resource {
  readonly base: Ref;
  readonly ranges: readonly string[] | null;
  readonly learnsRanges: boolean;
  /** null: not shown. */
  readonly groups: readonly Key[] | null;
}

export interface RuleCollectionGroup extends Resource {
  /** null: not shown. */
  readonly rules: FirewallRules | null;
}

export interface FirewallRules {
  readonly network: readonly NetworkRule[];
  /** Ports of application rules; null stands for a rule whose ports are not known. */
  readonly applicationPorts: readonly (number | null)[];
}

export interface NetworkRule {
  readonly allows: boolean;
  /** False: it names groups, tags or host names, which the export does not resolve. */
  readonly literal: boolean;
  readonly protocols: readonly Protocol[];
  readonly sources: readonly Cidr[];
  readonly destinations: readonly Cidr[];
  readonly ports: readonly { readonly first: number; readonly last: number }[];
}

export interface Gateway extends Resource {
  readonly expressRoute: boolean;
  /** The local network gateway that takes all internet traffic. */
  readonly defaultSite: Ref;
  readonly networks: readonly Key[];
  readonly clientPrefixes: readonly Cidr[];
}

export interface GatewayNatRule extends Resource {
  readonly egress: boolean;
  readonly dynamic: boolean;
  readonly internal: readonly Cidr[];
  readonly external: readonly Cidr[];
  /** Maps ports as well: then an address is not computed by offset. */
  readonly ports: boolean;
}

export interface Connection extends Resource {
  readonly bgp: boolean;
  readonly gateway: Ref;
  readonly otherGateway: Ref;
  readonly localGateway: Ref;
  readonly egressNatRules: readonly string[];
  readonly ingressNatRules: readonly string[];
}

export interface LocalGateway extends Resource {
  readonly prefixes: readonly Cidr[];
}

export interface PrivateEndpoint extends Resource {
  readonly subnet: Ref;
  /** The private link services among what it connects to, by id; services of the platform are not listed. */
  readonly linkServices: readonly string[];
  /** The states of its connections that are not approved. */
  readonly refusals: readonly string[];
  readonly nics: readonly Key[];
  readonly addresses: readonly Ip[];
}

export interface PrivateLinkService extends Resource {
  /** One for each NAT configuration; null: it had no address when it was exported. */
  readonly natAddresses: readonly (Ip | null)[];
  readonly stability: Stability;
}

export interface ServiceTags extends Resource {
  readonly tags: readonly ServiceTag[];
}

export interface ServiceTag {
  /** Lower case, `storage.westeurope`. */
  readonly name: string;
  readonly prefixes: readonly Cidr[];
}

export interface Subscription extends Resource {
  readonly quota: string | null;
}

export interface EffectiveRoute {
  readonly name: string | null;
  readonly prefixes: readonly Cidr[];
  /** Lower case. */
  readonly hopType: string;
  readonly hopAddresses: readonly Ip[];
  /** Lower case. */
  readonly source: string;
  readonly active: boolean;
  readonly origin: Origin;
}

/** One answer of `az network nic show-effective-route-table`; it does not name its NIC. */
export interface EffectiveTable {
  readonly origin: Origin;
  readonly routes: readonly EffectiveRoute[];
  /** False: a row could not be read. */
  readonly complete: boolean;
}
