import {
  addressOf,
  type Family,
  type FlowOutcome,
  familyOf,
  familyOfCidr,
  type Host,
  type Ip,
  parseIp,
} from "@seenas/core";
import type { SenderPlan } from "./plan.ts";

/** A host whose own tables nobody gave: what its cloud's image does by default. */
export function plainSender(
  host: Host,
  family: Family,
  outcome: FlowOutcome,
  destination: Ip,
  bind: Ip | null,
): SenderPlan {
  const commands: string[] = [];
  const undo: string[] = [];
  const owned = new Set<Ip>();
  for (const [index, by] of host.interfaces.entries()) {
    const device = deviceOf(index);
    commands.push(`link set ${device} arp off up`);
    const own = addressesOf(by, family);
    for (const address of own) commands.push(addressCommand(address, device));
    for (const address of own) owned.add(address);
    const [primary] = own;
    if (primary === undefined) continue;
    for (const range of new Set(by.connected))
      if (familyOfCidr(range) === family)
        commands.push(`route add ${range} dev ${device} src ${primary} metric ${100 + index}`);
    const isDefault = by.id === host.defaultInterface.interface;
    commands.push(`route add default dev ${device} src ${primary} metric ${isDefault ? 1 : 100 + index}`);
  }
  if (bind !== null && !owned.has(bind)) {
    commands.push(addressCommand(bind, "lo"));
    undo.push(`addr del ${bind}/${family === 4 ? 32 : 128} dev lo`);
  }
  const by = host.interfaces.findIndex(({ id }) => id === outcome.interface?.id);
  if (by >= 0) force(commands, undo, { device: deviceOf(by), destination, bind, outcome });
  return {
    commands,
    ruleset: "",
    undo: [...undo, ...host.interfaces.map((_, index) => `link del ${deviceOf(index)}`)],
  };
}

export const deviceOf = (index: number): string => `eth${index}`;

/** What only holds if somebody changed the guest, or binds, is what somebody would then have done. */
function force(
  commands: string[],
  undo: string[],
  { device, destination, bind, outcome }: { device: string; destination: Ip; bind: Ip | null; outcome: FlowOutcome },
): void {
  if (bind !== null) {
    commands.push(`rule add pref 99 from ${bind} lookup 99`, `route add default dev ${device} table 99`);
    undo.push("rule del pref 99");
  }
  const asked = outcome.assumptions.some(({ id }) => /^guest-(sends-by|prefers):/.test(id));
  const usual = outcome.assumptions.some(({ id }) => id.startsWith("guest-route-"));
  if (bind === null && (asked || !usual) && outcome.source !== null)
    commands.push(`route add ${destination} dev ${device} src ${outcome.source}`);
}

function addressesOf(by: Host["interfaces"][number], family: Family): readonly Ip[] {
  const all =
    by.sendsFromAny === undefined
      ? by.addresses.filter(({ role }) => role !== "range").map(({ cidr }) => cidr)
      : by.sendsFromAny;
  const mine = all.filter((cidr) => familyOfCidr(cidr) === family).map((cidr) => addressOf(cidr));
  const anything = by.sendsFromAny !== undefined && mine.length === 0 ? parseIp(ANYTHING[family]) : undefined;
  return [...new Set(anything === undefined ? mine : [anything])];
}

/** For what sends from addresses that nobody tells. */
const ANYTHING = { 4: "10.255.255.254", 6: "fd00:ffff::fffe" } as const;

export const addressCommand = (address: Ip, device: string): string =>
  `addr add ${address}/${familyOf(address) === 4 ? "32" : "128 nodad"} dev ${device}`;
