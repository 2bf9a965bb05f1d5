import { Readable } from "node:stream";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import type { LogRow } from "../row.ts";
import { failureOf } from "./failures.ts";
import { NativeBlock } from "./native.ts";
import type { Place } from "./place.ts";

/** A value of a result, as `JSONCompact` has it: 64-bit numbers are text or numbers, whichever the version writes. */
export type Cell = string | number | readonly Cell[];

export interface Connection {
  readonly isModern: boolean;
  command(statement: string): Promise<void>;
  /** Every row of the answer, or a failure: never some of them. */
  query(statement: string): Promise<readonly (readonly Cell[])[]>;
  insert(table: string, rows: readonly LogRow[]): Promise<void>;
  close(): Promise<void>;
}

type Settings = Readonly<Record<string, string | number>>;

/**
 * A profile of the server may allow less than everything; none of that may make a number smaller in silence. Known to
 * 18.16 and 26 alike. https://clickhouse.com/docs/operations/settings/settings
 */
const WHOLE_ANSWERS: Settings = {
  skip_unavailable_shards: 0,
  max_parallel_replicas: 1,
  read_overflow_mode: "throw",
  group_by_overflow_mode: "throw",
  sort_overflow_mode: "throw",
  result_overflow_mode: "throw",
  timeout_overflow_mode: "throw",
  set_overflow_mode: "throw",
  distinct_overflow_mode: "throw",
  // The status is sent when the whole result is there.
  wait_end_of_query: 1,
};

/** The replica that took a block is the one that is asked; one that lags behind, or does not know yet, is refused. */
const WHOLE_REPLICAS: Settings = {
  ...WHOLE_ANSWERS,
  load_balancing: "in_order",
  max_replica_delay_for_distributed_queries: 2,
  fallback_to_stale_replicas_for_distributed_queries: 0,
};

/** A statement for a whole cluster is given up after a minute, not after three: a server of it is down. */
const WAITING: Settings = { distributed_ddl_task_timeout: 60 };

/** Kept when the promise is fulfilled: by every shard, not by a queue. Rows are told apart by content, not by block. */
const DURABLE: Settings = { insert_distributed_sync: 1, insert_deduplicate: 0 };
/** Settings that 18.16 does not know, and refuses. */
const DURABLE_MODERN: Settings = { ...DURABLE, async_insert: 0, max_partitions_per_insert_block: 0 };

/** The first version with all the settings above. */
const MODERN = 22;

export async function connect(place: Place): Promise<Connection> {
  const first = clientFor(place, false);
  const [[version, replicas] = []] = await guarded(place, () =>
    rowsOf(first, `SELECT version(), max(replica_num) FROM system.clusters WHERE cluster = '${place.cluster ?? ""}'`),
  ).finally(() => first.close());
  const isModern = Number.parseInt(String(version), 10) >= MODERN;
  const client = clientFor(place, true);
  const whole = Number(replicas) > 1 ? WHOLE_REPLICAS : WHOLE_ANSWERS;
  const durable = isModern ? DURABLE_MODERN : DURABLE;
  const idle: NativeBlock[] = [];
  return {
    isModern,
    command: (statement) =>
      guarded(place, async () => {
        await client.command({ query: statement, clickhouse_settings: WAITING });
      }),
    query: (statement) => guarded(place, () => rowsOf(client, statement, whole)),
    insert: (table, rows) =>
      guarded(place, async () => {
        const block = idle.pop() ?? new NativeBlock();
        const { stream } = await client.exec({
          query: `INSERT INTO ${table} FORMAT Native`,
          values: Readable.from(block.bytesOf(rows), { objectMode: false }),
          clickhouse_settings: durable,
        });
        stream.resume();
        // It was read whole. After a failure nobody knows, and what is still under way must not change.
        idle.push(block);
      }),
    close: () => client.close(),
  };
}

const clientFor = (place: Place, keepAlive: boolean): ClickHouseClient =>
  createClient({
    url: place.origin,
    username: place.user,
    password: place.password,
    request_timeout: 600_000,
    // While rows are read nothing else runs here, and a server hangs up after three seconds: such a socket is not used again.
    keep_alive: { enabled: keepAlive, idle_socket_ttl: 2000, eagerly_destroy_stale_sockets: true },
    log: { level: 127 },
  });

async function rowsOf(
  client: ClickHouseClient,
  statement: string,
  settings: Settings = {},
): Promise<readonly (readonly Cell[])[]> {
  const result = await client.query({ query: statement, format: "JSONCompact", clickhouse_settings: settings });
  const { data } = await result.json<readonly Cell[]>();
  return data;
}

async function guarded<T>({ origin }: Place, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw failureOf(error, origin);
  }
}
