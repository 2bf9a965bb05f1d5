import { ClickHouseError } from "@clickhouse/client";
import { StoreFailure } from "../failure.ts";

/** SOCKET_TIMEOUT, NETWORK_ERROR, ALL_CONNECTION_TRIES_FAILED; TABLE_IS_READ_ONLY (a replica that starts); ALL_REPLICAS_ARE_STALE. */
const SHARD_CODES = new Set(["209", "210", "279", "242", "369"]);
/** A server that lost another while they spoke words it in its own way, under the number of what it was doing. */
const OF_A_SHARD = /NetException|while receiving packet from|exactly one connection for shard/;
const PLACE_OF_SHARD = /\(([^()\s]+:\d+)\)|receiving packet from ([^\s,]+:\d+)|Wrote 0 blocks[^,]*, (\S+:\d+)/g;
/** UNKNOWN_USER, WRONG_PASSWORD, AUTHENTICATION_FAILED; READONLY, ACCESS_DENIED, DATABASE_ACCESS_DENIED. */
const ACCESS_CODES = new Set(["192", "193", "516", "164", "497", "291"]);

/** What the server or the way to it said, as a reason that a person can act on. */
export function failureOf(error: unknown, origin: string): StoreFailure {
  if (error instanceof StoreFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  // The client does not understand how 18.16 words a failure, and hands it on as it came.
  const code = error instanceof ClickHouseError ? error.code : /^Code: (\d+)/.exec(message)?.[1];
  if (code === undefined) return unreachable(origin, message);
  if (SHARD_CODES.has(code) || OF_A_SHARD.test(message)) return shardMissing(message);
  return ACCESS_CODES.has(code) ? refusedBy(origin, message) : failed(origin, message);
}

/** The first line, without the server's stack of frames. */
const firstLine = (message: string): string => (message.trim().split("\n")[0] ?? "").slice(0, 300);

const unreachable = (origin: string, message: string): StoreFailure =>
  new StoreFailure(
    "store/unreachable",
    {
      en: `ClickHouse at ${origin} does not answer: ${firstLine(message)}`,
      zh: `${origin} 处的 ClickHouse 没有响应：${firstLine(message)}`,
    },
    {
      en: "check host and port (HTTP, 8123 unless configured) and that the server runs; what was being sent can be sent again, nothing is counted twice",
      zh: "请检查主机与端口（HTTP，默认 8123）以及服务是否运行；正在发送的内容可以重发，不会重复计数",
    },
  );

function shardMissing(message: string): StoreFailure {
  const found = [...message.matchAll(PLACE_OF_SHARD)].map(
    ([, tried, broken, unwritten]) => tried ?? broken ?? unwritten,
  );
  const places = [...new Set(found)].join(", ");
  const named = places === "" ? firstLine(message) : places;
  return new StoreFailure(
    "store/shard-missing",
    {
      en: `a part of the cluster does not answer (${named}): what it holds is unknown, so there is no whole answer`,
      zh: `集群的一部分没有响应（${named}）：其中的数据未知，因此无法给出完整答案`,
    },
    {
      en: "bring it back and ask again; an ingest that was refused can be sent again, nothing is counted twice",
      zh: "请恢复该节点后重新查询；被拒绝的导入可以重发，不会重复计数",
    },
  );
}

const refusedBy = (origin: string, message: string): StoreFailure =>
  new StoreFailure(
    "store/no-access",
    { en: `${origin} refuses this user: ${firstLine(message)}`, zh: `${origin} 拒绝该用户：${firstLine(message)}` },
    {
      en: "the user needs SELECT, INSERT, ALTER DELETE and CREATE on the database",
      zh: "该用户需要对该数据库有 SELECT、INSERT、ALTER DELETE、CREATE 权限",
    },
  );

const failed = (origin: string, message: string): StoreFailure =>
  new StoreFailure(
    "store/engine",
    { en: `${origin} could not do it: ${firstLine(message)}`, zh: `${origin} 无法执行：${firstLine(message)}` },
    {
      en: "nothing of it is taken for done; what was being sent can be sent again, nothing is counted twice",
      zh: "未确认的内容均视为未完成；正在发送的内容可以重发，不会重复计数",
    },
  );
