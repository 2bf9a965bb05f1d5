import * as v from "valibot";
import type { Origin, Problem } from "../../../problem.ts";
import type { ListName } from "../recognise.ts";
import type { Found } from "./inventory.ts";
import { givenTwice, unreadableResource } from "./problems.ts";
import * as raw from "./raw.ts";

/** Everything that was exported, by kind and id. What is not in here is unknown, not absent. */
export interface Tables {
  readonly instances: Map<string, Found<raw.RawInstance>>;
  readonly interfaces: Map<string, Found<raw.RawNetworkInterface>>;
  readonly addresses: Map<string, Found<raw.RawAddress>>;
  readonly subnets: Map<string, Found<raw.RawSubnet>>;
  readonly vpcs: Map<string, Found<raw.RawVpc>>;
  readonly routeTables: Map<string, Found<raw.RawRouteTable>>;
  readonly natGateways: Map<string, Found<raw.RawNatGateway>>;
  readonly prefixLists: Map<string, Found<raw.RawPrefixList>>;
  readonly peerings: Map<string, Found<raw.RawPeering>>;
  readonly transitGateways: Map<string, Found<raw.RawTransitGateway>>;
  readonly attachments: Map<string, Found<raw.RawAttachment>>;
  readonly vpnConnections: Map<string, Found<raw.RawVpnConnection>>;
  readonly virtualInterfaces: Map<string, Found<raw.RawVirtualInterface>>;
  readonly endpoints: Map<string, Found<raw.RawEndpoint>>;
  readonly securityGroups: Map<string, Found<raw.RawSecurityGroup>>;
  readonly networkAcls: Map<string, Found<raw.RawNetworkAcl>>;
}

export const emptyTables = (): Tables => ({
  instances: new Map(),
  interfaces: new Map(),
  addresses: new Map(),
  subnets: new Map(),
  vpcs: new Map(),
  routeTables: new Map(),
  natGateways: new Map(),
  prefixLists: new Map(),
  peerings: new Map(),
  transitGateways: new Map(),
  attachments: new Map(),
  vpnConnections: new Map(),
  virtualInterfaces: new Map(),
  endpoints: new Map(),
  securityGroups: new Map(),
  networkAcls: new Map(),
});

/** Reads one element into its table. A problem of level `error`: it could not be read and is not there. */
type Add = (tables: Tables, element: unknown, origin: Origin) => { readonly problem: Problem | null };

const ADDED = { problem: null };

/** @param join what two lists tell of one resource, where two lists do */
function kind<T extends object>(
  schema: v.GenericSchema<unknown, T>,
  idOf: (value: T) => string | null | undefined,
  tableOf: (tables: Tables) => Map<string, Found<T>>,
  join?: (before: T, after: T) => T,
): Add {
  return (tables, element, origin) => {
    const result = v.safeParse(schema, element);
    if (!result.success) {
      const [issue] = result.issues;
      const detail = { path: v.getDotPath(issue) ?? "", expected: issue.expected ?? "", found: issue.received };
      return { problem: unreadableResource(idIn(element), origin, detail) };
    }
    const value = result.output;
    const id = idOf(value);
    if (id === null || id === undefined || id === "") return ADDED;
    const table = tableOf(tables);
    const before = table.get(id);
    const joined = before === undefined || join === undefined ? value : join(before.value, value);
    const found = { id, name: nameTag(value) ?? id, value: joined, origin };
    table.set(id, found);
    const differs = before !== undefined && join === undefined && !alike(before.value, value);
    return differs ? { problem: givenTwice(found, before) } : ADDED;
  };
}

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function nameTag(value: object): string | undefined {
  const tags = "Tags" in value ? value.Tags : "TagSet" in value ? value.TagSet : undefined;
  return tagOf(tags, "Name");
}

/** The value of a tag; undefined: there is none, or it is empty. */
export function tagOf(tags: unknown, key: string): string | undefined {
  if (!Array.isArray(tags)) return undefined;
  const tag: unknown = tags.find((one: unknown) => isTag(one) && one.Key === key);
  return isTag(tag) && typeof tag.Value === "string" && tag.Value !== "" ? tag.Value : undefined;
}

