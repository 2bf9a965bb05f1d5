import { type Cidr, cidrs, EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Filter } from "../../../model/egress.ts";
import { inTurn } from "../../filter-lists.ts";
import type { Nic, SecurityGroup } from "../read/resource.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";
import { missingIsUnknown } from "../rules/export.ts";
import { bothGroups, defaultSecurityRules, lowestPriorityFirst } from "../rules/security-groups.ts";
import { adminFilters } from "./admin-rules.ts";
import { askFor } from "./ask.ts";
import { withoutIdle } from "./idle-filters.ts";
import { common } from "./ranges.ts";
import { byDefault, open, say } from "./say.ts";
import { filtersOfRule, inNetworkTag, spacesOf } from "./security-rules.ts";
import { placeOf, type World } from "./world.ts";

/** Who sends, as far as security groups ask. */
export interface Guarded {
  readonly nicGroup: string | null;
  readonly subnet: string | null;
  /** Keys of the application security groups that it is in. */
  readonly applicationGroups: readonly string[];
  /** Only what goes there passes the groups at all; absent: everything. */
  readonly within?: readonly Cidr[];
}

export const guardedNic = (nic: Nic, subnet: string | null): Guarded => ({
  nicGroup: nic.securityGroup,
  subnet,
  applicationGroups: nic.configurations.flatMap(({ applicationGroups }) => applicationGroups),
});

/** What has no NIC of its own, and sends from a subnet. */
export const guardedSubnet = (world: World, subnet: string | null, within?: readonly Cidr[]): readonly Filter[] =>
  securityFilters(world, {
    nicGroup: null,
    subnet,
    applicationGroups: [],
    ...(within === undefined ? {} : { within }),
  });

/** Of the NIC first, then of the subnet: a list each. Of a group whose rules were not exported only that it may deny. */
export function securityFilters(world: World, by: Guarded): readonly Filter[] {
  const subnetGroup = placeOf(world, by.subnet).subnet?.securityGroup ?? null;
  const ids = [by.nicGroup, subnetGroup].flatMap((id) => id ?? []);
  const found = ids.map((id) => ({ id, group: world.all.securityGroups.get(keyOf(id)) }));
  const missing = found.find(({ group }) => group === undefined || group.rules === null)?.id;
  const lists = found.flatMap(({ group }) =>
    group === undefined || group.rules === null ? [] : [filtersOf(world, by, group, ids.length)],
  );
  return inTurn(adminFilters(world), ...lists, missing === undefined ? [] : [notExported(missing, by.within)]);
}

function notExported(id: string, within: readonly Cidr[] | undefined): Filter {
  const name = nameOf(id);
  const ask = askFor(id, say("whether it denies this flow", "它是否拒绝该流量"));
  return {
    match: within === undefined ? {} : { destinations: within },
    action: "deny",
    rule: missingIsUnknown,
    resource: id,
    origin: null,
    text: say(`a rule of the security group ${name} denies it`, `安全组 ${name} 的规则拒绝该流量`),
    unless: {
      holds: open(
        `security-group-denies:${name}`,
        say(`the security group ${name} denies this flow`, `安全组 ${name} 拒绝该流量`),
        ask,
      ),
      lifted: byDefault(
        "security-group-allows",
        say(
          `the security group ${name} lets the flow out, as it does by default`,
          `安全组 ${name} 按默认放行该出站流量`,
        ),
        ask,
      ),
    },
  };
}

const made = new WeakMap<World, Map<string, readonly Filter[]>>();

/** Senders of one subnet that are in the same application groups share them. */
function filtersOf(world: World, by: Guarded, group: SecurityGroup, groups: number): readonly Filter[] {
  const known = made.get(world) ?? new Map<string, readonly Filter[]>();
  made.set(world, known);
  const key = [group.key, by.subnet ?? "", by.applicationGroups.join(), by.within?.join() ?? "", groups].join("|");
  const filters = known.get(key) ?? compile(world, by, group, groups);
  known.set(key, filters);
  return filters;
}

// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#azure-platform-considerations
const PLATFORM = cidrs("168.63.129.16/32", "169.254.0.0/16", "fe80::/10");

function compile(world: World, by: Guarded, group: SecurityGroup, groups: number): readonly Filter[] {
  const spaces = spacesOf(world, by.subnet);
  const rule = groups > 1 ? bothGroups : lowestPriorityFirst;
  const own = [...(group.rules ?? [])]
    .sort((a, b) => a.priority - b.priority)
    .flatMap((one) => filtersOfRule(world, by.applicationGroups, group, one, spaces, rule));
  const text = (action: string, zh: string) =>
    say(
      `the default rules of the security group ${group.name} ${action} it`,
      `安全组 ${group.name} 的默认规则${zh}该流量`,
    );
  const base = { resource: group.id, origin: group.origin, rule: defaultSecurityRules };
  const allows = { ...base, action: "allow", text: text("allow", "放行") } as const;
  const all: readonly Filter[] = [
    { ...allows, match: { destinations: PLATFORM } },
    ...own,
    { ...allows, match: { destinations: [...spaces.network, ...spaces.internet] } },
    { ...allows, match: { destinations: spaces.related }, perhaps: inNetworkTag },
    { ...base, match: {}, action: "deny", text: text("deny", "拒绝") },
  ];
  return withoutIdle(all).flatMap((filter) => narrowed(filter, by.within));
}

function narrowed(filter: Filter, within: readonly Cidr[] | undefined): readonly Filter[] {
  if (within === undefined) return [filter];
  const destinations = common(filter.match.destinations ?? [EVERY_IPV4, EVERY_IPV6], within);
  return destinations.length === 0 ? [] : [{ ...filter, match: { ...filter.match, destinations } }];
}
