import type { EvidenceKind, Text } from "@seenas/core";
import type { Answered, Question } from "@seenas/store";
import { timeText } from "./moment.ts";

/** What an answer of the store does not show. */
export interface Limit {
  readonly id: string;
  readonly text: Text;
}

/** What each log leaves out, as its own documentation says. */
const OF_KIND: Readonly<Partial<Record<EvidenceKind, Text>>> = {
  // https://cloud.google.com/nat/docs/monitoring
  "cloud-nat-log": {
    en: "Cloud NAT logs when a connection is made, not how long it lasts; only TCP and UDP, at a limited rate for each VM, and no translations at all with the filter ERRORS_ONLY.",
    zh: "Cloud NAT 只记录连接建立的时刻，不记录持续时间；仅 TCP 与 UDP，且每台虚拟机有速率上限；过滤条件为 ERRORS_ONLY 时完全不记录转换。",
  },
  // https://cloud.google.com/vpc/docs/flow-logs
  "gcp-flow-log": {
    en: "VPC Flow Logs are sampled: most packets are in no record. At the sender they show the address before translation, which answers no question here.",
    zh: "VPC 流日志是抽样的：多数数据包没有记录。发送侧显示的是转换之前的地址，不能回答这里的问题。",
  },
  // https://learn.microsoft.com/azure/nat-gateway/nat-gateway-flow-logs
  "azure-nat-log": {
    en: "Azure NAT gateway logs have no ports and stand for a minute each: who shared an address in that minute cannot be told apart. Ask with --tolerance 1m.",
    zh: "Azure NAT 网关日志没有端口，每条代表一分钟：同一分钟内共用地址者无法区分。请使用 --tolerance 1m 查询。",
  },
  // https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
  "azure-flow-log": {
    en: "Azure flow logs have no ICMP and are written once a minute. Outbound they show the address before translation, which answers no question here.",
    zh: "Azure 流日志没有 ICMP，每分钟写入一次。出站记录显示的是转换之前的地址，不能回答这里的问题。",
  },
  // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html
  "aws-flow-log": {
    en: "VPC Flow Logs of AWS put minutes of a flow into one record and never show an Elastic IP: only what arrived at an interface of yours shows a source.",
    zh: "AWS VPC 流日志把数分钟的流量合为一条，且从不显示弹性 IP：只有到达您网络接口的记录才显示源地址。",
  },
};

const SIGHTINGS: Text = {
  en: "Of mail logs, captures and the like the store keeps what `seenas read` tells: the newest sighting of each client in a file, not each line.",
  zh: "对于邮件日志、抓包等，存储只保留 seenas read 所述内容：每个文件中每个客户端的最近一次，而非每一行。",
};

export function limitsOf(question: Question, answered: Answered<object>): readonly Limit[] {
  const { coverage, rows, missing, truncated } = answered;
  const limits: Limit[] = [];
  const add = (id: string, en: string, zh: string): void => void limits.push({ id, text: { en, zh } });
  if (missing.length > 0)
    add(
      "partial",
      `Parts of the store could not be asked: ${missing.join(", ")}. There may be more.`,
      `存储的部分内容无法查询：${missing.join("、")}。可能还有更多。`,
    );
  if (truncated) add("limit", "There are more rows than these; raise --limit.", "还有更多记录；请增大 --limit。");
  if (coverage === null) {
    add("empty", "The store is empty: this says nothing about what was used.", "存储为空：不能说明任何使用情况。");
    return limits;
  }
  const span = `${timeText(coverage.sinceUs)} – ${timeText(coverage.untilUs)}`;
  if (rows.length === 0)
    add(
      "none",
      `None in the log is not "was not": what was not logged is not here. The store covers ${span}, perhaps with gaps.`,
      `日志中没有并不表示没有发生：未被记录的内容不在此处。存储覆盖 ${span}，其间可能有空缺。`,
    );
  else add("coverage", `The store covers ${span}, perhaps with gaps.`, `存储覆盖 ${span}，其间可能有空缺。`);
  if (coverage.withoutPorts)
    add(
      "without-ports",
      "The store keeps no ports (--without-ports): which of those that shared an address held a port is not told apart, and --port leaves nobody out.",
      "该存储不保存端口（--without-ports）：共用同一地址者无法按端口区分，--port 也不会排除任何一方。",
    );
  if (isOutside(question, coverage))
    add("outside", "Some of the time asked for is outside of it.", "所问时间有一部分不在覆盖范围内。");
  if (question.question === "who")
    add(
      "tolerance",
      `Clocks are taken to differ by up to ${question.toleranceUs / 1e6} s (--tolerance). A port goes to another workload when its block is given back: of several rows, each may be it. A connection made earlier may have held the port still.`,
      `假定时钟相差不超过 ${question.toleranceUs / 1e6} 秒（--tolerance）。端口块归还后会分给其他主机：若有多条记录，每一条都有可能。更早建立的连接也可能仍占用该端口。`,
    );
  for (const kind of coverage.kinds) {
    const text = OF_KIND[kind];
    if (text !== undefined) limits.push({ id: kind, text });
  }
  if (coverage.kinds.some((kind) => OF_KIND[kind] === undefined)) limits.push({ id: "sightings", text: SIGHTINGS });
  return limits;
}

function isOutside(question: Question, coverage: { readonly sinceUs: number; readonly untilUs: number }): boolean {
  if (question.question === "who") return question.atUs < coverage.sinceUs || question.atUs > coverage.untilUs;
  const { sinceUs, untilUs } = question.period;
  return (sinceUs !== null && sinceUs < coverage.sinceUs) || (untilUs !== null && untilUs > coverage.untilUs);
}
