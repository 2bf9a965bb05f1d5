import type { Problem } from "../problem.ts";
import type { SentHellos } from "../witness/probe-file.ts";
import { type Carried, carriedLines, jsonInside } from "./carried.ts";
import { type Line, linesOf } from "./lines.ts";
import { isLogResult } from "./log-result.ts";
import { readExim } from "./logs/exim.ts";
import { readGcpLogs } from "./logs/gcp.ts";
import { readPostfix } from "./logs/postfix.ts";
import type { Evidence, EvidenceKind, VantageHint } from "./observation.ts";
import { logKind } from "./recognise.ts";
import { type Segment, segmentsOf, segmentsOfLines } from "./segments.ts";
import { readSmtp } from "./smtp/read.ts";
import type { ProxyIn } from "./tcpdump/capture.ts";
import { readTcpdump } from "./tcpdump/read.ts";
import { readTraceroute } from "./traceroute/read.ts";

export interface EvidenceOptions {
  /** What the user says about where it was taken; used only for evidence that does not say so itself. */
  readonly vantage: VantageHint | null;
  /** Hellos of this host, by their marks: what shows one of them is this flow's. */
  readonly sent?: SentHellos;
}

/**
 * Reads one file of evidence, whatever it holds. Never throws. Several kinds in one paste are read each by its own
 * reader, with the line numbers of the whole file.
 *
 * Problems: `evidence/unknown`, `evidence/not-read-yet`, `evidence/nothing-found`, and those of the readers.
 */
export async function readAnyEvidence(text: string, file: string, options: EvidenceOptions): Promise<Evidence> {
  if (isLogResult(text)) return (await import("./on-demand/results/read.ts")).readLogResultEvidence(text, file);
  const carried = carriedLines(text, file);
  if (carried !== null) return readCarried(carried, file, options);
  const cut = cutOf(text);
  const wanted =
    cut.log === null
      ? !isAtHand(cut.segments) || text.includes(DOVECOT)
      : cut.log === "unknown" || !EXPORTS_AT_HAND.has(cut.log);
  const { sent, vantage } = options;
  const mayShow = sent !== undefined && sent.size > 0 && MARK.test(text);
  const more = wanted || mayShow ? await onDemandDoor() : null;
  const proxyIn =
    SHOWS_DATA.test(text) && cut.segments.some(({ kind }) => kind === "tcpdump") ? await proxyDoor() : null;
  const evidence = withSeldom(readCut(text, file, options, cut, more, proxyIn), text, cut, file, options, more);
  if (!mayShow || more === null) return evidence;
  const alone = (segment: Segment): Evidence =>
    cut.log === null
      ? readSegment(segment, file, vantage, more, proxyIn)
      : readLog(segment.lines.map((line) => line.text).join("\n"), file, cut.log, vantage, more);
  return more.tieMarked(evidence, cut.log === null ? cut.segments : more.wholeText(text, cut.log), sent, alone);
}

const MARK = /seenas-[0-9a-f]{24}|seenas\/sighting@1/i;

/** A log inside what carried it. */
async function readCarried(carried: Carried, file: string, options: EvidenceOptions): Promise<Evidence> {
  const { lines, problems } = carried;
  const json = jsonInside(carried);
  const marked = lines.filter(({ text }) => MARK.test(text));
  const read =
    (logKind(json) ?? "unknown") === "unknown"
      ? await readMarked(await readAnyLines(lines, file, options), marked, options)
      : await readAnyEvidence(json, file, options);
  return { ...read, problems: [...problems, ...read.problems] };
}

/** The same for lines of a log, of which those that tell nothing new were left out. */
export async function readAnyLines(lines: readonly Line[], file: string, options: EvidenceOptions): Promise<Evidence> {
  const cut: Cut = { log: null, segments: segmentsOfLines(lines) };
  const more = isAtHand(cut.segments) ? null : await onDemandDoor();
  return withSeldom(readCut("", file, options, cut, more), lines, cut, file, options, more);
}

/** Stands in the log of a mail server beside the lines of Postfix or Exim. */
const DOVECOT = ", lip=";

/** A text of no known sign may be one of the kinds that are met seldom. */
const isAtHand = (segments: readonly Segment[]): boolean =>
  segments.length > 0 && segments.every(({ kind }) => AT_HAND.has(kind));

/** Beyond this only a text in which nothing else was found is looked through once more. */
const LOOKED_THROUGH = 1 << 22;

/** Adds what only the readers of seldom kinds know; what they read is no longer missed by the others. */
function withSeldom(
  read: Evidence,
  text: string | readonly Line[],
  cut: Cut,
  file: string,
  { vantage }: EvidenceOptions,
  more: OnDemand,
): Evidence {
  if (more === null || (cut.log !== null && cut.log !== "unknown")) return read;
  if (read.kind !== "unknown" && text.length > LOOKED_THROUGH) return read;
  if (cut.log === null) return more.joinSeldom(read, typeof text === "string" ? linesOf(text) : text, file, vantage);
  return (typeof text === "string" ? more.readSeldomJson(text, file, vantage) : null) ?? read;
}

