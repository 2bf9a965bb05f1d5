import * as v from "valibot";
import { type Cidr, parseCidr } from "../../../address/cidr.ts";
import { type Ip, parseIp } from "../../../address/ip.ts";
import { isSet, needs } from "../../needs.ts";

// Resources as `aws ec2 describe-*` prints them. Members that are always printed are required: without them the
// resource was cut down by a query and would be misread as empty.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html and its sister pages

const text = v.nullish(v.string());
const texts = v.nullish(v.array(v.string()));
const flag = v.nullish(v.boolean());
const count = v.nullish(v.number());

const strictCidr = v.pipe(
  v.string(),
  v.rawTransform<string, Cidr>(({ dataset, addIssue, NEVER }) => {
    const cidr = parseCidr(dataset.value.trim(), true);
    if (cidr !== undefined) return cidr;
    addIssue({ message: "prefix", expected: "a prefix (10.0.0.0/16)", received: JSON.stringify(dataset.value) });
    return NEVER;
  }),
);
const strictIp = v.pipe(
  v.string(),
  v.rawTransform<string, Ip>(({ dataset, addIssue, NEVER }) => {
    const ip = parseIp(dataset.value.trim());
    if (ip !== undefined) return ip;
    addIssue({ message: "address", expected: "an IP address", received: JSON.stringify(dataset.value) });
    return NEVER;
  }),
);
/** Some members are empty texts where there is nothing. */
const ip = v.nullish(v.union([v.literal(""), strictIp]));
const cidr = v.nullish(v.union([v.literal(""), strictCidr]));
const list = <S extends v.GenericSchema>(element: S) => v.nullish(v.array(element));

const tags = list(v.object({ Key: v.string(), Value: text }));

export const rawAssociation = v.pipe(
  v.object({
    PublicIp: ip,
    AllocationId: text,
    IpOwnerId: text,
    CarrierIp: ip,
    CustomerOwnedIp: ip,
  }),
  needs(({ PublicIp, CarrierIp, CustomerOwnedIp }) => Boolean(PublicIp || CarrierIp || CustomerOwnedIp), "PublicIp"),
);
export type RawAssociation = v.InferOutput<typeof rawAssociation>;

export const rawNetworkInterface = v.object({
  NetworkInterfaceId: v.string(),
  SubnetId: v.string(),
  VpcId: v.string(),
  AvailabilityZone: text,
  Description: text,
  InterfaceType: v.string(),
  MacAddress: text,
  OwnerId: text,
  SourceDestCheck: v.boolean(),
  Attachment: v.nullish(v.object({ InstanceId: text, DeviceIndex: count, NetworkCardIndex: count })),
  PrivateIpAddresses: v.array(
    v.object({ PrivateIpAddress: strictIp, Primary: flag, Association: v.nullish(rawAssociation) }),
  ),
  Ipv6Addresses: v.array(v.object({ Ipv6Address: strictIp })),
  Ipv4Prefixes: list(v.object({ Ipv4Prefix: strictCidr })),
  Ipv6Prefixes: list(v.object({ Ipv6Prefix: strictCidr })),
  Groups: v.array(v.object({ GroupId: v.string() })),
  TagSet: tags,
});
export type RawNetworkInterface = v.InferOutput<typeof rawNetworkInterface>;

export const rawInstance = v.object({
  InstanceId: v.string(),
  State: v.object({ Name: v.string() }),
  Placement: v.nullish(v.object({ AvailabilityZone: text })),
  NetworkInterfaces: v.array(rawNetworkInterface),
  Tags: tags,
});
export type RawInstance = v.InferOutput<typeof rawInstance>;

export const rawAddress = v.object({
  PublicIp: ip,
  AllocationId: text,
  PrivateIpAddress: ip,
  NetworkInterfaceId: text,
  ServiceManaged: text,
  Tags: tags,
});
export type RawAddress = v.InferOutput<typeof rawAddress>;

const v6Blocks = list(v.object({ Ipv6CidrBlock: cidr, Ipv6CidrBlockState: v.nullish(v.object({ State: text })) }));

export const rawSubnet = v.object({
  SubnetId: v.string(),
  VpcId: v.string(),
  AvailabilityZone: text,
  AvailabilityZoneId: text,
  CidrBlock: cidr,
  Ipv6CidrBlockAssociationSet: v6Blocks,
  BlockPublicAccessStates: v.nullish(v.object({ InternetGatewayBlockMode: text })),
  Tags: tags,
});
export type RawSubnet = v.InferOutput<typeof rawSubnet>;

export const rawVpc = v.object({
  VpcId: v.string(),
  CidrBlock: cidr,
  CidrBlockAssociationSet: list(v.object({ CidrBlock: cidr })),
  Ipv6CidrBlockAssociationSet: v6Blocks,
  Tags: tags,
});
export type RawVpc = v.InferOutput<typeof rawVpc>;

