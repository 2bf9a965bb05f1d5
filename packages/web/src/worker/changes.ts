import { type DiffPiece, seenWords, type Text, type TrafficShown } from "@seenas/core";
import type { ChangeView } from "../estate-protocol.ts";
import { placesText } from "./places.ts";
import { trafficText } from "./rows.ts";

const MOST_CHANGES = 2000;
const MOST_SENDERS = 60;

interface Open extends Omit<ChangeView, "senders" | "senderCount" | "traffic"> {
  readonly names: Set<string>;
  readonly shown: TrafficShown[];
}

/** Pieces that change alike are one change of several senders. */
export function changesOf(pieces: readonly DiffPiece[]): {
  readonly changes: readonly ChangeView[];
  readonly total: number;
} {
  const rows = new Map<string, Open>();
  for (const piece of pieces) {
    const { partner, destinations, protocol, ports, change, source } = piece;
    const before = wordsOf(piece.before);
    const after = wordsOf(piece.after);
    const towards = partner === null ? placesText(destinations, 4) : { en: partner, zh: partner };
    const key = [source, partner, destinations.join(), change, before?.en, after?.en].join("|");
    const row = rows.get(key) ?? {
      names: new Set<string>(),
      shown: [],
      towards,
      change,
      before,
      after,
      open: ((piece.after ?? piece.before)?.open ?? []).slice(0, 2).map(({ text }) => text),
    };
    rows.set(key, row);
    if (!row.shown.some((one) => one.protocol === protocol && one.ports === ports)) row.shown.push({ protocol, ports });
    row.names.add(source === null ? piece.name : `${piece.name} ${source}`);
  }
  const changes = [...rows.values()].slice(0, MOST_CHANGES).map(({ names, shown, ...row }) => ({
    ...row,
    traffic: trafficText(shown),
    senders: [...names].slice(0, MOST_SENDERS),
    senderCount: names.size,
  }));
  return { changes, total: rows.size };
}

const wordsOf = (side: DiffPiece["before"]): Text | null => (side === null ? null : seenWords(side.answer));
