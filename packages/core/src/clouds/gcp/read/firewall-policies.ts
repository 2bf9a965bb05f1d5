import type { Origin } from "../../../problem.ts";
import { fullPath, nameOf } from "../links.ts";
import { type Fields, isFields } from "../recognise.ts";
import type { Item } from "./unwrap.ts";

/** Of a firewall policy only what tells whether it could deny what a VM sends. */
export interface FirewallPolicy {
  readonly name: string;
  /** The networks that it is for; null: a folder's or organization's policy, or nothing says whose it is. */
  readonly networks: readonly string[] | null;
  readonly mayDenyEgress: boolean;
  readonly origin: Origin;
}

export function firewallPoliciesOf(items: readonly Item[]): readonly FirewallPolicy[] {
  const policies = items.filter(({ kind }) => kind === "firewall-policy" || kind === "effective-firewalls");
  return policies.flatMap(({ kind, value, origin }) => {
    if (kind === "firewall-policy") return [policyOf(value, origin)];
    // What is in effect for a network, which this answer does not name.
    return fieldsIn(value["firewallPolicys"]).map((one) => ({ ...policyOf(one, origin), networks: null }));
  });
}

const policyOf = (value: Fields, origin: Origin): FirewallPolicy => ({
  name: nameOf(textOf(value["name"])),
  networks: networksOf(value["associations"]),
  mayDenyEgress: !Array.isArray(value["rules"]) || value["rules"].some((rule: unknown) => mayDenyEgress(rule)),
  origin,
});

function networksOf(associations: unknown): readonly string[] | null {
  const targets = fieldsIn(associations).map(({ attachmentTarget }) => fullPath(textOf(attachmentTarget)));
  const networks = targets.filter((target) => target?.includes("/networks/"));
  return targets.length === 0 || networks.length < targets.length ? null : networks.map((path) => path ?? "");
}

/** Anything but a plain `allow` or `goto_next`: `deny`, and a security profile, which may deny. */
function mayDenyEgress(rule: unknown): boolean {
  if (!isFields(rule)) return true;
  if (rule["disabled"] === true || rule["direction"] === "INGRESS") return false;
  return !/^(?:allow|goto_next)$/i.test(textOf(rule["action"]));
}

const fieldsIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
