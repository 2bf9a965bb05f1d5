import type { ConfigDocument } from "../clouds/document.ts";
import { MAX_DEPTH, scanValue, skipSpace } from "./json-scan.ts";
import { lineCounter } from "./lines.ts";

/** Longer than any element. What has no end within this, as one object that holds a list, is looked at in vain until then. */
const LONGEST_ELEMENT = 4_000_000;

type Expects = "value" | "element" | "comma" | "close";

/**
 * What is left of an element; undefined: nothing, it was taken elsewhere.
 *
 * @param envelope the member of an object whose list it stands in; null: it stands in a list, or alone
 */
export type Kept = (value: unknown, line: number, envelope: string | null) => unknown;

/**
 * Reads a long export of whole, sound elements while it arrives, and keeps of each what `kept` leaves: a list, several,
 * or one object after another. What is anything else in any way (damage, a cut, talk around it, one large object) is not
 * read at all here: `readJsonDocuments` tells exactly what it is.
 */
export class ListReader {
  readonly #file: string;
  readonly #kept: Kept;
  readonly #envelopes: readonly string[];
  readonly #documents: ConfigDocument[] = [];
  #text = "";
  /** Lines before `#text`. */
  #linesBefore = 0;
  #expects: Expects = "value";
  #inList = false;
  #envelope: string | null = null;
  #isPlain = true;
  /** Several elements stand on a line. */
  #isPacked = false;

  /** @param envelopes names of the one member that an object around a list may have: `{"records":[…]}` */
  constructor(file: string, kept: Kept, envelopes: readonly string[] = []) {
    this.#file = file;
    this.#kept = kept;
    this.#envelopes = envelopes;
  }

  /**
   * Takes the next piece of the text. Pieces that end with a line are read fastest.
   *
   * @returns false: it is no plain list of elements, and nothing more need be given
   */
  push(piece: string): boolean {
    if (!this.#isPlain) return false;
    const text = this.#text + piece;
    const lineAt = lineCounter(text);
    const at = piece.includes("\u001b") ? null : this.#read(text, lineAt);
    if (at === null || text.length - at > LONGEST_ELEMENT) {
      this.#isPlain = false;
      this.#documents.length = 0;
      return false;
    }
    this.#linesBefore += lineAt(at) - 1;
    this.#text = text.slice(at);
    return true;
  }

  /** @returns null: it was no plain list of elements, or it ended before its end */
  end(): readonly ConfigDocument[] | null {
    return this.isWhole() && this.#documents.length > 0 ? this.#documents : null;
  }

  /** Nothing of what was given so far waits for more. */
  isWhole(): boolean {
    return this.#isPlain && this.#text.trim() === "" && this.#expects === "value" && !this.#inList;
  }

  /** @returns where the part begins that has to wait for more; null: it is not what can be read here */
  #read(text: string, lineAt: (position: number) => number): number | null {
    for (let at = skipSpace(text, 0); ; at = skipSpace(text, at)) {
      const character = text.charAt(at);
      if (character === "") return at;
      if (this.#expects === "comma" && (character === "," || character === "]")) {
        this.#expects = character === "," ? "element" : this.#envelope === null ? "value" : "close";
        this.#inList = character === ",";
        at += 1;
      } else if (this.#expects === "value" && character === "[") {
        this.#expects = "element";
        this.#inList = true;
        at += 1;
      } else if (this.#expects === "close" && character === "}") {
        this.#expects = "value";
        this.#envelope = null;
        at += 1;
      } else if (this.#expects === "value" && this.#openEnvelope(text, at)) {
        this.#expects = "element";
        this.#inList = true;
        at = text.indexOf("[", at) + 1;
      } else if (this.#expects === "close") return null;
      else if (this.#expects !== "comma" && character === "{") {
        const end = this.#readElement(text, at, lineAt);
        if (typeof end !== "number") return end === "cut" ? at : null;
        this.#expects = this.#inList ? "comma" : "value";
        at = end;
      } else return null;
    }
  }

  #openEnvelope(text: string, at: number): boolean {
    if (this.#envelopes.length === 0) return false;
    const name = /^\{\s{0,100}"(\w{1,40})"\s{0,100}:\s{0,100}\[/.exec(text.slice(at, at + 400))?.[1];
    if (name === undefined || !this.#envelopes.includes(name)) return false;
    this.#envelope = name;
    return true;
  }

  #readElement(text: string, start: number, lineAt: (position: number) => number): number | "cut" | "odd" {
    for (const endOf of this.#isPacked ? [endByBrackets] : [likelyEnd, endByBrackets]) {
      const likely = endOf(text, start);
      const guessed = likely === -1 ? undefined : parsed(text, start, likely);
      if (guessed === undefined) continue;
      this.#isPacked ||= endOf === endByBrackets;
      return this.#add(guessed, lineAt(start)) ? likely : "odd";
    }
    const scan = scanValue(text, start);
    if (scan.kind === "cut") return "cut";
    const value = scan.kind === "complete" ? parsed(text, start, scan.end) : undefined;
    if (scan.kind !== "complete" || value === undefined) return "odd";
    return this.#add(value, lineAt(start)) ? scan.end : "odd";
  }

  /** @returns false: it nests too deep. What is left out may: nobody looks at it. */
  #add(value: unknown, line: number): boolean {
    const at = this.#linesBefore + line;
    const kept = this.#kept(value, at, this.#envelope);
    if (kept === value && !nestsWithin(value, MAX_DEPTH)) return false;
    if (kept !== undefined)
      this.#documents.push({ origin: { file: this.#file, line: at }, value: kept, linesOf: noLines });
    return true;
  }
}

const nestsWithin = (value: unknown, depth: number): boolean =>
  typeof value !== "object" ||
  value === null ||
  (depth > 0 && Object.values(value).every((member) => nestsWithin(member, depth - 1)));

const noLines = (): readonly number[] => [];

/**
 * Where an element ends if it is laid out as tools do it: indented, its last bracket stands as far in as its first, or on
 * one line. A text that parses from its first bracket to there is the element and nothing else.
 */
function likelyEnd(text: string, start: number): number {
  const lineEnd = text.indexOf("\n", start);
  if (lineEnd === -1) return -1;
  if (text.slice(start + 1, lineEnd).trim() !== "") return text.lastIndexOf("}", lineEnd) + 1;
  const indent = text.slice(text.lastIndexOf("\n", start) + 1, start);
  if (indent.trim() !== "") return -1;
  const closing = text.indexOf(`\n${indent}}`, lineEnd);
  return closing === -1 ? -1 : closing + indent.length + 2;
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [34, 92, 91, 93, 123, 125];

/** Where its first bracket is closed; -1: not in this text. */
function endByBrackets(text: string, start: number): number {
  let open = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== QUOTE; at += 1)
        if (text.charCodeAt(at) === BACKSLASH) at += 1;
    } else if (code === OPEN || code === OPEN_LIST) open += 1;
    else if (code === CLOSE || code === CLOSE_LIST) {
      open -= 1;
      if (open === 0) return at + 1;
    }
  }
  return -1;
}

function parsed(text: string, start: number, end: number): unknown {
  try {
    return JSON.parse(text.slice(start, end));
  } catch {
    return undefined;
  }
}
