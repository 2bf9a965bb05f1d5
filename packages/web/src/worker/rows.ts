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
} from "@seenas/core";
import type { Column, RowsRequest, RowsView, RowView } from "../estate-protocol.ts";

const lastPart = (resource: string): string => resource.slice(resource.lastIndexOf("/") + 1);
const NOBODY: Text = { en: "", zh: "" };

/** One row an interface and answer: kept as they are in the map, and put into words when they are looked at. */
export class Rows {
  readonly #pieces: MapPiece[] = [];
  readonly #networks: string[] = [];
  #texts: readonly string[] | null = null;
  #shown: Uint32Array = new Uint32Array();
  #key = "";

  constructor(map: EstateMap, partners: readonly Partner[] | null) {
    for (const one of map.interfaces) for (const piece of piecesFor(one, partners)) this.#add(one, piece);
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

  #add({ interface: { network } }: InterfaceMap, piece: MapPiece): void {
    this.#pieces.push(piece);
    this.#networks.push(lastPart(network));
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
    return (typeof cell === "string" ? cell : cell.en).replace(/\d+/g, (digits) => digits.padStart(5, "0"));
  }

  #haystack(index: number): string {
    const row = this.#row(index);
    if (row === null) return "";
    const { sender, network, towards, traffic, sees, by, stability, certainty } = row;
    return `${sender} ${network} ${towards} ${traffic} ${sees.en} ${sees.zh} ${by.en} ${by.zh} ${stability} ${certainty}`.toLowerCase();
  }

  #row(index: number): RowView | null {
    const piece = this.#pieces[index];
    if (piece === undefined) return null;
    const { name, source, destinations, partner, protocol, ports, answer, certainty } = piece;
    return {
      sender: source === null ? name : `${name} ${source}`,
      network: this.#networks[index] ?? "",
      towards: partner ?? fewOf(destinations, 3),
      traffic: [protocol, ports].filter((part) => part !== null).join(" "),
      sees: seenWords(answer),
      by: answer.translator === null ? NOBODY : byWords(answer),
      stability: answer.stability,
      certainty,
    };
  }
}

export function fewOf(words: readonly string[], count: number): string {
  const more = words.length - count;
  return words.slice(0, count).join(", ") + (more > 0 ? ` +${more}` : "");
}

function byWords({ translator, resource }: MapPiece["answer"]): Text {
  const name = TRANSLATOR[translator ?? "other"];
  const of = resource === null ? "" : ` ${lastPart(resource)}`;
  return { en: `${name.en}${of}`, zh: `${name.zh}${of}` };
}

/** That a family is not used at all is seldom news. */
export function* piecesFor(one: InterfaceMap, partners: readonly Partner[] | null): Generator<MapPiece> {
  for (const piece of mapPiecesOf(one, partners)) if (piece.rules[0] !== noAddressOfFamily.id) yield piece;
}
