import { elementStarts, memberOf } from "../documents/json-members.ts";
import { scanValue, skipSpace } from "../documents/json-scan.ts";
import { lineCounter } from "../documents/lines.ts";
import { looksLikeJson } from "../documents/recognise.ts";
import type { Line } from "./lines.ts";

/** Enough for what stands around the first events. */
const LOOKED_AT = 8192;

const LISTS = ["events", "logEvents"];

/**
 * The envelopes in which CloudWatch Logs hands on lines that something else wrote: what `aws logs filter-log-events` and
 * `get-log-events` print, and what a subscription delivers.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function holdsLogEvents(text: string): boolean {
  const head = text.slice(0, LOOKED_AT).trimStart();
  if (!head.includes('"message"') || !head.includes('"timestamp"') || !looksLikeJson(head)) return false;
  return /^\{\s*"events"\s*:\s*\[\s*\{/.test(head) || /"logEvents"\s*:\s*\[\s*\{/.test(head);
}

/** The lines that the messages are, each with the line of the file that its message stands on: for whole events alone. */
export function linesOfEvents(text: string): readonly Line[] {
  const lineAt = lineCounter(text);
  const lines: Line[] = [];
  for (const event of eventsIn(text)) {
    const at = memberOf(text, event, "message");
    const message = at === undefined ? null : textAt(text, at);
    if (at === undefined || message === null) continue;
    const number = lineAt(at);
    // A message of several lines stands on one line of the file.
    for (const line of message.trimEnd().split("\n")) lines.push({ number, text: line });
  }
  return lines;
}

/** Where each event begins; a file may hold several envelopes, in a list or one behind the other. */
function* eventsIn(text: string): Generator<number> {
  for (const envelope of envelopesIn(text))
    for (const name of LISTS) {
      const list = memberOf(text, envelope, name);
      if (list !== undefined && text.charAt(list) === "[") yield* elementStarts(text, list);
    }
}

function* envelopesIn(text: string): Generator<number> {
  const start = skipSpace(text, 0);
  if (text.charAt(start) === "[") yield* elementStarts(text, start);
  for (let at = start; text.charAt(at) === "{"; ) {
    yield at;
    const scan = scanValue(text, at);
    if (scan.kind !== "complete") return;
    at = skipSpace(text, scan.end);
  }
}

function textAt(text: string, at: number): string | null {
  const scan = scanValue(text, at);
  if (scan.kind !== "complete" || text.charAt(at) !== '"') return null;
  try {
    return String(JSON.parse(text.slice(at, scan.end)));
  } catch {
    return null;
  }
}
