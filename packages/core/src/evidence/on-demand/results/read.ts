import { type Ip, parseIp } from "../../../address/ip.ts";
import type { Problem, Read, Text } from "../../../problem.ts";
import type { LogResultRow } from "../../log-result.ts";
import { type Evidence, type EvidenceKind, STRENGTHS } from "../../observation.ts";
import { epochToRfc3339, rfc3339 } from "../../time.ts";
import { evidenceOfStored } from "../stored.ts";
import { type Cells, tableIn } from "./cells.ts";

/** Logs that `seenas logs sql` asks, and those that a store of seenas holds. */
const KINDS: readonly EvidenceKind[] = [
  ...(["cloud-nat-log", "azure-nat-log", "gcp-flow-log", "azure-flow-log", "aws-flow-log", "firewall-log"] as const),
  ...(["azure-firewall-log", "nat-table", "nat-mapping", "witness-log", "pcap", "tcpdump", "postfix-log"] as const),
  ...(["exim-log", "sendmail-log", "exchange-log", "sshd-log", "web-log", "socket-table", "mail-headers"] as const),
  ...(["database", "http-echo", "dns-echo", "stun", "otel-spans", "smtp-transcript", "mixed", "unknown"] as const),
];

const QUESTIONS = { "used@1": "used", "who@1": "who", "seen@1": "seen" } as const;

export function rowsOfResult(text: string, file: string): Read<readonly LogResultRow[]> {
  const table = tableIn(text, file);
  const rows: LogResultRow[] = [];
  const problems: Problem[] = [...table.problems];
  for (const cells of table.rows) {
    const row = rowOf(cells);
    if (typeof row === "string") problems.push(unreadable(file, cells.line, row));
    else rows.push(row);
  }
  if (rows.length === 0 && problems.length === 0) problems.push(noRows(file));
  return { value: rows, problems };
}

/** What the engine answered, as evidence in the words that a store's answers have. */
export function readLogResultEvidence(text: string, file: string): Evidence {
  const { value, problems } = rowsOfResult(text, file);
  const stored = evidenceOfStored(
    value.map(({ address, ...row }) => ({ ...row, source: address })),
    file,
  );
  const observations = stored.observations.map((observation, index) => {
    const row = value[index];
    return row === undefined
      ? observation
      : { ...observation, line: row.line, says: saysOf(row), seen: { ...observation.seen, sourcePort: row.port } };
  });
  // No rows are still the result of a question, and no stranger among the evidence.
  return { ...stored, kind: value.length === 0 ? "mixed" : stored.kind, observations, problems };
}

function saysOf({ kind, address, workload, before, destination, count, first, last }: LogResultRow): Text {
  const sender = workload ?? before;
  const [of, towards] = [sender === null ? "" : ` of ${sender}`, destination === null ? "" : ` towards ${destination}`];
  const [ofZh, towardsZh] = [sender ?? "", destination === null ? "" : `去往 ${destination} `];
  return {
    en: `The log (${kind}) has ${count === 1 ? "a record" : `${count} records`}${of}${towards} with the source ${address}, ${first === last ? `at ${last}` : `from ${first} to ${last}`}.`,
    zh: `日志（${kind}）中有 ${count} 条记录：${ofZh}${towardsZh}的源地址为 ${address}，${first === last ? `时间 ${last}` : `自 ${first} 至 ${last}`}。`,
  };
}

