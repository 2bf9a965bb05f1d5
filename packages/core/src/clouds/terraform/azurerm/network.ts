import { type Block, blocks, flag, isLater, text, texts } from "../block.ts";
import { peerElsewhere } from "../read/problems.ts";
import type { World } from "../world.ts";
import { type Associations, PUBLIC_IP, ROUTE_TABLE, SUBNET } from "./associations.ts";
import { keyOf, linkOf, parentOf } from "./ids.ts";

// Terraform's resources in the shapes of Azure Resource Manager, one function a type.
// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
// https://learn.microsoft.com/azure/templates/microsoft.network/allversions

export type Arm = Readonly<Record<string, unknown>>;

export const ref = (id: string | null | undefined): { readonly id: string } | null =>
  id === null || id === undefined ? null : { id };
export const refs = (ids: readonly string[]) => ids.map((id) => ({ id }));

export const armOf = (block: Block, world: World, properties: Arm, more: Arm = {}): Arm => {
  const id = linkOf(block.instance, world);
  return { id, name: id.slice(id.lastIndexOf("/") + 1), location: text(block, "location"), ...more, properties };
};

export function network(block: Block, world: World): Arm {
  return armOf(block, world, { addressSpace: { addressPrefixes: texts(block, "address_space") } });
}

/** Written inside the network, or seen there by the provider: only those that are no resource of their own. */
export function inlineSubnets(world: World, associations: Associations): readonly Arm[] {
  const own = new Set(world.ofType("azurerm_subnet").map(({ instance }) => keyOf(linkOf(instance, world))));
  return world.ofType("azurerm_virtual_network").flatMap((block) =>
    blocks(block, "subnet").flatMap((inner) => {
      const id = `${linkOf(block.instance, world)}/subnets/${text(inner, "name") ?? "?"}`;
      if (own.has(keyOf(id))) return [];
      return [{ id, properties: subnetProperties(inner, id, world, associations) }];
    }),
  );
}

export function subnet(block: Block, world: World, associations: Associations): Arm {
  const id = linkOf(block.instance, world);
  return { id, properties: subnetProperties(block, id, world, associations) };
}

function subnetProperties(block: Block, id: string, world: World, associations: Associations): Arm {
  const key = keyOf(id);
  const single = text(block, "address_prefix");
  return {
    addressPrefixes: single === null ? texts(block, "address_prefixes") : [single],
    natGateway: ref(associations.natGatewayOf.get(key)),
    routeTable: ref(associations.routeTableOf.get(key) ?? world.link(block, "route_table_id", ROUTE_TABLE)),
    networkSecurityGroup: ref(associations.securityGroupOf.get(key) ?? text(block, "security_group")),
    defaultOutboundAccess: flag(block, "default_outbound_access_enabled"),
    serviceEndpoints: texts(block, "service_endpoints").map((service) => ({ service })),
    delegations: blocks(block, "delegation").map(() => ({})),
    privateEndpointNetworkPolicies: endpointPolicies(block),
  };
}

/** A flag in version 3 of the provider, a word in version 4. */
function endpointPolicies(block: Block): string | null {
  const old = flag(block, "private_endpoint_network_policies_enabled");
  return text(block, "private_endpoint_network_policies") ?? (old === null ? null : old ? "Enabled" : "Disabled");
}

/** The ranges of the subnet that an address will be taken from, by the subnet's key. */
export function rangesOf(world: World): (id: string | null) => string | null {
  const ranges = new Map<string, string>();
  for (const block of world.ofType("azurerm_subnet")) {
    const [first] = texts(block, "address_prefixes");
    const range = text(block, "address_prefix") ?? first;
    if (range !== undefined) ranges.set(keyOf(linkOf(block.instance, world)), range);
  }
  return (id) => (id === null ? null : (ranges.get(keyOf(id)) ?? null));
}

export function peering(block: Block, world: World): Arm {
  const remote = world.link(block, "remote_virtual_network_id", ["azurerm_virtual_network"]);
  const other = world
    .ofType("azurerm_virtual_network")
    .find(({ instance }) => remote !== null && keyOf(linkOf(instance, world)) === keyOf(remote));
  if (other === undefined) world.problems.push(peerElsewhere(block.instance));
  const complete = flag(block, "peer_complete_virtual_networks_enabled");
  return armOf(block, world, {
    remoteVirtualNetwork: ref(remote),
    remoteAddressSpace: { addressPrefixes: other === undefined ? [] : texts(other, "address_space") },
    useRemoteGateways: flag(block, "use_remote_gateways"),
    peerCompleteVnets: complete,
    localSubnetNames: complete === false ? texts(block, "local_subnet_names") : null,
  });
}

export function publicIp(block: Block, world: World): Arm {
  const isV6 = text(block, "ip_version")?.toLowerCase() === "ipv6";
  const later = isLater(block, "ip_address");
  return armOf(
    block,
    world,
    {
      ipAddress: later ? world.standIns.of(block.instance, "address", isV6 ? 6 : 4) : text(block, "ip_address"),
      publicIPAllocationMethod: text(block, "allocation_method"),
    },
    { sku: { name: text(block, "sku"), tier: text(block, "sku_tier") } },
  );
}

export function publicIpPrefix(block: Block, world: World): Arm {
  const isV6 = text(block, "ip_version")?.toLowerCase() === "ipv6";
  const later = isLater(block, "ip_prefix");
  const standIn = later ? `${world.standIns.of(block.instance, "address", isV6 ? 6 : 4)}/${isV6 ? 128 : 32}` : null;
  return armOf(block, world, { ipPrefix: standIn ?? text(block, "ip_prefix") });
}

