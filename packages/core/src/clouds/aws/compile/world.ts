import type { Cidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Egress, Internet, RouteTable } from "../../../model/egress.ts";
import type { Origin, Problem } from "../../../problem.ts";
import type { Found, Inventory } from "../read/inventory.ts";
import { tagOf } from "../read/kinds.ts";
import { exportsDisagree } from "../read/problems.ts";
import type { RawAddress, RawAssociation, RawNetworkInterface, RawRouteTable } from "../read/raw.ts";
import type { Place } from "./place.ts";

/** An elastic network interface, from its own list or from its instance. */
export interface Eni {
  readonly id: string;
  readonly place: Place;
  readonly instance: string | null;
  /** Lower comes first: the guest's own order. */
  readonly position: number;
  readonly value: RawNetworkInterface;
  readonly primary: Ip | null;
  readonly privates: readonly PrivateAddress[];
  readonly v6: readonly Ip[];
  readonly blocks: readonly Cidr[];
  readonly origin: Origin;
}

export interface PrivateAddress {
  readonly address: Ip;
  readonly primary: boolean;
  readonly association: RawAssociation | null;
}

/** The inventory with the look-ups that compiling needs, each made once. */
export interface World {
  readonly all: Inventory;
  readonly enis: ReadonlyMap<string, Eni>;
  readonly enisOfInstance: ReadonlyMap<string, readonly Eni[]>;
  /** The Elastic IP that a public address is. */
  readonly allocations: ReadonlyMap<Ip, Found<RawAddress>>;
  readonly enisOfVpc: ReadonlyMap<string, readonly Eni[]>;
  readonly tableOfSubnet: ReadonlyMap<string, Found<RawRouteTable>>;
  readonly mainTableOf: ReadonlyMap<string, Found<RawRouteTable>>;
  /** Each made when first asked for: they refer to each other, even in circles. */
  readonly egressOf: (eni: Eni) => Egress;
  readonly tableAt: (place: Place) => RouteTable;
  /** What the internet gateway of a VPC does for everything inside it. */
  readonly internetOf: (vpc: string) => Internet;
}

export interface Makers {
  readonly egress: (world: World, eni: Eni) => Egress;
  readonly table: (world: World, place: Place) => RouteTable;
  readonly internet: (world: World, vpc: string) => Internet;
}

export function createWorld(all: Inventory, makers: Makers, problems: Problem[]): World {
  const enis = enisIn(all, problems);
  const tables = [...all.routeTables.values()];
  const world: World = {
    all,
    enis,
    enisOfInstance: grouped([...enis.values()].sort(byPosition), ({ instance }) => instance),
    allocations: new Map(
      [...all.addresses.values()].flatMap((found) => (found.value.PublicIp ? [[found.value.PublicIp, found]] : [])),
    ),
    enisOfVpc: grouped(enis.values(), ({ place }) => place.vpc),
    tableOfSubnet: new Map(
      tables.flatMap((table) => subnetsOf(table.value).map((subnet): [string, typeof table] => [subnet, table])),
    ),
    mainTableOf: new Map(
      tables.flatMap((table) =>
        table.value.Associations.some(({ Main }) => Main === true) ? [[table.value.VpcId, table]] : [],
      ),
    ),
    egressOf: remembered(
      ({ id }) => id,
      (eni) => makers.egress(world, eni),
    ),
    tableAt: remembered(
      ({ vpc, subnet, zone, table }) => `${vpc} ${subnet} ${zone} ${table}`,
      (place) => makers.table(world, place),
    ),
    internetOf: remembered(
      (vpc) => vpc,
      (vpc) => makers.internet(world, vpc),
    ),
  };
  return world;
}

const byPosition = (a: Eni, b: Eni): number => a.position - b.position;

/**
 * Associations with gateways steer what comes in, and are none of a subnet.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociationState.html
 */
const subnetsOf = ({ Associations }: RawRouteTable): readonly string[] =>
  Associations.flatMap(({ SubnetId, AssociationState }) => {
    const state = AssociationState?.State ?? "associated";
    return SubnetId && (state === "associated" || state === "associating") ? [SubnetId] : [];
  });

