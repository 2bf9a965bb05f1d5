import * as v from "valibot";
import { parseCidr } from "../../../address/cidr.ts";
import type { Origin } from "../../../problem.ts";
import { fullPath, nameOf } from "../links.ts";
import { type Fields, isFields } from "../recognise.ts";
import { layer4, type RawLayer4 } from "./raw.ts";
import type { Item } from "./unwrap.ts";

/** Where policies stand among each other and among the rules of the network itself. */
export type PolicyLevel = "hierarchy" | "network" | "region";

export interface FirewallPolicy {
  readonly name: string;
  /** The networks that it is for; null: a folder's or organization's policy, or nothing says whose it is. */
  readonly networks: readonly string[] | null;
  /** null: nothing says where it stands. */
  readonly level: PolicyLevel | null;
  /** Of a regional policy. */
  readonly region: string | null;
  /** Of traffic that leaves, enabled, in the order in which they decide; null: not shown, or one cannot be read. */
  readonly rules: readonly PolicyRule[] | null;
  readonly mayDenyEgress: boolean;
  readonly mayAllowEgress: boolean;
  /** From an answer about what is in effect, which holds every one of a hierarchy. */
  readonly isInEffect: boolean;
  readonly origin: Origin;
}

export interface PolicyRule {
  readonly priority: number;
  readonly action: "allow" | "deny" | "goto_next";
  /** Networks and service accounts that it is for; empty: all. */
  readonly networks: readonly string[];
  readonly serviceAccounts: readonly string[];
  readonly secureTags: readonly string[];
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly layer4: readonly RawLayer4[];
  /** What else must match, that no export spells out: names, regions, lists of addresses. */
  readonly others: readonly string[];
}

export const isEvaluable = ({ rules, level }: FirewallPolicy): boolean => rules !== null && level !== null;

/** The networks of which it is shown what is in effect; null: an answer that names none. */
export const networksInEffect = (items: readonly Item[]): readonly (string | null)[] =>
  items.flatMap(({ kind, value }) => (kind === "effective-firewalls" ? [networkInEffect(value)] : []));

/** Its own rules name it; where it has none, nothing does. */
function networkInEffect(value: Fields): string | null {
  const networks = unique(fieldsIn(value["firewalls"]).flatMap(({ network }) => fullPath(textOf(network)) ?? []));
  const [only = null, ...more] = networks;
  return more.length > 0 ? null : only;
}

export function firewallPoliciesOf(items: readonly Item[]): readonly FirewallPolicy[] {
  const policies = items.filter(({ kind }) => kind === "firewall-policy" || kind === "effective-firewalls");
  return policies.flatMap(({ kind, value, origin }) => {
    if (kind === "firewall-policy") return [policyOf(value, origin)];
    const network = networkInEffect(value);
    return fieldsIn(value["firewallPolicys"]).map((one) => ({
      ...policyOf(one, origin),
      networks: network === null ? null : [network],
      level: LEVELS[textOf(one["type"])] ?? null,
      isInEffect: true,
    }));
  });
}

/** Of a regional one an answer about a network does not say which region; of a system's own it says no rules. */
const LEVELS: Readonly<Record<string, PolicyLevel>> = { HIERARCHY: "hierarchy", NETWORK: "network" };

function policyOf(value: Fields, origin: Origin): FirewallPolicy {
  const networks = networksOf(value["associations"]);
  const region = nameOf(textOf(value["region"])) || null;
  const all: readonly unknown[] | null = Array.isArray(value["rules"]) ? value["rules"] : null;
  const leaving = all?.filter((rule) => !isFields(rule) || !(rule["disabled"] === true || isIngress(rule))) ?? null;
  const rules = leaving?.map((rule) => ruleOf(rule)) ?? null;
  return {
    name: nameOf(textOf(value["name"])),
    networks,
    level: networks === null ? null : region === null ? "network" : "region",
    region,
    rules: rules?.every((rule) => rule !== null) ? rules.toSorted((a, b) => a.priority - b.priority) : null,
    mayDenyEgress: leaving === null || leaving.some((rule) => !hasAction(rule, /^(?:allow|goto_next)$/i)),
    mayAllowEgress: leaving === null || leaving.some((rule) => !hasAction(rule, /^(?:deny|goto_next)$/i)),
    isInEffect: false,
    origin,
  };
}

function networksOf(associations: unknown): readonly string[] | null {
  const targets = fieldsIn(associations).map(({ attachmentTarget }) => fullPath(textOf(attachmentTarget)));
  const networks = targets.filter((target) => target?.includes("/networks/"));
  return targets.length === 0 || networks.length < targets.length ? null : networks.map((path) => path ?? "");
}

const isIngress = (rule: Fields): boolean => rule["direction"] === "INGRESS";

/** Anything but these is another: a security profile may deny and may allow. */
const hasAction = (rule: unknown, action: RegExp): boolean => isFields(rule) && action.test(textOf(rule["action"]));

const texts = v.nullish(v.array(v.string()), []);
const ranges = v.nullish(
  v.array(
    v.pipe(
      v.string(),
      v.check((text) => parseCidr(text, true) !== undefined),
    ),
  ),
  [],
);
/** Without a protocol it was cut off: none means all. */
const protocolAndPorts = v.object({ ...layer4.entries, ipProtocol: v.string() });
const ruleSchema = v.object({
  priority: v.pipe(v.number(), v.integer()),
  direction: v.literal("EGRESS"),
  action: v.picklist(["allow", "deny", "goto_next"]),
  targetType: v.nullish(v.literal("INSTANCES")),
  targetResources: texts,
  targetServiceAccounts: texts,
  targetSecureTags: v.nullish(v.array(v.object({ name: v.string() })), []),
  match: v.looseObject({
    srcIpRanges: ranges,
    destIpRanges: ranges,
    layer4Configs: v.pipe(v.array(protocolAndPorts), v.minLength(1)),
  }),
});

/** https://docs.cloud.google.com/compute/docs/reference/rest/v1/networkFirewallPolicies */
function ruleOf(value: unknown): PolicyRule | null {
  const read = v.safeParse(ruleSchema, value);
  if (!read.success) return null;
  const { priority, action, targetResources, targetServiceAccounts, targetSecureTags, match } = read.output;
  const { srcIpRanges, destIpRanges, layer4Configs, ...others } = match;
  return {
    priority,
    action,
    networks: targetResources.map((link) => fullPath(link) ?? link),
    serviceAccounts: targetServiceAccounts,
    secureTags: targetSecureTags.map(({ name }) => name),
    sources: srcIpRanges,
    destinations: destIpRanges,
    layer4: layer4Configs,
    others: Object.entries(others).flatMap(([name, asked]) => (isEmpty(asked) ? [] : [name])),
  };
}

const isEmpty = (asked: unknown): boolean =>
  asked === null || asked === undefined || asked === "" || (Array.isArray(asked) && asked.length === 0);

const fieldsIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const unique = (all: readonly string[]): readonly string[] => [...new Set(all)];
