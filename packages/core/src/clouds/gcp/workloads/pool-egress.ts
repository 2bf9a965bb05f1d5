import { type Cidr, EVERY_IPV4, EVERY_IPV6, RFC1918, RFC6598, UNIQUE_LOCAL } from "../../../address/cidr.ts";
import type { Alternative, Egress, NextHop, Route, RouteStage } from "../../../model/egress.ts";
import type { Assumption, Step } from "../../../model/outcome.ts";
import type { Rule } from "../../../model/rule.ts";
import type { Origin, Text } from "../../../problem.ts";
import { stepOf } from "../alternatives.ts";

/** Addresses that exist only inside networks, whatever else a platform counts among them. */
export const INSIDE: readonly Cidr[] = [...RFC1918, ...RFC6598, ...UNIQUE_LOCAL];
export const EVERYTHING: readonly Cidr[] = [EVERY_IPV4, EVERY_IPV6];

export interface Way {
  readonly prefixes: readonly Cidr[];
  readonly hop: NextHop;
  readonly name: string;
  readonly rule: Rule;
}

/** Which way a destination takes before any network has a say. */
export function stageOf(ways: readonly [Way, ...Way[]], gaps: RouteStage["gaps"], origin: Origin): RouteStage {
  const routes = ways.flatMap(({ prefixes, hop, name, rule }) =>
    prefixes.map(
      (prefix): Route => ({
        prefix,
        hop,
        preference: [],
        usable: { kind: "yes" },
        name,
        resource: null,
        rule,
        origin,
      }),
    ),
  );
  const [first] = ways;
  return { kind: "longest-prefix", routes, orders: [[]], ties: { kind: "together", rule: first.rule }, gaps };
}

/** An egress that no network of the user takes part in. */
export const outside = (id: string, stage: RouteStage, none: Step): Egress => ({
  filters: [],
  routes: { id, stages: [stage], none },
  internet: { filters: [], offers: [], none: [] },
});

export const answering = (text: Text, ...alternatives: readonly Alternative[]): NextHop => ({
  kind: "alternatives",
  text,
  alternatives,
});

/** Google picks an address, of which no list is complete or stays true. */
export const fromGooglePool = (
  rule: Rule,
  who: { readonly name: string; readonly path: string; readonly origin: Origin },
  ...assumptions: readonly Assumption[]
): Alternative => ({
  identity: {
    kind: "unpredictable",
    addresses: [],
    complete: false,
    translator: "provider",
    resource: who.path,
    stability: "changing",
    draining: [],
  },
  assumptions,
  steps: [
    stepOf(
      rule,
      {
        en: `${who.name} leaves from the pool of addresses that Google shares among serverless workloads`,
        zh: `${who.name} 从 Google 供无服务器工作负载共用的地址池发送`,
      },
      who.path,
      who.origin,
    ),
  ],
});
