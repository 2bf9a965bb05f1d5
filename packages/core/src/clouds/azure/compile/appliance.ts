import { addressOf, isHost } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Appliance, ApplianceAction, NextHop } from "../../../model/egress.ts";
import type { Nic } from "../read/resource.ts";
import { type Key, keyOf } from "../read/resource-id.ts";
import { applianceHop, loadBalancedAppliance } from "../rules/routing.ts";
import { firewallAppliance } from "./firewall.ts";
import { poolsBehind } from "./load-balancer.ts";
import { open, say, step, unpredictable } from "./say.ts";
import { placeOf, primarySubnet, type World } from "./world.ts";

/** What answers at the next hop address of a route, seen from a network: a firewall, NICs, a load balancer's pool, or nobody known. */
export function applianceHopTo(world: World, network: Key | null, addresses: readonly Ip[]): NextHop {
  const found = addresses.flatMap((address) => appliancesAt(world, network, address));
  if (found.length > 0 && found.every((one) => one.kind === "drops"))
    return {
      kind: "drop",
      rule: applianceHop,
      text: say(
        `${found.map(({ name }) => name).join(", ")} does not have IP forwarding enabled: what is not for itself is dropped`,
        `${found.map(({ name }) => name).join("、")} 未启用 IP 转发：不是发给它自己的流量会被丢弃`,
      ),
    };
  return { kind: "appliance", appliances: found.flatMap((one) => (one.kind === "forwards" ? [one.appliance] : [])) };
}

type Found =
  | { readonly kind: "forwards"; readonly name: string; readonly appliance: Appliance }
  | { readonly kind: "drops"; readonly name: string };

const forwards = (appliance: Appliance): Found => ({ kind: "forwards", name: appliance.name, appliance });

function appliancesAt(world: World, network: Key | null, address: Ip): readonly Found[] {
  const firewalls = [...world.all.firewalls.values()].filter((firewall) => firewall.privateAddresses.includes(address));
  const reachable = near(world, network, firewalls, (firewall) => placeOf(world, firewall.subnet).networkKey);
  if (reachable.length > 0) return reachable.map((firewall) => forwards(firewallAppliance(world, firewall)));
  const balanced = poolsBehind(world, address);
  if (balanced.length > 0)
    return balanced.flatMap(({ balancer, pools }) =>
      behindBalancer(
        world,
        balancer.name,
        address,
        pools.map(({ key }) => key),
      ),
    );
  const nics = (world.configurationsAt.get(address) ?? []).map(({ nic }) => nic);
  const own = near(world, network, nics, (nic) => placeOf(world, primarySubnet(nic)).networkKey);
  if (own.length > 0) return own.map((nic) => atNic(world, nic, null));
  return [forwards(undescribed(address, address))];
}

/** Networks may overlap: of several that have the address, the ones in this network or peered with it. */
function near<T>(
  world: World,
  network: Key | null,
  all: readonly T[],
  networkOf: (one: T) => Key | null,
): readonly T[] {
  if (all.length < 2 || network === null) return all;
  const peers = (world.peeringsOf.get(network) ?? []).flatMap(({ remote }) => (remote === null ? [] : [keyOf(remote)]));
  const inside = all.filter((one) => networkOf(one) === network);
  if (inside.length > 0) return inside;
  const peered = all.filter((one) => peers.includes(networkOf(one) ?? ""));
  return peered.length > 0 ? peered : all;
}

/** Any member of the pool may carry the flow. */
function behindBalancer(world: World, name: string, address: Ip, pools: readonly Key[]): readonly Found[] {
  const keys = new Set(pools);
  const members = [...world.all.nics.values()].filter((nic) =>
    nic.configurations.some(
      (configuration) =>
        configuration.pools.some((pool) => keys.has(keyOf(pool))) ||
        (world.poolsOfConfiguration.get(configuration.key) ?? []).some(({ key }) => keys.has(key)) ||
        (world.poolsOfAddress.get(addressOf(configuration.cidr)) ?? []).some(({ pool }) => keys.has(pool.key)),
    ),
  );
  return members.length > 0
    ? members.map((nic) => atNic(world, nic, name))
    : [forwards(undescribed(`${name}/${address}`, name))];
}

/** @param balancer the load balancer in front of it, null: none. */
function atNic(world: World, nic: Nic, balancer: string | null): Found {
  if (nic.ipForwarding === false) return { kind: "drops", name: nic.name };
  return forwards(nicAppliance(world, nic, balancer));
}

/** Nobody described it: resolve says what that means. */
const undescribed = (id: string, name: string): Appliance => ({
  id: `azure/appliance/${id}`,
  name,
  resource: null,
  behaviours: [],
  egress: null,
});

/** What a guest does with other hosts' packets is its own configuration (R-3.15). */
function nicAppliance(world: World, nic: Nic, balancer: string | null): Appliance {
  const { virtualMachine } = nic;
  const siblings = virtualMachine === null ? [nic] : (world.nicsOfVm.get(keyOf(virtualMachine)) ?? [nic]);
  const out = siblings.find(({ primary }) => primary === true) ?? nic;
  const sources = out.configurations
    .filter(({ primary, cidr }) => primary && isHost(cidr))
    .map(({ cidr }) => addressOf(cidr));
  const masquerades: readonly ApplianceAction[] =
    sources.length === 0
      ? []
      : [
          {
            kind: "sends-as",
            sources,
            complete: true,
            translator: "appliance",
            assumptions: [
              guess(
                nic,
                "translates",
                `it translates to its own address and sends by ${out.name}`,
                `它转换为自己的地址并从 ${out.name} 发出`,
              ),
            ],
            steps: [],
          },
        ];
  const reason =
    balancer === null
      ? step(
          applianceHop,
          nic,
          `${nic.name} forwards it; whether it translates, and to which address, is its own configuration`,
          `${nic.name} 转发该流量；是否转换以及转换为哪个地址由其自身配置决定`,
        )
      : step(
          loadBalancedAppliance,
          nic,
          `${nic.name} is one of those behind ${balancer} that may carry it; what it does to the source is its own configuration`,
          `${nic.name} 是 ${balancer} 之后可能承载该流量的设备之一；如何处理源地址由其自身配置决定`,
        );
  return {
    id: `azure/appliance/${virtualMachine === null ? nic.key : keyOf(virtualMachine)}`,
    name: nic.name,
    resource: nic.id,
    behaviours: [
      {
        match: {},
        step: reason,
        does: [
          {
            kind: "answers",
            alternative: unpredictable(
              "appliance",
              nic.id,
              [],
              [
                guess(
                  nic,
                  "other",
                  "it translates to an address that this export does not show",
                  "它转换为本导出中看不到的地址",
                ),
              ],
            ),
          },
          {
            kind: "forwards",
            assumptions: [guess(nic, "keeps", "it sends on with the source as it came", "它原样转发，不改变源地址")],
            steps: [],
          },
          ...masquerades,
        ],
      },
    ],
    get egress() {
      return world.egressOf(out);
    },
  };
}

const guess = (nic: Nic, what: string, en: string, zh: string) =>
  open(`appliance-${what}:${nic.name}`, say(`${nic.name}: ${en}`, `${nic.name}：${zh}`), {
    text: say(`ask for the NAT or session table of ${nic.name}`, `请索取 ${nic.name} 的 NAT 或会话表`),
    command: null,
    settles: say(`what ${nic.name} does with the source`, `${nic.name} 如何处理源地址`),
  });
