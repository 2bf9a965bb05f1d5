import { type InputFile, isCapture, openCapture, takeIn } from "@seenas/core";
import { Names, RowColumns, sharedMemory } from "./columns.ts";
import type { DoneSource } from "./embedded/manifest.ts";
import { EmbeddedStore, type Progress } from "./embedded/store.ts";
import { blockId } from "./read/block-id.ts";
import { type Fill, filling, type Lines, type Place, START, wholeLines } from "./read/lines.ts";
import { LogReader, type Sink } from "./read/log-reader.ts";
import { HEAD, peeked } from "./read/peek.ts";
import { rowsOf, type Sightings, sightingsOf } from "./read/sightings.ts";
import {
  bytesOf,
  closeFile,
  doneWith,
  fillFrom,
  headingOf,
  headOf,
  type OpenedFile,
  openFile,
  resumeAt,
} from "./read/source.ts";
import { Templates } from "./read/template.ts";
import { CutShort, packingOf, unpacked } from "./read/unpack.ts";
import type { LogStore } from "./store.ts";

/** As many as fit the memory that an ingest may take. */
const ROWS_AT_ONCE = 1 << 18;

/** A file by its path, or a pipe. */
export type Input =
  | { readonly kind: "file"; readonly name: string }
  | { readonly kind: "pipe"; readonly name: string; readonly pieces: AsyncIterable<Uint8Array> };

/** How far it is. `rows` are those read; of them, `added` are new. `bytes` are those of the inputs as they lie there. */
export interface Tally {
  bytes: number;
  rows: number;
  added: number;
  duplicates: number;
  rejected: number;
  /** Records that say themselves that they hold nothing. */
  empty: number;
  /** Files that were done already. */
  known: number;
  /** Of the rejected, by reason. */
  readonly reasons: Map<string, number>;
}

export interface IngestOptions {
  readonly onProgress?: (tally: Tally) => void;
  /** Files that are done already are read again. */
  readonly again?: boolean;
  /** Rows that become durable together. */
  readonly rowsAtOnce?: number;
}

/**
 * Reads inputs into a store, one after the other, whatever logs they hold. When it returns, all of it is durable.
 *
 * @throws what the system says of a file that cannot be read, or a disk that is full; what was durable before stays so
 */
export async function ingestInputs(
  store: LogStore,
  inputs: readonly Input[],
  options: IngestOptions = {},
): Promise<Tally> {
  const run = new Run(store, options);
  for (const input of inputs) await run.take(input);
  await run.end();
  if (store instanceof EmbeddedStore) await store.compact();
  return run.tally;
}

class Run {
  readonly tally: Tally = {
    bytes: 0,
    rows: 0,
    added: 0,
    duplicates: 0,
    rejected: 0,
    empty: 0,
    known: 0,
    reasons: new Map(),
  };
  readonly #store: LogStore;
  readonly #options: IngestOptions;
  readonly #sink: Sink;
  readonly #templates: Templates;
  /** Filled while the other ones are written. */
  #spare: RowColumns | null = null;
  #writing: Promise<void> = Promise.resolve();
  #done: DoneSource[] = [];

  constructor(store: LogStore, options: IngestOptions) {
    this.#store = store;
    this.#options = options;
    const columns = this.#columns(new Names());
    this.#sink = { columns, rejected: [], empty: 0 };
    this.#templates = new Templates(columns.names);
  }

  async take(input: Input): Promise<void> {
    if (input.kind === "pipe") return this.#whole(input.name, () => this.#content(input.name, input.pieces));
    const file = openFile(input.name);
    try {
      const sources = this.#store instanceof EmbeddedStore ? this.#store.manifest().sources : [];
      const resume = this.#options.again === true ? START : resumeAt(file, sources);
      this.tally.bytes += resume?.bytes ?? file.sizeBytes;
      if (resume === null) this.tally.known += 1;
      else await this.#file(input.name, file, resume);
    } finally {
      closeFile(file);
    }
  }

