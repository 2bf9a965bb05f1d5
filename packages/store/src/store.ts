import type {
  Answered,
  Coverage,
  SeenQuestion,
  SeenRow,
  UsedQuestion,
  UsedRow,
  WhoQuestion,
  WhoRow,
} from "./questions.ts";
import type { LogRow } from "./row.ts";

/** Where logs are kept: a folder of Parquet segments, or ClickHouse. Both answer alike; one suite holds both to it. */
export interface LogStore {
  /**
   * Keeps rows, durably when the promise is fulfilled. Rows that are in the store already are not counted again: a
   * block that was sent before (`block.id`) is taken for sent, and a row is the same row by its content: two that agree
   * in every member are one, in whichever block they come.
   */
  ingest(block: Block): Promise<Ingested>;
  used(question: UsedQuestion, limit: number): Promise<Answered<UsedRow>>;
  who(question: WhoQuestion, limit: number): Promise<Answered<WhoRow>>;
  seen(question: SeenQuestion, limit: number): Promise<Answered<SeenRow>>;
  coverage(): Promise<Coverage | null>;
  /** Forgets rows whose `untilUs` is before a time; returns how many. */
  forget(beforeUs: number): Promise<number>;
  close(): Promise<void>;
}

/** Rows that become durable together. */
export interface Block {
  /** The same content has the same id, whatever its file is called and whenever it is sent. */
  readonly id: string;
  readonly rows: readonly LogRow[];
}

export interface Ingested {
  readonly added: number;
  /** Of the rows sent, those that were there already, or twice in the block. `added + duplicates` are all of them. */
  readonly duplicates: number;
}
