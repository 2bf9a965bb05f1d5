import type { Alternative } from "../../../model/egress.ts";
import type { Protocol } from "../../../model/flow.ts";
import type { Assumption } from "../../../model/outcome.ts";
import type { Rule } from "../../../model/rule.ts";
import type { IpConfiguration, Nic, Subnet, VirtualMachine } from "../read/resource.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";
import {
  defaultOutbound,
  flagNeedsStop,
  flexibleScaleSet,
  groupRule,
  nicConnectivityFlag,
  privateFlag,
  siblingFrontend,
  siblingPublicIp,
  unstableCases,
} from "../rules/default-outbound.ts";
import { missingIsUnknown } from "../rules/export.ts";
import { internalStandard, needsRule, perProtocol, primaryOnly } from "../rules/load-balancer.ts";
import { joinAddresses, type PublicAddresses, seenFrom } from "./addresses.ts";
import { askFor, lookAtDestination, notExported } from "./ask.ts";
import { membershipsOf, snatOf, standardTieOf, type Tie } from "./load-balancer.ts";
import { blocked, byDefault, open, say, step, unknown, unpredictable } from "./say.ts";
import { groupKeys, placeOf, uniformSetOf, type World } from "./world.ts";

/**
 * What is left for a configuration without a method of its own: rows 20 to 22 of the decision procedure. Alternatives
 * that are open on both sides mean that the documentation leaves it so.
 */
export function withoutMethod(
  world: World,
  nic: Nic,
  configuration: IpConfiguration,
  protocol: Protocol,
): readonly Alternative[] {
  return (
    siblingBalancer(world, nic, protocol) ??
    ownTie(world, nic, configuration, protocol) ??
    groupTie(world, nic) ??
    bySubnet(world, nic, configuration)
  );
}

const noDefaultOutbound = (nic: Nic, rule: Rule, en: string, zh: string, assumptions: readonly Assumption[] = []) =>
  blocked([step(rule, nic, en, zh)], assumptions);

/** The platform's own address: nobody can know it before. */
function platform(world: World, nic: Nic, assumptions: readonly Assumption[] = []): Alternative {
  const several = nic.virtualMachine === null ? 1 : (world.nicsOfVm.get(keyOf(nic.virtualMachine)) ?? []).length;
  const steps = [
    step(
      defaultOutbound,
      nic,
      `${nic.name} has no way out of its own: the platform's default address, which may change at any time`,
      `${nic.name} 没有自己的出站方式：使用平台的默认地址，随时可能改变`,
    ),
    ...(several > 1
      ? [
          step(
            unstableCases,
            nic,
            "the VM has several NICs: each may show another such address",
            "虚拟机有多块网卡：每块网卡可能显示不同的此类地址",
          ),
        ]
      : []),
  ];
  return unpredictable("default-outbound", null, steps, assumptions);
}

/** The time-varying case: the NIC has nothing, a sibling has a load balancer (2.5). Null: no such sibling. */
function siblingBalancer(world: World, nic: Nic, protocol: Protocol): readonly Alternative[] | null {
  const siblings = siblingsOf(world, nic);
  const snats = siblings.map((sibling) => {
    const primary = sibling.configurations.find(({ primary: isPrimary }) => isPrimary);
    return snatOf(world, primary === undefined ? [] : membershipsOf(world, primary), protocol, 4);
  });
  const [missing] = snats.flatMap((snat) => snat.missing);
  if (missing !== undefined) {
    const reason = step(
      siblingFrontend,
      nic,
      `a sibling NIC is behind ${nameOf(missing)}, which is not in the export`,
      `同机另一网卡位于 ${nameOf(missing)} 之后，而它不在导出中`,
    );
    return [unknown([reason], [notExported(missing)])];
  }
  const used = snats.flatMap((snat) => (snat.outbound.length > 0 ? snat.outbound : (snat.implicit ?? [])));
  const [first] = used;
  if (first === undefined) return null;
  return timeVarying(world, nic, joinAddresses(used.map(({ seen }) => seen)), first.balancer.id);
}

