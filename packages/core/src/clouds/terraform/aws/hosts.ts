import { type Block, blocks, count, flag, isLater, text, texts } from "../block.ts";
import { undecidedMember } from "../read/problems.ts";
import type { World } from "../world.ts";
import { type Bindings, publicIpOf, rangesIn, vpcOfSubnetIn } from "./addresses.ts";
import { type Api, byLink, groupBy, INSTANCE, INTERFACE, linkOf, SUBNET, tagsOf } from "./ids.ts";

interface Attachment {
  readonly instance: string;
  readonly index: number;
}

interface Given {
  readonly world: World;
  readonly bindings: Bindings;
  readonly primaryOf: (instance: string) => string;
  readonly ranges: (subnet: string | null) => string | null;
  readonly vpcOf: (subnet: string | null) => string | null;
  readonly attached: ReadonlyMap<string, Attachment>;
  readonly named: ReadonlyMap<string, Block>;
  readonly subnets: ReadonlyMap<string, Block>;
}

export interface Hosts {
  readonly interfaces: readonly Api[];
  readonly reservations: readonly Api[];
}

export function hosts(world: World, bindings: Bindings, primaryOf: (instance: string) => string): Hosts {
  const given: Given = {
    world,
    bindings,
    primaryOf,
    ranges: rangesIn(world),
    vpcOf: vpcOfSubnetIn(world),
    attached: attachmentsIn(world),
    named: byLink(world, INTERFACE),
    subnets: byLink(world, SUBNET),
  };
  const own = [...given.named].map(([link, block]) => interfaceFrom(given, link, block));
  const implied = world.ofType(...INSTANCE).flatMap((block) => impliedInterface(given, block));
  const all = [...own, ...implied];
  const byInstance = groupBy(all, ({ Attachment }) => Attachment?.InstanceId ?? null);
  const reservations = world.ofType(...INSTANCE).map((block) => {
    const link = linkOf(block.instance, world);
    return { ReservationId: `r-${link}`, Instances: [instanceFrom(block, link, byInstance.get(link) ?? [])] };
  });
  return { interfaces: all, reservations };
}

/** As the API has it, with what tells whose it is. */
type Interface = Api & { readonly Attachment: { readonly InstanceId: string; readonly DeviceIndex: number } | null };

const instanceFrom = (block: Block, link: string, own: readonly Api[]): Api => ({
  InstanceId: link,
  State: { Name: text(block, "instance_state") ?? "running" },
  Placement: { AvailabilityZone: text(block, "availability_zone") },
  NetworkInterfaces: own,
  Tags: tagsOf(block),
});

/** By the id of the interface: a block in the instance, a block in the interface, or an attachment of its own. */
function attachmentsIn(world: World): ReadonlyMap<string, Attachment> {
  const attached = new Map<string, Attachment>();
  const add = (on: string | null, instance: string | null, index: number): void => {
    if (on !== null && instance !== null) attached.set(on, { instance, index });
  };
  for (const block of world.ofType(...INSTANCE))
    for (const one of interfaceBlocks(block))
      add(
        world.link(one, "network_interface_id", INTERFACE),
        linkOf(block.instance, world),
        count(one, "device_index") ?? 0,
      );
  for (const [link, block] of byLink(world, INTERFACE))
    for (const one of blocks(block, "attachment"))
      add(link, world.link(one, "instance", INSTANCE), count(one, "device_index") ?? 1);
  for (const block of world.ofType("aws_network_interface_attachment"))
    add(
      world.link(block, "network_interface_id", INTERFACE),
      world.link(block, "instance_id", INSTANCE),
      count(block, "device_index") ?? 1,
    );
  return attached;
}

/** `network_interface` until version 6 of the provider, `primary_network_interface` since. */
const interfaceBlocks = (block: Block): readonly Block[] => [
  ...blocks(block, "primary_network_interface"),
  ...blocks(block, "network_interface"),
];

