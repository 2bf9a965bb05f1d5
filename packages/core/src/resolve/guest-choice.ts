import { NO_ADDRESSES } from "../address/address-set.ts";
import type { Cidr } from "../address/cidr.ts";
import { addressOf } from "../address/cidr.ts";
import type { DestinationMap } from "../address/destination-map.ts";
import { familyOf, type Ip } from "../address/ip.ts";
import type { AttachedGuest, Guest, GuestDecision, GuestQuery, GuestRefusal, GuestSend } from "../guests/guest.ts";
import type { Assumption, Outcome, Step } from "../model/outcome.ts";
import type { Asked } from "./asked.ts";
import { BLOCKED } from "./packet.ts";
import type { Choice } from "./sender.ts";

/** What the guest's own tables say of one destination. */
export type GuestWay =
  | { readonly kind: "sends"; readonly choices: readonly Choice[] }
  | { readonly kind: "ends"; readonly outcome: Outcome };

interface Prepared {
  readonly attached: AttachedGuest;
  readonly maps: readonly { readonly map: DestinationMap<GuestDecision>; readonly assumption: Assumption | null }[];
}

const prepared = new WeakMap<Guest, Map<string, Prepared>>();

/** null: the guest has no say, because nothing of it was given or because the interface was named, and it filters nothing. */
export function guestChoices(asked: Asked, destination: Ip): readonly GuestWay[] | null {
  const ready = prepare(asked);
  if (ready === null) return null;
  const decisions = ready.maps.map(({ map, assumption }) => ({ decision: map.at(destination), assumption }));
  const [first, ...others] = decisions;
  if (first === undefined) return null;
  // The ways to call that end alike need not be told apart.
  const alike = others.every(({ decision }) => keyOf(decision) === keyOf(first.decision));
  return (alike ? [{ ...first, assumption: null }] : decisions).flatMap(({ decision, assumption }) =>
    waysOf(decision, ready.attached, familyOf(destination) === 4, assumption === null ? [] : [assumption]),
  );
}

export const guestEdges = (asked: Asked): readonly Cidr[] => prepare(asked)?.maps.flatMap(({ map }) => map.edges) ?? [];

function prepare({ guest, sender, protocol, port }: Asked): Prepared | null {
  if (guest === null) return null;
  const named = sender.source === null ? sender.interface : null;
  if (named !== null && guest.facts.filters.length === 0) return null;
  const boundDevice = named === null ? null : guest.attachTo(sender.host).deviceOf(named);
  if (named !== null && boundDevice === null) return null;
  const key = [sender.host.id, sender.source, boundDevice, protocol, port].join(" ");
  const known = prepared.get(guest) ?? new Map<string, Prepared>();
  prepared.set(guest, known);
  const ready = known.get(key) ?? {
    attached: guest.attachTo(sender.host),
    maps: guest.waysToCall(protocol).map(({ connected, assumption }) => ({
      map: guest.decisionFor({ ...queryOf(sender.source), boundDevice, protocol, port, connected }),
      assumption,
    })),
  };
  known.set(key, ready);
  return ready;
}

const queryOf = (boundSource: Ip | null): Omit<GuestQuery, "protocol" | "port" | "connected"> => ({
  boundSource,
  boundDevice: null,
  mark: 0,
  uid: null,
});

const keyOf = (decision: GuestDecision): string =>
  decision.kind === "sends"
    ? decision.sends
        .map(({ device, interfaceAddress, source, lost }) => [device, interfaceAddress, source, lost?.id].join(" "))
        .join()
    : decision.kind;

function waysOf(
  decision: GuestDecision,
  attached: AttachedGuest,
  v4: boolean,
  added: readonly Assumption[],
): readonly GuestWay[] {
  switch (decision.kind) {
    case "stays":
      return [ends(decision.steps, added)];
    case "refuses":
      return [refused(decision, added)];
    case "sends": {
      const choices = decision.sends.map((send) => choiceOf(send, attached, v4, added));
      const refusals = decision.refusals.map((refusal) => refused(refusal, added));
      return [...(decision.together ? sharing(choices) : choices.map(alone)), ...refusals];
    }
    default:
      return decision satisfies never;
  }
}

type Chosen =
  | { readonly kind: "choice"; readonly choice: Choice }
  | { readonly kind: "ends"; readonly outcome: Outcome };

const alone = (chosen: Chosen): GuestWay =>
  chosen.kind === "ends" ? chosen : { kind: "sends", choices: [chosen.choice] };

/** Those with the same assumptions share the traffic. */
function sharing(all: readonly Chosen[]): readonly GuestWay[] {
  const groups = new Map<string, Choice[]>();
  const ended: GuestWay[] = [];
  for (const chosen of all) {
    if (chosen.kind === "ends") {
      ended.push(chosen);
      continue;
    }
    const key = chosen.choice.assumptions.map(({ id }) => id).join();
    groups.set(key, [...(groups.get(key) ?? []), chosen.choice]);
  }
  return [...[...groups.values()].map((choices): GuestWay => ({ kind: "sends", choices })), ...ended];
}

function choiceOf(send: GuestSend, attached: AttachedGuest, v4: boolean, added: readonly Assumption[]): Chosen {
  const by = attached.interfaceOf(send.device, send.interfaceAddress);
  const assumptions = [...send.assumptions, ...added];
  if (send.lost !== null) return unknownEnd(send, [...assumptions, send.lost]);
  if (by === undefined) return unknownDevice(send, attached, assumptions);
  const source = send.source ?? primaryOf(by.addresses, v4);
  if (source === undefined) return unknownDevice(send, attached, assumptions);
  return { kind: "choice", choice: { interface: by, source, assumptions, steps: send.steps, againstDefault: false } };
}

const primaryOf = (addresses: Choice["interface"]["addresses"], v4: boolean): Ip | undefined =>
  addresses
    .map(({ cidr, role }) => (role === "primary" ? addressOf(cidr) : undefined))
    .find((ip) => ip !== undefined && (familyOf(ip) === 4) === v4);

function unknownDevice(send: GuestSend, attached: AttachedGuest, assumptions: readonly Assumption[]): Chosen {
  return unknownEnd(send, [...assumptions, attached.notInEstate(send)]);
}

function unknownEnd({ steps }: GuestSend, assumptions: readonly Assumption[]): Chosen {
  const identity = { ...BLOCKED, kind: "unknown" as const, addresses: NO_ADDRESSES, complete: false };
  return { kind: "ends", outcome: { identity, assumptions, steps, againstDefault: false } };
}

const ends = (steps: readonly Step[], assumptions: readonly Assumption[]): GuestWay => ({
  kind: "ends",
  outcome: { identity: BLOCKED, assumptions, steps, againstDefault: false },
});

const refused = (refusal: GuestRefusal, added: readonly Assumption[]): GuestWay =>
  ends(
    [...refusal.steps, { rule: refusal.rule, resource: null, text: refusal.text, origin: null }],
    [...refusal.assumptions, ...added],
  );