function timeVarying(world: World, nic: Nic, seen: PublicAddresses, balancer: string): readonly Alternative[] {
  const steps = [
    step(
      groupRule,
      nic,
      `${nic.name} has no way out of its own; all NICs of a VM are one group, and a sibling is behind ${nameOf(balancer)}`,
      `${nic.name} 没有自己的出站方式；虚拟机的所有网卡属于一组，而同组网卡位于 ${nameOf(balancer)} 之后`,
    ),
    step(
      siblingFrontend,
      nic,
      "the source changes with time: first the platform's address, then the sibling's frontend",
      "源地址随时间变化：先是平台地址，之后是同组网卡的前端地址",
    ),
  ];
  const settled = open(
    `group-rule-settled:${nic.name}`,
    say(
      `the platform has moved ${nic.name} to the load balancer of its sibling (changes with time)`,
      `平台已将 ${nic.name} 切换到同组网卡的负载均衡器（随时间变化）`,
    ),
    twice(nic),
  );
  const notYet = open(
    `group-rule-not-settled:${nic.name}`,
    say(
      `${nic.name} still uses the platform's default address (changes with time)`,
      `${nic.name} 仍在使用平台的默认地址（随时间变化）`,
    ),
    twice(nic),
  );
  const neither = open(
    `group-rule-gives-nothing:${nic.name}`,
    say(
      `${nic.name} has neither a platform address nor the load balancer of its sibling`,
      `${nic.name} 既没有平台地址，也不使用同组网卡的负载均衡器`,
    ),
    twice(nic),
  );
  const never = noDefaultOutbound(nic, groupRule, "the platform gives it neither", "平台两者都不提供", [neither]);
  const other =
    nic.defaultOutbound === false || scaleSetOf(world, nic) === "flexible" ? never : platform(world, nic, [notYet]);
  return [other, seenFrom(seen, "load-balancer", balancer, steps, [settled])];
}

const twice = (nic: Nic) => ({
  text: say(
    `capture at the destination twice, at least ten minutes apart, or give the subnet of ${nic.name} a NAT gateway`,
    `在目的端至少间隔十分钟抓包两次，或为 ${nic.name} 的子网配置 NAT 网关`,
  ),
  command: null,
  settles: say("which of the two addresses is used, and that it stays", "使用两个地址中的哪一个，以及是否稳定"),
});

function siblingsOf(world: World, nic: Nic): readonly Nic[] {
  if (nic.virtualMachine === null) return [];
  return (world.nicsOfVm.get(keyOf(nic.virtualMachine)) ?? []).filter(({ key }) => key !== nic.key);
}

/** The NIC itself hangs on a Standard load balancer that gives this flow nothing. */
function ownTie(
  world: World,
  nic: Nic,
  configuration: IpConfiguration,
  protocol: Protocol,
): readonly Alternative[] | null {
  const { balancer } = standardTieOf(world, nic);
  if (balancer === null) return null;
  if (!world.all.loadBalancers.has(keyOf(balancer))) {
    const reason = step(
      missingIsUnknown,
      nic,
      `${nic.name} is behind ${nameOf(balancer)}, which is not in the export`,
      `${nic.name} 位于 ${nameOf(balancer)} 之后，而它不在导出中`,
    );
    return [unknown([reason], [notExported(balancer)])];
  }
  const name = nameOf(balancer);
  const other = snatOf(world, membershipsOf(world, configuration), protocol === "tcp" ? "udp" : "tcp", 4);
  const otherProtocol = other.outbound.length > 0 || other.implicit !== null;
  const rule = !configuration.primary
    ? primaryOnly
    : otherProtocol
      ? perProtocol
      : isInternal(world, balancer)
        ? internalStandard
        : needsRule;
  const upper = protocol.toUpperCase();
  const why = `no rule of ${name} gives ${addressText(configuration)} a way out for ${upper}, and a Standard load balancer takes default outbound access away`;
  const zh = `${name} 没有为 ${addressText(configuration)} 的 ${upper} 提供出站的规则，而标准负载均衡器会取消默认出站访问`;
  const assumed = otherProtocol || !configuration.primary ? [nothingElse(nic, upper)] : [];
  return allocated(world, nic, noDefaultOutbound(nic, rule, why, zh, assumed));
}

const addressText = (configuration: IpConfiguration): string => configuration.cidr.replace(/\/(32|128)$/, "");

const nothingElse = (nic: Nic, protocol: string): Assumption =>
  byDefault(
    "standard-removes-default-outbound",
    say(
      `${nic.name} gets no platform address for ${protocol} beside its load balancer`,
      `除负载均衡器外，${nic.name} 不会为 ${protocol} 获得平台地址`,
    ),
    flagOf(nic),
  );

const flagOf = (nic: Nic) =>
  askFor(
    nic.id,
    say(
      "whether it holds a default outbound address (defaultOutboundConnectivityEnabled)",
      "它是否持有默认出站地址（defaultOutboundConnectivityEnabled）",
    ),
  );

const isInternal = (world: World, balancer: string): boolean =>
  (world.frontendsOf.get(keyOf(balancer)) ?? []).every(({ publicIp, prefix }) => publicIp === null && prefix === null);

