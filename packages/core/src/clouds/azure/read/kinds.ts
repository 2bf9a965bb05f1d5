import * as v from "valibot";
import type { Members } from "./normalise.ts";
import * as parse from "./parse.ts";
import * as parseWorkload from "./parse-workloads.ts";
import * as raw from "./raw.ts";
import * as rawWorkload from "./raw-workloads.ts";
import type * as model from "./resource.ts";
import type { Key } from "./resource-id.ts";
import type * as workload from "./workload.ts";

/** Everything that was exported, by kind. What is not in here is unknown, not absent. */
export interface Tables {
  readonly virtualMachines: Map<Key, model.VirtualMachine>;
  readonly scaleSets: Map<Key, model.ScaleSet>;
  readonly nics: Map<Key, model.Nic>;
  readonly networks: Map<Key, model.VirtualNetwork>;
  readonly subnets: Map<Key, model.Subnet>;
  readonly peerings: Map<Key, model.Peering>;
  readonly publicIps: Map<Key, model.PublicIp>;
  readonly publicIpPrefixes: Map<Key, model.PublicIpPrefix>;
  readonly natGateways: Map<Key, model.NatGateway>;
  readonly loadBalancers: Map<Key, model.LoadBalancer>;
  readonly frontends: Map<Key, model.Frontend>;
  readonly pools: Map<Key, model.Pool>;
  readonly loadBalancingRules: Map<Key, model.LoadBalancingRule>;
  readonly outboundRules: Map<Key, model.OutboundRule>;
  readonly routeTables: Map<Key, model.RouteTableResource>;
  readonly routes: Map<Key, model.UserRoute>;
  readonly firewalls: Map<Key, model.Firewall>;
  readonly firewallPolicies: Map<Key, model.FirewallPolicy>;
  readonly ruleGroups: Map<Key, model.RuleCollectionGroup>;
  readonly gateways: Map<Key, model.Gateway>;
  readonly gatewayNatRules: Map<Key, model.GatewayNatRule>;
  readonly connections: Map<Key, model.Connection>;
  readonly localGateways: Map<Key, model.LocalGateway>;
  readonly privateEndpoints: Map<Key, model.PrivateEndpoint>;
  readonly privateLinkServices: Map<Key, model.PrivateLinkService>;
  readonly serviceTags: Map<Key, model.ServiceTags>;
  readonly securityGroups: Map<Key, model.SecurityGroup>;
  readonly adminRules: Map<Key, model.AdminRule>;
  readonly subscriptions: Map<Key, model.Subscription>;
  readonly sites: Map<Key, workload.Site>;
  readonly plans: Map<Key, workload.Plan>;
  readonly hostingEnvironments: Map<Key, workload.HostingEnvironment>;
  readonly clusters: Map<Key, workload.Cluster>;
  readonly staticGateways: Map<Key, workload.StaticGateway>;
  readonly containerEnvironments: Map<Key, workload.ContainerEnvironment>;
  readonly containerApps: Map<Key, workload.ContainerApp>;
  readonly containerGroups: Map<Key, workload.ContainerGroup>;
  readonly databaseServers: Map<Key, workload.DatabaseServer>;
}

export const emptyTables = (): Tables => ({
  virtualMachines: new Map(),
  scaleSets: new Map(),
  nics: new Map(),
  networks: new Map(),
  subnets: new Map(),
  peerings: new Map(),
  publicIps: new Map(),
  publicIpPrefixes: new Map(),
  natGateways: new Map(),
  loadBalancers: new Map(),
  frontends: new Map(),
  pools: new Map(),
  loadBalancingRules: new Map(),
  outboundRules: new Map(),
  routeTables: new Map(),
  routes: new Map(),
  firewalls: new Map(),
  firewallPolicies: new Map(),
  ruleGroups: new Map(),
  gateways: new Map(),
  gatewayNatRules: new Map(),
  connections: new Map(),
  localGateways: new Map(),
  privateEndpoints: new Map(),
  privateLinkServices: new Map(),
  serviceTags: new Map(),
  securityGroups: new Map(),
  adminRules: new Map(),
  subscriptions: new Map(),
  sites: new Map(),
  plans: new Map(),
  hostingEnvironments: new Map(),
  clusters: new Map(),
  staticGateways: new Map(),
  containerEnvironments: new Map(),
  containerApps: new Map(),
  containerGroups: new Map(),
  databaseServers: new Map(),
});