const routeMembers = v.object({
  DestinationCidrBlock: cidr,
  DestinationIpv6CidrBlock: cidr,
  DestinationPrefixListId: text,
  GatewayId: text,
  NatGatewayId: text,
  InstanceId: text,
  NetworkInterfaceId: text,
  TransitGatewayId: text,
  VpcPeeringConnectionId: text,
  EgressOnlyInternetGatewayId: text,
  LocalGatewayId: text,
  CarrierGatewayId: text,
  CoreNetworkArn: text,
  IpAddress: text,
  State: v.string(),
  Origin: text,
});
export const rawRoute = v.pipe(
  routeMembers,
  needs(
    ({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }) =>
      isSet(DestinationCidrBlock) || isSet(DestinationIpv6CidrBlock) || isSet(DestinationPrefixListId),
    "DestinationCidrBlock",
  ),
);
export type RawRoute = v.InferOutput<typeof rawRoute>;

export const rawRouteTable = v.object({
  RouteTableId: v.string(),
  VpcId: v.string(),
  Associations: v.array(
    v.pipe(
      v.object({
        SubnetId: text,
        GatewayId: text,
        Main: flag,
        AssociationState: v.nullish(v.object({ State: text })),
      }),
      needs(({ Main, SubnetId, GatewayId }) => Main === true || isSet(SubnetId) || isSet(GatewayId), "SubnetId"),
    ),
  ),
  Routes: v.array(rawRoute),
  Tags: tags,
});
export type RawRouteTable = v.InferOutput<typeof rawRouteTable>;

/** While an address is being associated, or has failed to be, it may have no public part yet. */
const natAddress = v.object({
  PublicIp: ip,
  PrivateIp: ip,
  AllocationId: text,
  Status: text,
  AvailabilityZone: text,
  AvailabilityZoneId: text,
});
const isWhole = ({ PublicIp, Status }: v.InferOutput<typeof natAddress>): boolean =>
  isSet(PublicIp) || (isSet(Status) && Status !== "succeeded");

const natMembers = v.object({
  NatGatewayId: v.string(),
  State: v.string(),
  SubnetId: text,
  VpcId: text,
  ConnectivityType: text,
  AvailabilityMode: text,
  AutoScalingIps: text,
  AutoProvisionZones: text,
  RouteTableId: text,
  NatGatewayAddresses: v.array(natAddress),
  AttachedAppliances: list(v.unknown()),
  Tags: tags,
});
export const rawNatGateway = v.pipe(
  natMembers,
  needs(
    ({ State, ConnectivityType, NatGatewayAddresses }) =>
      State !== "available" || ConnectivityType === "private" || NatGatewayAddresses.every(isWhole),
    "NatGatewayAddresses[].PublicIp",
  ),
);
export type RawNatGateway = v.InferOutput<typeof rawNatGateway>;

/** `describe-managed-prefix-lists` names them, `describe-prefix-lists` also lists what the provider's own hold. */
export const rawPrefixList = v.object({
  PrefixListId: v.string(),
  PrefixListName: text,
  AddressFamily: text,
  Cidrs: list(strictCidr),
});
export type RawPrefixList = v.InferOutput<typeof rawPrefixList>;

/** `get-managed-prefix-list-entries` does not name its list; `PrefixListId` is there when somebody added it. */
export const rawPrefixListEntries = v.object({
  PrefixListId: text,
  Entries: v.array(v.object({ Cidr: strictCidr })),
});

const peer = v.object({
  VpcId: text,
  CidrBlock: cidr,
  CidrBlockSet: list(v.object({ CidrBlock: cidr })),
  Ipv6CidrBlockSet: list(v.object({ Ipv6CidrBlock: cidr })),
});

export const rawPeering = v.object({
  VpcPeeringConnectionId: v.string(),
  Status: v.nullish(v.object({ Code: text })),
  AccepterVpcInfo: peer,
  RequesterVpcInfo: peer,
});
export type RawPeering = v.InferOutput<typeof rawPeering>;

export const rawTransitGateway = v.object({
  TransitGatewayId: v.string(),
  Tags: tags,
});
export type RawTransitGateway = v.InferOutput<typeof rawTransitGateway>;

/** `describe-transit-gateway-attachments` has the association, `…-vpc-attachments` has the subnets. */
export const rawAttachment = v.object({
  TransitGatewayAttachmentId: v.string(),
  TransitGatewayId: text,
  ResourceType: text,
  ResourceId: text,
  VpcId: text,
  SubnetIds: texts,
  State: text,
  Association: v.nullish(v.object({ TransitGatewayRouteTableId: text, State: text })),
  Options: v.nullish(v.object({ ApplianceModeSupport: text })),
  Tags: tags,
});
export type RawAttachment = v.InferOutput<typeof rawAttachment>;