export function remembered<A, R>(keyOf: (argument: A) => string, make: (argument: A) => R): (argument: A) => R {
  const made = new Map<string, R>();
  return (argument) => {
    const key = keyOf(argument);
    const known = made.get(key);
    if (known !== undefined) return known;
    const result = make(argument);
    made.set(key, result);
    return result;
  };
}

export function grouped<T>(
  values: Iterable<T>,
  keyOf: (value: T) => string | null | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (key === null || key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

export function placeOfSubnet(all: Inventory, subnet: string, vpc: string, zone: string | null = null): Place {
  const found = all.subnets.get(subnet)?.value;
  return {
    vpc: found?.VpcId ?? vpc,
    subnet,
    zone: found?.AvailabilityZone ?? zone,
    zoneId: found?.AvailabilityZoneId ?? null,
  };
}

/** The list of interfaces says more than the instances do, and counts where both are given. */
function enisIn(all: Inventory, problems: Problem[]): ReadonlyMap<string, Eni> {
  const enis = new Map<string, Eni>();
  for (const { id, value, origin } of all.instances.values())
    for (const one of value.NetworkInterfaces)
      enis.set(one.NetworkInterfaceId, eniOf(all, one, origin, id, value.Placement?.AvailabilityZone ?? null));
  for (const { id, value, origin } of all.interfaces.values()) {
    const eni = eniOf(all, value, origin, value.Attachment?.InstanceId ?? null, value.AvailabilityZone ?? null);
    const before = enis.get(id);
    if (before !== undefined && publicOf(before) !== publicOf(eni))
      problems.push(exportsDisagree(id, origin, before.origin));
    enis.set(id, eni);
  }
  problems.push(...otherAssociations(all, enis));
  return enis;
}

const publicOf = ({ privates }: Eni): string =>
  privates
    .map(({ address, association }) => `${address}=${association?.PublicIp ?? ""}`)
    .sort()
    .join();

/** `describe-addresses` says of an interface in the export what its own entry does not say. */
function otherAssociations(all: Inventory, enis: ReadonlyMap<string, Eni>): readonly Problem[] {
  return [...all.addresses.values()].flatMap(({ value, origin }) => {
    const eni = enis.get(value.NetworkInterfaceId ?? "");
    const own = eni?.privates.find(({ address }) => address === value.PrivateIpAddress);
    if (eni === undefined || own === undefined || own.association?.PublicIp === value.PublicIp) return [];
    return [exportsDisagree(eni.id, eni.origin, origin)];
  });
}

function eniOf(
  all: Inventory,
  value: RawNetworkInterface,
  origin: Origin,
  instance: string | null,
  zone: string | null,
): Eni {
  const { Attachment, PrivateIpAddresses, Ipv6Addresses, Ipv4Prefixes, Ipv6Prefixes } = value;
  const privates = PrivateIpAddresses.map(({ PrivateIpAddress, Primary, Association }) => ({
    address: PrivateIpAddress,
    primary: Primary === true,
    association: Association ?? null,
  }));
  return {
    id: value.NetworkInterfaceId,
    place: placeOfSubnet(all, value.SubnetId, value.VpcId, zone),
    instance,
    position: (Attachment?.NetworkCardIndex ?? 0) * CARD + (Attachment?.DeviceIndex ?? 0),
    value,
    primary: (privates.find(({ primary }) => primary) ?? privates[0])?.address ?? null,
    privates,
    v6: (Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address),
    blocks: [
      ...(Ipv4Prefixes ?? []).map(({ Ipv4Prefix }) => Ipv4Prefix),
      ...(Ipv6Prefixes ?? []).map(({ Ipv6Prefix }) => Ipv6Prefix),
    ],
    origin,
  };
}

/** More than the interfaces that one card has. */
const CARD = 1000;

/** Its Name tag and its id, as a user knows it. */
export const labelOf = ({ id, name }: Pick<Found<unknown>, "id" | "name">): string =>
  id === name ? id : `${name} (${id})`;

export const eniLabel = ({ id, value }: Eni): string => labelOf({ id, name: tagOf(value.TagSet, "Name") ?? id });
