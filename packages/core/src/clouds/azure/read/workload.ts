import type { Cidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Flag, Ref, Resource } from "./resource.ts";

// Workloads that are no machines of their own.

interface Located extends Resource {
  readonly location: string | null;
}

/** A web app, a function app, or a slot of one. */
export interface Site extends Located {
  readonly functions: boolean;
  /** Lower case, as `sku` of the site has it; null: only its plan says. */
  readonly tier: string | null;
  readonly plan: Ref;
  /** Used now; empty: App Service names none; null: not in the export. */
  readonly outbound: readonly Ip[] | null;
  /** What it may use in any tier. */
  readonly possible: readonly Ip[] | null;
  readonly subnet: Ref;
  readonly routesAll: Flag;
  /** It reaches a network by the older way, over a gateway. */
  readonly byGateway: boolean;
  readonly environment: Ref;
}

export interface Plan extends Resource {
  /** Lower case: `dynamic`, `flexconsumption`, `premiumv4`, `isolatedv2`. */
  readonly tier: string | null;
  readonly environment: Ref;
}

export interface HostingEnvironment extends Resource {
  readonly subnet: string;
}

export interface Cluster extends Located {
  readonly nodeGroup: string | null;
  /** Lower case. */
  readonly outboundType: string;
  /** `flat`: pods have addresses of the network. `as-node`: of a range of their own, and leave with their node's. */
  readonly pods: "flat" | "as-node" | "unknown";
  readonly pools: readonly AgentPool[];
  /** Public IPs and prefixes of the load balancer or NAT gateway that AKS made; null: not in the export. */
  readonly effective: readonly string[] | null;
}

export interface AgentPool {
  readonly name: string;
  readonly subnet: Ref;
  readonly podSubnet: Ref;
  readonly publicNodes: boolean;
  /** It only carries what annotated pods send. */
  readonly gateway: boolean;
}

export interface StaticGateway extends Resource {
  readonly pool: string | null;
  /** null: it has none yet. */
  readonly prefixes: readonly Cidr[] | null;
  readonly excluded: readonly Cidr[];
  /** False: pods send by the gateway only what is routed to it in some other way. */
  readonly isDefault: boolean;
  readonly public: boolean;
  /** The prefix was reserved by the user and outlives the configuration. */
  readonly reserved: boolean;
}

export interface ContainerEnvironment extends Located {
  readonly subnet: Ref;
  readonly hasProfiles: boolean;
}

export interface ContainerApp extends Located {
  readonly environment: Ref;
  readonly outbound: readonly Ip[];
}

export interface ContainerGroup extends Located {
  readonly subnet: Ref;
  readonly privateAddress: Ip | null;
}

export interface DatabaseServer extends Located {
  readonly subnet: Ref;
}