function interfaceFrom(given: Given, link: string, block: Block): Interface {
  const { world } = given;
  const subnet = world.link(block, "subnet_id", SUBNET);
  const primary = primaryAddress(given, block, subnet);
  const others = [...texts(block, "private_ips"), ...texts(block, "private_ip_list")].filter((one) => one !== primary);
  const attached = given.attached.get(link);
  return {
    ...interfaceOf(given, block, link, subnet, [primary, ...new Set(others)], null),
    InterfaceType: text(block, "interface_type") ?? "interface",
    MacAddress: text(block, "mac_address"),
    Groups: texts(block, "security_groups").map((GroupId) => ({ GroupId })),
    Attachment: attached === undefined ? null : { InstanceId: attached.instance, DeviceIndex: attached.index },
  };
}

/** Of several addresses that nobody put in order, which one is the first is known only after apply. */
function primaryAddress({ world, ranges }: Given, block: Block, subnet: string | null): string {
  const [first, ...more] =
    texts(block, "private_ip_list").length > 0 ? texts(block, "private_ip_list") : texts(block, "private_ips");
  const known =
    text(block, "private_ip") ?? (more.length === 0 || texts(block, "private_ip_list").length > 0 ? first : undefined);
  if (known !== undefined && known !== null) return known;
  if (more.length > 0 && isLater(block, "private_ip"))
    world.problems.push(undecidedMember(block.instance, "private_ip"));
  return world.standIns.within(block.instance, "private_ip", ranges(subnet));
}

/** An instance that names no interface gets one with the instance's own subnet and addresses. */
function impliedInterface(given: Given, block: Block): readonly Interface[] {
  const { world, ranges, primaryOf } = given;
  const link = linkOf(block.instance, world);
  const id = primaryOf(link);
  const isNamed = interfaceBlocks(block).length > 0 || given.named.has(id);
  if (isNamed) return [];
  const subnet = world.link(block, "subnet_id", SUBNET);
  const primary = text(block, "private_ip") ?? world.standIns.within(block.instance, "private_ip", ranges(subnet));
  const all = [primary, ...texts(block, "secondary_private_ips")];
  return [
    {
      ...interfaceOf(given, block, id, subnet, all, automaticAddress(given, block, subnet)),
      InterfaceType: "interface",
      Groups: texts(block, "vpc_security_group_ids").map((GroupId) => ({ GroupId })),
      Attachment: { InstanceId: link, DeviceIndex: 0 },
    },
  ];
}

/** The public address that comes with the instance: the instance says so, else its subnet does. */
function automaticAddress({ world, subnets }: Given, block: Block, subnet: string | null): string | null {
  if (!isLater(block, "public_ip")) return text(block, "public_ip");
  const told = flag(block, "associate_public_ip_address");
  const place = subnet === null ? undefined : subnets.get(subnet);
  const gets = told ?? (place === undefined ? null : flag(place, "map_public_ip_on_launch"));
  return gets === false ? null : world.standIns.of(block.instance, "public_ip");
}

function interfaceOf(
  { world, bindings, vpcOf }: Given,
  block: Block,
  id: string,
  subnet: string | null,
  addresses: readonly string[],
  automatic: string | null,
): Api {
  const bound = bindings.get(id) ?? [];
  return {
    NetworkInterfaceId: id,
    SubnetId: subnet,
    VpcId: vpcOf(subnet) ?? `vpc-of-${subnet ?? "unknown"}`,
    AvailabilityZone: text(block, "availability_zone"),
    SourceDestCheck: flag(block, "source_dest_check") ?? true,
    PrivateIpAddresses: addresses.map((PrivateIpAddress, index) => {
      const eip = bound.find(({ privateIp }) => privateIp === PrivateIpAddress || (privateIp === null && index === 0));
      const auto = index === 0 && automatic !== null ? { PublicIp: automatic, IpOwnerId: "amazon" } : null;
      return {
        PrivateIpAddress,
        Primary: index === 0,
        Association:
          eip === undefined
            ? auto
            : { PublicIp: publicIpOf(eip.eip, world), AllocationId: linkOf(eip.eip.instance, world) },
      };
    }),
    Ipv6Addresses: texts(block, "ipv6_addresses").map((Ipv6Address) => ({ Ipv6Address })),
    Ipv4Prefixes: texts(block, "ipv4_prefixes").map((Ipv4Prefix) => ({ Ipv4Prefix })),
    Ipv6Prefixes: texts(block, "ipv6_prefixes").map((Ipv6Prefix) => ({ Ipv6Prefix })),
    TagSet: tagsOf(block),
  };
}
