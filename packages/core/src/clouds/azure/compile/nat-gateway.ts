import type { Family } from "../../../address/ip.ts";
import type { Alternative } from "../../../model/egress.ts";
import type { Assumption, Step } from "../../../model/outcome.ts";
import type { NatGateway } from "../read/resource.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";
import { missingIsUnknown } from "../rules/export.ts";
import {
  natGatewayAnyAddress,
  natGatewayEveryConfiguration,
  natGatewayOfNetwork,
  natGatewayWithoutAddress,
} from "../rules/nat-gateway.ts";
import { precedence } from "../rules/outbound.ts";
import { publicAddresses, seenFrom } from "./addresses.ts";
import { askFor, lookAtDestination, notExported } from "./ask.ts";
import { open, say, step, unknown } from "./say.ts";
import { placeOf, type World } from "./world.ts";

/** The NAT gateway of a subnet, as far as the export tells. */
export type SubnetNat =
  | { readonly kind: "none" }
  /** The subnet was not exported, and no gateway lists it. */
  | { readonly kind: "subnet-missing"; readonly subnet: string }
  /** Tied to the whole network: which subnets inherit it is not documented. */
  | { readonly kind: "of-network"; readonly id: string }
  | {
      readonly kind: "gateway";
      readonly id: string;
      readonly gateway: NatGateway | undefined;
      /** The gateway lists the subnet, the subnet names no gateway: two exports of different times. */
      readonly disputed: boolean;
    };

export function natOfSubnet(world: World, subnetId: string): SubnetNat {
  const { subnet, network, networkKey } = placeOf(world, subnetId);
  if (subnet !== undefined && subnet.natGateway !== null)
    return {
      kind: "gateway",
      id: subnet.natGateway,
      gateway: world.all.natGateways.get(keyOf(subnet.natGateway)),
      disputed: false,
    };
  const [listing] = world.natGatewaysOf.get(keyOf(subnetId)) ?? [];
  if (listing !== undefined)
    return { kind: "gateway", id: listing.id, gateway: listing, disputed: subnet !== undefined };
  const whole = network?.defaultNatGateway ?? world.natGatewaysOfNetwork.get(networkKey ?? "")?.[0]?.id;
  if (whole !== undefined && whole !== null) return { kind: "of-network", id: whole };
  return subnet === undefined ? { kind: "subnet-missing", subnet: subnetId } : { kind: "none" };
}

export interface NatOffer {
  readonly resource: string;
  readonly step: Step;
  readonly alternatives: readonly Alternative[];
  readonly fallsThrough: Assumption | null;
}

/** What the gateway shows for one family; null: it takes no part in that family. */
export function natOffer(world: World, nat: SubnetNat, family: Family): NatOffer | null {
  switch (nat.kind) {
    case "none":
      return null;
    case "subnet-missing":
      return uncertain(
        nat.subnet,
        step(
          missingIsUnknown,
          named(nat.subnet),
          `${nameOf(nat.subnet)} is not in the export, so whether it has a NAT gateway is not known`,
          `${nameOf(nat.subnet)} 不在导出中，不知道它是否有 NAT 网关`,
        ),
        notExported(nat.subnet),
      );
    case "of-network":
      return uncertain(
        nat.id,
        step(
          natGatewayOfNetwork,
          named(nat.id),
          `${nameOf(nat.id)} is tied to the whole network; whether it serves this subnet is not documented`,
          `${nameOf(nat.id)} 关联整个虚拟网络；是否服务于该子网没有文档说明`,
        ),
        undocumented(nat.id),
      );
    case "gateway":
      return offerOfGateway(world, nat, family);
    default:
      return nat satisfies never;
  }
}

const named = (id: string) => ({ id, name: nameOf(id) });

const uncertain = (resource: string, reason: Step, assumption: Assumption): NatOffer => ({
  resource,
  step: reason,
  alternatives: [unknown([], [assumption])],
  fallsThrough: null,
});

const undocumented = (id: string): Assumption =>
  open(
    `nat-gateway-undocumented:${nameOf(id)}`,
    say(`what ${nameOf(id)} does here is not documented`, `${nameOf(id)} 在此情形下的行为没有文档说明`),
    lookAtDestination,
  );

function offerOfGateway(world: World, nat: Extract<SubnetNat, { kind: "gateway" }>, family: Family): NatOffer | null {
  const { id, gateway } = nat;
  if (gateway === undefined)
    return uncertain(
      id,
      step(
        missingIsUnknown,
        named(id),
        `the subnet has the NAT gateway ${nameOf(id)}, which is not in the export`,
        `子网使用的 NAT 网关 ${nameOf(id)} 不在导出中`,
      ),
      notExported(id),
    );
  // IPv6 is translated by StandardV2 alone: https://learn.microsoft.com/azure/nat-gateway/nat-overview
  const seen =
    family === 4
      ? publicAddresses(world, gateway.publicIps, gateway.prefixes, 4)
      : publicAddresses(world, gateway.publicIpsV6, gateway.prefixesV6, 6);
  if (family === 6 && seen.addresses.length === 0 && seen.missing.length === 0) return null;
  if (seen.addresses.length === 0 && seen.missing.length === 0) return withoutAddress(gateway);
  const chosen = step(
    precedence,
    gateway,
    `the NAT gateway ${gateway.name} of the subnet comes before any other way out`,
    `子网的 NAT 网关 ${gateway.name} 优先于其他出站方式`,
  );
  const any = step(
    natGatewayAnyAddress,
    gateway,
    `a new connection gets any address of ${gateway.name}`,
    `新连接使用 ${gateway.name} 的任一地址`,
  );
  const served = step(
    natGatewayEveryConfiguration,
    gateway,
    `${gateway.name} serves every address in the subnet`,
    `${gateway.name} 服务于子网内的所有地址`,
  );
  return {
    resource: gateway.id,
    step: chosen,
    alternatives: [seenFrom(seen, "nat-gateway", gateway.id, [served, any], nat.disputed ? [attached(gateway)] : [])],
    fallsThrough: nat.disputed ? detached(gateway) : null,
  };
}

const withoutAddress = (gateway: NatGateway): NatOffer =>
  uncertain(
    gateway.id,
    step(
      natGatewayWithoutAddress,
      gateway,
      `${gateway.name} has no address and does not work; what happens then is not documented`,
      `${gateway.name} 没有地址，无法工作；此时的行为没有文档说明`,
    ),
    open(
      `nat-gateway-without-address:${gateway.name}`,
      say(
        `what carries the traffic of a subnet whose NAT gateway has no address is not documented`,
        `NAT 网关没有地址时由什么承载子网流量没有文档说明`,
      ),
      lookAtDestination,
    ),
  );

const attached = (gateway: NatGateway): Assumption =>
  open(
    `nat-gateway-attached:${gateway.name}`,
    say(`${gateway.name} is on the subnet, as the gateway's export says`, `如网关导出所示，${gateway.name} 关联该子网`),
    askFor(gateway.id, say("whether it is on the subnet", "它是否关联该子网")),
  );

const detached = (gateway: NatGateway): Assumption =>
  open(
    `nat-gateway-detached:${gateway.name}`,
    say(
      `${gateway.name} is not on the subnet, as the subnet's export says`,
      `如子网导出所示，${gateway.name} 未关联该子网`,
    ),
    askFor(gateway.id, say("whether it is on the subnet", "它是否关联该子网")),
  );
