import type { NextHop } from "../../../model/egress.ts";
import { gatewayEndpoint, loadBalancerEndpoint } from "../rules/targets.ts";
import { askEndpoint } from "./ask.ts";
import { passing, unknownHop } from "./hops.ts";
import { internetFrom } from "./internet.ts";
import { networkAclFilters } from "./network-acl.ts";
import type { Place } from "./place.ts";
import { say } from "./say.ts";
import { labelOf, placeOfSubnet, type World } from "./world.ts";

/** @param byList the route is for a prefix list, as only those of gateway endpoints are */
export function endpointHop(world: World, place: Place, id: string, byList: boolean): NextHop {
  const found = world.all.endpoints.get(id);
  const type = found?.value.VpcEndpointType ?? (byList ? "Gateway" : null);
  if (type === "Gateway")
    return {
      kind: "local",
      rule: gatewayEndpoint,
      resource: id,
      text: say(`the gateway endpoint ${id}`, `网关终端节点 ${id}`),
    };
  const [subnet] = found?.value.SubnetIds ?? [];
  if (found === undefined || type !== "GatewayLoadBalancer" || subnet === undefined)
    return unknownHop(id, askEndpoint(id, place.zone));
  const label = labelOf(found);
  return passing({
    // It is passed again on the way back from another VPC; a loop comes from the same place.
    id: `${id}/${place.subnet}`,
    name: label,
    resource: id,
    rule: loadBalancerEndpoint,
    text: say(`the Gateway Load Balancer endpoint ${label}`, `网关负载均衡器终端节点 ${label}`),
    says: say(
      `the appliances behind ${label} keep the source; the routes of ${subnet} apply next`,
      `${label} 之后的设备保留源地址；接下来适用 ${subnet} 的路由`,
    ),
    origin: found.origin,
    egress: () => {
      const next = placeOfSubnet(world.all, subnet, place.vpc);
      return {
        filters: networkAclFilters(world, next),
        routes: world.tableAt(next),
        internet: internetFrom(world, next),
      };
    },
  });
}
