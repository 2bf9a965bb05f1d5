import { hostCidr } from "../../../address/cidr.ts";
import { parseIp } from "../../../address/ip.ts";
import { type Alternative, KEEPS_SOURCE, type Route } from "../../../model/egress.ts";
import { assumed, blocked, stepOf } from "../alternatives.ts";
import { type Facts, networkPath } from "../facts.ts";
import { regionOf } from "../links.ts";
import type { Found } from "../read/found.ts";
import type { RawForwardingRule } from "../read/raw.ts";
import { sameNetworkAndPeers } from "../rules/keep.ts";
import { balancerOfOneRegion, subnetRoutesWin } from "../rules/routing.ts";

/**
 * Internal load balancers of other regions: their subnet's range leads there, but without global access they do not answer.
 *
 * @see https://docs.cloud.google.com/load-balancing/docs/internal
 */
export const distantBalancers = (facts: Facts, network: string, region: string | null): readonly Route[] =>
  facts.exported.forwardingRules.flatMap((found) => {
    const { value, name, path, project, origin } = found;
    const ip = parseIp(value.IPAddress ?? value.ipAddress ?? "");
    const home = regionOf(value.region) ?? regionOf(path);
    const isDistant = region !== null && home !== null && home !== region && value.allowGlobalAccess !== true;
    if (ip === undefined || !isDistant || !INTERNAL.has(value.loadBalancingScheme ?? "")) return [];
    if (!value.network || networkPath(value.network, project) !== network) return [];
    const text = { en: `the internal load balancer ${name}`, zh: `内部负载均衡器 ${name}` };
    return [
      {
        prefix: hostCidr(ip),
        hop: { kind: "alternatives", text, alternatives: fromAfar(found, home, region) },
        preference: [],
        usable: { kind: "yes" },
        name,
        resource: path,
        rule: subnetRoutesWin,
        origin,
      },
    ];
  });

const INTERNAL: ReadonlySet<string> = new Set(["INTERNAL", "INTERNAL_MANAGED"]);

function fromAfar(
  { value, name, path, origin }: Found<RawForwardingRule>,
  home: string,
  from: string,
): readonly Alternative[] {
  const apart = stepOf(
    balancerOfOneRegion,
    { en: `${name} is in region ${home}, the sender in ${from}`, zh: `${name} 位于区域 ${home}，发送方位于 ${from}` },
    path,
    origin,
  );
  if (value.allowGlobalAccess === false) return [blocked(apart)];
  const not = assumed(
    "default",
    `balancer-one-region:${name}`,
    `${name} has no global access`,
    `${name} 未开启全球访问`,
  );
  const has = assumed("open", `balancer-global-access:${name}`, `${name} has global access`, `${name} 已开启全球访问`);
  const kept = { en: `${name} sees the internal source`, zh: `${name} 看到内部源地址` };
  return [
    blocked(apart, not),
    { identity: KEEPS_SOURCE, assumptions: [has], steps: [stepOf(sameNetworkAndPeers, kept, path, origin)] },
  ];
}
