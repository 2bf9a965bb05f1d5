import { type Block, blocks, flag, text, texts } from "../block.ts";
import { notTranslated } from "../read/problems.ts";
import type { World } from "../world.ts";
import { rangesIn, vpcOfSubnetIn } from "./addresses.ts";
import type { Hosts } from "./hosts.ts";
import { type Api, byLink, linkOf, SUBNET } from "./ids.ts";

const TEMPLATE = ["aws_launch_template"];
const CONFIGURATION = ["aws_launch_configuration"];
const GROUP = ["aws_security_group", "aws_default_security_group"];

/** Something that runs in subnets without being in the file itself. */
interface Launched {
  readonly block: Block;
  readonly name: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  /** Whether each gets a public address; null: as its subnet says. */
  readonly isPublic: boolean | null;
  readonly interface: Api;
  /** Present when these are instances. */
  readonly tags?: readonly Api[];
}

/**
 * Instances of scaling groups and node groups, tasks, functions: they are not in the file. One in each subnet stands for
 * all there: they differ in nothing that the group does not say.
 */
export function launched(world: World): Hosts {
  const all = [
    ...world.ofType("aws_autoscaling_group").map((block) => ofScalingGroup(block, world)),
    ...world.ofType("aws_eks_node_group").map((block) => ofNodeGroup(block, world)),
    ...world.ofType("aws_ecs_service").flatMap((block) => ofService(block, world)),
    ...world.ofType("aws_lambda_function").flatMap((block) => ofFunction(block, world)),
  ];
  const context: Context = {
    world,
    ranges: rangesIn(world),
    vpcOf: vpcOfSubnetIn(world),
    subnets: byLink(world, SUBNET),
  };
  const made = all.flatMap((one) => one.subnets.map((subnet) => standIn(one, subnet, context)));
  return {
    interfaces: made.map((one) => one.interface),
    reservations: made.flatMap(({ instance }) => (instance === null ? [] : [{ Instances: [instance] }])),
  };
}

interface Context {
  readonly world: World;
  readonly ranges: (subnet: string | null) => string | null;
  readonly vpcOf: (subnet: string | null) => string | null;
  readonly subnets: ReadonlyMap<string, Block>;
}

function standIn(one: Launched, subnet: string, { world, ranges, vpcOf, subnets }: Context) {
  const { block, tags } = one;
  const id = `${linkOf(block.instance, world)}.${subnet}`;
  const place = subnets.get(subnet);
  const gets = one.isPublic ?? (place === undefined ? false : flag(place, "map_public_ip_on_launch") === true);
  const instanceId = `i-${id}`;
  const own = {
    NetworkInterfaceId: `eni-${id}`,
    SubnetId: subnet,
    VpcId: vpcOf(subnet) ?? `vpc-of-${subnet}`,
    InterfaceType: "interface",
    SourceDestCheck: true,
    Ipv6Addresses: [],
    Groups: one.groups.map((GroupId) => ({ GroupId })),
    Attachment: tags === undefined ? null : { InstanceId: instanceId, DeviceIndex: 0 },
    PrivateIpAddresses: [
      {
        PrivateIpAddress: world.standIns.within(block.instance, `private_ip.${subnet}`, ranges(subnet)),
        Primary: true,
        Association: gets
          ? { PublicIp: world.standIns.of(block.instance, `public_ip.${subnet}`), IpOwnerId: "amazon" }
          : null,
      },
    ],
    TagSet: [{ Key: "Name", Value: `${one.name}.${subnet}` }],
    ...one.interface,
  };
  const instance =
    tags === undefined
      ? null
      : {
          InstanceId: instanceId,
          State: { Name: "running" },
          NetworkInterfaces: [own],
          Tags: [{ Key: "Name", Value: `${one.name}.${subnet}` }, ...tags],
        };
  return { interface: own, instance };
}

const nameOf = (block: Block, member = "name"): string => text(block, member) ?? block.instance.address;

