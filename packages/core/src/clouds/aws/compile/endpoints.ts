import type { Appliance, ApplianceAction, ApplianceBehaviour, NextHop } from "../../../model/egress.ts";
import type { Found } from "../read/inventory.ts";
import type { RawEndpoint } from "../read/raw.ts";
import { appliancesMaySend, gatewayEndpoint, loadBalancerEndpoint } from "../rules/targets.ts";
import { askEndpoint, askInspection } from "./ask.ts";
import { unknownHop } from "./hops.ts";
import { internetFrom } from "./internet.ts";
import { networkAclFilters } from "./network-acl.ts";
import type { Place } from "./place.ts";
import { TO_PUBLIC } from "./ranges.ts";
import { byDefault, open, say, step, unpredictable } from "./say.ts";
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
  const text = say(`the Gateway Load Balancer endpoint ${labelOf(found)}`, `网关负载均衡器终端节点 ${labelOf(found)}`);
  return { kind: "appliance", text, appliances: [inspection(world, place, found, subnet)] };
}

/** What stands behind an endpoint hands back what it lets pass; an appliance of one's own may send it on itself. */
function inspection(world: World, place: Place, found: Found<RawEndpoint>, subnet: string): Appliance {
  return {
    // It is passed again on the way back from another VPC; a loop comes from the same place.
    id: `${found.id}/${place.subnet}`,
    name: labelOf(found),
    resource: found.id,
    behaviours: behavioursOf(found, subnet),
    get egress() {
      const next = placeOfSubnet(world.all, subnet, place.vpc);
      return {
        filters: networkAclFilters(world, next),
        routes: world.tableAt(next),
        internet: internetFrom(world, next),
      };
    },
  };
}

function behavioursOf(found: Found<RawEndpoint>, subnet: string): readonly ApplianceBehaviour[] {
  const label = labelOf(found);
  const how = askInspection(found.id);
  const keeps = step(
    loadBalancerEndpoint,
    found,
    `the appliances behind ${label} keep the source; the routes of ${subnet} apply next`,
    `${label} 之后的设备保留源地址；接下来适用 ${subnet} 的路由`,
  );
  const back: ApplianceAction = {
    kind: "forwards",
    assumptions: [
      byDefault(
        `inspection-returns:${found.id}`,
        say(`what stands behind ${label} lets it pass and hands it back`, `${label} 之后的设备放行并交还该流量`),
        how,
      ),
    ],
    steps: [],
  };
  const handsBack: ApplianceBehaviour = { match: {}, step: keeps, does: [back] };
  // The endpoints of AWS Network Firewall are the service's own, and it never translates.
  if (found.value.RequesterManaged === true) return [handsBack];
  const itself = open(
    `inspection-sends:${found.id}`,
    say(
      `the appliances behind ${label} send it on themselves, by an interface of their own (two-arm mode)`,
      `${label} 之后的设备经自己的接口直接发出（双臂模式）`,
    ),
    how,
  );
  const why = step(
    appliancesMaySend,
    found,
    `an appliance behind ${label} may translate and send it itself`,
    `${label} 之后的设备可能自行转换并发出`,
  );
  const sends: ApplianceAction = {
    kind: "answers",
    alternative: unpredictable("appliance", found.id, [why], [itself]),
  };
  return [{ match: TO_PUBLIC, step: keeps, does: [back, sends] }, handsBack];
}
