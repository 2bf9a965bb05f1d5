/** The door of @seenas/store/sql: questions written for engines that have the logs already. Nothing native, no I/O. */
export { type Rendered, renderQuestion, type SqlOptions } from "./render.ts";
export { DIALECTS, type Dialect, LOGS, type LogName, PARTITIONS, type Partition } from "./request.ts";