/** The export says that a platform address is allocated after all, which is not the same as used. */
function allocated(world: World, nic: Nic, otherwise: Alternative): readonly Alternative[] {
  if (nic.defaultOutbound !== true) return [otherwise];
  const held = step(
    nicConnectivityFlag,
    nic,
    `${nic.name} holds a default outbound address`,
    `${nic.name} 持有默认出站地址`,
  );
  const used = open(
    `default-outbound-used:${nic.name}`,
    say(`${nic.name} uses the default outbound address it holds`, `${nic.name} 使用所持有的默认出站地址`),
    lookAtDestination,
  );
  const unused = open(
    `default-outbound-unused:${nic.name}`,
    say(`${nic.name} does not use the default outbound address it holds`, `${nic.name} 不使用所持有的默认出站地址`),
    lookAtDestination,
  );
  const { steps, ...left } = otherwise;
  return [{ ...left, steps: [...steps, held], assumptions: [unused] }, platform(world, nic, [used])];
}

/** Another member of the group hangs on something Standard: no platform address is expected, and nothing replaces it. */
function groupTie(world: World, nic: Nic): readonly Alternative[] | null {
  const own = standardTieOf(world, nic).publicIp;
  const siblings = siblingsOf(world, nic);
  const ties = [...tiesOf(world, siblings), ...tiesOfGroup(world, nic)];
  const balanced = ties.find(({ tie }) => tie.balancer !== null);
  const addressed = ties.find(({ tie }) => tie.publicIp !== null);
  const found = balanced ?? addressed;
  if (found === undefined && own === null) return null;
  const tied = balanced?.tie.balancer ?? own ?? addressed?.tie.publicIp ?? "";
  const rule = balanced === undefined ? siblingPublicIp : groupRule;
  const member = balanced?.member ?? (own === null ? addressed?.member : nic) ?? nic;
  const why = step(
    rule,
    nic,
    `${nic.name} has no way out of its own, and ${memberName(member)} of its group is on ${nameOf(tied)}: no platform address is expected`,
    `${nic.name} 没有自己的出站方式，同组的 ${memberName(member)} 关联 ${nameOf(tied)}：预计没有平台地址`,
  );
  if (nic.defaultOutbound === false) return [blocked([why])];
  const nothing = blocked([why], [groupReaches(nic)]);
  if (nic.defaultOutbound === true) return allocated(world, nic, nothing);
  const uncertain = found?.tie.uncertain === true && balanced === undefined;
  const spared = open(
    `group-rule-spares:${nic.name}`,
    say(
      `the group rule does not reach ${nic.name}: it still has a platform address`,
      `组规则未影响 ${nic.name}：它仍有平台地址`,
    ),
    flagOf(nic),
  );
  return uncertain
    ? [blocked([why], [notExported(tied)]), platform(world, nic, [notExported(tied)])]
    : [nothing, platform(world, nic, [spared])];
}

/** The NICs of a scale set's instances all have the same name. */
function memberName({ name, virtualMachine }: Nic): string {
  const set = virtualMachine === null ? null : uniformSetOf(virtualMachine);
  return set === null ? name : `${nameOf(set)}_${nameOf(virtualMachine ?? "")}/${name}`;
}

const groupReaches = (nic: Nic): Assumption =>
  byDefault(
    "group-rule-reaches",
    say(
      `the group rule takes default outbound access from ${nic.name} too`,
      `组规则同样取消 ${nic.name} 的默认出站访问`,
    ),
    flagOf(nic),
  );

const vmOf = (world: World, nic: Nic): VirtualMachine | undefined =>
  nic.virtualMachine === null ? undefined : world.all.virtualMachines.get(keyOf(nic.virtualMachine));

interface Tied {
  readonly member: Nic;
  readonly tie: Tie;
}

const tiesOf = (world: World, members: readonly Nic[]): readonly Tied[] =>
  members
    .map((member) => ({ member, tie: standardTieOf(world, member) }))
    .filter(({ tie }) => tie.balancer !== null || tie.publicIp !== null);

/** Ties of whole groups, found once: every member of a large scale set asks. */
const groupTies = new WeakMap<World, Map<string, readonly Tied[]>>();

function tiesOfGroup(world: World, nic: Nic): readonly Tied[] {
  const vm = nic.virtualMachine;
  if (vm === null) return [];
  const known = groupTies.get(world) ?? new Map<string, readonly Tied[]>();
  groupTies.set(world, known);
  return groupKeys(world.all, nic).flatMap((key) => {
    const ties = known.get(key) ?? tiesOf(world, world.nicsOfGroup.get(key) ?? []);
    known.set(key, ties);
    return ties.filter(({ member }) => member.virtualMachine !== null && keyOf(member.virtualMachine) !== keyOf(vm));
  });
}

