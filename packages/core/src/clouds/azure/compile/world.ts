import { addressOf, type Cidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Egress, RouteTable } from "../../../model/egress.ts";
import type { Inventory } from "../read/inventory.ts";
import type {
  EffectiveTable,
  Frontend,
  IpConfiguration,
  LoadBalancingRule,
  NatGateway,
  Nic,
  OutboundRule,
  Peering,
  Pool,
  Resource,
  Subnet,
  UserRoute,
  VirtualMachine,
  VirtualNetwork,
} from "../read/resource.ts";
import { type Key, keyOf, parentOf } from "../read/resource-id.ts";

/** The inventory with the look-ups that compiling needs, each made once. */
export interface World {
  readonly all: Inventory;
  readonly nicsOfVm: ReadonlyMap<Key, readonly Nic[]>;
  readonly nicsOfSubnet: ReadonlyMap<Key, readonly Nic[]>;
  readonly peeringsOf: ReadonlyMap<Key, readonly Peering[]>;
  readonly routesOf: ReadonlyMap<Key, readonly UserRoute[]>;
  readonly frontendsOf: ReadonlyMap<Key, readonly Frontend[]>;
  readonly poolsOf: ReadonlyMap<Key, readonly Pool[]>;
  readonly rulesOf: ReadonlyMap<Key, readonly LoadBalancingRule[]>;
  readonly outboundRulesOf: ReadonlyMap<Key, readonly OutboundRule[]>;
  /** Pools that list a configuration, by the configuration's key. */
  readonly poolsOfConfiguration: ReadonlyMap<Key, readonly Pool[]>;
  /** Pools that list a bare address. */
  readonly poolsOfAddress: ReadonlyMap<string, readonly { readonly pool: Pool; readonly network: Key | null }[]>;
  readonly configurationsAt: ReadonlyMap<
    string,
    readonly { readonly nic: Nic; readonly configuration: IpConfiguration }[]
  >;
  /** NICs whose VMs form one outbound group, by availability set or scale set. */
  readonly nicsOfGroup: ReadonlyMap<Key, readonly Nic[]>;
  readonly effectiveOf: ReadonlyMap<Key, EffectiveTable>;
  /** NAT gateways that list a subnet, and those tied to a whole network. */
  readonly natGatewaysOf: ReadonlyMap<Key, readonly NatGateway[]>;
  readonly natGatewaysOfNetwork: ReadonlyMap<Key, readonly NatGateway[]>;
  /** By lower-case name. */
  readonly tags: ReadonlyMap<string, readonly Cidr[]>;
  readonly privateEndpoints: readonly EndpointAddress[];
  /** Each made when first asked for: egresses refer to each other, even in circles. */
  readonly egressOf: (nic: Nic) => Egress;
  readonly tableOf: (subnetId: string) => RouteTable;
}

export interface EndpointAddress {
  readonly address: Ip;
  readonly subnetId: string;
  readonly at: Resource;
  /** The private link services it leads to; null: the endpoint itself is not in the export. */
  readonly linkServices: readonly string[] | null;
  /** The states of its connections that are not approved. */
  readonly refusals: readonly string[];
}

export interface Makers {
  readonly egress: (world: World, nic: Nic) => Egress;
  readonly table: (world: World, subnetId: string) => RouteTable;
}

export function createWorld(all: Inventory, effectiveOf: ReadonlyMap<Key, EffectiveTable>, makers: Makers): World {
  const nics = [...all.nics.values()];
  const configurations = nics.flatMap((nic) => nic.configurations.map((configuration) => ({ nic, configuration })));
  const pools = [...all.pools.values()];
  const world: World = {
    all,
    nicsOfVm: grouped(nics, (nic) => (nic.virtualMachine === null ? [] : [keyOf(nic.virtualMachine)])),
    nicsOfSubnet: grouped(nics, (nic) => [
      ...new Set(nic.configurations.flatMap(({ subnet }) => (subnet === null ? [] : [keyOf(subnet)]))),
    ]),
    peeringsOf: grouped(all.peerings.values(), (peering) => [peering.network]),
    routesOf: byParent(all.routes.values()),
    frontendsOf: byParent(all.frontends.values()),
    poolsOf: byParent(pools),
    rulesOf: byParent(all.loadBalancingRules.values()),
    outboundRulesOf: byParent(all.outboundRules.values()),
    poolsOfConfiguration: grouped(pools, (pool) => pool.members),
    poolsOfAddress: grouped(
      pools.flatMap((pool) => pool.byAddress.map(({ address, network }) => ({ pool, network, address }))),
      ({ address }) => [address],
    ),
    configurationsAt: grouped(configurations, ({ configuration }) => [configuration.cidr.replace(/\/.*/, "")]),
    nicsOfGroup: grouped(nics, (nic) => groupKeys(all, nic)),
    effectiveOf,
    natGatewaysOf: grouped(all.natGateways.values(), ({ subnets }) => subnets),
    natGatewaysOfNetwork: grouped(all.natGateways.values(), ({ wholeNetwork }) =>
      wholeNetwork === null ? [] : [keyOf(wholeNetwork)],
    ),
    tags: new Map(
      [...all.serviceTags.values()].flatMap(({ tags }) => tags.map(({ name, prefixes }) => [name, prefixes])),
    ),
    privateEndpoints: endpointAddresses(all),
    egressOf: remembered(
      ({ key }) => key,
      (nic) => makers.egress(world, nic),
    ),
    tableOf: remembered(keyOf, (subnetId) => makers.table(world, subnetId)),
  };
  return world;
}

