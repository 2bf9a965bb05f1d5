import { listOf } from "../address/address-set.ts";
import type { MapPiece } from "../map/pieces.ts";
import type { Assumption } from "../model/outcome.ts";
import { answerJson, type Language } from "./json.ts";

/** One line of `map --json` (contract). */
export const pieceJson = (piece: MapPiece, language: Language): object => ({
  interface: piece.interface,
  name: piece.name,
  class: piece.class,
  ...(piece.source === null ? {} : { source: piece.source }),
  ...(piece.partner === null ? {} : { partner: piece.partner }),
  destinations: piece.destinations,
  ...(piece.ports === null ? {} : { ports: piece.ports }),
  ...(piece.protocol === null ? {} : { protocol: piece.protocol }),
  answer: answerJson(piece.answer),
  certainty: piece.certainty,
  rule: piece.rules[0] ?? null,
  ...(piece.rules.length > 1 ? { rules: piece.rules } : {}),
  ...openJson("open", piece.open, language),
});

/** Why an answer is not certain; left out when it is. */
export const openJson = (member: string, open: readonly Assumption[], language: Language): object =>
  open.length === 0 ? {} : { [member]: open.map(({ id, text }) => ({ id, text: text[language] })) };

export const MAP_CSV_HEADER = [
  "interface",
  "name",
  "class",
  "source",
  "partner",
  "destinations",
  "protocol",
  "ports",
  "kind",
  "addresses",
  "complete",
  "translator",
  "resource",
  "stability",
  "certainty",
  "rule",
].join();

/** One line of CSV as RFC 4180 has it; lists are parted by blanks. */
export const pieceCsv = (piece: MapPiece): string =>
  [
    piece.interface,
    piece.name,
    piece.class,
    piece.source,
    piece.partner,
    piece.destinations.join(" "),
    piece.protocol,
    piece.ports,
    piece.answer.kind,
    listOf(piece.answer.addresses).join(" "),
    piece.answer.complete,
    piece.answer.translator,
    piece.answer.resource,
    piece.answer.stability,
    piece.certainty,
    piece.rules[0],
  ]
    .map(field)
    .join();

/** A spreadsheet runs a cell that begins like a formula: https://owasp.org/www-community/attacks/CSV_Injection */
export function field(value: string | number | boolean | null | undefined): string {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
