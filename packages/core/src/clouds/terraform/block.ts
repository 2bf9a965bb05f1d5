import { type Fields, type Instance, isFields, type Mask } from "./read/instance.ts";
import { isMasked, maskAt } from "./read/masks.ts";

/** A resource instance, or a block nested in one, with what is known of each member. */
export interface Block {
  readonly instance: Instance;
  readonly values: Fields;
  readonly later: Mask;
  readonly hidden: Mask;
  /** Where the members come from; empty where no configuration tells. */
  readonly expressions: Fields;
  /** Written by a `dynamic` block, of which the configuration tells nothing. */
  readonly isDynamic: boolean;
}

const NO_FIELDS: Fields = {};

export const blockOf = (instance: Instance, expressions: Fields): Block => ({
  instance,
  values: instance.values,
  later: instance.later,
  hidden: instance.hidden,
  expressions,
  isDynamic: false,
});

/** A member's text; null where it is absent, empty, or not known. */
export function text(block: Block, member: string): string | null {
  const value = block.values[member];
  return typeof value === "string" && value !== "" ? value : null;
}

export function flag(block: Block, member: string): boolean | null {
  const value = block.values[member];
  return typeof value === "boolean" ? value : null;
}

export function count(block: Block, member: string): number | null {
  const value = block.values[member];
  return typeof value === "number" ? value : null;
}

/** A list or set of texts. */
export function texts(block: Block, member: string): readonly string[] {
  const value = block.values[member];
  return (Array.isArray(value) ? (value as readonly unknown[]) : []).filter((one) => typeof one === "string");
}

/** Not in the file: known only after apply, or left out because it is sensitive. */
export const isOpen = (block: Block, member: string): boolean => isLater(block, member) || isHidden(block, member);

export const isHidden = (block: Block, member: string): boolean => isMasked(maskAt(block.hidden, member));

export const isLater = (block: Block, member: string): boolean => isMasked(maskAt(block.later, member));

/** Nested blocks of one name. */
export function blocks(block: Block, member: string): readonly Block[] {
  const value = block.values[member];
  const list = Array.isArray(value) ? (value as readonly unknown[]) : isFields(value) ? [value] : [];
  const expressions = block.expressions[member];
  const configured: readonly unknown[] = Array.isArray(expressions) ? expressions : [];
  return list.flatMap((one, index) => {
    if (!isFields(one)) return [];
    const aligned = configured.length === list.length ? configured[index] : undefined;
    return [
      {
        instance: block.instance,
        values: one,
        later: maskAt(maskAt(block.later, member), index),
        hidden: maskAt(maskAt(block.hidden, member), index),
        // A member written as one expression (`route = [...]`) tells only what all of its elements come from.
        expressions: isFields(aligned) ? aligned : sharedBy(one, expressions),
        isDynamic: block.isDynamic || expressions === undefined,
      },
    ];
  });
}

/** Each member may come from anything that the whole refers to. */
function sharedBy(values: Fields, expression: unknown): Fields {
  const all = Array.isArray(expression) ? mergedReferences(expression) : expression;
  if (!isFields(all) || !Array.isArray(all["references"])) return NO_FIELDS;
  const names = new Set([...Object.keys(values), ...LINK_MEMBERS]);
  return Object.fromEntries([...names].map((name) => [name, all]));
}

/** Blocks of a set stand in another order than in the configuration. */
function mergedReferences(list: readonly unknown[]): Fields {
  const references = list
    .filter(isFields)
    .flatMap((one) => Object.values(one))
    .flatMap((one) =>
      isFields(one) && Array.isArray(one["references"]) ? (one["references"] as readonly unknown[]) : [],
    );
  return { references };
}

/** Members of nested blocks that name other resources or their addresses; unknown ones are not among the values. */
const LINK_MEMBERS = [
  "subnetwork",
  "network",
  "network_interface_id",
  "gateway_id",
  "nat_gateway_id",
  "transit_gateway_id",
  "vpc_peering_connection_id",
  "vpc_endpoint_id",
  "egress_only_gateway_id",
  "destination_prefix_list_id",
  "subnet_id",
  "public_ip_address_id",
  "public_ip_prefix_id",
  "next_hop_in_ip_address",
  "private_ip_address",
  "nat_ip",
  "name",
] as const;
