import type * as v from "valibot";
import { parseCidr } from "../../../address/cidr.ts";
import type * as raw from "./raw-workloads.ts";
import type { Cluster } from "./workload.ts";

// From the vendor's shape to ours, for workloads that are no machines of their own.

type Out<T> = T | null | undefined;
type Raw<T extends v.GenericSchema> = v.InferOutput<T>;

const orNull = <T>(value: Out<T>): T | null => value ?? null;
const idOrNull = (text: Out<string>): string | null => (text === undefined || text === "" ? null : text);
const lower = (text: Out<string>): string | null => orNull(text?.toLowerCase());

export const site = (one: Raw<typeof raw.rawSite>) => ({
  location: orNull(one.location),
  functions: /functionapp|workflowapp/i.test(one.kind ?? ""),
  tier: lower(typeof one.sku === "string" ? one.sku : one.sku?.tier),
  plan: idOrNull(one.serverfarmid) ?? idOrNull(one.appserviceplanid),
  outbound: orNull(one.outboundipaddresses),
  possible: orNull(one.possibleoutboundipaddresses),
  subnet: idOrNull(one.virtualnetworksubnetid),
  routesAll: routesAll(one),
  byGateway: !idOrNull(one.virtualnetworksubnetid) && Boolean(one.siteconfig?.vnetname),
  environment: orNull(one.hostingenvironmentprofile?.id),
});

/** The newer member covers the older ones; an `az … list` leaves `siteConfig` empty. */
function routesAll(one: Raw<typeof raw.rawSite>): boolean | null {
  const { outboundvnetrouting: newer } = one;
  const said = [
    newer?.alltraffic,
    newer?.applicationtraffic,
    one.vnetrouteallenabled,
    one.siteconfig?.vnetrouteallenabled,
  ].filter((flag) => flag !== null && flag !== undefined);
  return said.length === 0 ? null : said.includes(true);
}

export const plan = (one: Raw<typeof raw.rawPlan>) => ({
  tier: lower(one.sku.tier ?? one.sku.name),
  environment: orNull(one.hostingenvironmentprofile?.id),
});

/** Older exports give the network's id and the subnet's name apart. */
export const hostingEnvironment = ({ virtualnetwork: { id, subnet } }: Raw<typeof raw.rawHostingEnvironment>) => ({
  subnet: /\/subnets\//i.test(id) ? id : `${id}/subnets/${subnet ?? ""}`,
});

export const cluster = (one: Raw<typeof raw.rawCluster>) => {
  const network = one.networkprofile;
  // The default: https://learn.microsoft.com/azure/aks/egress-outboundtype
  const outboundType = lower(network.outboundtype) ?? "loadbalancer";
  // A profile of another type may have been left behind.
  const profile = outboundType === "loadbalancer" ? network.loadbalancerprofile : network.natgatewayprofile;
  return {
    location: orNull(one.location),
    nodeGroup: orNull(one.noderesourcegroup),
    outboundType,
    pods: podsOf(lower(network.networkplugin), lower(network.networkpluginmode)),
    pools: (one.agentpoolprofiles ?? []).map((pool) => ({
      name: pool.name,
      subnet: idOrNull(pool.vnetsubnetid),
      podSubnet: idOrNull(pool.podsubnetid),
      publicNodes: pool.enablenodepublicip === true,
      gateway: lower(pool.mode) === "gateway",
    })),
    effective: profile?.effectiveoutboundips?.map(({ id }) => id) ?? null,
  };
};

/** A plugin of the user's own does as it likes. */
function podsOf(plugin: string | null, mode: string | null): Cluster["pods"] {
  if (plugin === "azure") return mode === "overlay" ? "as-node" : "flat";
  return plugin === "kubenet" ? "as-node" : "unknown";
}

/** With private addresses the member holds several, with commas between. */
export const staticGateway = (one: Raw<typeof raw.rawStaticGateway>) => {
  const parts = (one.status?.egressipprefix ?? "").split(",").map((part) => part.trim());
  const prefixes = parts.filter((part) => part !== "").map((part) => parseCidr(part, true));
  return {
    pool: orNull(one.spec.gatewaynodepoolname),
    prefixes: prefixes.length > 0 && prefixes.every((prefix) => prefix !== undefined) ? prefixes : null,
    excluded: (one.spec.excludecidrs ?? []).flatMap((text) => parseCidr(text, true) ?? []),
    isDefault: lower(one.spec.defaultroute) !== "azurenetworking",
    public: one.spec.provisionpublicips !== false,
    reserved: idOrNull(one.spec.publicipprefixid) !== null,
  };
};

export const containerEnvironment = (one: Raw<typeof raw.rawContainerEnvironment>) => ({
  location: orNull(one.location),
  subnet: idOrNull(one.vnetconfiguration?.infrastructuresubnetid),
  hasProfiles: (one.workloadprofiles ?? []).length > 0,
});

export const containerApp = (one: Raw<typeof raw.rawContainerApp>) => ({
  location: orNull(one.location),
  environment: idOrNull(one.managedenvironmentid) ?? idOrNull(one.environmentid),
  outbound: (one.outboundipaddresses ?? []).filter((address) => address !== null),
});

export const containerGroup = (one: Raw<typeof raw.rawContainerGroup>) => ({
  location: orNull(one.location),
  subnet: orNull(one.subnetids?.[0]?.id),
  privateAddress: lower(one.ipaddress?.type) === "private" ? orNull(one.ipaddress?.ip) : null,
});

export const databaseServer = (one: Raw<typeof raw.rawDatabaseServer>) => ({
  location: orNull(one.location),
  subnet: idOrNull(one.subnetid),
});
