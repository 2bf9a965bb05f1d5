import type { Filter } from "../../../model/egress.ts";
import type { Ask } from "../../../model/outcome.ts";
import type { AdminRule } from "../read/resource.ts";
import { adminRulesFirst } from "../rules/security-groups.ts";
import { open, say } from "./say.ts";
import type { World } from "./world.ts";

const made = new WeakMap<World, readonly Filter[]>();

/**
 * Security admin rules of Virtual Network Manager, which come before all security groups. Which networks one is deployed
 * to stands elsewhere: of each that is in the export it is open whether it is in effect here.
 */
export function adminFilters(world: World): readonly Filter[] {
  const known = made.get(world);
  if (known !== undefined) return known;
  const filters = [...world.all.adminRules.values()]
    .filter(({ outbound, access }) => outbound && access !== "allow")
    .sort((a, b) => a.priority - b.priority)
    .map(filterOf);
  made.set(world, filters);
  return filters;
}

function filterOf({ id, name, origin, access, priority, protocols, ports, destinations }: AdminRule): Filter {
  const verb = access === "deny" ? say("denies", "拒绝") : say("always allows", "始终放行");
  const how: Ask = {
    command: null,
    text: say(
      "ask which security admin rules are in effect for the network (az network manager list-effective-security-admin-rules)",
      "查询该网络上生效的安全管理规则（az network manager list-effective-security-admin-rules）",
    ),
    settles: say(`whether ${name} is in effect here`, `${name} 在此是否生效`),
  };
  return {
    match: {
      ...(protocols === "any" ? {} : { protocols }),
      ...(ports === "any" ? {} : { ports }),
      ...(destinations === "any" ? {} : { destinations }),
    },
    action: access === "deny" ? "deny" : "always-allow",
    rule: adminRulesFirst,
    resource: id,
    origin,
    text: say(
      `the security admin rule ${name} (priority ${priority}) ${verb.en} it`,
      `安全管理规则 ${name}（优先级 ${priority}）${verb.zh}该流量`,
    ),
    perhaps: {
      applies: open(
        `admin-rule:${name}`,
        say(
          `the security admin rule ${name} is in effect here and means this flow`,
          `安全管理规则 ${name} 在此生效且适用于该流量`,
        ),
        how,
      ),
      not: open(
        `no-admin-rule:${name}`,
        say(`the security admin rule ${name} is not in effect here`, `安全管理规则 ${name} 在此不生效`),
        how,
      ),
    },
  };
}
