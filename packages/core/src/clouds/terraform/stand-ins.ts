import { addressOf, type Cidr, familyOfCidr, parseCidr, rangeOf } from "../../address/cidr.ts";
import { type Family, type Ip, ipFromNumber } from "../../address/ip.ts";
import type { Pending } from "../../model/estate.ts";
import type { Instance } from "./read/instance.ts";

/**
 * Addresses that stand in for those that are not given yet, so that the readers of the clouds can resolve everything
 * around them. No packet carries one: 0.0.0.0/8 is "this network" (RFC 1122, 3.2.1.3), 100::/64 is discarded
 * (RFC 6666). Each second one only, so that two never join to a prefix.
 */
const FIRST: Readonly<Record<Family, bigint>> = { 4: 1n, 6: (0x100n << 112n) + 1n };

/**
 * What a network keeps inside has to stand for itself as a private address, or a reader would take it for one that is
 * not translated: the end of the shared space (RFC 6598), where few networks are.
 */
const FIRST_INSIDE = 0x64_7f_00_01n;

export interface StandIns {
  /** The public address that an instance will have in one of its members. */
  of(instance: Instance, member: string, family?: Family): Ip;
  /** The private one. */
  inside(instance: Instance, member: string): Ip;
  /** The same where the range of its subnet is known: the range's first address, which no host has. */
  within(instance: Instance, member: string, range: string | null): Ip;
  /** The same for what routes lead to: the range's last address, so that it is not taken for any other host. */
  hop(instance: Instance, member: string, range: string | null): Ip;
  pending(): ReadonlyMap<Ip, Pending>;
}

export function createStandIns(): StandIns {
  const byOwner = new Map<string, Ip>();
  const owners = new Map<
    Ip,
    { readonly addresses: Set<string>; readonly within: readonly Cidr[]; readonly hidden: boolean }
  >();
  const add = (standIn: Ip, { address, later }: Instance, within: readonly Cidr[]): Ip => {
    const known = owners.get(standIn);
    if (known === undefined)
      owners.set(standIn, { addresses: new Set([address]), within, hidden: later === undefined });
    else known.addresses.add(address);
    return standIn;
  };
  const of: StandIns["of"] = (instance, member, family = 4) => {
    const owner = `${instance.origin.file} ${instance.address} ${member} ${family}`;
    const standIn = byOwner.get(owner) ?? ipFromNumber(family, FIRST[family] + 2n * BigInt(byOwner.size));
    byOwner.set(owner, standIn);
    return add(standIn, instance, []);
  };
  const inside: StandIns["inside"] = (instance, member) => {
    const owner = insideOwner(instance, member);
    const standIn = byOwner.get(owner) ?? ipFromNumber(4, FIRST_INSIDE + 2n * BigInt(byOwner.size));
    byOwner.set(owner, standIn);
    return add(standIn, instance, []);
  };
  return {
    of,
    inside,
    hop: (instance, member, range) => {
      const cidr = range === null ? undefined : parseCidr(range, true);
      if (cidr === undefined || familyOfCidr(cidr) !== 4) return inside(instance, member);
      const last = ipFromNumber(4, rangeOf(cidr).last);
      byOwner.set(insideOwner(instance, member), last);
      return add(last, instance, [cidr]);
    },
    within: (instance, member, range) => {
      const cidr = range === null ? undefined : parseCidr(range, true);
      if (cidr === undefined) return inside(instance, member);
      return familyOfCidr(cidr) === 4 ? add(addressOf(cidr), instance, [cidr]) : of(instance, member, 6);
    },
    pending: () =>
      new Map(
        [...owners].map(([standIn, { addresses, within, hidden }]) => [standIn, pendingOf(addresses, within, hidden)]),
      ),
  };
}

const insideOwner = ({ origin, address }: Instance, member: string): string =>
  `${origin.file} ${address} ${member} inside`;

function pendingOf(addresses: ReadonlySet<string>, within: readonly Cidr[], hidden: boolean): Pending {
  const [first = ""] = addresses;
  const name = addresses.size > 1 ? `${first} +${addresses.size - 1}` : first;
  const from =
    within.length === 0 ? { en: "", zh: "" } : { en: `, in ${within.join(", ")}`, zh: `，位于 ${within.join("、")}` };
  return {
    name,
    within,
    assumption: {
      id: `${hidden ? "address-not-shown" : "known-after-apply"}:${first}`,
      basis: "open",
      text: hidden
        ? { en: `the file does not show the address of ${name}${from.en}`, zh: `文件未显示 ${name} 的地址${from.zh}` }
        : {
            en: `${name} gets its address when the plan is applied${from.en}`,
            zh: `${name} 在计划应用时才获得地址${from.zh}`,
          },
      ask: {
        text: {
          en: "reserve the address first, or ask again with the state once the plan is applied",
          zh: "请先预留该地址，或在计划应用后用状态再次查询",
        },
        command: "terraform show -json",
        settles: { en: `which address ${name} has`, zh: `${name} 的地址是什么` },
      },
    },
  };
}
