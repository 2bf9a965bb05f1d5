import { StoreFailure } from "../failure.ts";
import { COLUMNS } from "./columns.ts";
import type { Connection } from "./connection.ts";
import type { Place } from "./place.ts";

/** The tables as statements name them. On a cluster rows are asked for and sent through the distributed table. */
export interface Tables {
  /** Rows are read from and sent to. */
  readonly rows: string;
  /** Rows are stored in. */
  readonly localRows: string;
  readonly blocks: string;
  readonly schema: string;
  /** ` ON CLUSTER name`, or nothing. */
  readonly everywhere: string;
}

export function tablesOf({ database, cluster }: Place): Tables {
  const table = (name: string) => `${database}.${name}`;
  return {
    rows: table("log_rows"),
    localRows: table(cluster === null ? "log_rows" : "log_rows_local"),
    blocks: table("log_blocks"),
    schema: table("log_schema"),
    everywhere: cluster === null ? "" : ` ON CLUSTER ${cluster}`,
  };
}

interface Building {
  readonly place: Place;
  readonly tables: Tables;
  readonly isModern: boolean;
}

/** What leads from each version to the next; the first makes a store of nothing. Append only. */
const MIGRATIONS: readonly ((building: Building) => readonly string[])[] = [
  (building) => [rowsTable(building), ...distributedTable(building), blocksTable(building)],
];

export const SCHEMA_VERSION: number = MIGRATIONS.length;

export interface Prepared {
  readonly tables: Tables;
  readonly hasPorts: boolean;
}

/** Creates what is not there, and brings an older store up to date. A newer one is refused. */
export async function prepare(connection: Connection, place: Place, withoutPorts: boolean): Promise<Prepared> {
  const tables = tablesOf(place);
  const building: Building = { place, tables, isModern: connection.isModern };
  const version = (await isThere(connection, place))
    ? await versionOf(connection, tables)
    : await begin(connection, building);
  if (version > SCHEMA_VERSION) throw newer(version);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    for (const statement of migration(building)) await connection.command(statement);
    await connection.command(`INSERT INTO ${tables.schema} VALUES (${index + 1}, ${withoutPorts ? 1 : 0})`);
  }
  const hasPorts = (await ofSchema(connection, tables, "max(without_ports)")) === 0;
  if (withoutPorts && hasPorts) throw withPorts();
  return { tables, hasPorts };
}

/** Nothing is created where everything is: a statement for a whole cluster waits for servers that do not answer. */
async function isThere(connection: Connection, { database }: Place): Promise<boolean> {
  const found = await connection.query(
    `SELECT count() FROM system.tables WHERE database = '${database}' AND name = 'log_schema'`,
  );
  return Number(found[0]?.[0]) > 0;
}

const versionOf = (connection: Connection, tables: Tables): Promise<number> =>
  ofSchema(connection, tables, "max(version)");

async function ofSchema(connection: Connection, { schema }: Tables, what: string): Promise<number> {
  const found = await connection.query(`SELECT ${what} FROM ${schema}`);
  return Number(found[0]?.[0] ?? 0);
}

async function begin(connection: Connection, building: Building): Promise<number> {
  const { schema, everywhere } = building.tables;
  const engine = everywhereAlike(building, "log_schema");
  await connection.command(`CREATE DATABASE IF NOT EXISTS ${building.place.database}${everywhere}`);
  await connection.command(
    `CREATE TABLE IF NOT EXISTS ${schema}${everywhere} (version UInt32, without_ports UInt8) ENGINE = ${engine} ORDER BY version`,
  );
  return versionOf(connection, building.tables);
}

/** Rows equal in every column are one row, at the latest when their parts are merged; until then they are counted once. */
function rowsTable({ place, tables, isModern }: Building): string {
  const columns = COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ");
  const key = COLUMNS.map(([name]) => name).join(", ");
  const engine =
    place.cluster === null
      ? "ReplacingMergeTree()"
      : `ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/${place.database}/log_rows', '{replica}')`;
  const week = 7 * 86_400_000_000;
  // 18.16 leaves it to the system when a part reaches the disk, and knows no setting for it.
  const durable = isModern ? ", fsync_after_insert = 1, fsync_part_directory = 1" : "";
  return `CREATE TABLE IF NOT EXISTS ${tables.localRows}${tables.everywhere} (${columns}) ENGINE = ${engine} PARTITION BY intDiv(at_us, ${week}) PRIMARY KEY (seen, seen_port, at_us) ORDER BY (${key}) SETTINGS index_granularity = 1024${durable}`;
}

/** By the seen address: equal rows meet on one shard, and one shard holds all of what an address was. */
function distributedTable({ place, tables }: Building): readonly string[] {
  if (place.cluster === null) return [];
  const engine = `Distributed(${place.cluster}, ${place.database}, log_rows_local, sipHash64(seen))`;
  return [`CREATE TABLE IF NOT EXISTS ${tables.rows}${tables.everywhere} AS ${tables.localRows} ENGINE = ${engine}`];
}

/** What was sent: see blocks.ts. */
const blocksTable = (building: Building): string =>
  `CREATE TABLE IF NOT EXISTS ${building.tables.blocks}${building.tables.everywhere} (id String, state UInt8, written_us UInt64, first_us UInt64, last_us UInt64, until_us UInt64, kinds Array(String), rows UInt64) ENGINE = ${everywhereAlike(building, "log_blocks")} ORDER BY (state, id)`;

/** On a cluster every server has the whole of a small table. */
const everywhereAlike = ({ place }: Building, name: string): string =>
  place.cluster === null
    ? "MergeTree()"
    : `ReplicatedMergeTree('/clickhouse/tables/all/${place.database}/${name}', '{shard}-{replica}')`;

const withPorts = (): StoreFailure =>
  new StoreFailure(
    "store/with-ports",
    { en: "this store keeps ports already", zh: "该存储已保存端口" },
    {
      en: "--without-ports is for a new store: name another database",
      zh: "--without-ports 只用于新存储：请指定其他数据库",
    },
  );

const newer = (version: number): StoreFailure =>
  new StoreFailure(
    "store/newer",
    {
      en: `the store was written by a newer version of seenas (schema ${version}, this one knows ${SCHEMA_VERSION})`,
      zh: `该日志库由更新版本的 seenas 写入（结构版本 ${version}，本程序支持到 ${SCHEMA_VERSION}）`,
    },
    { en: "update seenas, or name another database", zh: "请升级 seenas，或指定其他数据库" },
  );
