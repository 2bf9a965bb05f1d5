import type { Problem } from "../../../problem.ts";
import type { Inventory } from "../read/inventory.ts";
import type { Resource } from "../read/resource.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";

/**
 * Rules of a load balancer that name a frontend or a pool that it does not have, and frontends without an address. Azure keeps no such rule, so the file
 * is damaged or its ids were replaced unevenly, and what the rule would have given must not be taken as nothing.
 */
export function danglingRules(all: Inventory): readonly Problem[] {
  const balancing = [...all.loadBalancingRules.values()].flatMap((rule) => [
    ...(rule.frontend === null ? [without(rule)] : unknownIn(rule, [rule.frontend], all.frontends)),
    ...unknownIn(rule, rule.pools, all.pools),
  ]);
  const outbound = [...all.outboundRules.values()].flatMap((rule) => [
    ...(rule.frontends.length === 0 ? [without(rule)] : unknownIn(rule, rule.frontends, all.frontends)),
    ...(rule.pool === null ? [] : unknownIn(rule, [rule.pool], all.pools)),
  ]);
  const bare = [...all.frontends.values()].filter(
    ({ publicIp, prefix, privateAddress }) => publicIp === null && prefix === null && privateAddress === null,
  );
  return [...balancing, ...outbound, ...bare.map(withoutAddress)];
}

const withoutAddress = (frontend: Resource): Problem => ({
  level: "error",
  code: "azure/dangling-reference",
  file: frontend.origin.file,
  line: frontend.origin.line,
  text: {
    en: `frontend ${frontend.name} has neither a public nor a private address`,
    zh: `前端 ${frontend.name} 既没有公网地址也没有私有地址`,
  },
  fix: FIX,
});

const unknownIn = (rule: Resource, ids: readonly string[], known: ReadonlyMap<string, unknown>): readonly Problem[] =>
  ids.flatMap((id) => (known.has(keyOf(id)) ? [] : [dangling(rule, id)]));

const dangling = (rule: Resource, id: string): Problem => ({
  level: "error",
  code: "azure/dangling-reference",
  file: rule.origin.file,
  line: rule.origin.line,
  text: {
    en: `rule ${rule.name} names ${nameOf(id)}, which its load balancer does not have`,
    zh: `规则 ${rule.name} 引用了 ${nameOf(id)}，但其负载均衡器中没有`,
  },
  fix: FIX,
});

const without = (rule: Resource): Problem => ({
  level: "error",
  code: "azure/dangling-reference",
  file: rule.origin.file,
  line: rule.origin.line,
  text: { en: `rule ${rule.name} names no frontend`, zh: `规则 ${rule.name} 没有引用任何前端` },
  fix: FIX,
});

const FIX = {
  en: "export the load balancers again; if ids were replaced to hide them, replace each the same way everywhere",
  zh: "请重新导出负载均衡器；若为保密替换过 ID，请在所有位置以相同方式替换",
} as const;
