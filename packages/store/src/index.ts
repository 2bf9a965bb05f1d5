export { type EndColumn, Names, NO_END, NO_PORT, RowColumns } from "./columns.ts";
export { StoreFailure } from "./failure.ts";
export type { IngestOptions, Input, Tally } from "./ingest.ts";
export { type Opened, openStore } from "./open.ts";
export type {
  Answered,
  Coverage,
  Period,
  Question,
  SeenQuestion,
  SeenRow,
  UsedQuestion,
  UsedRow,
  WhoQuestion,
  WhoRow,
  Workload,
} from "./questions.ts";
export type { Endpoint, LogRow } from "./row.ts";
export type { Block, Ingested, LogStore } from "./store.ts";

/** See `ingest.ts`. Its readers bring the whole engine with them, which no question needs: they are loaded when called. */
export const ingestInputs: typeof import("./ingest.ts")["ingestInputs"] = async (store, inputs, options) =>
  (await import("./ingest.ts")).ingestInputs(store, inputs, options);
