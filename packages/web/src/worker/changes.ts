import { type DiffPiece, seenWords, type Text } from "@seenas/core";
import type { ChangeView } from "../estate-protocol.ts";
import { fewOf } from "./rows.ts";

const MOST_CHANGES = 2000;
const MOST_SENDERS = 60;

interface Open extends Omit<ChangeView, "senders" | "senderCount"> {
  readonly names: Set<string>;
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
    const towards = partner ?? fewOf(destinations, 4);
    const traffic = [protocol, ports].filter((part) => part !== null).join(" ");
    const key = [source, partner, destinations.join(), traffic, change, before?.en, after?.en].join("|");
    const row = rows.get(key) ?? {
      names: new Set<string>(),
      towards,
      traffic,
      change,
      before,
      after,
      open: ((piece.after ?? piece.before)?.open ?? []).slice(0, 2).map(({ text }) => text),
    };
    rows.set(key, row);
    row.names.add(source === null ? piece.name : `${piece.name} ${source}`);
  }
  const changes = [...rows.values()].slice(0, MOST_CHANGES).map(({ names, ...row }) => ({
    ...row,
    senders: [...names].slice(0, MOST_SENDERS),
    senderCount: names.size,
  }));
  return { changes, total: rows.size };
}

const wordsOf = (side: DiffPiece["before"]): Text | null => (side === null ? null : seenWords(side.answer));
