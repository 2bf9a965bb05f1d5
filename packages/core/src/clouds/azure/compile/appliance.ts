import { addressOf, cidrContains, isHost } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Appliance, ApplianceAction, NextHop } from "../../../model/egress.ts";
import type { Nic } from "../read/resource.ts";
import { type Key, keyOf } from "../read/resource-id.ts";
import { applianceHop, loadBalancedAppliance } from "../rules/routing.ts";
import { firewallAppliance } from "./firewall.ts";
import { type Behind, poolsBehind } from "./load-balancer.ts";
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

interface Candidate {
  /** Its network; null: the export does not place it. */
  readonly network: Key | null;
  readonly found: () => readonly Found[];
}

/** Of what has the address, by kind, what the network reaches; what it may reach stands beside somebody unknown. */
function appliancesAt(world: World, network: Key | null, address: Ip): readonly Found[] {
  const kinds = [firewallsAt(world, address), balancersAt(world, address), nicsAt(world, address)];
  const within = (reach: Reach): readonly Found[] => {
    for (const candidates of kinds) {
      const own = candidates.filter((one) => reachOf(world, network, one.network, address) === reach);
      if (own.length > 0) return own.flatMap(({ found }) => found());
    }
    return [];
  };
  const near = within("near");
  return near.length > 0 ? near : [...within("unclear"), forwards(undescribed(address, address))];
}

const firewallsAt = (world: World, address: Ip): readonly Candidate[] =>
  [...world.all.firewalls.values()]
    .filter((firewall) => firewall.privateAddresses.includes(address))
    .map((firewall) => ({
      network: placeOf(world, firewall.subnet).networkKey,
      found: () => [forwards(firewallAppliance(world, firewall))],
    }));

const balancersAt = (world: World, address: Ip): readonly Candidate[] =>
  poolsBehind(world, address).map((behind) => ({
    network: behind.network,
    found: () => behindBalancer(world, behind, address),
  }));

const nicsAt = (world: World, address: Ip): readonly Candidate[] =>
  (world.configurationsAt.get(address) ?? []).map(({ nic }) => ({
    network: placeOf(world, primarySubnet(nic)).networkKey,
    found: () => [atNic(world, nic, null)],
  }));

type Reach = "near" | "far" | "unclear";

/** Networks may overlap: the next hop is in the route's own network or in one peered with it, without a gateway between. */
function reachOf(world: World, network: Key | null, at: Key | null, address: Ip): Reach {
  if (network === null) return "unclear";
  if (at === network) return "near";
  const own = world.peeringsOf.get(network) ?? [];
  if (at === null) {
    const peered = own.filter(({ connected }) => connected).flatMap(({ remotePrefixes }) => remotePrefixes);
    const prefixes = [...(world.all.networks.get(network)?.prefixes ?? []), ...peered];
    return prefixes.some((prefix) => cidrContains(prefix, address)) ? "near" : "unclear";
  }
  const back = world.peeringsOf.get(at) ?? [];
  const between = [
    ...own.filter(({ remote }) => remote !== null && keyOf(remote) === at),
    ...back.filter(({ remote }) => remote !== null && keyOf(remote) === network),
  ];
  if (between.length > 0) return between.some(({ connected }) => connected) ? "near" : "far";
  return listsPeerings(world, network) || listsPeerings(world, at) ? "far" : "unclear";
}

/** Whether the export shows all peerings of a network, so that one that is not there does not exist. */
const listsPeerings = (world: World, network: Key): boolean =>
  world.all.networks.get(network)?.listsPeerings === true &&
  (world.peeringsOf.get(network) ?? []).every(({ remote }) => remote !== null);

/** Any member of the pool may carry the flow. */
function behindBalancer(world: World, behind: Behind, address: Ip): readonly Found[] {
  const { name } = behind.balancer;
  const keys = new Set(behind.pools.map(({ key }) => key));
  const members = [...world.all.nics.values()].filter((nic) => {
    const { networkKey } = placeOf(world, primarySubnet(nic));
    // https://learn.microsoft.com/azure/load-balancer/backend-pool-management: the pool of an internal one is in its network.
    const isInside = (network: Key | null) => network === null || networkKey === null || network === networkKey;
    return (
      isInside(behind.network) &&
      nic.configurations.some(
        (configuration) =>
          configuration.pools.some((pool) => keys.has(keyOf(pool))) ||
          (world.poolsOfConfiguration.get(configuration.key) ?? []).some(({ key }) => keys.has(key)) ||
          (world.poolsOfAddress.get(addressOf(configuration.cidr)) ?? []).some(
            ({ pool, network }) => keys.has(pool.key) && isInside(network),
          ),
      )
    );
  });
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
