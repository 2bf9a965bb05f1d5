import { type Block, blocks, count, flag, text, texts } from "../block.ts";
import { parentElsewhere } from "../read/problems.ts";
import { safe, type World } from "../world.ts";
import { lastOf, linkOf, projectIn } from "./links.ts";

// Terraform's resources in the shapes of the REST API, one function a type.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs
// https://docs.cloud.google.com/compute/docs/reference/rest/v1

export type Rest = Readonly<Record<string, unknown>>;

const NETWORK = ["google_compute_network"];
const SUBNETWORK = ["google_compute_subnetwork"];
const ADDRESS = ["google_compute_address", "google_compute_global_address"];
const TUNNEL = ["google_compute_vpn_tunnel"];
const FORWARDING_RULE = ["google_compute_forwarding_rule"];

export const identityOf = (block: Block, kind: string, world: World): Rest => ({
  kind: `compute#${kind}`,
  name: text(block, "name") ?? safe(block.instance.address),
  selfLink: linkOf(block.instance, world),
});

export function network(block: Block, world: World, peerings: readonly Block[]): Rest {
  return {
    ...identityOf(block, "network", world),
    autoCreateSubnetworks: flag(block, "auto_create_subnetworks"),
    routingConfig: { routingMode: text(block, "routing_mode") },
    networkFirewallPolicyEnforcementOrder: text(block, "network_firewall_policy_enforcement_order"),
    peerings: peerings.map((one) => peering(one, world)),
  };
}

const peering = (block: Block, world: World): Rest => ({
  name: text(block, "name"),
  network: world.link(block, "peer_network", NETWORK),
  state: text(block, "state"),
  exportCustomRoutes: flag(block, "export_custom_routes"),
  importCustomRoutes: flag(block, "import_custom_routes"),
  exportSubnetRoutesWithPublicIp: flag(block, "export_subnet_routes_with_public_ip"),
  importSubnetRoutesWithPublicIp: flag(block, "import_subnet_routes_with_public_ip"),
  stackType: text(block, "stack_type"),
});

/** Made with the network unless it says not to: https://docs.cloud.google.com/vpc/docs/routes#routingpacketsinternet */
export function defaultRoute(block: Block, world: World): readonly Rest[] {
  if (flag(block, "delete_default_routes_on_create") === true) return [];
  const link = linkOf(block.instance, world);
  const project = projectIn(link) ?? world.project;
  const name = `default-route-${lastOf(link)}`;
  return [
    {
      kind: "compute#route",
      name,
      selfLink: link.replace(/\/networks\/.*$/, `/routes/${name}`),
      network: link,
      destRange: "0.0.0.0/0",
      priority: DEFAULT_PRIORITY,
      nextHopGateway: `projects/${project}/global/gateways/default-internet-gateway`,
    },
  ];
}

/** https://docs.cloud.google.com/vpc/docs/routes */
const DEFAULT_PRIORITY = 1000;

export function subnetwork(block: Block, world: World): Rest {
  return {
    ...identityOf(block, "subnetwork", world),
    network: world.link(block, "network", NETWORK),
    region: text(block, "region"),
    ipCidrRange: text(block, "ip_cidr_range"),
    secondaryIpRanges: blocks(block, "secondary_ip_range").map((one) => ({
      rangeName: text(one, "range_name"),
      ipCidrRange: text(one, "ip_cidr_range"),
    })),
    purpose: text(block, "purpose"),
    stackType: text(block, "stack_type"),
    allowSubnetCidrRoutesOverlap: flag(block, "allow_subnet_cidr_routes_overlap"),
    privateIpGoogleAccess: flag(block, "private_ip_google_access"),
    ipv6CidrRange: text(block, "ipv6_cidr_range"),
    internalIpv6Prefix: text(block, "internal_ipv6_prefix"),
    externalIpv6Prefix: text(block, "external_ipv6_prefix"),
  };
}

