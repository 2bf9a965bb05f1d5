import { hostCidr } from "../../../address/cidr.ts";
import { KEEPS_SOURCE, type Route } from "../../../model/egress.ts";
import type { Text } from "../../../problem.ts";
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

interface Service {
  readonly id: string;
  readonly text: Text;
}

/**
 * Services of AWS are `com.amazonaws.REGION.NAME`, those of others `com.amazonaws.vpce.…`. Of an endpoint that was not
 * exported nobody knows which: it counts as one of others.
 */
function serviceOf(world: World, { id, value }: Eni): Service | null {
  if (value.InterfaceType !== "vpc_endpoint") return null;
  const endpoint = [...world.all.endpoints.values()].find(({ value: one }) => one.NetworkInterfaceIds?.includes(id));
  const name = endpoint?.value.ServiceName;
  if (name === undefined)
    return { id, text: say(`a service whose endpoint is not in the export`, `一项服务，其终端节点不在导出中`) };
  return name.startsWith("com.amazonaws.vpce.")
    ? { id: name, text: say(`${name}, a service of another provider`, `其他提供方的服务 ${name}`) }
    : null;
}

function routeTo(eni: Eni, { id, text }: Service, prefix: Route["prefix"]): Route {
  const why = step(interfaceEndpoint, eni, `${eni.id} leads to ${text.en}`, `${eni.id} 通向${text.zh}`);
  const hidden = open(
    `provider-sees-own:${id}`,
    say(
      `behind ${eni.id} the service sees the addresses of its own load balancer`,
      `${eni.id} 背后的服务看到的是其负载均衡器的地址`,
    ),
  );
  const told = open(
    `provider-told:${id}`,
    say(
      `behind ${eni.id} the service reads the client's address from the proxy protocol`,
      `${eni.id} 背后的服务从代理协议读取客户端地址`,
    ),
  );
  const hop = alternatives(say(`the interface endpoint ${eni.id}`, `接口终端节点 ${eni.id}`), [
    unpredictable("load-balancer", null, [why], [hidden]),
    { identity: KEEPS_SOURCE, assumptions: [told], steps: [why] },
  ]);
  return fixed(prefix, hop, interfaceEndpoint, eni.id);
}
