import {
  type EgressIdentity,
  type Estate,
  type FlowOutcome,
  familyOf,
  type Guest,
  type Ip,
  type OpenedScenario,
  outcomesAt,
  parseIp,
  predictionOf,
  type Scenario,
  type Sender,
  setHas,
} from "@seenas/core";
import { hasPing } from "./echo.ts";
import { Fabric, NotRoutable, TooLarge } from "./fabric.ts";
import { guestSender } from "./guest.ts";
import type { Sighting } from "./lane.ts";
import { type Plan, type Probe, type Unrealisable, unrealisable } from "./plan.ts";
import { POOL_STYLES, type PoolStyle } from "./pool.ts";
import { deviceOf, plainSender } from "./sender.ts";
import { WAYS } from "./worker.ts";
import { STRANGER, type World } from "./world.ts";

/** One outcome of a scenario, and the network in which it holds. */
export interface Case {
  /** Part of the answer; false: shown as "unless". */
  readonly answers: boolean;
  readonly sender: string;
  /** What may be seen: any of these. */
  readonly expected: readonly FlowOutcome[];
  readonly assumptions: readonly string[];
  /** Networks in which it holds: one for each way in which a pool may choose, where there is one. */
  readonly plans: readonly [Plan, ...Plan[]] | Unrealisable;
}

/** Everything that the scenario's configuration allows, an outcome a case. */
export function casesOf(
  scenario: Scenario,
  opened: OpenedScenario,
  pools: readonly PoolStyle[] = POOL_STYLES,
): readonly Case[] {
  const { found, destination } = opened;
  if (destination === null) return [];
  const senders = found.kind === "sender" ? [found.sender] : found.kind === "group" ? found.members : [];
  return senders.flatMap((sender) => casesOfSender(scenario, opened, sender, destination, pools));
}

function casesOfSender(
  scenario: Scenario,
  { estate, guests }: OpenedScenario,
  found: Sender,
  destination: Ip,
  pools: readonly PoolStyle[],
): readonly Case[] {
  const { flow } = scenario;
  const source = flow.source === undefined ? found.source : (parseIp(flow.source) ?? null);
  const sender = { ...found, source };
  const guest = guestOf(guests, estate, sender);
  const protocol = flow.protocol ?? "tcp";
  const outcomes = outcomesAt({ sender, protocol, port: flow.port ?? null, guest }, destination);
  const { chosen } = predictionOf(outcomes, false);
  const isNamed = sender.interface !== null && sender.source === null;
  const telling = isNamed ? null : guest;
  const isBound = isNamed && guest !== null && guest.facts.filters.length > 0;
  const about = (outcome: FlowOutcome, expected: readonly FlowOutcome[]): Case => ({
    answers: chosen.includes(outcome),
    sender: sender.host.name,
    expected,
    assumptions: outcome.assumptions.filter(({ basis }) => basis === "open").map(({ id }) => id),
    plans: isBound
      ? unrealisable("a program that is bound to a device")
      : plansOf(outcome, sender, telling, destination, scenario, pools),
  });
  if (telling?.facts.os !== "linux") return outcomes.map((outcome) => about(outcome, [outcome]));
  // A guest's own open questions (a uid, a hash) the kernel settles by itself: any of its answers will do.
  return byCall(chosen).flatMap((alike) => alike.slice(0, 1).map((outcome) => about(outcome, alike)));
}

/** The ways to call are not the kernel's to settle: each is tried where it matters. */
function byCall(outcomes: readonly FlowOutcome[]): readonly (readonly FlowOutcome[])[] {
  const groups = new Map<string, FlowOutcome[]>();
  for (const outcome of outcomes) {
    const call = outcome.assumptions.find(({ id }) => id.startsWith("udp-"))?.id ?? "";
    groups.set(call, [...(groups.get(call) ?? []), outcome]);
  }
  return [...groups.values()];
}

const guestOf = (guests: readonly Guest[], estate: Estate, { host }: Sender): Guest | null =>
  guests.find(({ fits }) => {
    const [only, ...others] = fits(estate);
    return only === host && others.length === 0;
  }) ?? null;

function plansOf(
  outcome: FlowOutcome,
  sender: Sender,
  guest: Guest | null,
  destination: Ip,
  scenario: Scenario,
  pools: readonly PoolStyle[],
): Case["plans"] {
  const plans: Plan[] = [];
  for (const pool of pools) {
    const plan = planOf(outcome, sender, guest, destination, scenario, pool);
    if ("kind" in plan) return plan;
    // Without a pool all of them are one network.
    if (!plans.some((known) => networkOf(known) === networkOf(plan))) plans.push(plan);
  }
  const [first, ...others] = plans;
  return first === undefined ? unrealisable("no pool to choose from") : [first, ...others];
}

/** What of a plan the kernel is told before anything is sent. */
export const networkOf = ({ nodes, before, wires, sender, arrivals }: Plan): string =>
  JSON.stringify([nodes, before, wires, sender.commands, arrivals]);