export function natGateway(block: Block, world: World, associations: Associations): Arm {
  const key = keyOf(linkOf(block.instance, world));
  const publicIps = [...(associations.publicIpsOf.get(key) ?? []), ...texts(block, "public_ip_address_ids")];
  const prefixes = [...(associations.prefixesOf.get(key) ?? []), ...texts(block, "public_ip_prefix_ids")];
  const sku = text(block, "sku_name");
  return armOf(
    block,
    world,
    { ...byFamily(publicIps, prefixes, world), subnets: refs(associations.subnetsOf.get(key) ?? []) },
    { sku: { name: sku } },
  );
}

/** Terraform joins addresses of both families in one way; Azure lists those of IPv6 apart. */
function byFamily(publicIps: readonly string[], prefixes: readonly string[], world: World): Arm {
  const v6 = new Set(
    world
      .ofType("azurerm_public_ip", "azurerm_public_ip_prefix")
      .filter((block) => text(block, "ip_version")?.toLowerCase() === "ipv6")
      .map(({ instance }) => keyOf(linkOf(instance, world))),
  );
  const unique = (ids: readonly string[], wanted: boolean) =>
    refs([...new Map(ids.map((id) => [keyOf(id), id])).values()].filter((id) => v6.has(keyOf(id)) === wanted));
  return {
    publicIpAddresses: unique(publicIps, false),
    publicIpPrefixes: unique(prefixes, false),
    publicIpAddressesV6: unique(publicIps, true),
    publicIpPrefixesV6: unique(prefixes, true),
  };
}

export function routeTable(block: Block, world: World, routes: readonly Block[]): Arm {
  const id = linkOf(block.instance, world);
  const own = new Set(routes.map((one) => text(one, "name")?.toLowerCase()));
  const inline = blocks(block, "route").filter((one) => !own.has(text(one, "name")?.toLowerCase()));
  const propagates = flag(block, "bgp_route_propagation_enabled");
  const written = [
    ...inline.map((one) => ({
      id: `${id}/routes/${text(one, "name")}`,
      name: text(one, "name"),
      properties: hop(one, world),
    })),
    ...routes.flatMap((one) =>
      world.needed(one, "address_prefix") === null
        ? []
        : [{ id: linkOf(one.instance, world), name: text(one, "name"), properties: hop(one, world) }],
    ),
  ];
  return armOf(block, world, {
    disableBgpRoutePropagation:
      flag(block, "disable_bgp_route_propagation") ?? (propagates === null ? null : !propagates),
    routes: written,
  });
}

const hop = (block: Block, world: World): Arm => ({
  addressPrefix: text(block, "address_prefix"),
  nextHopType: text(block, "next_hop_type"),
  nextHopIpAddress: world.address(block, "next_hop_in_ip_address", "private"),
});

export function gateway(block: Block, world: World): Arm {
  const [client] = blocks(block, "vpn_client_configuration");
  return armOf(block, world, {
    gatewayType: text(block, "type"),
    gatewayDefaultSite: ref(world.link(block, "default_local_network_gateway_id", ["azurerm_local_network_gateway"])),
    ipConfigurations: blocks(block, "ip_configuration").map((one) => ({
      properties: {
        subnet: ref(world.link(one, "subnet_id", SUBNET)),
        publicIPAddress: ref(world.link(one, "public_ip_address_id", PUBLIC_IP)),
      },
    })),
    vpnClientConfiguration:
      client === undefined ? null : { vpnClientAddressPool: { addressPrefixes: texts(client, "address_space") } },
  });
}

export function gatewayNatRule(block: Block, world: World): Arm {
  const mappings = (member: string) =>
    blocks(block, member).map((one) => ({
      addressSpace: text(one, "address_space"),
      portRange: text(one, "port_range"),
    }));
  return armOf(block, world, {
    type: text(block, "type"),
    mode: text(block, "mode"),
    internalMappings: mappings("internal_mapping"),
    externalMappings: mappings("external_mapping"),
  });
}

export function connection(block: Block, world: World): Arm {
  const gateways = ["azurerm_virtual_network_gateway"];
  const rules = ["azurerm_virtual_network_gateway_nat_rule"];
  return armOf(block, world, {
    connectionType: text(block, "type"),
    enableBgp: flag(block, "enable_bgp") ?? flag(block, "bgp_enabled"),
    virtualNetworkGateway1: ref(world.link(block, "virtual_network_gateway_id", gateways)),
    virtualNetworkGateway2: ref(world.link(block, "peer_virtual_network_gateway_id", gateways)),
    localNetworkGateway2: ref(world.link(block, "local_network_gateway_id", ["azurerm_local_network_gateway"])),
    egressNatRules: refs(world.links(block, "egress_nat_rule_ids", rules)),
    ingressNatRules: refs(world.links(block, "ingress_nat_rule_ids", rules)),
  });
}

export const localGateway = (block: Block, world: World): Arm =>
  armOf(block, world, { localNetworkAddressSpace: { addressPrefixes: texts(block, "address_space") } });

export const routesByTable = (world: World): ReadonlyMap<string, readonly Block[]> => grouped(world, "azurerm_route");

/** Parts by the key of what they are part of. */
export function grouped(world: World, type: string): ReadonlyMap<string, readonly Block[]> {
  const groups = new Map<string, Block[]>();
  for (const block of world.ofType(type)) {
    const key = keyOf(parentOf(block, world));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [block]);
    else known.push(block);
  }
  return groups;
}
