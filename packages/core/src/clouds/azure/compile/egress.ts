import type { Egress, Filter } from "../../../model/egress.ts";
import type { Match } from "../../../model/flow.ts";
import type { Nic } from "../read/resource.ts";
import { nameOf } from "../read/resource-id.ts";
import { missingIsUnknown } from "../rules/export.ts";
import { askFor } from "./ask.ts";
import { effectiveTable } from "./effective.ts";
import { internetOf } from "./internet.ts";
import { tableOf } from "./routes.ts";
import { byDefault, open, say, step } from "./say.ts";
import { placeOf, primarySubnet, type World } from "./world.ts";

export function makeEgress(world: World, nic: Nic): Egress {
  return { filters: securityGroups(world, nic), routes: routesOf(world, nic), internet: internetOf(world, nic) };
}

function routesOf(world: World, nic: Nic): Egress["routes"] {
  const effective = world.effectiveOf.get(nic.key);
  if (effective !== undefined) return effectiveTable(world, nic, effective);
  const subnet = primarySubnet(nic);
  return subnet === null ? NO_SUBNET : world.tableOf(subnet);
}

const NO_SUBNET = {
  ...tableOf("azure/routes/none", [], []),
  none: step(missingIsUnknown, null, "the NIC names no subnet", "网卡未写明子网"),
};

/** Rules of security groups are not read: outbound traffic is allowed unless somebody denied it. */
function securityGroups(world: World, nic: Nic): readonly Filter[] {
  const { subnet } = placeOf(world, primarySubnet(nic));
  const [first] = [nic.securityGroup, subnet?.securityGroup ?? null].flatMap((id) => id ?? []);
  return first === undefined ? [] : securityGroupFilters(first, {});
}

export function securityGroupFilters(first: string, match: Match): readonly Filter[] {
  const name = nameOf(first);
  const ask = askFor(first, say("whether it denies this flow", "它是否拒绝该流量"));
  return [
    {
      match,
      action: "deny",
      rule: missingIsUnknown,
      resource: first,
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
    },
  ];
}