/** What `describe-transit-gateway-vpc-attachments` always has on top of that. */
export const rawVpcAttachment = v.object({
  ...rawAttachment.entries,
  SubnetIds: v.array(v.string()),
  Options: v.object({ ApplianceModeSupport: v.string() }),
});

export const rawTransitRoute = v.pipe(
  v.object({
    DestinationCidrBlock: cidr,
    PrefixListId: text,
    Type: text,
    State: v.string(),
    TransitGatewayAttachments: list(
      v.object({ TransitGatewayAttachmentId: text, ResourceId: text, ResourceType: text }),
    ),
  }),
  needs(
    ({ DestinationCidrBlock, PrefixListId }) => isSet(DestinationCidrBlock) || isSet(PrefixListId),
    "DestinationCidrBlock",
  ),
);
export type RawTransitRoute = v.InferOutput<typeof rawTransitRoute>;

/** `search-transit-gateway-routes` does not name its table; the id is there when somebody added it. */
export const rawTransitRoutes = v.object({
  TransitGatewayRouteTableId: text,
  AdditionalRoutesAvailable: flag,
  Routes: v.array(rawTransitRoute),
});

export const rawVpnConnection = v.object({
  VpnConnectionId: v.string(),
  VpnGatewayId: text,
  TransitGatewayId: text,
  State: text,
});
export type RawVpnConnection = v.InferOutput<typeof rawVpnConnection>;

export const rawVirtualInterface = v.object({
  virtualInterfaceId: v.string(),
  virtualGatewayId: text,
  virtualInterfaceType: text,
});
export type RawVirtualInterface = v.InferOutput<typeof rawVirtualInterface>;

export const rawEndpoint = v.object({
  VpcEndpointId: v.string(),
  VpcEndpointType: v.string(),
  VpcId: text,
  ServiceName: v.string(),
  State: text,
  SubnetIds: texts,
  NetworkInterfaceIds: texts,
  RouteTableIds: texts,
  RequesterManaged: v.nullish(v.boolean()),
  Tags: tags,
});
export type RawEndpoint = v.InferOutput<typeof rawEndpoint>;

const port = v.nullish(v.number());

/** Protocols whose rules name ports: a range is printed, be it of all ports. */
const HAS_PORTS: ReadonlySet<string> = new Set(["tcp", "udp", "6", "17"]);

const permissionMembers = v.object({
  IpProtocol: v.string(),
  FromPort: port,
  ToPort: port,
  IpRanges: v.array(v.object({ CidrIp: strictCidr })),
  Ipv6Ranges: v.array(v.object({ CidrIpv6: strictCidr })),
  PrefixListIds: v.array(v.object({ PrefixListId: v.string() })),
  UserIdGroupPairs: v.array(v.object({ GroupId: text })),
});
export type RawPermission = v.InferOutput<typeof permissionMembers>;
const permission: v.GenericSchema<unknown, RawPermission> = v.pipe(
  permissionMembers,
  needs(
    ({ IpProtocol, FromPort, ToPort }) => !HAS_PORTS.has(IpProtocol) || (isSet(FromPort) && isSet(ToPort)),
    "FromPort",
  ),
);

export interface RawSecurityGroup {
  readonly GroupId: string;
  readonly GroupName?: string | null | undefined;
  readonly IpPermissionsEgress: readonly RawPermission[];
}
export const rawSecurityGroup: v.GenericSchema<unknown, RawSecurityGroup> = v.object({
  GroupId: v.string(),
  GroupName: text,
  IpPermissionsEgress: v.array(permission),
});

export const rawNetworkAcl = v.object({
  NetworkAclId: v.string(),
  Associations: v.array(v.object({ SubnetId: v.string() })),
  Entries: v.array(
    v.pipe(
      v.object({
        RuleNumber: v.number(),
        Egress: v.boolean(),
        RuleAction: v.string(),
        Protocol: v.string(),
        CidrBlock: cidr,
        Ipv6CidrBlock: cidr,
        PortRange: v.nullish(v.object({ From: v.number(), To: v.number() })),
        IcmpTypeCode: v.nullish(v.object({ Type: port, Code: port })),
      }),
      needs(({ CidrBlock, Ipv6CidrBlock }) => isSet(CidrBlock) || isSet(Ipv6CidrBlock), "CidrBlock"),
      needs(({ Protocol, PortRange }) => !HAS_PORTS.has(Protocol) || isSet(PortRange), "PortRange"),
    ),
  ),
});
export type RawNetworkAcl = v.InferOutput<typeof rawNetworkAcl>;

const env = list(v.object({ name: v.string(), value: text }));

/** `kubectl get daemonset aws-node -n kube-system -o json`: the network plugin of an EKS cluster. */
export const rawPlugin = v.object({
  metadata: v.object({ name: v.literal("aws-node") }),
  spec: v.object({ template: v.object({ spec: v.object({ containers: v.array(v.object({ name: text, env })) }) }) }),
});
