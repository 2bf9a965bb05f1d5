import { hostCidr } from "../../../address/cidr.ts";
import { KEEPS_SOURCE, type Route } from "../../../model/egress.ts";
import { interfaceEndpoint } from "../rules/targets.ts";
import { alternatives } from "./hops.ts";
import type { Place } from "./place.ts";
import { fixed } from "./route.ts";
import { open, say, step, unpredictable } from "./say.ts";
import type { Eni, World } from "./world.ts";

/** Addresses in this VPC behind which another provider stands: it sees its own load balancer, or the proxy protocol. */
export const providerRoutes = (world: World, { vpc }: Place): readonly Route[] =>
  (world.enisOfVpc.get(vpc) ?? []).flatMap((eni) => {
    const service = serviceOf(world, eni);
    return service === null ? [] : eni.privates.map(({ address }) => routeTo(eni, service, hostCidr(address)));
  });

/** Services of AWS are `com.amazonaws.REGION.NAME`, those of others `com.amazonaws.vpce.…`. */
function serviceOf(world: World, { id, value }: Eni): string | null {
  if (value.InterfaceType !== "vpc_endpoint") return null;
  const endpoint = [...world.all.endpoints.values()].find(({ value: one }) => one.NetworkInterfaceIds?.includes(id));
  const service = endpoint?.value.ServiceName ?? null;
  return service?.startsWith("com.amazonaws.vpce.") ? service : null;
}

function routeTo(eni: Eni, service: string, prefix: Route["prefix"]): Route {
  const why = step(
    interfaceEndpoint,
    eni,
    `${eni.id} leads to ${service}, a service of another provider`,
    `${eni.id} 通向其他提供方的服务 ${service}`,
  );
  const hidden = open(
    `provider-sees-own:${service}`,
    say(`${service} sees the addresses of its own load balancer`, `${service} 看到的是其负载均衡器的地址`),
  );
  const told = open(
    `provider-told:${service}`,
    say(`${service} reads the client's address from the proxy protocol`, `${service} 从代理协议读取客户端地址`),
  );
  const hop = alternatives(say(`the interface endpoint ${eni.id}`, `接口终端节点 ${eni.id}`), [
    unpredictable("load-balancer", null, [why], [hidden]),
    { identity: KEEPS_SOURCE, assumptions: [told], steps: [why] },
  ]);
  return fixed(prefix, hop, interfaceEndpoint, eni.id);
}