/** Plain VMs that name a scale set are of a Flexible one; instances of Uniform ones have ids below the set. */
function scaleSetOf(world: World, nic: Nic): "flexible" | "uniform" | null {
  if (nic.virtualMachine === null) return null;
  const above = uniformSetOf(nic.virtualMachine);
  if (above !== null) return world.all.scaleSets.get(keyOf(above))?.flexible === true ? "flexible" : "uniform";
  const set = vmOf(world, nic)?.scaleSet ?? null;
  if (set === null) return null;
  return world.all.scaleSets.get(keyOf(set))?.flexible === false ? "uniform" : "flexible";
}

function bySubnet(world: World, nic: Nic, configuration: IpConfiguration): readonly Alternative[] {
  if (scaleSetOf(world, nic) === "flexible")
    return [
      noDefaultOutbound(
        nic,
        flexibleScaleSet,
        `${nic.name} is of a Flexible scale set, which never gets a platform address`,
        `${nic.name} 属于灵活编排规模集，从不获得平台地址`,
      ),
    ];
  const { subnet } = placeOf(world, configuration.subnet);
  if (subnet !== undefined && subnet.defaultOutboundAccess === false && !subnet.delegated)
    return inPrivateSubnet(world, nic, subnet);
  if (nic.defaultOutbound === false) return withoutAllocation(world, nic);
  const alone = nic.virtualMachine !== null && vmOf(world, nic) === undefined ? [standsAlone(nic.virtualMachine)] : [];
  return [platform(world, nic, alone)];
}

function standsAlone(vm: string): Assumption {
  const set = uniformSetOf(vm);
  if (set !== null)
    return byDefault(
      `set-without-standard:${nameOf(set)}`,
      say(
        `no instance of ${nameOf(set)} has a Standard load balancer or public IP, those outside the export included`,
        `${nameOf(set)} 的实例（包括未导出的）均没有标准负载均衡器或公网 IP`,
      ),
      askFor(set, say("whether its instances are behind a load balancer", "其实例是否位于负载均衡器之后")),
    );
  return byDefault(
    `stands-alone:${nameOf(vm)}`,
    say(
      `${nameOf(vm)} is in no availability set or scale set with a Standard load balancer or public IP`,
      `${nameOf(vm)} 不在含有标准负载均衡器或公网 IP 的可用性集或规模集内`,
    ),
    askFor(vm, say("which group it belongs to", "它属于哪个组")),
  );
}

function inPrivateSubnet(world: World, nic: Nic, subnet: Subnet): readonly Alternative[] {
  const why = step(
    privateFlag,
    subnet,
    `${subnet.name} is private: no default outbound access`,
    `${subnet.name} 是专用子网：没有默认出站访问`,
  );
  if (nic.defaultOutbound === false) return [blocked([why])];
  const kept = step(
    flagNeedsStop,
    nic,
    `${nic.name} keeps its platform address until its VM is stopped and deallocated`,
    `${nic.name} 在虚拟机停止并解除分配前保留平台地址`,
  );
  if (nic.defaultOutbound === true) {
    const leaves = platform(world, nic);
    return [{ ...leaves, steps: [why, kept, ...leaves.steps] }];
  }
  const restarted = byDefault(
    "private-in-force",
    say(
      `the VM was stopped and started since ${subnet.name} became private`,
      `${subnet.name} 设为专用子网后，虚拟机已停止并启动过`,
    ),
    flagOf(nic),
  );
  const still = open(
    `private-not-in-force:${nic.name}`,
    say(`the VM was not stopped since ${subnet.name} became private`, `${subnet.name} 设为专用子网后，虚拟机未曾停止`),
    flagOf(nic),
  );
  return [blocked([why], [restarted]), platform(world, nic, [still])];
}

/** The subnet allows it and the NIC held none when it was exported: before a restart, or while the VM was stopped. */
function withoutAllocation(world: World, nic: Nic): readonly Alternative[] {
  const why = step(
    nicConnectivityFlag,
    nic,
    `${nic.name} held no default outbound address when it was exported`,
    `${nic.name} 导出时没有默认出站地址`,
  );
  const before = open(
    `default-outbound-absent:${nic.name}`,
    say(`${nic.name} still holds no default outbound address`, `${nic.name} 仍没有默认出站地址`),
    flagOf(nic),
  );
  const since = open(
    `default-outbound-since:${nic.name}`,
    say(`${nic.name} has got a default outbound address since the export`, `导出之后 ${nic.name} 已获得默认出站地址`),
    flagOf(nic),
  );
  return [blocked([why], [before]), platform(world, nic, [since])];
}
