import type { Family, Scenario } from "@seenas/core";
import { POOL_STYLES } from "../pool.ts";
import { Random } from "../random.ts";
import { awsConfig } from "./aws.ts";
import { azureConfig } from "./azure.ts";
import { type CloudRoute, type CloudTarget, type Draft, type DraftCall, type DraftInterface, PLACES } from "./draft.ts";
import { filterOf } from "./filter.ts";
import { gcpConfig } from "./gcp.ts";
import { guestText, routesOf, rulesOf } from "./guest.ts";

/** Every seed is a network of its own. */
export function draftOf(seed: number): Draft {
  const random = new Random(seed);
  const cloud = random.of<Draft["cloud"]>("aws", "azure", "gcp");
  const family: Family = cloud === "aws" && random.chance(0.4) ? 6 : 4;
  const interfaces = [0, 1, 2].slice(0, random.of(1, 2, 2, 3, 3)).map((net) => interfaceOf(random, cloud, family, net));
  const own = interfaces.flatMap(({ addresses, extra }) => [...addresses, ...extra]);
  const [first = "", ...others] = PLACES[family].targets;
  const draft = {
    seed,
    cloud,
    family,
    interfaces,
    hasPeer: random.chance(0.3),
    rules: rulesOf(random, family, own),
    routes: routesOf(random, family, interfaces.length, own),
    pool: random.of(...POOL_STYLES),
    to: random.of<string>(first, ...others),
    calls: callsOf(random, own),
  };
  // Drawn last: what a seed was before it had a filter, it still is.
  const filter = filterOf(random, family, own);
  const marks = filter.some(({ chain }) => chain === "marks" || chain === "marks-late");
  const marked = { priority: 900, text: `from all fwmark 0x3e8 lookup ${random.of("100", "101", "102")}` };
  return { ...draft, filter, rules: marks ? [marked, ...draft.rules] : draft.rules };
}

/** One unbound, one bound, each by either protocol. */
function callsOf(random: Random, own: readonly string[]): Draft["calls"] {
  const port = (): number => random.of(25, 443, 5353);
  const bound = random.of(own[0] ?? "", ...own);
  return [
    { source: null, port: port(), protocol: "tcp" },
    { source: null, port: port(), protocol: "udp" },
    { source: bound, port: port(), protocol: random.of<"tcp" | "udp">("tcp", "udp") },
  ];
}

const TARGETS: Readonly<Record<Draft["cloud"], Readonly<Record<Family, readonly [CloudTarget, ...CloudTarget[]]>>>> = {
  aws: {
    4: ["internet", "internet", "internet", "nat-1", "nat-2", "peering", "appliance", "dead"],
    6: ["internet", "internet", "peering", "dead"],
  },
  azure: { 4: ["internet", "internet", "internet", "appliance", "dead"], 6: ["internet"] },
  gcp: { 4: ["internet", "internet", "internet", "peering", "appliance", "dead"], 6: ["internet"] },
};

function interfaceOf(random: Random, cloud: Draft["cloud"], family: Family, net: number): DraftInterface {
  const { own, all, cloudPrefixes } = PLACES[family];
  const addresses = [own(net, 10), ...(random.chance(0.35) ? [own(net, 20)] : [])];
  const target = (): CloudTarget => random.of(...TARGETS[cloud][family]);
  const priority = (): number => random.of(1000, 1000, 900, 100);
  const cloudPrefix = (): string => random.of<string>(cloudPrefixes[0], ...cloudPrefixes);
  const specific = random.several(0, 3, () => ({ prefix: cloudPrefix(), priority: priority(), target: target() }));
  const usual = random.chance(0.9) ? [{ prefix: all, priority: 1000, target: target() }] : [];
  const drawn: readonly CloudRoute[] = [...usual, ...specific];
  // Of equal keys only one can stand in a table: a prefix, or on Google a prefix with its priority.
  const key = (route: CloudRoute): string => (cloud === "gcp" ? `${route.prefix} ${route.priority}` : route.prefix);
  return {
    addresses,
    extra: random.chance(0.25) ? [own(net, 30)] : [],
    publics: addresses.map((_, index) => (random.chance(0.6) ? `192.0.2.${net * 10 + index + 1}` : null)),
    checksSource: random.chance(0.3),
    routes: [...new Map(drawn.map((route) => [key(route), route])).values()],
    // Where a gateway goes before everything else, more of them would leave the rest untried.
    gateway: cloud === "azure" ? random.of(0, 0, 0, 1, 2) : random.of(0, 1, 2, 3),
    gatewayRules: random.chance(0.4) ? [cloudPrefix()] : [],
    gatewayTakes: random.of<"all" | "primary">("all", "all", "primary"),
    frontends: random.of(0, 1, 1, 2),
    frontendProtocol: random.of<"All" | "Tcp" | "Udp">("All", "All", "Tcp", "Udp"),
    denied: random.chance(0.15) ? { prefix: cloudPrefix(), port: random.of(25, 443, 5353) } : null,
  };
}

const CONFIGS = { aws: awsConfig, azure: azureConfig, gcp: gcpConfig } as const;

/** Its calls as scenario files have them, one each. `expect` holds nothing: the kernel is asked. */
export function scenariosOf(draft: Draft): readonly [Scenario, ...Scenario[]] {
  const { seed, rules, cloud, to } = draft;
  const config = CONFIGS[cloud](draft);
  const guest = [guestText(draft)];
  const scenarioOf = ({ source, port, protocol }: DraftCall): Scenario => ({
    id: `fuzz/${seed}`,
    title: { en: `generated with seed ${seed}`, zh: `由种子 ${seed} 生成` },
    source: "https://docs.kernel.org/networking/ip-sysctl.html",
    rules: rules.length > 0 ? ["linux/rule/priority-order"] : ["linux/route/longest-prefix"],
    config,
    guest,
    flow: { from: "h", ...(source !== null && { source }), to, port, protocol },
    expect: {},
  });
  const [first, ...others] = draft.calls;
  return [scenarioOf(first), ...others.map(scenarioOf)];
}
