const [OPEN_BRACE, CLOSE_BRACE, OPEN_LIST, CLOSE_LIST] = [123, 125, 91, 93];
const [QUOTE, BACKSLASH, NEWLINE, SPACE] = [34, 92, 10, 32];

/** One object of an export. */
export interface Element {
  readonly text: string;
  readonly line: number;
}

/** Longer than any record; a file of one object as long as this is no log. */
const LONGEST = 64 << 20;

/**
 * Cuts exports that are one JSON text into their records while they arrive: a list of objects, an object whose `records`
 * is such a list, or one object after another over several lines. Brackets are counted; what they hold is read by
 * `JSON.parse`.
 */
export class Elements {
  /** Lines at which records begin that were too long to be kept until their end. */
  readonly tooLong: number[] = [];
  #base: number | null = null;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line: number;
  #startLine = 1;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(line = 1) {
    this.#line = line;
  }

  *push(piece: Buffer): Generator<Element> {
    this.#base ??= baseOf(piece);
    let start = this.#inElement ? 0 : -1;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece[at] ?? 0;
      if (code === NEWLINE) this.#line += 1;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) this.#inString = false;
      } else if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_BRACE || code === OPEN_LIST) {
        if (this.#depth === this.#base && code === OPEN_BRACE) {
          start = at;
          this.#startLine = this.#line;
        }
        this.#depth += 1;
      } else if (code === CLOSE_BRACE || code === CLOSE_LIST) {
        this.#depth -= 1;
        if (this.#depth !== this.#base || start === -1) continue;
        const text = Buffer.concat([...this.#parts, piece.subarray(start, at + 1)]).toString("utf8");
        this.#forget();
        start = -1;
        yield { text, line: this.#startLine };
      }
    }
    if (start === -1) return;
    this.#parts.push(Buffer.from(piece.subarray(start)));
    this.#bytes += piece.length - start;
    if (this.#bytes <= LONGEST) return;
    this.tooLong.push(this.#startLine);
    this.#forget();
  }

  /** The line at which a record begins that has no end; null: all is whole. */
  end(): number | null {
    if (this.#parts.length > 0) return this.#startLine;
    return this.#depth > 0 ? this.#line : null;
  }

  get #inElement(): boolean {
    return this.#parts.length > 0;
  }

  #forget(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}

/** How many brackets are open around a record. */
function baseOf(head: Buffer): number {
  const text = head
    .toString("latin1", 0, 4096)
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (text.startsWith("[")) return 1;
  return /^\{\s*"(?:records|Records|value)"\s*:\s*\[/.test(text) ? 2 : 0;
}

/** Whether a file begins as one of these, and not as one record a line. */
export function areElements(head: Buffer): boolean {
  const text = head
    .toString("latin1", 0, 4096)
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (text.startsWith("[")) return /^\[\s*(?:\{|\]|$)/.test(text);
  return /^\{\s*(?:[\r\n]|$)/.test(text) || /^\{\s*"(?:records|Records|value)"\s*:\s*\[/.test(text);
}

export const isBlank = (bytes: Buffer): boolean => bytes.every((code) => code <= SPACE);
