/**
 * The lists that `aws ec2 describe-*` and its sisters print, by the member that holds them. What no prediction needs is
 * recognised all the same: it is no stranger.
 */
export const LISTS = [
  "Reservations",
  "NetworkInterfaces",
  "Addresses",
  "Subnets",
  "Vpcs",
  "RouteTables",
  "NatGateways",
  "PrefixLists",
  "Entries",
  "VpcPeeringConnections",
  "TransitGateways",
  "TransitGatewayAttachments",
  "TransitGatewayVpcAttachments",
  "Routes",
  "VpnConnections",
  "virtualInterfaces",
  "VpcEndpoints",
  "SecurityGroups",
  "NetworkAcls",
  "InternetGateways",
  "EgressOnlyInternetGateways",
  "TransitGatewayRouteTables",
  "TransitGatewayPeeringAttachments",
  "TransitGatewayRouteTablePropagations",
  "Associations",
  "VpnGateways",
  "CustomerGateways",
  "CarrierGateways",
  "LocalGateways",
  "SecurityGroupRules",
  "virtualGateways",
  "directConnectGateways",
  "AutoScalingGroups",
] as const;

export type ListName = (typeof LISTS)[number];

/** What one element of a list has and no other kind has, for elements that stand by themselves (`--query`). */
export const ELEMENTS: readonly (readonly [list: ListName, members: readonly string[]])[] = [
  ["Reservations", ["Instances", "ReservationId"]],
  ["NetworkInterfaces", ["NetworkInterfaceId", "PrivateIpAddresses"]],
  ["NatGateways", ["NatGatewayId", "NatGatewayAddresses"]],
  ["RouteTables", ["RouteTableId", "Routes"]],
  ["Subnets", ["SubnetId", "CidrBlock", "VpcId"]],
  ["VpcPeeringConnections", ["VpcPeeringConnectionId", "AccepterVpcInfo"]],
  ["VpcEndpoints", ["VpcEndpointId", "ServiceName"]],
  ["TransitGatewayVpcAttachments", ["TransitGatewayAttachmentId", "TransitGatewayId"]],
  ["Addresses", ["AllocationId", "PublicIp"]],
  ["SecurityGroups", ["GroupId", "IpPermissionsEgress"]],
  ["NetworkAcls", ["NetworkAclId", "Entries"]],
  ["PrefixLists", ["PrefixListId", "PrefixListName"]],
  ["Vpcs", ["VpcId", "CidrBlockAssociationSet"]],
  ["TransitGateways", ["TransitGatewayId", "TransitGatewayArn"]],
  ["VpnConnections", ["VpnConnectionId", "Type"]],
];

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value of a configuration file came from AWS: the answer of a command, or one resource of it. */
export function isAws(value: unknown): boolean {
  if (!isMembers(value)) return false;
  return listOf(value) !== undefined || elementOf(value) !== undefined || isInstance(value) || isNetworkPlugin(value);
}

/** The member that holds the list; undefined: the value is no answer of a command. A route table has lists of its own. */
export const listOf = (value: Members): ListName | undefined =>
  elementOf(value) === undefined && !isInstance(value) ? LISTS.find((name) => Array.isArray(value[name])) : undefined;

export const elementOf = (value: Members): ListName | undefined =>
  ELEMENTS.find(([, members]) => members.every((name) => name in value))?.[0];

export const isInstance = (value: Members): boolean =>
  typeof value.InstanceId === "string" && "NetworkInterfaces" in value;

/** `kubectl get daemonset aws-node`: how the nodes of an EKS cluster translate. */
export const isNetworkPlugin = ({ kind, metadata }: Members): boolean =>
  kind === "DaemonSet" && isMembers(metadata) && metadata.name === "aws-node";

/** Whether an empty list is one of AWS, by its file's name: `--query` leaves nothing else of an answer. */
export function isAwsFile(file: string): boolean {
  const name = (file.split(/[\\/!]/).at(-1) ?? "").toLowerCase();
  return WORDS.some((word) => name.includes(word)) && FILE_NAMES.test(name);
}

/** Without one of these no name fits: most files are told from them without the pattern. */
const WORDS = ["aws", "ec2", "tgw", "gateway", "egress", "prefix", "vpc-", "interfaces", "acls"];

const FILE_NAMES =
  /(^|[^a-z])(aws|ec2|tgw)([^a-z]|$)|transit-gateway|egress-only|internet-gateways|prefix-lists|vpc-(peering|endpoint)|network-(interfaces|acls)/;
