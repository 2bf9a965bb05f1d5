import type { ConfigDocument } from "../document.ts";
import { type Fields, isFields } from "./read/instance.ts";

/** Who is in the clouds' own exports: self links as paths, ids in lower case. */
export function exportedIds(documents: readonly ConfigDocument[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { value } of documents) collect(value, ids, 0);
  return ids;
}

/** Lists, aggregated lists by scope, asset lines, and the lists of one `describe` inside the other. */
const DEEPEST = 6;

function collect(value: unknown, ids: Set<string>, depth: number): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) for (const one of value as readonly unknown[]) collect(one, ids, depth + 1);
  if (!isFields(value)) return;
  const own = ownId(value);
  if (own !== null) ids.add(own);
  else for (const member of Object.values(value)) if (typeof member === "object") collect(member, ids, depth + 1);
}

function ownId(value: Fields): string | null {
  const { selfLink, id } = value;
  if (typeof selfLink === "string" && Array.isArray(value["items"]) === false)
    return selfLink.replace(/^https?:\/\/.*?\/(?=projects\/)/, "").toLowerCase();
  if (typeof id === "string" && /^\/subscriptions\/.*\/providers\//i.test(id)) return id.toLowerCase();
  const name = OWN_ID.find(([member, beside]) => typeof value[member] === "string" && beside in value)?.[0];
  return name === undefined ? null : String(value[name]).toLowerCase();
}

/** A resource's own id, told from a link to it by a member that only the resource has. */
const OWN_ID: readonly (readonly [member: string, beside: string])[] = [
  ["InstanceId", "NetworkInterfaces"],
  ["NetworkInterfaceId", "PrivateIpAddresses"],
  ["NatGatewayId", "NatGatewayAddresses"],
  ["RouteTableId", "Routes"],
  ["SubnetId", "CidrBlock"],
  ["VpcId", "CidrBlock"],
  ["AllocationId", "PublicIp"],
  ["InternetGatewayId", "Attachments"],
  ["EgressOnlyInternetGatewayId", "Attachments"],
  ["VpcPeeringConnectionId", "AccepterVpcInfo"],
  ["TransitGatewayId", "Options"],
  ["PrefixListId", "PrefixListName"],
];