export type Added =
  | { readonly kind: "added" | "same" }
  | { readonly kind: "replaced"; readonly previous: model.Resource }
  | { readonly kind: "unreadable"; readonly path: string; readonly expected: string; readonly found: string };

export interface Kind {
  add(tables: Tables, members: Members, base: model.Resource): Added;
}

function kind<S extends v.GenericSchema, R extends model.Resource>(
  tableOf: (tables: Tables) => Map<Key, R>,
  schema: S,
  toModel: (one: v.InferOutput<S>, base: model.Resource) => Omit<R, keyof model.Resource>,
): Kind {
  return {
    add: (tables, members, base) => {
      const result = v.safeParse(schema, members);
      if (!result.success) return unreadable(result.issues[0]);
      const table = tableOf(tables);
      const previous = table.get(base.key);
      // The two halves are R by construction; the compiler cannot put a generic type together again.
      const resource = { ...base, ...toModel(result.output, base) } as unknown as R;
      if (previous !== undefined && contentOf(previous) === contentOf(resource)) return { kind: "same" };
      table.set(base.key, resource);
      return previous === undefined ? { kind: "added" } : { kind: "replaced", previous };
    },
  };
}

const contentOf = ({ origin: _, id: __, ...content }: model.Resource): string => JSON.stringify(content);

const unreadable = (issue: v.BaseIssue<unknown>): Added => ({
  kind: "unreadable",
  path: v.getDotPath(issue) ?? "",
  expected: issue.expected ?? issue.message,
  found: issue.received,
});

const network = "microsoft.network/";

/** A resource of the cluster, not of Azure: kubectl exports it, and it has no resource id. */
export const STATIC_GATEWAY = "egressgateway.kubernetes.azure.com/staticgatewayconfigurations";

