import { readJsonDocuments } from "../documents/json.ts";
import type { Problem } from "../problem.ts";
import { cleanLine, type Line, linesOf } from "./lines.ts";
import { holdsLogEvents, linesOfEvents } from "./log-events.ts";
import { type LogEntry, textAt } from "./logs/entry.ts";
import { epochToRfc3339 } from "./time.ts";

/** Lines of a log as what carried them handed them on, with the numbers that they have in the file. */
export interface Carried {
  readonly lines: readonly Line[];
  readonly problems: readonly Problem[];
}

/** A carrier shows with its first records. */
const LOOKED_AT = 8192;

/**
 * Takes the lines of a log out of what stands around each: the files of container engines, journald as JSON, log entries
 * of Google, events of CloudWatch Logs, a system log around the lines of a web server. Null: nothing stands around them.
 */
export function carriedLines(text: string, file: string): Carried | null {
  if (holdsLogEvents(text)) {
    const lines = linesOfEvents(text).flatMap((line) => inside(cleanLine(line.text), line.number));
    return { lines, problems: readJsonDocuments(text, file).problems };
  }
  const head = text.slice(0, LOOKED_AT).trimStart();
  const unwrap = JSON_CARRIERS.find(
    ({ has, not }) => has.every((word) => head.includes(word)) && (not === undefined || !text.includes(not)),
  )?.unwrap;
  if (unwrap !== undefined && /^[[{]/.test(head)) return outOfJson(text, file, unwrap);
  const [first = ""] = head.split("\n", 1);
  const around = LINE_CARRIERS.find((pattern) => pattern.test(first));
  return around === undefined ? null : { lines: outOfLines(text, around), problems: [] };
}

/** What of it is JSON, a text a line as it stands in the file; a server says a few words in plain text, too, when it starts. */
export function jsonInside({ lines }: Carried): string {
  const placed: string[] = [];
  // Elements that share a line of the file are put on the next ones.
  for (const { number, text } of lines) if (text.startsWith("{")) placed[Math.max(number - 1, placed.length)] = text;
  return Array.from(placed, (text) => text ?? "").join("\n");
}

interface JsonCarrier {
  readonly has: readonly string[];
  /** Entries of another kind stand beside its own: then it is read as what they are. */
  readonly not?: string;
  readonly unwrap: (value: unknown) => string | null;
}

const JSON_CARRIERS: readonly JsonCarrier[] = [
  // https://docs.docker.com/engine/logging/drivers/json-file/
  { has: ['"log":"', '"stream":"'], unwrap: (value) => textAt(value, "log") },
  // https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format
  { has: ['"__REALTIME_TIMESTAMP"', '"MESSAGE"'], unwrap: journalLine },
  // https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
  { has: ['"textPayload"', '"logName"'], not: '"jsonPayload"', unwrap: (value) => textAt(value, "textPayload") },
];

/** As `journalctl` prints it by default, with a whole time. */
function journalLine(value: unknown): string | null {
  const message = textAt(value, "MESSAGE");
  const us = textAt(value, "__REALTIME_TIMESTAMP") ?? "";
  if (message === null || !/^\d{7,16}$/.test(us)) return message;
  const name = textAt(value, "SYSLOG_IDENTIFIER") ?? textAt(value, "_COMM");
  if (name === null) return message;
  const at = epochToRfc3339(`${us.slice(0, -6)}.${us.slice(-6)}`);
  const pid = textAt(value, "SYSLOG_PID") ?? textAt(value, "_PID");
  return `${at} ${textAt(value, "_HOSTNAME") ?? "localhost"} ${name}${pid === null ? "" : `[${pid}]`}: ${message}`;
}

function outOfJson(text: string, file: string, unwrap: JsonCarrier["unwrap"]): Carried {
  const { value, problems } = readJsonDocuments(text, file);
  const lineOf = ({ value: entry, origin }: LogEntry): readonly Line[] => {
    const carried = unwrap(entry);
    if (carried === null) return [];
    return inside(cleanLine(carried.trimEnd()), origin.line ?? 1);
  };
  return { lines: value.flatMap(lineOf), problems };
}

/** What a carrier handed on may stand in a system log itself. */
function inside(text: string, number: number): readonly Line[] {
  const around = text.includes(": ") ? SYSLOG.exec(text) : null;
  return [{ number, text: around === null ? text : text.slice(around[0].length) }];
}

/** nginx and Apache say their own time again, behind that of the system log. */
const SYSLOG =
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,30}) \S{1,255} (?:nginx|httpd|apache2?)(?:\[\d{1,10}\])?: /;

const LINE_CARRIERS: readonly RegExp[] = [
  // https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
  /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[-+]\d\d:\d\d) std(?:out|err) [FP](?::\S{1,16})? /,
  // kubectl logs --prefix: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/
  /^\[pod\/[a-z0-9.-]{1,253}\/[a-z0-9.-]{1,253}\] /,
  // docker compose logs, whose containers end with a number: https://docs.docker.com/reference/cli/docker/compose/logs/
  /^[a-z0-9][\w.-]{0,100}[-_]\d{1,4} {1,40}\| /,
  SYSLOG,
];

const outOfLines = (text: string, around: RegExp): readonly Line[] =>
  linesOf(text).map((line) => {
    const found = around.exec(line.text);
    return found === null ? line : { ...line, text: line.text.slice(found[0].length) };
  });