export function route(block: Block, world: World): Rest | null {
  const destRange = world.needed(block, "dest_range");
  if (destRange === null) return null;
  const zone = text(block, "next_hop_instance_zone");
  const instance = world.link(block, "next_hop_instance", ["google_compute_instance"]);
  const gateway = text(block, "next_hop_gateway");
  return {
    ...identityOf(block, "route", world),
    network: world.link(block, "network", NETWORK),
    destRange,
    priority: count(block, "priority") ?? DEFAULT_PRIORITY,
    tags: texts(block, "tags"),
    nextHopGateway: gateway === null || gateway.includes("/") ? gateway : `global/gateways/${gateway}`,
    nextHopInstance:
      instance === null || instance.includes("/") || zone === null
        ? instance
        : `zones/${lastOf(zone)}/instances/${instance}`,
    nextHopIp: instance === null ? world.address(block, "next_hop_ip", "private") : null,
    nextHopIlb: world.link(block, "next_hop_ilb", FORWARDING_RULE),
    nextHopVpnTunnel: world.link(block, "next_hop_vpn_tunnel", TUNNEL),
    nextHopPeering: text(block, "next_hop_peering"),
    nextHopHub: text(block, "next_hop_hub"),
    nextHopNetwork: text(block, "next_hop_network"),
  };
}

export function policyRoute(block: Block, world: World): Rest {
  const id = text(block, "id");
  const name = text(block, "name") ?? safe(block.instance.address);
  const project = text(block, "project") ?? world.project;
  const [filter] = blocks(block, "filter");
  const [machine] = blocks(block, "virtual_machine");
  const [attachment] = blocks(block, "interconnect_attachment");
  return {
    kind: "networkconnectivity#policyBasedRoute",
    name: id ?? `projects/${project}/locations/global/policyBasedRoutes/${name}`,
    network: world.link(block, "network", NETWORK),
    priority: count(block, "priority"),
    filter:
      filter === undefined
        ? null
        : {
            protocolVersion: text(filter, "protocol_version"),
            ipProtocol: text(filter, "ip_protocol"),
            srcRange: text(filter, "src_range"),
            destRange: text(filter, "dest_range"),
          },
    virtualMachine: machine === undefined ? null : { tags: texts(machine, "tags") },
    interconnectAttachment: attachment === undefined ? null : { region: text(attachment, "region") },
    nextHopIlbIp: world.address(block, "next_hop_ilb_ip", "private"),
    nextHopOtherRoutes: text(block, "next_hop_other_routes"),
  };
}

/** NAT gateways, BGP peers and interfaces are resources of their own in Terraform, and part of the router in the API. */
export interface RouterParts {
  readonly nats: readonly Block[];
  readonly peers: readonly Block[];
  readonly interfaces: readonly Block[];
}

export const router = (block: Block, world: World, { nats, peers, interfaces }: RouterParts): Rest => ({
  ...identityOf(block, "router", world),
  network: world.link(block, "network", NETWORK),
  region: text(block, "region"),
  nats: nats.map((one) => nat(one, world)),
  bgpPeers: peers.map((one) => ({
    name: text(one, "name"),
    interfaceName: text(one, "interface"),
    peerIpAddress: text(one, "peer_ip_address"),
    customLearnedIpRanges: blocks(one, "custom_learned_ip_ranges").map((range) => ({ range: text(range, "range") })),
    customLearnedRoutePriority: count(one, "custom_learned_route_priority"),
  })),
  interfaces: interfaces.map((one) => ({
    name: text(one, "name"),
    linkedVpnTunnel: world.link(one, "vpn_tunnel", TUNNEL),
    linkedInterconnectAttachment: world.link(one, "interconnect_attachment", [
      "google_compute_interconnect_attachment",
    ]),
  })),
});

function nat(block: Block, world: World): Rest {
  return {
    name: text(block, "name") ?? safe(block.instance.address),
    type: text(block, "type"),
    natIpAllocateOption: text(block, "nat_ip_allocate_option"),
    natIps: world.links(block, "nat_ips", ADDRESS),
    drainNatIps: world.links(block, "drain_nat_ips", ADDRESS),
    sourceSubnetworkIpRangesToNat: text(block, "source_subnetwork_ip_ranges_to_nat"),
    subnetworks: blocks(block, "subnetwork").map((one) => ({
      name: world.link(one, "name", SUBNETWORK),
      sourceIpRangesToNat: texts(one, "source_ip_ranges_to_nat"),
      secondaryIpRangeNames: texts(one, "secondary_ip_range_names"),
    })),
    sourceSubnetworkIpRangesToNat64: text(block, "source_subnetwork_ip_ranges_to_nat64"),
    nat64Subnetworks: blocks(block, "nat64_subnetwork").map((one) => ({ name: world.link(one, "name", SUBNETWORK) })),
    rules: blocks(block, "rules").map((rule) => natRule(rule, world)),
    endpointTypes: texts(block, "endpoint_types"),
    enableDynamicPortAllocation: flag(block, "enable_dynamic_port_allocation"),
  };
}

