import type { Moment } from "./events.ts";
import { addPacket, type Flows, type Limits, newFlows } from "./flows.ts";
import { type Frame, Icmp, newFrame, Outcome } from "./frame.ts";
import { addQuote, newQuotes, type Quotes } from "./quotes.ts";
import { readFrame } from "./read-frame.ts";
import type { Walk } from "./walk.ts";

/** What the packets of a file came to, whatever its format. */
export interface Tally {
  readonly frame: Frame;
  readonly moment: Moment;
  readonly flows: Flows;
  readonly quotes: Quotes;
  readonly limits: Limits;
  packets: number;
  /** Packets of which too little was kept to tell their ports. */
  cut: number;
  /** Packets by the link types that are not known. */
  readonly unknownLinks: Map<number, number>;
  /** null: each packet is read by itself. */
  walk: Walk | null;
}

/** Of a frame no more is looked at: tunnels, extension headers and the ports stand before that. */
export const LOOKED_AT = 2048;

export const newTally = (limits: Limits): Tally => ({
  frame: newFrame(),
  moment: { seconds: 0, nanoseconds: 0, number: 0 },
  flows: newFlows(),
  quotes: newQuotes(),
  limits,
  packets: 0,
  cut: 0,
  unknownLinks: new Map(),
  walk: null,
});

/** One packet, its time already in `moment`. */
export function tally(into: Tally, bytes: DataView, at: number, end: number, link: number): void {
  const { frame, moment } = into;
  into.packets += 1;
  moment.number = into.packets;
  const outcome = readFrame(frame, bytes, at, end, link);
  if (outcome === Outcome.read) {
    if (frame.icmp === Icmp.error) addQuote(into.quotes, frame, bytes, moment);
    else if (frame.protocol !== 1 || frame.icmp !== Icmp.none) addPacket(into.flows, frame, bytes, moment, into.limits);
  } else if (outcome === Outcome.cut) into.cut += 1;
  else if (outcome === Outcome.unknownLink) into.unknownLinks.set(link, (into.unknownLinks.get(link) ?? 0) + 1);
}
