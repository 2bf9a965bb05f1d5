export { type EndColumn, Names, NO_END, NO_PORT, RowColumns } from "./columns.ts";
export { StoreFailure } from "./failure.ts";
export { type IngestOptions, type Input, ingestInputs, type Tally } from "./ingest.ts";
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