function natRule(block: Block, world: World): Rest {
  const [action] = blocks(block, "action");
  return {
    ruleNumber: count(block, "rule_number"),
    match: text(block, "match"),
    action:
      action === undefined
        ? null
        : {
            sourceNatActiveIps: world.links(action, "source_nat_active_ips", ADDRESS),
            sourceNatDrainIps: world.links(action, "source_nat_drain_ips", ADDRESS),
            sourceNatActiveRanges: world.links(action, "source_nat_active_ranges", SUBNETWORK),
            sourceNatDrainRanges: world.links(action, "source_nat_drain_ranges", SUBNETWORK),
          },
  };
}

const isInternal = (block: Block, member: string): boolean => text(block, member)?.startsWith("INTERNAL") === true;

export const address = (block: Block, world: World): Rest => ({
  ...identityOf(block, "address", world),
  address: world.address(block, "address", isInternal(block, "address_type") ? "private" : "public"),
  addressType: text(block, "address_type") ?? "EXTERNAL",
  purpose: text(block, "purpose"),
  region: text(block, "region"),
  prefixLength: count(block, "prefix_length"),
  users: texts(block, "users"),
});

export const forwardingRule = (block: Block, world: World): Rest => ({
  ...identityOf(block, "forwardingRule", world),
  IPAddress: world.address(block, "ip_address", isInternal(block, "load_balancing_scheme") ? "private" : "public"),
  loadBalancingScheme: text(block, "load_balancing_scheme"),
  network: world.link(block, "network", NETWORK),
  subnetwork: world.link(block, "subnetwork", SUBNETWORK),
  region: text(block, "region"),
  allowGlobalAccess: flag(block, "allow_global_access"),
  target: text(block, "target"),
});

export const vpnTunnel = (block: Block, world: World): Rest => ({
  ...identityOf(block, "vpnTunnel", world),
  region: text(block, "region"),
  peerIp: text(block, "peer_ip"),
  vpnGateway: world.link(block, "vpn_gateway", ["google_compute_ha_vpn_gateway"]),
  targetVpnGateway: world.link(block, "target_vpn_gateway", ["google_compute_vpn_gateway"]),
  localTrafficSelector: texts(block, "local_traffic_selector"),
  remoteTrafficSelector: texts(block, "remote_traffic_selector"),
});

export const firewall = (block: Block, world: World): Rest => ({
  ...identityOf(block, "firewall", world),
  network: world.link(block, "network", NETWORK),
  direction: text(block, "direction"),
  priority: count(block, "priority"),
  disabled: flag(block, "disabled"),
  allowed: blocks(block, "allow").map(layer4),
  denied: blocks(block, "deny").map(layer4),
  sourceRanges: texts(block, "source_ranges"),
  destinationRanges: texts(block, "destination_ranges"),
  targetTags: texts(block, "target_tags"),
  targetServiceAccounts: texts(block, "target_service_accounts"),
});

const layer4 = (block: Block): Rest => ({ IPProtocol: text(block, "protocol"), ports: texts(block, "ports") });

/** Parts by the router they name; those of a router that is not in the file are told of. */
export function partsByRouter(world: World, type: string): ReadonlyMap<string, readonly Block[]> {
  const routers = new Map<string, string>();
  for (const { instance } of world.ofType("google_compute_router")) {
    const link = linkOf(instance, world);
    routers.set(link.slice(link.indexOf("projects/")), link);
  }
  const parts = new Map<string, Block[]>();
  for (const block of world.ofType(type)) {
    const named = world.link(block, "router", ["google_compute_router"]) ?? "";
    const project = text(block, "project") ?? world.project;
    const region = lastOf(text(block, "region") ?? "");
    const path = named.includes("projects/")
      ? named.slice(named.indexOf("projects/"))
      : `projects/${project}/regions/${region}/routers/${lastOf(named)}`;
    const link = routers.get(path);
    if (link === undefined) world.problems.push(parentElsewhere(block.instance, lastOf(named)));
    else parts.set(link, [...(parts.get(link) ?? []), block]);
  }
  return parts;
}
