import { setOfCidrs } from "../address/address-set.ts";
import { addressOf, hostCidr, inAny, LOOPBACK } from "../address/cidr.ts";
import type { DestinationMap } from "../address/destination-map.ts";
import { familyOf, type Ip } from "../address/ip.ts";
import type { Interface } from "../model/estate.ts";
import type { Assumption, Outcome } from "../model/outcome.ts";
import type { Asked } from "./asked.ts";
import { distinct, together } from "./combine.ts";
import { edgesOf } from "./edges.ts";
import { type GuestWay, guestChoices, guestEdges } from "./guest-choice.ts";
import { leave } from "./leave.ts";
import { BLOCKED, ending, type Packet, stepping } from "./packet.ts";
import { loopback, noAddressOfFamily, ownAddress } from "./rules.ts";
import { addressOn, type Choice, choicesOf, owns } from "./sender.ts";
import { settled } from "./settle.ts";

/** An outcome, and which interface and source inside lead to it. */
export interface FlowOutcome extends Outcome {
  readonly interface: Interface | null;
  /** The source when it leaves the guest; null when nothing leaves. */
  readonly source: Ip | null;
}

/**
 * The egress map of a sender: for every destination, everything the configuration allows. One flow is `.at(address)`;
 * an estate's map is `piecesOf` it.
 */
export const egressMapOf = (asked: Asked): DestinationMap<readonly FlowOutcome[]> => ({
  at: (destination) => outcomesAt(asked, destination),
  // Only the walk needs them, and there are as many as routes.
  get edges() {
    const { interfaces } = asked.sender.host;
    const own = interfaces.flatMap((one) => one.addresses.map(({ cidr }) => hostCidr(addressOf(cidr))));
    const connected = interfaces.flatMap((one) => one.connected);
    return [
      ...interfaces.flatMap((one) => edgesOf(one.egress)),
      ...own,
      ...LOOPBACK,
      ...connected,
      ...guestEdges(asked),
    ];
  },
});

/** The look-up alone, without preparing the walk over the whole space. */
export function outcomesAt(asked: Asked, destination: Ip): readonly FlowOutcome[] {
  const told = guestChoices(asked, destination);
  if (told !== null) return distinct(told.flatMap((way) => sendAsTold(way, asked, destination)));
  if (inAny(LOOPBACK, destination) || isOwn(asked, destination)) return [staysInside(asked, destination)];
  const choices = choicesOf(asked.sender, destination);
  if (choices.length === 0) return [withoutAddress(asked, destination)];
  return distinct(choices.flatMap((choice) => sendBy(choice, asked, destination)));
}

/** Several choices of one way share the traffic, so what is seen is their union. */
function sendAsTold(way: GuestWay, asked: Asked, destination: Ip): readonly FlowOutcome[] {
  if (way.kind === "ends") return [{ ...way.outcome, interface: null, source: null }];
  const legs = way.choices.map((choice) => sendBy(choice, asked, destination));
  const [first] = legs;
  if (legs.length === 1 && first !== undefined) return first;
  return together(legs).map((outcome) => ({ ...outcome, interface: null, source: null }));
}

/** What leaves by one interface with one source, wherever it goes: the guest is not asked. */
export const sentFrom = (
  by: Interface,
  source: Ip,
  traffic: Pick<Asked, "protocol" | "port">,
  destination: Ip,
  among?: Choice["among"],
): readonly FlowOutcome[] =>
  distinct(
    sendBy(
      { interface: by, source, ...(among && { among }), assumptions: [], steps: [], againstDefault: false },
      traffic,
      destination,
    ),
  );

function sendBy(choice: Choice, asked: Pick<Asked, "protocol" | "port">, destination: Ip): readonly FlowOutcome[] {
  const { interface: by, source, among } = choice;
  const address = addressOn(by, source);
  const packet: Packet = {
    source,
    destination,
    protocol: asked.protocol,
    port: asked.port,
    sourceStability: address?.stability ?? "ephemeral",
    among: among === undefined ? null : setOfCidrs(among),
    setBy: null,
    assumptions: choice.assumptions,
    steps: choice.steps,
    againstDefault: choice.againstDefault,
    passed: [],
  };
  const outcomes =
    among === undefined && !owns(by, source) && !by.foreignSources.allowed
      ? [foreignSource(by, packet)]
      : leave(by.egress, packet);
  const { pending, premises } = by;
  const known = among === undefined && pending?.has(source) !== true ? source : null;
  return outcomes.map((outcome) => ({
    ...onPremises(pending === undefined ? outcome : settled(outcome, pending), premises),
    interface: by,
    source: known,
  }));
}

const onPremises = (outcome: Outcome, premises: readonly Assumption[] | undefined): Outcome =>
  premises === undefined ? outcome : { ...outcome, assumptions: [...outcome.assumptions, ...premises] };

const foreignSource = (by: Interface, packet: Packet): Outcome =>
  ending(
    stepping(packet, {
      rule: by.foreignSources.rule,
      resource: by.resource,
      origin: by.origin,
      text: {
        en: `${packet.source} is not an address of ${by.name}, which may not send foreign ones: the platform drops it`,
        zh: `${packet.source} 不是 ${by.name} 的地址，且该网卡不允许发送外来源地址：平台会丢弃`,
      },
    }),
    BLOCKED,
  );

const isOwn = ({ sender }: Asked, destination: Ip): boolean =>
  sender.host.interfaces.some((one) =>
    one.addresses.some(({ cidr, role }) => role !== "range" && addressOf(cidr) === destination),
  );

function staysInside({ sender }: Asked, destination: Ip): FlowOutcome {
  const { host } = sender;
  const isLoopback = inAny(LOOPBACK, destination);
  const text = isLoopback
    ? {
        en: `${destination} is the loopback of ${host.name}: it is reached inside the host, nothing leaves it`,
        zh: `${destination} 是 ${host.name} 的环回地址：在主机内部投递，不会有数据发出`,
      }
    : {
        en: `${destination} is an address of ${host.name} itself: it is reached inside the host, nothing leaves it`,
        zh: `${destination} 是 ${host.name} 自己的地址：在主机内部投递，不会有数据发出`,
      };
  const step = { rule: isLoopback ? loopback : ownAddress, resource: host.id, origin: host.origin, text };
  return { identity: BLOCKED, assumptions: [], steps: [step], againstDefault: false, interface: null, source: null };
}

function withoutAddress(asked: Asked, destination: Ip): FlowOutcome {
  const family = familyOf(destination);
  const { host } = asked.sender;
  const name = asked.sender.interface === null ? host.name : `${host.name}/${asked.sender.interface.name}`;
  const step = {
    rule: noAddressOfFamily,
    resource: host.id,
    origin: host.origin,
    text: {
      en: `${name} has no IPv${family} address to send from to ${destination}`,
      zh: `${name} 没有 IPv${family} 地址，无法向 ${destination} 发送`,
    },
  };
  return {
    identity: BLOCKED,
    assumptions: [],
    steps: [step],
    againstDefault: false,
    interface: asked.sender.interface,
    source: null,
  };
}
