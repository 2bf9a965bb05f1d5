import { looksLikeJson } from "../documents/recognise.ts";
import { carriedLines, jsonInside } from "./carried.ts";
import { jsonKind } from "./json-signs.ts";
import type { EvidenceKind } from "./observation.ts";
import { segmentsOf, segmentsOfLines } from "./segments.ts";

/** Beyond this the first part alone is looked at: a kind shows early. */
const LOOKED_AT = 1 << 20;

/**
 * Tells by the content what kind of evidence a text is: `mixed` for several kinds in one paste, `unknown` for none.
 * The routing tables of guests are recognised by their own readers.
 */
export function recogniseEvidence(text: string): EvidenceKind {
  const head = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  const carried = carriedLines(head, "");
  const log = logKind(carried === null ? head : jsonInside(carried));
  if (log !== null && (log !== "unknown" || carried === null)) return log;
  const segments = carried === null ? segmentsOf(head) : segmentsOfLines(carried.lines);
  const kinds = new Set(segments.map(({ kind }) => kind));
  const [first] = kinds;
  return kinds.size > 1 ? "mixed" : (first ?? "unknown");
}

/** A log export is one JSON (or, by default, YAML) text; it is never a part of a paste. */
export function logKind(text: string): EvidenceKind | null {
  const isJson = looksLikeJson(text.trimStart().slice(0, 200));
  if (!isJson && !/^\s{0,8}"?jsonPayload"?:/m.test(text)) return null;
  const nat = /\bjsonPayload\b/.test(text) && /nat_flows|"?allocation_status"?:/.test(text);
  const flow = /\bjsonPayload\b/.test(text) && /vpc_flows|"?reporter"?:/.test(text);
  if (nat || flow) return nat && flow ? "mixed" : nat ? "cloud-nat-log" : "gcp-flow-log";
  return isJson ? (jsonKind(text) ?? "unknown") : null;
}
