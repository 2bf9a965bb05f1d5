import type { ConfigDocument } from "../clouds/document.ts";
import type { Alike, Place } from "./alike.ts";
import { joined } from "./bytes.ts";
import { Formed } from "./formed.ts";
import { MAX_DEPTH, scanValue } from "./json-scan.ts";
import { linesBetween, pastSpace, type TextBetween } from "./moulds.ts";

/** Longer than any element. What has no end within this, as one object that holds a list, is looked at in vain until then. */
const LONGEST_ELEMENT = 4_000_000;

/** Elements that share a line are looked for in no more than this at first. */
const NEAR = 32_768;

const [LINE_FEED, QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [10, 34, 44, 91, 92, 93, 123, 125];

type Expects = "value" | "element" | "comma" | "close";

/** Gives the text between two places of some bytes; null: they are no text. Whole letters only. */
export type TextsOf = (bytes: Uint8Array) => TextBetween | null;

export interface ListOptions {
  readonly textsOf: TextsOf;
  /**
   * What is left of an element; undefined: nothing, it was taken elsewhere.
   *
   * @param envelope the member of an object whose list it stands in; null: it stands in a list, or alone
   */
  readonly kept: (value: unknown, line: number, envelope: string | null) => unknown;
  /** Names of the one member that an object around a list may have: `{"records":[…]}` */
  readonly envelopes?: readonly string[];
  /** Elements that need not be parsed, since those before them were alike. */
  readonly alike?: Alike;
}

/**
 * Reads a long export of whole, sound elements while it arrives, and keeps of each what `kept` leaves: a list, several,
 * or one object after another. What is anything else in any way (damage, a cut, talk around it, one large object) is not
 * read at all here: `readJsonDocuments` tells exactly what it is.
 */
export class ListReader {
  readonly #file: string;
  readonly #options: ListOptions;
  readonly #documents: ConfigDocument[] = [];
  #rest: Uint8Array = new Uint8Array();
  /** Where `#rest` begins. */
  #line = 1;
  #expects: Expects = "value";
  #inList = false;
  #envelope: string | null = null;
  #isPlain = true;
  /** Several elements stand on a line. */
  #isPacked = false;

  constructor(file: string, options: ListOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * Takes the next piece of the text, which ends where a letter does; its memory may be used again. Pieces that end with
   * a line are read fastest.
   *
   * @returns false: it is no plain list of elements, and nothing more need be given
   */
  push(piece: Uint8Array): boolean {
    if (!this.#isPlain) return false;
    const bytes = this.#rest.length === 0 ? piece : joined([this.#rest, piece]);
    const textBetween = this.#options.textsOf(bytes);
    const at = textBetween === null ? null : this.#read({ bytes, view: viewOf(bytes), textBetween });
    if (at === null || bytes.length - at > LONGEST_ELEMENT) {
      this.#isPlain = false;
      this.#documents.length = 0;
      return false;
    }
    this.#rest = new Uint8Array(bytes.subarray(at));
    return true;
  }

  /** @returns null: it was no plain list of elements, or it ended before its end */
  end(): readonly ConfigDocument[] | null {
    return this.isWhole() && this.#documents.length > 0 ? this.#documents : null;
  }

  /** Nothing of what was given so far waits for more. */
  isWhole(): boolean {
    return this.#isPlain && this.#rest.length === 0 && this.#expects === "value" && !this.#inList;
  }

  /** @returns where the part begins that has to wait for more; null: it is not what can be read here */
  #read(place: Place): number | null {
    const { bytes } = place;
    for (let at = this.#pastSpace(bytes, 0); ; at = this.#pastSpace(bytes, at)) {
      const byte = bytes[at];
      if (byte === undefined) return at;
      if (this.#expects === "comma" && (byte === COMMA || byte === CLOSE_LIST)) {
        this.#expects = byte === COMMA ? "element" : this.#envelope === null ? "value" : "close";
        this.#inList = byte === COMMA;
        at += 1;
      } else if (this.#expects === "value" && byte === OPEN_LIST) {
        this.#expects = "element";
        this.#inList = true;
        at += 1;
      } else if (this.#expects === "close" && byte === CLOSE) {
        this.#expects = "value";
        this.#envelope = null;
        at += 1;
      } else if (this.#expects === "value" && this.#openEnvelope(place, at)) {
        this.#expects = "element";
        this.#inList = true;
        const list = bytes.indexOf(OPEN_LIST, at) + 1;
        this.#line += linesBetween(bytes, at, list);
        at = list;
      } else if ((this.#expects === "value" || this.#expects === "element") && byte === OPEN) {
        const end = this.#readElement(place, at);
        if (typeof end !== "number") return end === "cut" ? at : null;
        this.#expects = this.#inList ? "comma" : "value";
        at = end;
      } else return null;
    }
  }

  #openEnvelope({ bytes, textBetween }: Place, at: number): boolean {
    const { envelopes = [] } = this.#options;
    if (envelopes.length === 0) return false;
    const head = textBetween(at, letterStart(bytes, Math.min(at + 400, bytes.length)));
    const name = /^\{\s{0,100}"(\w{1,40})"\s{0,100}:\s{0,100}\[/.exec(head)?.[1];
    if (name === undefined || !envelopes.includes(name)) return false;
    this.#envelope = name;
    return true;
  }

  #pastSpace(bytes: Uint8Array, from: number): number {
    const at = pastSpace(bytes, from);
    this.#line += linesBetween(bytes, from, at);
    return at;
  }

  #readElement(place: Place, start: number): number | "cut" | "odd" {
    const known = this.#options.alike?.read(place, start) ?? null;
    if (known !== null) {
      if (known.form === null) this.#add(known.left);
      else this.#documents.push(new Formed(known.form, known.texts, known.at, this.#file, this.#line));
      this.#line += known.lines;
      return known.end;
    }
    const { bytes, textBetween } = place;
    for (const endOf of this.#isPacked ? [endByBrackets] : [likelyEnd, endByBrackets]) {
      const likely = endOf(bytes, start);
      const guessed = likely === -1 ? undefined : parsed(textBetween(start, likely));
      if (guessed === undefined) continue;
      this.#isPacked ||= endOf === endByBrackets;
      return this.#take(guessed, place, start, likely);
    }
    return scanValue(textBetween(start, bytes.length), 0).kind === "cut" ? "cut" : "odd";
  }

  /** It may nest too deep; what is left out may do so, nobody looks at it. */
  #take(value: unknown, place: Place, start: number, end: number): number | "odd" {
    const kept = this.#options.kept(value, this.#line, this.#envelope);
    if (kept === value && !nestsWithin(value, MAX_DEPTH)) return "odd";
    if (kept !== undefined) this.#add(kept);
    this.#options.alike?.learn(place, start, value, kept);
    this.#line += linesBetween(place.bytes, start, end);
    return end;
  }

  #add(value: unknown): void {
    this.#documents.push({ origin: { file: this.#file, line: this.#line }, value, linesOf: noLines });
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

const nestsWithin = (value: unknown, depth: number): boolean =>
  typeof value !== "object" ||
  value === null ||
  (depth > 0 && Object.values(value).every((member) => nestsWithin(member, depth - 1)));

const noLines = (): readonly number[] => [];

/**
 * Where an element ends if it is laid out as tools do it: indented, its last bracket stands as far in as its first, or on
 * one line. A text that parses from its first bracket to there is the element and nothing else.
 */
function likelyEnd(bytes: Uint8Array, start: number): number {
  const lineEnd = bytes.indexOf(LINE_FEED, start);
  if (lineEnd === -1) return -1;
  if (pastSpace(bytes, start + 1) < lineEnd) return lineEnd - start > NEAR ? -1 : bytes.lastIndexOf(CLOSE, lineEnd) + 1;
  const lineStart = start === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, start - 1) + 1;
  const indent = start - lineStart;
  if (pastSpace(bytes, lineStart) !== start) return -1;
  for (let line = lineEnd + 1; line > 0; line = bytes.indexOf(LINE_FEED, line) + 1)
    if (bytes[line + indent] === CLOSE && pastSpace(bytes, line) === line + indent) return line + indent + 1;
  return -1;
}

/** Where its first bracket is closed; -1: not in these bytes. */
function endByBrackets(bytes: Uint8Array, start: number): number {
  let open = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at += 1; at < bytes.length && bytes[at] !== QUOTE; at += 1) if (bytes[at] === BACKSLASH) at += 1;
    } else if (byte === OPEN || byte === OPEN_LIST) open += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      open -= 1;
      if (open === 0) return at + 1;
    }
  }
  return -1;
}

/** Not in the middle of a letter of several bytes. */
function letterStart(bytes: Uint8Array, from: number): number {
  let at = from;
  while (((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