/** What was read of a long log, with what its lines with marks say of this host's own hellos. */
export async function readMarked(
  evidence: Evidence,
  lines: readonly Line[],
  options: EvidenceOptions,
): Promise<Evidence> {
  const { sent, vantage } = options;
  if (sent === undefined || sent.size === 0 || lines.length === 0) return evidence;
  const more = await onDemandDoor();
  const { file, kind } = evidence;
  const isJson = lines.every(({ text }) => text.startsWith("{"));
  const alone = (segment: Segment): Evidence =>
    isJson
      ? readLog(segment.lines.map(({ text }) => text).join("\n"), file, kind, vantage, more)
      : readSegment(segment, file, vantage, more);
  return more.tieMarked(evidence, isJson ? [{ kind, lines }] : segmentsOfLines(lines), sent, alone);
}

/** The same for the kinds whose readers are always there; the others are `evidence/not-read-yet` then. */
export const readEvidence = (text: string, file: string, options: EvidenceOptions): Evidence =>
  readCut(text, file, options, cutOf(text), null);

/** tcpdump prints data: with -x and its like, or as text, where a header of the PROXY protocol is to be seen. */
const SHOWS_DATA = /^\s{1,16}0x0000:|PROXY (?:TCP[46]|UNKNOWN)/m;
const proxyDoor = async (): Promise<ProxyIn> => (await import("./tcpdump/payload.ts")).proxyIn;

/** Most questions come with none of these kinds; their readers are loaded when a text is one. */
const onDemandDoor = () => import("./on-demand/index.ts");
type OnDemand = Awaited<ReturnType<typeof onDemandDoor>> | null;

type Kinds = ReadonlySet<EvidenceKind>;
const AT_HAND: Kinds = new Set(["traceroute", "smtp-transcript", "tcpdump", "postfix-log", "exim-log"]);
const EXPORTS_AT_HAND: Kinds = new Set(["cloud-nat-log", "gcp-flow-log", "mixed", "unknown"]);

interface Cut {
  /** A text that is one log export, and no paste. */
  readonly log: EvidenceKind | null;
  readonly segments: readonly Segment[];
}

function cutOf(text: string): Cut {
  const log = logKind(text);
  return { log, segments: log === null ? segmentsOf(text) : [] };
}

function readCut(
  text: string,
  file: string,
  options: EvidenceOptions,
  cut: Cut,
  more: OnDemand,
  proxyIn: ProxyIn | null = null,
): Evidence {
  if (cut.log !== null) return readLog(text, file, cut.log, options.vantage, more);
  const parts = cut.segments.map((segment) => readSegment(segment, file, options.vantage, more, proxyIn));
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

function readLog(text: string, file: string, kind: EvidenceKind, hint: VantageHint | null, more: OnDemand): Evidence {
  if (kind === "unknown") return nothing(file, kind, [unknown(file)]);
  const isGcp = kind === "cloud-nat-log" || kind === "gcp-flow-log" || kind === "mixed";
  if (isGcp) return readGcpLogs(text, file);
  const read = more?.readJsonEvidence(kind, text, file, hint) ?? null;
  if (read === null) return nothing(file, kind, [notReadYet(file, kind, 1)]);
  return read.observations.length + read.paths.length + read.problems.length > 0
    ? read
    : { ...read, problems: [nothingFound(file, kind, 1)] };
}

function readSegment(
  { kind, lines }: Segment,
  file: string,
  hint: VantageHint | null,
  more: OnDemand,
  proxyIn: ProxyIn | null = null,
): Evidence {
  const [line] = lines;
  const read = readerOf(kind, lines, file, hint, proxyIn) ?? more?.readLinesOnDemand(kind, lines, file, hint) ?? null;
  if (read === null) return nothing(file, kind, [notReadYet(file, kind, line?.number ?? 1)]);
  if (read.observations.length > 0 || read.problems.length > 0) return read;
  return { ...read, problems: [nothingFound(file, kind, line?.number ?? 1)] };
}

function readerOf(
  kind: EvidenceKind,
  lines: Segment["lines"],
  file: string,
  hint: VantageHint | null,
  proxyIn: ProxyIn | null,
): Evidence | null {
  switch (kind) {
    case "traceroute":
      return readTraceroute(lines, file);
    case "smtp-transcript":
      return readSmtp(lines, file);
    case "tcpdump":
      return readTcpdump(lines, file, hint, proxyIn);
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
    en: "expected a trace, an SMTP transcript, a packet capture or its text, a mail, web, ssh, firewall, NAT or flow log, a connection table or what an echo service said; found none of them",
    zh: "应为路径跟踪、SMTP 会话记录、抓包文件或其文本、邮件、Web、SSH、防火墙、NAT 或流日志、连接表，或回显服务的应答，均不是",
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
