import { type AddressSet, setOfCidrs } from "../../../address/address-set.ts";
import { type Cidr, familyOfCidr, hostCidr } from "../../../address/cidr.ts";
import type { Family } from "../../../address/ip.ts";
import type { Alternative } from "../../../model/egress.ts";
import type { Stability, TranslatorKind } from "../../../model/identity.ts";
import type { Assumption, Step } from "../../../model/outcome.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";
import { missingIsUnknown } from "../rules/export.ts";
import { askFor, notExported } from "./ask.ts";
import { open, say, step, translated, unknown } from "./say.ts";
import type { World } from "./world.ts";

/** Public addresses that references lead to, as far as the export holds them. */
export interface PublicAddresses {
  readonly addresses: AddressSet;
  readonly stability: Stability;
  /** One for each reference that leads to no address. */
  readonly missing: readonly Assumption[];
}

export function publicAddresses(
  world: World,
  publicIps: readonly string[],
  prefixes: readonly string[],
  family: Family,
): PublicAddresses {
  const cidrs: Cidr[] = [];
  const missing: Assumption[] = [];
  const stabilities = new Set<Stability>();
  const add = (cidr: Cidr | null | undefined, stability: Stability, why: () => Assumption): void => {
    if (cidr === null || cidr === undefined) missing.push(why());
    else if (familyOfCidr(cidr) === family) {
      cidrs.push(cidr);
      stabilities.add(stability);
    }
  };
  for (const id of publicIps) {
    const publicIp = world.all.publicIps.get(keyOf(id));
    if (publicIp === undefined) missing.push(notExported(id));
    else add(publicIp.address === null ? null : hostCidr(publicIp.address), publicIp.stability, () => noAddressYet(id));
  }
  for (const id of prefixes) {
    const prefix = world.all.publicIpPrefixes.get(keyOf(id));
    if (prefix === undefined) missing.push(notExported(id));
    else add(prefix.prefix, "static", () => noAddressYet(id));
  }
  return { addresses: setOfCidrs(cidrs), stability: worstOf(stabilities), missing };
}

function worstOf(stabilities: ReadonlySet<Stability>): Stability {
  for (const stability of ["unknown", "changing", "ephemeral"] as const)
    if (stabilities.has(stability)) return stability;
  return stabilities.size === 0 ? "unknown" : "static";
}

const noAddressYet = (id: string) =>
  open(
    `no-address-yet:${nameOf(id)}`,
    say(`${nameOf(id)} had no address when it was exported`, `${nameOf(id)} 导出时还没有地址`),
    askFor(id, say("which address it has", "它的地址是什么")),
  );

export const joinAddresses = (sets: readonly PublicAddresses[]): PublicAddresses => ({
  addresses: setOfCidrs(sets.flatMap(({ addresses }) => addresses)),
  stability: worstOf(new Set(sets.filter(({ addresses }) => addresses.length > 0).map(({ stability }) => stability))),
  missing: sets.flatMap(({ missing }) => missing),
});

/** What a translator with these addresses shows: a set, a set with gaps, or nothing that can be named. */
export function seenFrom(
  seen: PublicAddresses,
  translator: TranslatorKind,
  resource: string,
  steps: readonly Step[],
  assumptions: readonly Assumption[] = [],
): Alternative {
  const { addresses, missing } = seen;
  if (missing.length === 0) return translated(seen, translator, resource, steps, assumptions);
  const gap = step(
    missingIsUnknown,
    { id: resource, name: nameOf(resource) },
    `not all addresses of ${nameOf(resource)} are in the export`,
    `${nameOf(resource)} 的地址未全部导出`,
  );
  const all = [...assumptions, ...missing];
  if (addresses.length === 0) return unknown([...steps, gap], all);
  return translated({ ...seen, complete: false }, translator, resource, [...steps, gap], all);
}
