import type { Rule } from "../../../model/rule.ts";
import * as appServiceRules from "./app-service.ts";
import * as containersRules from "./containers.ts";
import * as defaultOutboundRules from "./default-outbound.ts";
import * as exportRules from "./export.ts";
import * as firewallRules from "./firewall.ts";
import * as gatewaysRules from "./gateways.ts";
import * as guestNicRules from "./guest-nic.ts";
import * as kubernetesRules from "./kubernetes.ts";
import * as loadBalancerRules from "./load-balancer.ts";
import * as natGatewayRules from "./nat-gateway.ts";
import * as outboundRules from "./outbound.ts";
import * as platformRules from "./platform.ts";
import * as routingRules from "./routing.ts";
import * as scaleSetsRules from "./scale-sets.ts";
import * as securityGroupsRules from "./security-groups.ts";

/** Every documented behaviour that predictions for Azure rest on. */
export const azureRules: readonly Rule[] = [
  ...Object.values(guestNicRules),
  ...Object.values(outboundRules),
  ...Object.values(natGatewayRules),
  ...Object.values(loadBalancerRules),
  ...Object.values(defaultOutboundRules),
  ...Object.values(routingRules),
  ...Object.values(securityGroupsRules),
  ...Object.values(platformRules),
  ...Object.values(firewallRules),
  ...Object.values(gatewaysRules),
  ...Object.values(appServiceRules),
  ...Object.values(kubernetesRules),
  ...Object.values(containersRules),
  ...Object.values(scaleSetsRules),
  ...Object.values(exportRules),
];