function ofScalingGroup(block: Block, world: World): Launched {
  const name = nameOf(block);
  return {
    block,
    name,
    subnets: world.links(block, "vpc_zone_identifier", SUBNET),
    ...settingsOf(templateOf(block, world), world),
    interface: {},
    tags: [{ Key: "aws:autoscaling:groupName", Value: name }],
  };
}

function ofNodeGroup(block: Block, world: World): Launched {
  return {
    block,
    name: nameOf(block, "node_group_name"),
    subnets: world.links(block, "subnet_ids", SUBNET),
    ...settingsOf(templateOf(block, world), world),
    interface: {},
    tags: [
      { Key: "eks:nodegroup-name", Value: nameOf(block, "node_group_name") },
      { Key: "eks:cluster-name", Value: text(block, "cluster_name") ?? "" },
    ],
  };
}

/** Named by its id or its name, in the group itself or in a policy that mixes several. */
function templateOf(group: Block, world: World): Block | undefined {
  const mixed = blocks(group, "mixed_instances_policy")
    .flatMap((one) => blocks(one, "launch_template"))
    .flatMap((one) => blocks(one, "launch_template_specification"));
  const links = [...blocks(group, "launch_template"), ...mixed].flatMap((one) => [
    world.link(one, "id", TEMPLATE),
    world.link(one, "launch_template_id", TEMPLATE),
    text(one, "name") ?? text(one, "launch_template_name"),
  ]);
  const named = [...links, world.link(group, "launch_configuration", CONFIGURATION)].filter((one) => one !== null);
  return world
    .ofType(...TEMPLATE, ...CONFIGURATION)
    .find((one) => named.includes(linkOf(one.instance, world)) || named.includes(text(one, "name") ?? "-"));
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateInstanceNetworkInterfaceSpecification.html */
function settingsOf(template: Block | undefined, world: World): Pick<Launched, "groups" | "isPublic"> {
  if (template === undefined) return { groups: [], isPublic: null };
  const [nic] = blocks(template, "network_interfaces");
  const groups = ["vpc_security_group_ids", "security_groups"].flatMap((member) =>
    world.links(template, member, GROUP),
  );
  return {
    groups: [...new Set([...groups, ...(nic === undefined ? [] : world.links(nic, "security_groups", GROUP))])],
    isPublic: yesOrNo(nic) ?? yesOrNo(template),
  };
}

/** A word in a template, a flag in a configuration. */
function yesOrNo(block: Block | undefined): boolean | null {
  if (block === undefined) return null;
  const word = text(block, "associate_public_ip_address");
  return word === null ? flag(block, "associate_public_ip_address") : word === "true";
}

/** Tasks with interfaces of their own; others leave as the instances that they run on. */
const ofService = (block: Block, world: World): readonly Launched[] =>
  blocks(block, "network_configuration").map((network) => ({
    block,
    name: nameOf(block),
    subnets: world.links(network, "subnets", SUBNET),
    groups: world.links(network, "security_groups", GROUP),
    isPublic: flag(network, "assign_public_ip") === true,
    interface: {},
  }));

/** A function without subnets leaves by addresses of AWS, which no file holds. */
function ofFunction(block: Block, world: World): readonly Launched[] {
  const networks = blocks(block, "vpc_config").filter((one) => texts(one, "subnet_ids").length > 0 || hasOpen(one));
  if (networks.length === 0) world.problems.push(notTranslated(block.instance.type, [block.instance]));
  return networks.map((network) => ({
    block,
    name: nameOf(block, "function_name"),
    subnets: world.links(network, "subnet_ids", SUBNET),
    groups: world.links(network, "security_group_ids", GROUP),
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
    isPublic: false,
    interface: {
      InterfaceType: "lambda",
      Description: `AWS Lambda VPC ENI-${nameOf(block, "function_name")}-00000000-0000-0000-0000-000000000000`,
    },
  }));
}

const hasOpen = ({ later }: Block): boolean => JSON.stringify(later ?? null).includes("subnet_ids");
