import type { Problem } from "../problem.ts";
import { readExim } from "./logs/exim.ts";
import { readGcpLogs } from "./logs/gcp.ts";
import { readPostfix } from "./logs/postfix.ts";
import type { Evidence, EvidenceKind, VantageHint } from "./observation.ts";
import { readConnectivityTests } from "./path-analysis/connectivity-test.ts";
import { logKind } from "./recognise.ts";
import { type Segment, segmentsOf } from "./segments.ts";
import { readSmtp } from "./smtp/read.ts";
import { readTcpdump } from "./tcpdump/read.ts";
import { readTraceroute } from "./traceroute/read.ts";

export interface EvidenceOptions {
  /** What the user says about where it was taken; used only for evidence that does not say so itself. */
  readonly vantage: VantageHint | null;
}

/**
 * Reads one file of evidence, whatever it holds. Never throws. Several kinds in one paste are read each by its own
 * reader, with the line numbers of the whole file.
 *
 * Problems: `evidence/unknown`, `evidence/not-read-yet`, `evidence/nothing-found`, and those of the readers.
 */
export function readEvidence(text: string, file: string, options: EvidenceOptions): Evidence {
  const log = logKind(text);
  if (log !== null) return readLog(text, file, log);
  const segments = segmentsOf(text);
  const parts = segments.map((segment) => readSegment(segment, file, options.vantage));
  const kinds = new Set(parts.map(({ kind }) => kind));
  const [first] = parts;
  if (first === undefined) return nothing(file, "unknown", [unknown(file)]);
  return {
    file,
    kind: kinds.size > 1 ? "mixed" : first.kind,
    observations: parts.flatMap((part) => part.observations),
    paths: parts.flatMap((part) => part.paths),
    names: parts.flatMap((part) => part.names),
    problems: parts.flatMap((part) => part.problems),
  };
}

function readLog(text: string, file: string, kind: EvidenceKind): Evidence {
  if (kind === "unknown") return nothing(file, kind, [unknown(file)]);
  if (kind === "path-analysis") return readConnectivityTests(text, file);
  const isGcp = kind === "cloud-nat-log" || kind === "gcp-flow-log" || kind === "mixed";
  return isGcp ? readGcpLogs(text, file) : nothing(file, kind, [notReadYet(file, kind, 1)]);
}

function readSegment({ kind, lines }: Segment, file: string, hint: VantageHint | null): Evidence {
  const [line] = lines;
  const read = readerOf(kind, lines, file, hint);
  if (read === null) return nothing(file, kind, [notReadYet(file, kind, line?.number ?? 1)]);
  if (read.observations.length > 0 || read.problems.length > 0) return read;
  return { ...read, problems: [nothingFound(file, kind, line?.number ?? 1)] };
}

function readerOf(
  kind: EvidenceKind,
  lines: Segment["lines"],
  file: string,
  hint: VantageHint | null,
): Evidence | null {
  switch (kind) {
    case "traceroute":
    case "scamper":
      return readTraceroute(lines, file, kind);
    case "smtp-transcript":
      return readSmtp(lines, file);
    case "tcpdump":
      return readTcpdump(lines, file, hint);
    case "postfix-log":
      return readPostfix(lines, file, hint);
    case "exim-log":
      return readExim(lines, file, hint);
    default:
      return null;
  }
}

const nothing = (file: string, kind: EvidenceKind, problems: readonly Problem[]): Evidence => ({
  file,
  kind,
  observations: [],
  paths: [],
  names: [],
  problems,
});

const unknown = (file: string): Problem => ({
  level: "error",
  code: "evidence/unknown",
  file,
  line: null,
  text: {
    en: "expected a traceroute, an SMTP transcript, a packet capture or its text from tcpdump, a Postfix or Exim log or a Cloud NAT log, found none of them",
    zh: "应为 traceroute、SMTP 会话记录、抓包文件或 tcpdump 文本、Postfix 或 Exim 日志，或 Cloud NAT 日志，均不是",
  },
  fix: {
    en: "paste what the tool printed whole, with its first lines; nothing of this file was used",
    zh: "请完整粘贴工具的输出，包括开头几行；本文件未被使用",
  },
});

const notReadYet = (file: string, kind: EvidenceKind, line: number): Problem => ({
  level: "error",
  code: "evidence/not-read-yet",
  file,
  line,
  text: {
    en: `this looks like evidence of the kind ${kind}, which is not read yet`,
    zh: `看起来是 ${kind} 类型的证据，目前尚不能读取`,
  },
  fix: {
    en: "nothing of it was used; give an EHLO reply, a capture at the destination, or the translator's log instead",
    zh: "其内容未被使用；请改为提供 EHLO 应答、目的端抓包或转换设备的日志",
  },
});

const nothingFound = (file: string, kind: EvidenceKind, line: number): Problem => ({
  level: "warning",
  code: "evidence/nothing-found",
  file,
  line,
  text: {
    en: `recognised as ${kind}, but no line of it could be read`,
    zh: `识别为 ${kind}，但没有一行可以读取`,
  },
  fix: {
    en: "paste more of it, from its first line on",
    zh: "请从第一行起粘贴更多内容",
  },
});
