import type { RowColumns } from "../columns.ts";
import type { Rejected } from "../embedded/rejects.ts";
import { AwsReader } from "./aws.ts";
import { areElements, Elements, isBlank } from "./elements.ts";
import { recordOf } from "./entry.ts";
import type { Lines } from "./lines.ts";
import type { Reason, Record } from "./record.ts";
import { Templates } from "./template.ts";

const QUOTED = 300;
const NEWLINE = 10;

/** Where rows go; `isFull` asks whoever fills it to stop and have it emptied, or others put in their place. */
export interface Sink {
  columns: RowColumns;
  rejected: Rejected[];
  /** Records that say themselves that they hold nothing. */
  empty: number;
}

/** A text that no log reader knows, kept for the readers of evidence. */
export interface Unknown {
  readonly lines: string[];
  /** Of each, in the file. */
  readonly numbers: number[];
}

/** So much of a text is kept for the readers of evidence; what is beyond is rejected. */
const LONGEST_UNKNOWN = 128 << 20;

/** Reads the records of one file or pipe, whichever logs they are of, into a sink. */
export class LogReader {
  #unknown: Unknown = { lines: [], numbers: [] };
  readonly #file: string;
  readonly #sink: Sink;
  readonly #aws = new AwsReader();
  readonly #templates: Templates;
  #elements: Elements | null = null;
  #isFirst = true;
  /** In the middle of a line that was refused. */
  #isLong = false;
  #unknownBytes = 0;
  #line: number;
  /** Where that line begins in the lines that are read. */
  #at = 0;

  /**
   * @param templates of the names of the sink; lines that lie in their memory need not be copied there
   * @param line the number of the first line that will be read
   */
  constructor(file: string, sink: Sink, templates = new Templates(sink.columns.names), line = 1) {
    this.#file = file;
    this.#sink = sink;
    this.#line = line;
    this.#templates = templates;
  }

  /** Whether the file is one JSON text: such a one cannot be left in its middle and entered there again. */
  get isOneText(): boolean {
    return this.#elements !== null;
  }

  /** The number of the line that comes next. */
  get nextLine(): number {
    return this.#line;
  }

  /** The first line of a file that is entered in its middle: it may name the fields of all others. */
  follow(heading: string): void {
    this.#aws.read(heading);
  }

  /** Where it begins in the lines that were given last, while some of them are not read. */
  get nextAt(): number {
    return this.#at;
  }

  /** Takes whole lines. Stops between two records, so that the sink can be emptied, wherever it is full. */
  *read(lines: Lines): Generator<void> {
    const { bytes } = lines;
    if (this.#isFirst && !isBlank(bytes)) {
      this.#isFirst = false;
      if (areElements(bytes)) this.#elements = new Elements(this.#line);
    }
    if (this.#elements !== null)
      for (const element of this.#elements.push(bytes)) yield* this.#json(element.text, element.line);
    else if (lines.isPart) this.#passOver(bytes);
    else if (lines.isOpen && !this.#isLong) yield* this.#openLine(bytes);
    else yield* this.#lines(bytes);
  }

  *#lines(lines: Buffer): Generator<void> {
    const bytes = this.#templates.scanner.own(lines);
    // What is left of a line that was refused.
    let at = this.#isLong ? bytes.indexOf(NEWLINE) + 1 || bytes.length : 0;
    if (this.#isLong) this.#line += 1;
    this.#isLong = false;
    while (at < bytes.length) {
      this.#at = at;
      if (this.#sink.columns.isFull) yield;
      const { columns } = this.#sink;
      const { length } = columns;
      at = this.#templates.read(bytes, at, columns);
      // Each line was a row.
      this.#line += columns.length - length;
      this.#at = at;
      if (at >= bytes.length || columns.isFull) continue;
      const end = bytes.indexOf(NEWLINE, at);
      const stop = end === -1 ? bytes.length : end;
      yield* this.#oneLine(bytes, at, stop);
      at = stop + 1;
      this.#line += 1;
    }
  }

  #passOver(bytes: Buffer): void {
    if (!this.#isLong) this.reject("too-long", this.#line, bytes.toString("utf8", 0, QUOTED));
    this.#isLong = true;
  }

  /** Whether there is something that no log reader knew. */
  get hasUnknown(): boolean {
    return this.#unknown.lines.length > 0;
  }

  /** Takes out what no log reader knew of what was read so far. */
  takeUnknown(): Unknown | null {
    const taken = this.#unknown;
    if (taken.lines.length === 0) return null;
    this.#unknown = { lines: [], numbers: [] };
    this.#unknownBytes = 0;
    return taken;
  }

  end(): void {
    for (const line of this.#elements?.tooLong ?? []) this.reject("too-long", line, "");
    const cut = this.#elements?.end() ?? null;
    if (cut !== null) this.reject("cut-short", cut, "");
  }

  reject(reason: Reason, line: number | null, text: string): void {
    this.#sink.rejected.push({ file: this.#file, line, reason, text: text.slice(0, QUOTED) });
  }

  /** The last line, without an end: read if it is whole; if not, it is cut off, or still being written. */
  *#openLine(bytes: Buffer): Generator<void> {
    const text = bytes.toString("utf8").trim();
    if (text.startsWith("{") && parsed(text) === undefined) this.reject("cut-short", this.#line, text);
    else yield* this.#oneLine(bytes, 0, bytes.length);
  }

  *#oneLine(bytes: Buffer, start: number, stop: number): Generator<void> {
    let from = start;
    while (from < stop && (bytes[from] ?? 0) <= 32) from += 1;
    if (from === stop) return;
    const text = bytes.toString("utf8", from, stop).trimEnd();
    if (text.startsWith("{")) {
      const { length } = this.#sink.columns;
      yield* this.#json(text, this.#line);
      if (this.#sink.columns.length === length + 1)
        this.#templates.learn(Buffer.from(bytes.subarray(start, stop)), this.#sink.columns.rowAt(length));
      return;
    }
    const record = this.#aws.read(text);
    if (record === null) this.#keepUnknown(text, this.#line);
    else yield* this.#put(record, text, this.#line);
  }

  *#json(text: string, line: number): Generator<void> {
    const value = parsed(text);
    if (value === undefined) return this.reject("not-json", line, text);
    const records = recordsIn(value);
    for (const one of records) {
      const record = recordOf(one);
      if (record === null) this.#keepUnknown(records.length === 1 ? text : JSON.stringify(one), line);
      else yield* this.#put(record, text, line);
    }
  }

  *#put(record: Record, text: string, line: number): Generator<void> {
    switch (record.kind) {
      case "rows":
        for (const row of record.rows) {
          if (this.#sink.columns.isFull) yield;
          this.#sink.columns.push(row);
        }
        return;
      case "rejected":
        return this.reject(record.reason, line, text);
      case "nothing":
        this.#sink.empty += 1;
        return;
      default:
        return record satisfies never;
    }
  }

  #keepUnknown(text: string, line: number): void {
    this.#unknownBytes += text.length;
    if (this.#unknownBytes > LONGEST_UNKNOWN) this.reject("too-long", line, text);
    else {
      this.#unknown.lines.push(text);
      this.#unknown.numbers.push(line);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Records stand alone, or in a list named `records`. */
function recordsIn(value: unknown): readonly unknown[] {
  const list = typeof value === "object" && value !== null && "records" in value ? value.records : undefined;
  return Array.isArray(list) ? list : [value];
}