/** https://learn.microsoft.com/azure/templates/microsoft.network/allversions */
export const KINDS: Readonly<Record<string, Kind>> = {
  "microsoft.compute/virtualmachines": kind((all) => all.virtualMachines, raw.rawVirtualMachine, parse.virtualMachine),
  "microsoft.compute/virtualmachinescalesets": kind((all) => all.scaleSets, raw.rawScaleSet, parse.scaleSet),
  [`${network}networkinterfaces`]: kind((all) => all.nics, raw.rawNetworkInterface, parse.nic),
  "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces": kind(
    (all) => all.nics,
    raw.rawNetworkInterface,
    parse.nic,
  ),
  [`${network}virtualnetworks`]: kind((all) => all.networks, raw.rawVirtualNetwork, parse.virtualNetwork),
  [`${network}virtualnetworks/subnets`]: kind((all) => all.subnets, raw.rawSubnet, parse.subnet),
  [`${network}virtualnetworks/virtualnetworkpeerings`]: kind((all) => all.peerings, raw.rawPeering, parse.peering),
  [`${network}publicipaddresses`]: kind((all) => all.publicIps, raw.rawPublicIp, parse.publicIp),
  [`${network}publicipprefixes`]: kind((all) => all.publicIpPrefixes, raw.rawPublicIpPrefix, parse.publicIpPrefix),
  [`${network}natgateways`]: kind((all) => all.natGateways, raw.rawNatGateway, parse.natGateway),
  [`${network}loadbalancers`]: kind((all) => all.loadBalancers, raw.rawLoadBalancer, parse.loadBalancer),
  [`${network}loadbalancers/frontendipconfigurations`]: kind((all) => all.frontends, raw.rawFrontend, parse.frontend),
  [`${network}loadbalancers/backendaddresspools`]: kind((all) => all.pools, raw.rawPool, parse.pool),
  [`${network}loadbalancers/loadbalancingrules`]: kind(
    (all) => all.loadBalancingRules,
    raw.rawLoadBalancingRule,
    parse.loadBalancingRule,
  ),
  [`${network}loadbalancers/outboundrules`]: kind((all) => all.outboundRules, raw.rawOutboundRule, parse.outboundRule),
  [`${network}routetables`]: kind((all) => all.routeTables, raw.rawRouteTable, parse.routeTable),
  [`${network}routetables/routes`]: kind((all) => all.routes, raw.rawRoute, parse.route),
  [`${network}azurefirewalls`]: kind((all) => all.firewalls, raw.rawFirewall, parse.firewall),
  [`${network}firewallpolicies`]: kind((all) => all.firewallPolicies, raw.rawFirewallPolicy, parse.firewallPolicy),
  [`${network}firewallpolicies/rulecollectiongroups`]: kind(
    (all) => all.ruleGroups,
    raw.rawRuleCollectionGroup,
    parse.ruleCollectionGroup,
  ),
  [`${network}virtualnetworkgateways`]: kind((all) => all.gateways, raw.rawGateway, parse.gateway),
  [`${network}virtualnetworkgateways/natrules`]: kind(
    (all) => all.gatewayNatRules,
    raw.rawGatewayNatRule,
    parse.gatewayNatRule,
  ),
  [`${network}connections`]: kind((all) => all.connections, raw.rawConnection, parse.connection),
  [`${network}localnetworkgateways`]: kind((all) => all.localGateways, raw.rawLocalGateway, parse.localGateway),
  [`${network}privateendpoints`]: kind((all) => all.privateEndpoints, raw.rawPrivateEndpoint, parse.privateEndpoint),
  [`${network}privatelinkservices`]: kind(
    (all) => all.privateLinkServices,
    raw.rawPrivateLinkService,
    parse.privateLinkService,
  ),
  [`${network}networksecuritygroups`]: kind((all) => all.securityGroups, raw.rawSecurityGroup, parse.securityGroup),
  [`${network}networkmanagers/securityadminconfigurations/rulecollections/rules`]: kind(
    (all) => all.adminRules,
    raw.rawAdminRule,
    parse.adminRule,
  ),
  [`${network}servicetags`]: kind((all) => all.serviceTags, raw.rawServiceTags, parse.serviceTags),
  "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations/publicipaddresses":
    kind((all) => all.publicIps, raw.rawPublicIp, parse.publicIp),
  "microsoft.web/sites": kind((all) => all.sites, rawWorkload.rawSite, parseWorkload.site),
  "microsoft.web/sites/slots": kind((all) => all.sites, rawWorkload.rawSite, parseWorkload.site),
  "microsoft.web/serverfarms": kind((all) => all.plans, rawWorkload.rawPlan, parseWorkload.plan),
  "microsoft.web/hostingenvironments": kind(
    (all) => all.hostingEnvironments,
    rawWorkload.rawHostingEnvironment,
    parseWorkload.hostingEnvironment,
  ),
  "microsoft.containerservice/managedclusters": kind(
    (all) => all.clusters,
    rawWorkload.rawCluster,
    parseWorkload.cluster,
  ),
  [STATIC_GATEWAY]: kind((all) => all.staticGateways, rawWorkload.rawStaticGateway, parseWorkload.staticGateway),
  "microsoft.app/managedenvironments": kind(
    (all) => all.containerEnvironments,
    rawWorkload.rawContainerEnvironment,
    parseWorkload.containerEnvironment,
  ),
  "microsoft.app/containerapps": kind(
    (all) => all.containerApps,
    rawWorkload.rawContainerApp,
    parseWorkload.containerApp,
  ),
  "microsoft.containerinstance/containergroups": kind(
    (all) => all.containerGroups,
    rawWorkload.rawContainerGroup,
    parseWorkload.containerGroup,
  ),
  "microsoft.sql/servers": kind(
    (all) => all.databaseServers,
    rawWorkload.rawDatabaseServer,
    parseWorkload.databaseServer,
  ),
  "microsoft.sql/managedinstances": kind(
    (all) => all.databaseServers,
    rawWorkload.rawDatabaseServer,
    parseWorkload.databaseServer,
  ),
  "microsoft.resources/subscriptions": kind((all) => all.subscriptions, raw.rawSubscription, parse.subscription),
};

/** Which members of a resource hold resources of their own, which may also be exported alone. */
export const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  [`${network}virtualnetworks`]: ["subnets", "virtualNetworkPeerings"],
  [`${network}loadbalancers`]: [
    "frontendIPConfigurations",
    "backendAddressPools",
    "loadBalancingRules",
    "outboundRules",
  ],
  [`${network}routetables`]: ["routes"],
  [`${network}virtualnetworkgateways`]: ["natRules"],
};
