import type { Ip } from "../../../address/ip.ts";
import type { Appliance, ApplianceAction, ApplianceBehaviour, NextHop } from "../../../model/egress.ts";
import type { Assumption } from "../../../model/outcome.ts";
import { inTurn } from "../../filter-lists.ts";
import { sourceDestCheck } from "../rules/interfaces.ts";
import { natInstance } from "../rules/targets.ts";
import { ask } from "./ask.ts";
import { internetFrom } from "./internet.ts";
import { networkAclFilters } from "./network-acl.ts";
import { TO_PRIVATE } from "./ranges.ts";
import { byDefault, open, say, step, unpredictable } from "./say.ts";
import { securityFilters } from "./security-groups.ts";
import { type Eni, eniLabel, type World } from "./world.ts";

/** An instance as target: a NAT instance, a firewall. What its guest does with others' packets is in no export. */
export function applianceHop(world: World, eni: Eni): NextHop {
  const label = eniLabel(eni);
  if (eni.value.SourceDestCheck === true)
    return {
      kind: "drop",
      rule: sourceDestCheck,
      text: say(
        `${label}, whose source/destination check is on: what is not for itself is dropped`,
        `${label}，其源/目的检查已开启：不是发给它自己的流量会被丢弃`,
      ),
    };
  return {
    kind: "appliance",
    text: say(`the interface ${label}`, `接口 ${label}`),
    appliances: [applianceOf(world, eni)],
  };
}

function applianceOf(world: World, eni: Eni): Appliance {
  return {
    id: `aws/appliance/${eni.id}`,
    name: eniLabel(eni),
    resource: eni.id,
    behaviours: behavioursOf(world, eni),
    get egress() {
      return {
        filters: inTurn(securityFilters(world, eni), networkAclFilters(world, eni.place)),
        routes: world.tableAt(eni.place),
        internet: internetFrom(world, eni.place),
      };
    },
  };
}

/**
 * Through an internet gateway only what carries an address of the instance gets out, so a NAT instance is the normal
 * case: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html. Towards private destinations a firewall that
 * keeps the source is as usual. With several interfaces nobody knows by which of them it sends.
 */
function behavioursOf(world: World, eni: Eni): readonly ApplianceBehaviour[] {
  const label = eniLabel(eni);
  const says = step(
    natInstance,
    eni,
    `${label} forwards it; whether it translates is its own configuration`,
    `${label} 转发该流量；是否转换由其自身配置决定`,
  );
  const single = eni.instance === null || (world.enisOfInstance.get(eni.instance) ?? []).length <= 1;
  const guesses = guessesOf(eni, eni.primary);
  return [
    { match: TO_PRIVATE, step: says, does: [...guesses.asItself(open), guesses.keeps, guesses.other] },
    { match: {}, step: says, does: [...guesses.asItself(single ? byDefault : open), guesses.keeps, guesses.other] },
  ];
}

function guessesOf(eni: Eni, primary: Ip | null) {
  const label = eniLabel(eni);
  const guess = (make: typeof open, what: string, en: string, zh: string): Assumption =>
    make(
      `appliance-${what}:${eni.id}`,
      say(`${label} ${en}`, `${label} ${zh}`),
      ask(
        "sudo iptables-save -t nat; sudo nft list ruleset",
        say(`look at the NAT rules of ${label}`, `查看 ${label} 的 NAT 规则`),
        say(`what ${label} does with the source`, `${label} 如何处理源地址`),
      ),
    );
  const asItself = (make: typeof open): readonly ApplianceAction[] =>
    primary === null
      ? []
      : [
          {
            kind: "sends-as",
            sources: [primary],
            complete: true,
            translator: "appliance",
            assumptions: [
              guess(make, "translates", `is a NAT instance: it sends as ${primary}`, `是 NAT 实例：以 ${primary} 发出`),
            ],
            steps: [],
          },
        ];
  const keeps: ApplianceAction = {
    kind: "forwards",
    assumptions: [guess(open, "keeps", "sends on with the source as it came", "原样转发，不改变源地址")],
    steps: [],
  };
  const elsewhere = guess(
    open,
    "other",
    "sends it by another of its interfaces, or by a tunnel",
    "从其另一接口或经隧道发出",
  );
  const other: ApplianceAction = {
    kind: "answers",
    alternative: unpredictable("appliance", eni.id, [], [elsewhere]),
  };
  return { asItself, keeps, other };
}
