import { cidrContains, inAny, LINK_LOCAL, LOOPBACK } from "../../address/cidr.ts";
import type { GuestFacts } from "../guest.ts";
import { mergeParts } from "./merge.ts";
import { SHARED_DEVICE } from "./part.ts";

/**
 * Joins the facts that are of one host, told by its name, its MAC addresses and its own addresses. Facts that name no
 * host (`ip rule` alone) go to the only one there is; with several they stay by themselves.
 */
export function mergeGuests(list: readonly GuestFacts[]): readonly GuestFacts[] {
  const groups: GuestFacts[][] = [];
  const nameless: GuestFacts[] = [];
  for (const facts of list) {
    if (marksOf(facts).size === 0 && !facts.routes.some(({ hops }) => hops.length > 0)) {
      nameless.push(facts);
      continue;
    }
    const sure = groups.filter((group) => group.some((other) => shareMark(other, facts)));
    const likely = groups.filter((group) =>
      group.some((other) => isOnLinkOf(other, facts) || isOnLinkOf(facts, other)),
    );
    // A shared subnet is no proof: where it fits two hosts it joins none.
    const mine = sure.length > 0 ? sure : likely.length === 1 ? likely : [];
    for (const group of mine) groups.splice(groups.indexOf(group), 1);
    groups.push([...mine.flat(), facts]);
  }
  const [only, ...others] = groups;
  if (only !== undefined && others.length === 0) return [mergeParts([...only, ...nameless])];
  if (only === undefined && nameless.length > 0) return [mergeParts(nameless)];
  return [...groups.map((group) => mergeParts(group)), ...nameless];
}

function marksOf(facts: GuestFacts): ReadonlySet<string> {
  const own = facts.devices.filter(({ name }) => !SHARED_DEVICE.test(name));
  const routes = facts.routes.filter(({ hops }) => !hops.some(({ device }) => SHARED_DEVICE.test(device ?? "")));
  const addresses = [
    ...own.flatMap((device) => device.addresses.map(({ ip }) => ip)),
    ...routes.flatMap(({ source, hops }) => [source, ...hops.map((hop) => hop.interfaceAddress)]),
  ].filter((ip) => ip !== null && !inAny(LOOPBACK, ip) && !inAny(LINK_LOCAL, ip));
  return new Set([...own.flatMap(({ mac }) => mac ?? []), ...addresses.map(String)]);
}

function shareMark(a: GuestFacts, b: GuestFacts): boolean {
  if (a.os !== b.os) return false;
  if (a.hostName !== null && b.hostName !== null) return a.hostName === b.hostName;
  const marks = marksOf(a);
  return [...marksOf(b)].some((mark) => marks.has(mark));
}

/** An address of the one lies on a link that the other's routes name by the same device, without a source of their own. */
const isOnLinkOf = (addressed: GuestFacts, routed: GuestFacts): boolean =>
  addressed.os === routed.os &&
  marksOf(routed).size === 0 &&
  addressed.devices.some(
    (device) =>
      !SHARED_DEVICE.test(device.name) &&
      device.addresses.some(({ ip }) =>
        routed.routes.some(
          ({ prefix, hops }) =>
            !prefix.endsWith("/0") &&
            cidrContains(prefix, ip) &&
            hops.some((hop) => hop.device === device.name && hop.gateway === null),
        ),
      ),
  );