const isTag = (value: unknown): value is { readonly Key: unknown; readonly Value?: unknown } =>
  typeof value === "object" && value !== null && "Key" in value;

/** The element's own id, to name it in a problem: the first member that ends in `Id`. */
function idIn(element: unknown): string {
  if (typeof element !== "object" || element === null) return JSON.stringify(element)?.slice(0, 60) ?? typeof element;
  const named = Object.entries(element).find(([name, value]) => /Id$/.test(name) && typeof value === "string");
  return named === undefined ? "?" : String(named[1]).slice(0, 80);
}

/** Members that one of two answers does not have leave those of the other as they are. */
const merged = (before: raw.RawAttachment, after: raw.RawAttachment): raw.RawAttachment => {
  const told = Object.entries(after).filter(([, value]) => value !== undefined && value !== null);
  return { ...before, ...Object.fromEntries(told) };
};

const withCidrs = (before: raw.RawPrefixList, after: raw.RawPrefixList): raw.RawPrefixList => ({
  ...before,
  ...after,
  Cidrs: after.Cidrs ?? before.Cidrs,
});

const attachment = kind(
  raw.rawAttachment,
  ({ TransitGatewayAttachmentId }) => TransitGatewayAttachmentId,
  (tables) => tables.attachments,
  merged,
);

export const KINDS: Readonly<Partial<Record<ListName, Add>>> = {
  Reservations: kind(
    raw.rawInstance,
    ({ InstanceId }) => InstanceId,
    (tables) => tables.instances,
  ),
  NetworkInterfaces: kind(
    raw.rawNetworkInterface,
    ({ NetworkInterfaceId }) => NetworkInterfaceId,
    (tables) => tables.interfaces,
  ),
  Addresses: kind(
    raw.rawAddress,
    ({ AllocationId, PublicIp }) => AllocationId ?? PublicIp,
    (tables) => tables.addresses,
  ),
  Subnets: kind(
    raw.rawSubnet,
    ({ SubnetId }) => SubnetId,
    (tables) => tables.subnets,
  ),
  Vpcs: kind(
    raw.rawVpc,
    ({ VpcId }) => VpcId,
    (tables) => tables.vpcs,
  ),
  RouteTables: kind(
    raw.rawRouteTable,
    ({ RouteTableId }) => RouteTableId,
    (tables) => tables.routeTables,
  ),
  NatGateways: kind(
    raw.rawNatGateway,
    ({ NatGatewayId }) => NatGatewayId,
    (tables) => tables.natGateways,
  ),
  PrefixLists: kind(
    raw.rawPrefixList,
    ({ PrefixListId }) => PrefixListId,
    (tables) => tables.prefixLists,
    withCidrs,
  ),
  VpcPeeringConnections: kind(
    raw.rawPeering,
    ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId,
    (tables) => tables.peerings,
  ),
  TransitGateways: kind(
    raw.rawTransitGateway,
    ({ TransitGatewayId }) => TransitGatewayId,
    (tables) => tables.transitGateways,
  ),
  TransitGatewayAttachments: attachment,
  TransitGatewayVpcAttachments: kind(
    raw.rawVpcAttachment,
    ({ TransitGatewayAttachmentId }) => TransitGatewayAttachmentId,
    (tables) => tables.attachments,
    merged,
  ),
  VpnConnections: kind(
    raw.rawVpnConnection,
    ({ VpnConnectionId }) => VpnConnectionId,
    (tables) => tables.vpnConnections,
  ),
  virtualInterfaces: kind(
    raw.rawVirtualInterface,
    ({ virtualInterfaceId }) => virtualInterfaceId,
    (tables) => tables.virtualInterfaces,
  ),
  VpcEndpoints: kind(
    raw.rawEndpoint,
    ({ VpcEndpointId }) => VpcEndpointId,
    (tables) => tables.endpoints,
  ),
  SecurityGroups: kind(
    raw.rawSecurityGroup,
    ({ GroupId }) => GroupId,
    (tables) => tables.securityGroups,
  ),
  NetworkAcls: kind(
    raw.rawNetworkAcl,
    ({ NetworkAclId }) => NetworkAclId,
    (tables) => tables.networkAcls,
  ),
};
