import {
  type EstateMap,
  type InterfaceMap,
  type MapPiece,
  mapPiecesOf,
  noAddressOfFamily,
  type Partner,
  seenWords,
  type Text,
  TRANSLATOR,
  type TrafficShown,
  trafficOfRow,
} from "@seenas/core";
import type { Column, RowsRequest, RowsView, RowView } from "../estate-protocol.ts";
import { placesText } from "./places.ts";

const lastPart = (resource: string): string => resource.slice(resource.lastIndexOf("/") + 1);
const NOBODY: Text = { en: "", zh: "" };

/** One row an interface and answer: kept as they are in the map, and put into words when they are looked at. */
export class Rows {
  readonly #pieces: MapPiece[] = [];
  /** Of each row: the kinds of traffic for which it holds. */
  readonly #traffic: TrafficShown[][] = [];
  readonly #networks: string[] = [];
  #texts: readonly string[] | null = null;
  #shown: Uint32Array = new Uint32Array();
  #key = "";

  constructor(map: EstateMap, partners: readonly Partner[] | null) {
    for (const one of map.interfaces) this.#addAll(one, partners);
  }

  get total(): number {
    return this.#pieces.length;
  }

  window(request: RowsRequest): RowsView {
    this.#look(request);
    const indexes = [...this.#shown.subarray(request.first, request.first + request.count)];
    return {
      first: request.first,
      total: this.total,
      matched: this.#shown.length,
      rows: indexes.flatMap((index) => this.#row(index) ?? []),
    };
  }

  /** Pieces that differ in their traffic alone are one row. */
  #addAll(one: InterfaceMap, partners: readonly Partner[] | null): void {
    const rows = new Map<string, TrafficShown[]>();
    for (const piece of piecesFor(one, partners)) {
      const key = rowKey(piece);
      const known = rows.get(key);
      if (known !== undefined) {
        known.push(piece);
        continue;
      }
      const traffic: TrafficShown[] = [piece];
      rows.set(key, traffic);
      this.#pieces.push(piece);
      this.#traffic.push(traffic);
      this.#networks.push(lastPart(one.interface.network));
    }
  }

  /** Filters and sorts only when either is asked for anew: scrolling looks at the same. */
  #look({ search, sort, descending }: RowsRequest): void {
    const key = `${search}\n${sort}\n${descending}`;
    if (key === this.#key && this.#shown.length > 0) return;
    this.#key = key;
    const wanted = search
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    this.#texts ??= this.#pieces.map((_, index) => this.#haystack(index));
    const found: number[] = [];
    for (const [index, text] of this.#texts.entries())
      if (wanted.every((word) => text.includes(word))) found.push(index);
    this.#shown = Uint32Array.from(this.#sorted(found, sort, descending));
  }

  #sorted(found: number[], column: Column, descending: boolean): readonly number[] {
    const keys = new Map(found.map((index) => [index, this.#sortKey(index, column)]));
    const direction = descending ? -1 : 1;
    return found.sort((a, b) => {
      const [one = "", other = ""] = [keys.get(a), keys.get(b)];
      return one === other ? a - b : one < other ? -direction : direction;
    });
  }

  #sortKey(index: number, column: Column): string {
    const row = this.#row(index);
    if (row === null) return "";
    const cell = row[column];
    // Numbers inside names and addresses sort as numbers.
    return (typeof cell === "string" ? cell : (cell?.en ?? "")).replace(/\d+/g, (digits) => digits.padStart(5, "0"));
  }

  #haystack(index: number): string {
    const row = this.#row(index);
    if (row === null) return "";
    const { sender, network, towards, traffic, sees, by, stability, certainty } = row;
    return `${sender} ${network} ${towards.en} ${towards.zh} ${traffic.en} ${sees.en} ${sees.zh} ${by.en} ${by.zh} ${stability} ${certainty}`.toLowerCase();
  }

  #row(index: number): RowView | null {
    const piece = this.#pieces[index];
    if (piece === undefined) return null;
    const { name, source, destinations, partner, answer, certainty } = piece;
    const traffic = this.#traffic[index] ?? [];
    return {
      sender: source === null ? name : `${name} ${source}`,
      network: this.#networks[index] ?? "",
      towards: partner === null ? placesText(destinations, 3) : same(partner),
      traffic: trafficText(traffic),
      sees: seenWords(answer),
      by: answer.translator === null ? NOBODY : byWords(answer),
      stability: answer.kind === "blocked" ? null : answer.stability,
      certainty,
    };
  }
}

const same = (words: string): Text => ({ en: words, zh: words });

const rowKey = ({ source, partner, destinations, answer, certainty }: MapPiece): string =>
  [
    source,
    partner,
    certainty,
    answer.kind,
    answer.addresses.join(),
    answer.complete,
    answer.translator,
    answer.resource,
    answer.stability,
    destinations.length,
    destinations[0],
    destinations.at(-1),
  ].join("|");

export const trafficText = (traffic: readonly TrafficShown[]): Text => ({
  en: trafficOfRow(traffic, ({ en }) => en),
  zh: trafficOfRow(traffic, ({ zh }) => zh),
});

function byWords({ translator, resource }: MapPiece["answer"]): Text {
  const name = TRANSLATOR[translator ?? "other"];
  const of = resource === null ? "" : ` ${lastPart(resource)}`;
  return { en: `${name.en}${of}`, zh: `${name.zh}${of}` };
}

/** That a family is not used at all is seldom news. */
export function* piecesFor(one: InterfaceMap, partners: readonly Partner[] | null): Generator<MapPiece> {
  for (const piece of mapPiecesOf(one, partners)) if (piece.rules[0] !== noAddressOfFamily.id) yield piece;
}