function remembered<A, R>(keyOfArgument: (argument: A) => string, make: (argument: A) => R): (argument: A) => R {
  const made = new Map<string, R>();
  return (argument) => {
    const key = keyOfArgument(argument);
    const known = made.get(key);
    if (known !== undefined) return known;
    const result = make(argument);
    made.set(key, result);
    return result;
  };
}

/** As far as the export shows them: endpoints with their addresses, and the NICs that belong to endpoints. */
function endpointAddresses(all: Inventory): readonly EndpointAddress[] {
  const nics = [...all.nics.values()].filter((nic) => nic.privateEndpoint !== null);
  return [
    ...[...all.privateEndpoints.values()].flatMap((at) => {
      const { subnet, addresses, linkServices, refusals } = at;
      return subnet === null
        ? []
        : addresses.map((address) => ({ address, subnetId: subnet, at, linkServices, refusals }));
    }),
    ...nics.flatMap((at) => {
      const endpoint = all.privateEndpoints.get(keyOf(at.privateEndpoint ?? ""));
      const linkServices = endpoint?.linkServices ?? null;
      const refusals = endpoint?.refusals ?? [];
      return at.configurations.flatMap(({ cidr, subnet }) => {
        const address = addressOf(cidr);
        return subnet === null || endpoint?.addresses.includes(address)
          ? []
          : [{ address, subnetId: subnet, at, linkServices, refusals }];
      });
    }),
  ];
}

/** The groups of a NIC's VM. Instances of a Uniform scale set are no VMs of their own, but their ids name the set. */
export function groupKeys(all: Inventory, nic: Nic): readonly Key[] {
  if (nic.virtualMachine === null) return [];
  const vm: VirtualMachine | undefined = all.virtualMachines.get(keyOf(nic.virtualMachine));
  const sets = [vm?.availabilitySet ?? null, vm?.scaleSet ?? null, uniformSetOf(nic.virtualMachine)];
  return [...new Set(sets.flatMap((id) => (id === null ? [] : [keyOf(id)])))];
}

/** The scale set above an instance `…/virtualMachineScaleSets/X/virtualMachines/N`; null: it is no such instance. */
export const uniformSetOf = (vm: string): string | null =>
  /^(.*\/virtualmachinescalesets\/[^/]+)\/virtualmachines\/[^/]+\/?$/i.exec(vm.trim())?.[1] ?? null;

const byParent = <R extends Resource>(resources: Iterable<R>): ReadonlyMap<Key, readonly R[]> =>
  grouped(resources, ({ key }) => [parentOf(key)]);

export function grouped<T>(
  values: Iterable<T>,
  keysOfValue: (value: T) => readonly Key[],
): ReadonlyMap<Key, readonly T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values)
    for (const key of new Set(keysOfValue(value))) {
      const list = groups.get(key);
      if (list === undefined) groups.set(key, [value]);
      else list.push(value);
    }
  return groups;
}

/** Where a NIC stands: its subnet's and network's keys by reference, whether or not they were exported. */
export function placeOf(
  world: World,
  subnetId: string | null,
): {
  readonly subnet: Subnet | undefined;
  readonly network: VirtualNetwork | undefined;
  readonly networkKey: Key | null;
} {
  if (subnetId === null) return { subnet: undefined, network: undefined, networkKey: null };
  const networkKey = parentOf(keyOf(subnetId));
  return { subnet: world.all.subnets.get(keyOf(subnetId)), network: world.all.networks.get(networkKey), networkKey };
}

export const primarySubnet = (nic: Nic): string | null =>
  (nic.configurations.find((configuration) => configuration.primary) ?? nic.configurations[0])?.subnet ?? null;
