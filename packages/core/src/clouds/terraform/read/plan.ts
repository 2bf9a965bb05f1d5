import { type Fields, type Instance, isFields, type Mask } from "./instance.ts";
import { maskAt } from "./masks.ts";

/** An instance of `planned_values`, with what `resource_changes` says of the same address. */
export function plannedInstance(one: Instance, change: Fields | undefined): Instance {
  const body = isFields(change?.["change"]) ? change["change"] : undefined;
  if (body === undefined) return one;
  const later = body["after_unknown"];
  const { before, actions } = body;
  if (!isFields(later) || !isFields(before) || !staysInPlace(actions)) return { ...one, later };
  return restored(one, before, later);
}

/** Only then is it the same object afterwards; a replacement has none of the old one's values. */
const staysInPlace = (actions: unknown): boolean =>
  Array.isArray(actions) && actions.length === 1 && (actions[0] === "update" || actions[0] === "no-op");

/** A computed value stays what it was while nothing changes that decides it. */
function restored(one: Instance, before: Fields, later: Fields): Instance {
  const kept = { ...KEPT_BY_EVERY_TYPE, ...KEPT[one.type] };
  const values = new Map(Object.entries(one.values));
  const unknown = new Map<string, Mask>(Object.entries(later));
  for (const [member, inputs] of Object.entries(kept)) {
    const isLater = maskAt(later, member) === true;
    const known = before[member];
    if (!isLater || known === null || known === undefined) continue;
    if (!inputs.every((input) => isUnchanged(input, one, before, later))) continue;
    values.set(member, known);
    unknown.delete(member);
  }
  return { ...one, values: Object.fromEntries(values), later: Object.fromEntries(unknown) };
}

const isUnchanged = (input: string, { values }: Instance, before: Fields, later: Fields): boolean =>
  maskAt(later, input) === undefined && JSON.stringify(values[input]) === JSON.stringify(before[input]);

/** Who it is never changes in place. */
const KEPT_BY_EVERY_TYPE: Readonly<Record<string, readonly string[]>> = { id: [], self_link: [], arn: [] };

/** Computed member → the inputs that decide it. Not listed: a change in place may change it. */
const KEPT: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eip
  aws_eip: {
    public_ip: [],
    allocation_id: [],
    private_ip: ["instance", "network_interface", "associate_with_private_ip"],
  },
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway
  aws_nat_gateway: {
    public_ip: ["allocation_id"],
    private_ip: ["subnet_id"],
    network_interface_id: ["subnet_id"],
    secondary_private_ip_addresses: ["secondary_allocation_ids", "secondary_private_ip_address_count"],
  },
  aws_network_interface: { private_ip: [], private_ips: ["private_ips_count", "private_ip_list"] },
  // Its first address stays for as long as the instance: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
  aws_instance: { private_ip: [], primary_network_interface_id: [] },
  aws_vpc: { main_route_table_id: [], default_route_table_id: [] },
  google_compute_address: { address: [] },
  google_compute_global_address: { address: [] },
  azurerm_public_ip: { ip_address: ["allocation_method", "ip_version", "sku"] },
  azurerm_public_ip_prefix: { ip_prefix: [] },
};