/** The row; or the column that says something else than it can. */
function rowOf({ line, values }: Cells): LogResultRow | string {
  const read = reader(values);
  const question = oneOf(QUESTIONS, read.text("seenas"));
  const kind = KINDS.find((one) => one === read.text("evidence_kind"));
  const strength = STRENGTHS.find((one) => one === read.text("strength"));
  const [address, first, last] = [read.address("address"), read.time("first_seen"), read.time("last_seen")];
  const count = read.whole("row_count");
  const more = {
    port: read.port("port"),
    before: read.address("before_address"),
    beforePort: read.port("before_port"),
    destination: read.address("destination_address"),
    destinationPort: read.port("destination_port"),
    protocol: read.protocol("protocol"),
  };
  if (question === undefined) return "seenas";
  if (kind === undefined) return "evidence_kind";
  if (strength === undefined) return "strength";
  if (address === null) return "address";
  if (first === null) return "first_seen";
  if (last === null) return "last_seen";
  if (count === null) return "row_count";
  const [wrong] = read.wrong;
  if (wrong !== undefined) return wrong;
  const names = { workload: read.text("workload"), reporter: read.text("reporter") };
  return { line, question, address, ...names, ...more, kind, strength, first, last, count };
}

function oneOf<T>(table: Readonly<Record<string, T>>, name: string | null): T | undefined {
  return name !== null && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Columns one by one; those that hold something else than they can are in `wrong`. */
function reader(values: ReadonlyMap<string, string | null>) {
  const wrong: string[] = [];
  const text = (name: string): string | null => {
    const value = values.get(name) ?? null;
    return value === "" ? null : value;
  };
  const parsed = <T>(name: string, parse: (value: string) => T | null | undefined): T | null => {
    const value = text(name);
    if (value === null) return null;
    const found = parse(value);
    if (found === undefined) wrong.push(name);
    return found ?? null;
  };
  return {
    wrong,
    text,
    whole: (name: string) => parsed(name, wholeIn),
    port: (name: string) => parsed(name, portIn),
    address: (name: string) => parsed(name, addressIn),
    time: (name: string) => parsed(name, timeIn),
    protocol: (name: string) => parsed(name, protocolIn),
  };
}

const wholeIn = (value: string): number | undefined =>
  /^\d{1,15}(?:\.0{1,9})?$/.test(value) ? Math.trunc(Number(value)) : undefined;

/** -1 is none. */
function portIn(value: string): number | null | undefined {
  if (value === "-1") return null;
  const port = wholeIn(value);
  return port === undefined || port > 65_535 ? undefined : port;
}

/** `::` is none. */
const addressIn = (value: string): Ip | null | undefined => (value === "::" ? null : parseIp(value));

/** Microseconds since 1970, RFC 3339, or as engines print a time of their own: `2026-11-22 09:00:00.000 UTC`. */
function timeIn(value: string): string | undefined {
  if (/^\d{14,17}$/.test(value)) return epochToRfc3339(`${value.slice(0, -6)}.${value.slice(-6)}`);
  // Every engine is asked in UTC; only an offset that says otherwise is another time.
  const [, day, clock] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(?:Z|UTC|[+-]00:?00)?$/.exec(value) ?? [];
  if (day !== undefined && clock !== undefined) return rfc3339(`${day}T${clock}Z`) ?? undefined;
  return rfc3339(value) ?? undefined;
}

const protocolIn = (value: string): LogResultRow["protocol"] | undefined =>
  value === "none" ? null : value === "tcp" || value === "udp" || value === "icmp" ? value : undefined;

const unreadable = (file: string, line: number | null, column: string): Problem => ({
  level: "error",
  code: "log-result/unreadable-row",
  file,
  line,
  text: {
    en: `the column ${column} of a row holds nothing that the question can answer; the row is left out`,
    zh: `某行的 ${column} 列不是该查询可能返回的内容；该行未被使用`,
  },
  fix: {
    en: "run the query again as `seenas logs sql` prints it, and export its result unchanged",
    zh: "请按 seenas logs sql 打印的查询重新执行，并原样导出结果",
  },
});

const noRows = (file: string): Problem => ({
  level: "warning",
  code: "log-result/no-rows",
  file,
  line: null,
  text: {
    en: "the engine found no rows: the log is silent, which proves nothing",
    zh: "引擎没有返回任何行：日志中没有记录，这不能证明什么",
  },
  fix: {
    en: "ask for a longer time, or look whether the log was on then",
    zh: "请扩大时间范围，或确认当时日志是否已启用",
  },
});
