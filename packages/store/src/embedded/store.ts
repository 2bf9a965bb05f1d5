import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { columnsOf, type RowColumns } from "../columns.ts";
import type {
  Answered,
  Coverage,
  SeenQuestion,
  SeenRow,
  UsedQuestion,
  UsedRow,
  WhoQuestion,
  WhoRow,
} from "../questions.ts";
import type { Block, Ingested, LogStore } from "../store.ts";
import { type Connection, disconnect, type Opened, openDatabase, rowsOf } from "./database.ts";
import { remove } from "./files.ts";
import { LOCK, REJECTS, SEGMENTS, TEMPORARY } from "./format.ts";
import { filesOf } from "./known.ts";
import { coverageOf, type DoneSource, EMPTY, type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { type Plan, planSeen, planUsed, planWho } from "./query.ts";
import type { Rejected } from "./rejects.ts";
import type { WriterThread } from "./thread.ts";

/** Readers that began before a commit may still open what it replaced; none takes this long. */
const GRACE_MS = 60_000;
/** As often a reader finds that a file it was about to open has been replaced, and looks again. */
const TRIES = 5;

/** What becomes durable together with the rows that came of it. */
export interface Progress {
  readonly sources: readonly DoneSource[];
  readonly rejected: readonly Rejected[];
}

const loadWriting = () => import("./writing.ts");

const NO_PROGRESS: Progress = { sources: [], rejected: [] };

export interface EmbeddedOptions {
  /** For a store that is made now: ports and the translator's name are not kept. One that is there stays as it is. */
  readonly withoutPorts?: boolean;
  /** Another process writes, and this one waits for it. */
  readonly onWait?: () => void;
}

/** A folder of immutable segments. Any number of processes may read while one writes. */
export class EmbeddedStore implements LogStore {
  readonly folder: string;
  readonly #options: EmbeddedOptions;
  #database: Promise<{ readonly instance: Opened; readonly connection: Connection }> | null = null;

  #thread: WriterThread | null = null;

  constructor(folder: string, options: EmbeddedOptions = {}) {
    this.folder = folder;
    this.#options = options;
  }

  async ingest({ rows }: Block): Promise<Ingested> {
    return this.ingestColumns(columnsOf(rows));
  }

  /** The same for columns, which it may change; with what is to be remembered of where they came from. */
  async ingestColumns(columns: RowColumns, progress: Progress = NO_PROGRESS): Promise<Ingested> {
    const { keptOf, writeRows, writeRejects } = await loadWriting();
    return this.#write(async (manifest, connect) => {
      const rows = keptOf(columns, manifest);
      const thread = await this.#threadFor(columns);
      const written =
        thread === null
          ? await writeRows(this.folder, connect, columns, rows, manifest)
          : await thread.write(this.folder, columns, rows, manifest);
      const rejects = progress.rejected.length;
      // What is not understood may hold anything, also what this store must not keep.
      const rejected = manifest.withoutPorts
        ? progress.rejected.map((one) => ({ ...one, text: "" }))
        : progress.rejected;
      writeRejects(this.folder, manifest.generation + 1, rejected);
      const next: Manifest = {
        ...manifest,
        seen: [...manifest.seen, ...written.seen],
        used: [...manifest.used, ...written.used],
        sources: progress.sources.reduce(withSource, manifest.sources),
        rejected: manifest.rejected + rejects,
      };
      const result = { added: written.added, duplicates: columns.length - written.added };
      const isChanged = written.added > 0 || progress.sources.length > 0 || rejects > 0;
      return { manifest: isChanged ? next : null, result };
    });
  }

  used(question: UsedQuestion, limit: number): Promise<Answered<UsedRow>> {
    return this.#ask(planUsed(question), limit);
  }

  who(question: WhoQuestion, limit: number): Promise<Answered<WhoRow>> {
    return this.#ask(planWho(question), limit);
  }

  seen(question: SeenQuestion, limit: number): Promise<Answered<SeenRow>> {
    return this.#ask(planSeen(question), limit);
  }

  async coverage(): Promise<Coverage | null> {
    return coverageOf(this.manifest());
  }

  /** What is forgotten is off the disk when it returns; so are rejects that were written before that time. */
  async forget(beforeUs: number): Promise<number> {
    const { forgotten, removeRejects } = await loadWriting();
    const removed = await this.#write(async (manifest, connect) => {
      const { removed, ...left } = await forgotten(this.folder, await connect(), manifest, beforeUs);
      return { manifest: removed === 0 ? null : { ...manifest, ...left }, result: removed };
    }, 0);
    removeRejects(this.folder, beforeUs / 1000);
    return removed;
  }

  /** Puts segments of one hour or day together where several have piled up. */
  async compact(): Promise<void> {
    const { compacted } = await loadWriting();
    await this.#write(async (manifest, connect) => {
      const fewer = await compacted(this.folder, connect, manifest);
      return { manifest: fewer === null ? null : { ...manifest, ...fewer }, result: undefined };
    });
  }

  async close(): Promise<void> {
    const open = await this.#database;
    this.#database = null;
    await this.#thread?.close();
    this.#thread = null;
    if (open === null) return;
    disconnect(open.connection);
    open.instance.close();
  }

  /** What the last commit left. */
  manifest(): Manifest {
    const read = readManifest(this.folder);
    if (read.kind === "manifest") return read.manifest;
    if (read.kind === "none") return { ...EMPTY, withoutPorts: this.#options.withoutPorts === true };
    throw new Error(`the store ${this.folder} cannot be read: ${read.kind}`);
  }

  /** A batch that is full comes of many rows, and there will be another; for few, a thread is not worth its start. */
  async #threadFor({ isFull, memory }: RowColumns): Promise<WriterThread | null> {
    const { hasThread, WriterThread } = await loadWriting();
    if (this.#thread === null && isFull && memory instanceof SharedArrayBuffer && hasThread())
      this.#thread = new WriterThread();
    return memory instanceof SharedArrayBuffer ? this.#thread : null;
  }

  async #opened() {
    this.#database ??= openDatabase(existsSync(this.folder) ? join(this.folder, TEMPORARY) : null).then(
      async (instance) => ({ instance, connection: await instance.connect() }),
    );
    return this.#database;
  }

  /** What a writer stages ends with its connection, also where it fails. Most commits need none. */
  async #withConnection<T>(work: (connect: Connect) => Promise<T>): Promise<T> {
    let connection: Connection | null = null;
    const connect: Connect = async () => {
      connection ??= await (await this.#opened()).instance.connect();
      return connection;
    };
    try {
      return await work(connect);
    } finally {
      if (connection !== null) disconnect(connection);
    }
  }

  async #ask<Row>(plan: Plan<Row>, limit: number): Promise<Answered<Row>> {
    for (let tries = 1; ; tries += 1) {
      const manifest = this.manifest();
      const coverage = coverageOf(manifest);
      const segments = manifest[plan.order].filter(plan.needs);
      if (segments.length === 0) return { rows: [], truncated: false, missing: [], coverage };
      try {
        const sql = plan.sql(filesOf(this.folder, segments), limit + 1);
        const found = await rowsOf((await this.#opened()).connection, sql);
        return { rows: found.slice(0, limit).map(plan.row), truncated: found.length > limit, missing: [], coverage };
      } catch (error) {
        if (tries === TRIES || this.manifest().generation === manifest.generation) throw error;
      }
    }
  }

  /** Reads the last commit, writes the next. What `work` returns as manifest is committed; null: nothing has changed. */
  async #write<T>(
    work: (manifest: Manifest, connect: Connect) => Promise<{ manifest: Manifest | null; result: T }>,
    graceMs = GRACE_MS,
  ): Promise<T> {
    const { strays, withLock } = await loadWriting();
    for (const part of ["", SEGMENTS, REJECTS]) mkdirSync(join(this.folder, part), { recursive: true });
    const write = async (): Promise<T> => {
      const last = this.manifest();
      remove(join(this.folder, TEMPORARY));
      mkdirSync(join(this.folder, TEMPORARY));
      for (const file of strays(this.folder, last)) remove(join(this.folder, SEGMENTS, file));
      const { manifest, result } = await this.#withConnection((connect) => work(last, connect));
      if (manifest !== null) this.#commit(last, manifest, graceMs);
      return result;
    };
    return withLock(join(this.folder, LOCK), write, this.#options.onWait);
  }

  /** @param graceMs how long what is replaced stays for readers; they look again where it is gone */
  #commit(last: Manifest, next: Manifest, graceMs: number): void {
    const now = Date.now();
    const kept = new Set(filesIn(next));
    const replaced = filesIn(last).filter((file) => !kept.has(file));
    const retired = [...last.retired, ...replaced.map((file) => ({ file, sinceMs: now }))];
    const isOld = ({ sinceMs }: { sinceMs: number }): boolean => now - sinceMs >= graceMs;
    writeManifest(this.folder, {
      ...next,
      generation: last.generation + 1,
      retired: retired.filter((one) => !isOld(one)),
    });
    for (const { file } of retired.filter(isOld)) remove(join(this.folder, SEGMENTS, file));
  }
}

type Connect = () => Promise<Connection>;

const filesIn = ({ seen, used }: Manifest): readonly string[] => [...seen, ...used].map(({ file }) => file);

/** Enough for the files of a year of hours; what was read before is told by its rows. */
const SOURCES_KEPT = 10_000;

function withSource(sources: readonly DoneSource[], source: DoneSource): readonly DoneSource[] {
  const others = sources.filter(({ device, inode }) => device !== source.device || inode !== source.inode);
  return [...others, source].slice(-SOURCES_KEPT);
}
