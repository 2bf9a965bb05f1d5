import { type Cidr, cidrContains, hostCidr, isHost } from "../../../address/cidr.ts";
import type { Group, Host, Interface, InterfaceAddress } from "../../../model/estate.ts";
import type { Found } from "../read/inventory.ts";
import { tagOf } from "../read/kinds.ts";
import type { RawInstance } from "../read/raw.ts";
import { firstInterface, sourceDestCheck } from "../rules/interfaces.ts";
import { clusterOf } from "./eks-node.ts";
import type { Eni, World } from "./world.ts";

/** Instances, also those that only their interfaces tell of; an interface of something else stands for itself. */
export function hostsOf(world: World): readonly Host[] {
  const instances = [...world.enisOfInstance].flatMap(([id, enis]) => hostOf(world, id, enis));
  const lone = [...world.enis.values()].filter(isSender).flatMap((eni) => hostOf(world, eni.id, [eni]));
  return [...instances, ...lone];
}

/** Interfaces that stand for a gateway, a load balancer or an endpoint send nothing of their own. */
const isSender = ({ instance, value }: Eni): boolean =>
  instance === null && SENDERS.has(value.InterfaceType ?? "interface");

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html (tasks of ECS have `interface`) */
const SENDERS: ReadonlySet<string> = new Set([
  "interface",
  "lambda",
  "efa",
  "efa-only",
  "branch",
  "trunk",
  "quicksight",
]);

function hostOf(world: World, id: string, enis: readonly Eni[]): readonly Host[] {
  const [first, ...rest] = enis;
  if (first === undefined) return [];
  const found: Found<RawInstance> | undefined = world.all.instances.get(id);
  return [
    {
      id,
      name: found?.name ?? tagOf(first.value.TagSet, "Name") ?? id,
      interfaces: [interfaceOf(world, first), ...rest.map((eni) => interfaceOf(world, eni))],
      defaultInterface: { interface: first.id, rule: firstInterface },
      origin: found?.origin ?? first.origin,
    },
  ];
}

const interfaceOf = (world: World, eni: Eni): Interface => ({
  id: eni.id,
  name: eni.id,
  resource: eni.id,
  network: eni.place.vpc,
  mac: eni.value.MacAddress?.toLowerCase() ?? null,
  addresses: addressesOf(eni),
  connected: connectedTo(world, eni),
  foreignSources: { allowed: eni.value.SourceDestCheck === false, rule: sourceDestCheck },
  get egress() {
    return world.egressOf(eni);
  },
  origin: eni.origin,
});

/** Of several IPv6 addresses the guest chooses by rules of its own, so each of them counts. */
function addressesOf({ privates, primary, v6, blocks }: Eni): readonly InterfaceAddress[] {
  return [
    ...privates.map(
      ({ address }): InterfaceAddress => ({
        cidr: hostCidr(address),
        role: address === primary ? "primary" : "secondary",
      }),
    ),
    ...v6.map((address): InterfaceAddress => ({ cidr: hostCidr(address), role: "primary" })),
    ...blocks.map((cidr): InterfaceAddress => ({ cidr, role: isHost(cidr) ? "secondary" : "range" })),
  ];
}

function connectedTo(world: World, { place, privates, v6 }: Eni): readonly Cidr[] {
  const subnet = world.all.subnets.get(place.subnet ?? "")?.value;
  const ranges = [
    subnet?.CidrBlock,
    ...(subnet?.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  ].flatMap((cidr) => cidr || []);
  const own = [...privates.map(({ address }) => address), ...v6];
  return ranges.filter((range) => own.some((address) => cidrContains(range, address)));
}

/** Subnets, Auto Scaling groups, EKS clusters and node groups, functions. */
export function groupsOf(world: World): readonly Group[] {
  const groups = new Map<string, { readonly name: string; readonly kind: string; readonly members: string[] }>();
  const join = (kind: string, id: string | undefined, name: string | undefined, member: string): void => {
    if (id === undefined) return;
    const group = groups.get(id) ?? { name: name ?? id, kind, members: [] };
    group.members.push(member);
    groups.set(id, group);
  };
  for (const eni of world.enis.values()) {
    if (eni.instance === null && !isSender(eni)) continue;
    const { subnet } = eni.place;
    if (subnet !== null) join("subnet", subnet, world.all.subnets.get(subnet)?.name, eni.id);
    const functionName = functionOf(eni);
    join("function", functionName, functionName, eni.id);
  }
  for (const [id, enis] of world.enisOfInstance) {
    const tags = world.all.instances.get(id)?.value.Tags;
    const [first] = enis;
    if (first === undefined) continue;
    const cluster = clusterOf(world, id);
    const nodes = tagOf(tags, "eks:nodegroup-name");
    const scaling = tagOf(tags, "aws:autoscaling:groupName");
    join("auto-scaling-group", scaling, scaling, first.id);
    join("node-pool", nodes === undefined ? undefined : `${cluster ?? ""}/${nodes}`, nodes, first.id);
    join("cluster", cluster, cluster, first.id);
  }
  return [...groups].map(([id, { name, kind, members }]) => ({ id, name, kind, members }));
}

/** `AWS Lambda VPC ENI-NAME-UUID` */
const functionOf = ({ value }: Eni): string | undefined =>
  value.InterfaceType === "lambda"
    ? /^AWS Lambda VPC ENI-(.+)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.exec(
        value.Description ?? "",
      )?.[1]
    : undefined;