function planOf(
  outcome: FlowOutcome,
  sender: Sender,
  guest: Guest | null,
  destination: Ip,
  { flow, path = [] }: Scenario,
  pool: PoolStyle,
): Plan | Unrealisable {
  const { identity } = outcome;
  if (identity.kind === "unknown") return unrealisable("nothing is predicted that could be compared");
  const isNameless = identity.addresses.length === 0;
  if (isNameless && (identity.kind === "translated" || identity.kind === "preserved"))
    return unrealisable("the addresses are not known");
  if (flow.protocol === "icmp" && !hasPing()) return unrealisable("ping is not installed");
  const family = familyOf(destination);
  if (!isNameless && identity.addresses.every((cidr) => cidr.includes(":") !== (family === 6)))
    return unrealisable("IPv6 becomes IPv4 on the way");
  const world = { assumed: new Set(outcome.assumptions.map(({ id }) => id)), identity, pool, isBefore: false };
  const bind = bindOf(outcome, sender);
  const told = guest === null || guest.facts.os !== "linux" ? null : guestSender(guest, sender.host, family);
  if (told?.kind === "unrealisable") return told;
  const plain = told ?? plainSender(sender.host, family, outcome, destination, bind);
  const fabricOf = (during: World): Fabric => {
    const fabric = new Fabric(during, destination, family, path);
    for (const [index, by] of sender.host.interfaces.entries()) {
      const device = told === null ? deviceOf(index) : told.devices.get(by.id);
      if (device !== undefined) fabric.attach(by, device);
    }
    return fabric;
  };
  let fabric: Fabric;
  let before: Fabric | null;
  try {
    fabric = fabricOf(world);
    before = identity.draining.length === 0 || flow.protocol === "udp" ? null : fabricOf({ ...world, isBefore: true });
  } catch (error) {
    if (error instanceof TooLarge) return unrealisable("more routers than the lab makes");
    if (error instanceof NotRoutable) return unrealisable("routes of one prefix that differ in what they match");
    throw error;
  }
  if (fabric.arrivals.length > WAYS) return unrealisable("more ways to the destination than the lab has");
  const probe: Probe = {
    to: destination,
    port: flow.port ?? 443,
    protocol: flow.protocol ?? "tcp",
    bind: told === null ? bind : sender.source,
    isAwaited: identity.kind !== "blocked",
    connected: !world.assumed.has("udp-unconnected"),
  };
  const { wires, arrivals } = fabric;
  return { family, nodes: fabric.nodes(), before: before?.nodes() ?? null, wires, sender: plain, arrivals, probe };
}

/** What the program binds to; a stand-in of many is bound, too. */
function bindOf({ assumptions }: FlowOutcome, { source }: Sender): Ip | null {
  if (source !== null) return source;
  const bound = assumptions.find(({ id }) => id.startsWith("program-binds:"));
  return bound === undefined ? null : (parseIp(bound.id.slice("program-binds:".length)) ?? null);
}

export interface Compared {
  readonly agrees: boolean;
  readonly seen: readonly string[];
}

/** What came of one packet, and which interface of the sender each way into the destination leads to. */
export interface Seen {
  readonly arrivals: Plan["arrivals"];
  readonly sighting: Sighting;
}

/** What was seen, against every identity that may have been. */
export function compare({ expected }: Case, observed: readonly Seen[]): Compared {
  const fits = observed.every((seen) => expected.some((outcome) => allows(outcome, seen)));
  // Some of what shares the traffic may be blocked, all of it is not.
  const someArrives = observed.some(({ sighting }) => sighting.arrived !== null);
  const mayEnd = expected.some(({ identity }) => identity.kind === "blocked");
  const seen = observed.map(({ sighting }) => textOf(sighting));
  return { agrees: fits && (someArrives || mayEnd), seen: [...new Set(seen)].sort() };
}

const textOf = ({ arrived, result, isHeld }: Sighting): string =>
  `${arrived?.source ?? `nothing (${result})`}${isHeld === true ? " (a connection from before)" : ""}`;

function allows({ identity, interface: by }: FlowOutcome, { arrivals, sighting: { arrived, isHeld } }: Seen): boolean {
  if (isHeld === true) {
    const source = arrived === null ? undefined : parseIp(arrived.source);
    return source !== undefined && setHas(identity.draining, source);
  }
  if (arrived === null) return identity.kind === "blocked" || identity.kind === "unpredictable";
  const source = parseIp(arrived.source);
  if (source === undefined || !holdsAddress(identity, source)) return false;
  return by === null || arrivals[arrived.way] === by.id;
}

/** Where others may be seen than can be named, the lab's own stranger is one of them. */
const holdsAddress = ({ kind, addresses, complete }: EgressIdentity, source: Ip): boolean =>
  setHas(addresses, source) || (kind === "unpredictable" && !complete && source === STRANGER[familyOf(source)]);