  async #file(name: string, file: OpenedFile, from: Place): Promise<void> {
    const head = headOf(file, HEAD);
    const isPlain = packingOf(head) === null && !isCapture(head);
    await this.#whole(name, () =>
      isPlain || from.bytes > 0
        ? this.#lines(name, this.#countedFill(fillFrom(file, from.bytes)), from, file)
        : this.#content(name, bytesOf(file)),
    );
    const isKnown = this.#done.some(({ inode, device }) => inode === file.inode && device === file.device);
    if (!isKnown) this.#done.push(doneWith(file, { bytes: file.sizeBytes, line: 0 }, true));
  }

  /** What ends too early is told, and what was read of it stays. */
  async #whole(name: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof CutShort)) throw error;
      this.#sink.rejected.push({ file: name, line: null, reason: "cut-short", text: error.message });
    }
  }

  /** What cannot be entered in its middle. */
  async #content(name: string, raw: AsyncIterable<Uint8Array>): Promise<void> {
    const packed = await peeked(this.#counted(raw));
    const packing = packingOf(packed.head);
    const { head, pieces } = packing === null ? packed : await peeked(unpacked(packed.pieces, packing));
    if (isCapture(head)) await this.#capture(name, pieces);
    else await this.#lines(name, filling(pieces), START, null);
  }

  /** @param file null: its middle cannot be entered again */
  async #lines(name: string, fill: Fill, from: Place, file: OpenedFile | null): Promise<void> {
    const reader = new LogReader(name, this.#sink, this.#templates, from.line);
    if (file !== null && from.bytes > 0) reader.follow(headingOf(file));
    const canEnter = ({ isOpen, isPart }: Lines): boolean => !reader.isOneText && !isOpen && !isPart;
    let last: Place | null = null;
    const emptied = async (lines: Lines): Promise<void> => {
      const at = lines.endBytes - lines.bytes.length + reader.nextAt;
      const place = canEnter(lines) ? { bytes: at, line: reader.nextLine } : last;
      const remember = (): void => {
        if (file !== null && place !== null) this.#remember(file, place, false);
      };
      if (!reader.hasUnknown) {
        remember();
        return this.commit();
      }
      // What comes of other lines has no room in this commit: how far that is belongs to the next.
      await this.commit();
      await this.#sightings(name, reader);
      remember();
    };
    try {
      for await (const lines of wholeLines(fill, from, (atLeast) => this.#templates.scanner.room(atLeast))) {
        for (const _ of reader.read(lines)) await emptied(lines);
        if (canEnter(lines)) last = { bytes: lines.endBytes, line: reader.nextLine };
      }
      reader.end();
    } finally {
      await this.#sightings(name, reader);
    }
    if (file !== null && last !== null) this.#remember(file, last, true);
  }

  #remember(file: OpenedFile, place: Place, whole: boolean): void {
    const others = this.#done.filter(({ inode, device }) => inode !== file.inode || device !== file.device);
    this.#done = [...others, doneWith(file, place, whole)];
  }

  async #capture(name: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const reader = await openCapture();
    for await (const piece of pieces) reader.push(piece);
    const input: InputFile = { name, role: "evidence", capture: reader.end() };
    const { evidence } = await takeIn([input], () => null);
    await this.#keep(rowsOf(evidence, { file: name, numbers: null }));
  }

  async #sightings(name: string, reader: LogReader): Promise<void> {
    const unknown = reader.takeUnknown();
    if (unknown !== null)
      await this.#keep(await sightingsOf(unknown.lines.join("\n"), { file: name, numbers: unknown.numbers }));
  }

  async #keep({ rows, rejected }: Sightings): Promise<void> {
    for (const one of rejected) this.#sink.rejected.push(one);
    for (const row of rows) {
      if (this.#sink.columns.isFull) await this.commit();
      this.#sink.columns.push(row);
    }
  }

  /**
   * Begins to make durable what has been read, and to remember how far that was. One batch at a time: it waits for the
   * one before.
   */
  async commit(): Promise<void> {
    await this.#writing;
    const { columns, rejected, empty } = this.#sink;
    const sources = this.#done;
    this.#sink.columns = this.#spare ?? this.#columns(columns.names);
    this.#spare = columns;
    this.#sink.rejected = [];
    this.#sink.empty = 0;
    this.#done = [];
    this.#writing = this.#write(columns, { sources, rejected }, empty);
    // Whoever waits for it next is told why it failed.
    this.#writing.catch(() => undefined);
  }

  /** All that was read is durable. */
  async end(): Promise<void> {
    await this.commit();
    await this.#writing;
  }

  async #write(columns: RowColumns, progress: Progress, empty: number): Promise<void> {
    const { tally } = this;
    const { added, duplicates } = await this.#send(columns, progress);
    tally.rows += columns.length;
    tally.added += added;
    tally.duplicates += duplicates;
    tally.rejected += progress.rejected.length;
    tally.empty += empty;
    for (const { reason } of progress.rejected) tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
    columns.clear();
    this.#options.onProgress?.(tally);
  }

  #columns(names: Names): RowColumns {
    const capacity = this.#options.rowsAtOnce ?? ROWS_AT_ONCE;
    return new RowColumns(capacity, names, sharedMemory(capacity));
  }

  async #send(columns: RowColumns, progress: Progress) {
    if (this.#store instanceof EmbeddedStore) return this.#store.ingestColumns(columns, progress);
    if (columns.length === 0) return { added: 0, duplicates: 0 };
    return this.#store.ingest({ id: blockId(columns), rows: columns.rows() });
  }

  #countedFill(fill: Fill): Fill {
    return async (memory) => {
      const length = await fill(memory);
      this.tally.bytes += length;
      this.#options.onProgress?.(this.tally);
      return length;
    };
  }

  async *#counted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.tally.bytes += piece.length;
      this.#options.onProgress?.(this.tally);
      yield piece;
    }
  }
}
