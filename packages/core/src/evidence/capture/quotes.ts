import { u8 } from "./bytes.ts";
import type { Moment } from "./events.ts";
import { type Frame, newFrame, Outcome } from "./frame.ts";
import { hostAt } from "./hosts.ts";
import { readQuote } from "./read-frame.ts";

/** A packet that a router sent back because it could not deliver it, and to whom. */
export interface Quote {
  readonly from: string;
  readonly sentTo: string;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** As in IP; 0 for one without ports. */
  readonly protocol: number;
  readonly moment: Moment;
}

export interface Quotes {
  readonly frame: Frame;
  /** The first of each. */
  readonly found: Map<string, Quote>;
}

const MOST_QUOTES = 4096;

export const newQuotes = (): Quotes => ({ frame: newFrame(), found: new Map() });

/** Keeps a quotation whose source is another than who got the error: something rewrote it on the way. */
export function addQuote({ frame, found }: Quotes, error: Frame, bytes: DataView, moment: Moment): void {
  if (found.size >= MOST_QUOTES || readQuote(frame, error, bytes) !== Outcome.read) return;
  const { family } = error;
  const width = family === 4 ? 4 : 16;
  if (isEqual(bytes, frame.addressesAt, error.addressesAt + width, width)) return;
  const text = (at: number) => hostAt(bytes, at, family).text;
  const quote: Quote = {
    from: text(error.addressesAt),
    sentTo: text(error.addressesAt + width),
    source: text(frame.addressesAt),
    sourcePort: frame.sourcePort,
    destination: text(frame.addressesAt + width),
    destinationPort: frame.destinationPort,
    protocol: frame.protocol,
    moment: { ...moment },
  };
  const key = `${quote.sentTo} ${quote.source} ${quote.destination} ${quote.protocol}`;
  if (!found.has(key)) found.set(key, quote);
}

function isEqual(bytes: DataView, one: number, other: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (u8(bytes, one + index) !== u8(bytes, other + index)) return false;
  return true;
}
