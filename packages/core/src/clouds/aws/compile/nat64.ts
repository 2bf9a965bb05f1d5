import { addressOf, type Cidr, cidrContains, cidrOf, familyOfCidr, lengthOf } from "../../../address/cidr.ts";
import { type Ip, ipFromNumber, ipToNumber } from "../../../address/ip.ts";
import type { NextHop, Route, RouteStage, RouteTable } from "../../../model/egress.ts";
import { nat64 } from "../rules/nat.ts";
import { missingIsUnknown } from "../rules/routing.ts";
import { alternatives } from "./hops.ts";
import { NAT64 } from "./ranges.ts";
import { open, say, step, unknown } from "./say.ts";

/**
 * A NAT gateway's own table for what it translates from IPv6: the IPv4 route of the address inside 64:ff9b::/96 counts.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
 */
export const nat64Table = (table: RouteTable): RouteTable => ({ ...table, stages: table.stages.map(withMapped) });

function withMapped(stage: RouteStage): RouteStage {
  const v4 = stage.routes.filter(({ prefix }) => familyOfCidr(prefix) === 4);
  const others = stage.routes.filter(({ prefix }) => !NAT64.some((whole) => cidrContains(whole, addressOf(prefix))));
  return { ...stage, routes: [...others, ...v4.map(mapped)] };
}

const mapped = (route: Route): Route => ({
  ...route,
  prefix: inside64(route.prefix),
  hop: followed(route.hop),
  rule: nat64,
});

const inside64 = (prefix: Cidr): Cidr => cidrOf(in64(addressOf(prefix)), BITS_BEFORE + lengthOf(prefix));

const BITS_BEFORE = 96;

const in64 = (ip: Ip): Ip => ipFromNumber(6, ipToNumber(addressOf(NAT64_PREFIX)) + ipToNumber(ip));

const [NAT64_PREFIX = "64:ff9b::/96" as Cidr] = NAT64;

/** Others look the destination up again, as the IPv4 address that the model does not carry. */
const followed = (hop: NextHop): NextHop =>
  hop.kind !== "appliance"
    ? hop
    : alternatives(say("another gateway after NAT64", "NAT64 之后的另一个网关"), [
        unknown(
          [step(missingIsUnknown, null, "what follows NAT64 is not computed here", "NAT64 之后的路径未在此计算")],
          [
            open(
              "after-nat64",
              say(
                "ask for the IPv4 address itself to learn where the NAT gateway's subnet sends it",
                "请直接询问该 IPv4 地址，以了解 NAT 网关所在子网把它送往何处",
              ),
            ),
          ],
        ),
      ]);
