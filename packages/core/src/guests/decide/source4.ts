import { cidrContains, cidrOf } from "../../address/cidr.ts";
import { familyOf, type Ip, parseIp } from "../../address/ip.ts";
import type { Rule } from "../../model/rule.ts";
import type { GuestAddress, GuestDevice } from "../guest.ts";
import * as rules from "../rules/linux-source.ts";
import type { View } from "./view.ts";

export interface ChosenSource {
  /** null: what was given does not tell. */
  readonly ip: Ip | null;
  readonly rule: Rule;
  /** True when addresses could not tell it for sure: they were not printed, or without their marks. */
  readonly doubtful: boolean;
}

const UNSPECIFIED = parseIp("0.0.0.0") ?? null;
/** https://github.com/torvalds/linux/blob/master/include/uapi/linux/rtnetlink.h (`enum rt_scope_t`) */
const SCOPES: Readonly<Record<string, number>> = {
  global: 0,
  universe: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};
const HOST_SCOPE = 254;
export const LINK = "link";

const scopeNumber = (name: string): number => SCOPES[name] ?? (/^\d{1,3}$/.test(name) ? Number(name) : 0);

/**
 * The IPv4 source for a route without `src`.
 *
 * @see https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c (`inet_select_addr`)
 */
export function sourceFor4(view: View, deviceName: string | null, gateway: Ip | null, scope: string): ChosenSource {
  const device = view.devices.find(({ name }) => name === deviceName);
  const limit = scopeNumber(scope);
  const usable = eligible(device, limit);
  const near = gateway === null ? undefined : usable.find((address) => inSubnet(address, gateway));
  const chosen = near ?? usable[0];
  const doubtful = view.addresses === "none" || (view.addresses === "bare" && isAmbiguous(device));
  if (chosen !== undefined) {
    const rule =
      near !== undefined ? rules.gatewaySubnet : gateway === null ? rules.firstAddress : rules.deviceAddresses;
    return { ip: chosen.ip, rule, doubtful };
  }
  if (view.addresses === "none") return { ip: null, rule: rules.deviceAddresses, doubtful: true };
  const borrowed = borrow(view, limit);
  if (borrowed !== undefined) return { ip: borrowed.ip, rule: rules.borrowedAddress, doubtful };
  return { ip: UNSPECIFIED, rule: rules.noAddress, doubtful };
}

const eligible = (device: GuestDevice | undefined, limit: number): readonly GuestAddress[] =>
  (device?.addresses ?? []).filter(
    ({ ip, secondary, scope }) => familyOf(ip) === 4 && !secondary && Math.min(scopeNumber(scope), HOST_SCOPE) <= limit,
  );

function inSubnet({ ip, peer, prefixLength }: GuestAddress, gateway: Ip): boolean {
  return prefixLength !== null && familyOf(gateway) === 4 && cidrContains(cidrOf(peer ?? ip, prefixLength), gateway);
}

/** `ip -br` prints neither scope nor secondary marks. */
const isAmbiguous = (device: GuestDevice | undefined): boolean =>
  (device?.addresses ?? []).filter(({ ip, secondary }) => familyOf(ip) === 4 && !secondary).length !== 1;

/** The other devices in index order, lo first; an address of scope link is not lent. */
function borrow(view: View, limit: number): GuestAddress | undefined {
  const ordered = [...view.devices].sort((a, b) => Number(b.name === "lo") - Number(a.name === "lo"));
  return ordered
    .flatMap((device) => eligible(device, limit))
    .find(({ scope }) => scopeNumber(scope) !== scopeNumber(LINK));
}
