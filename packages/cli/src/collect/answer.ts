import type { Ran } from "./client.ts";
import { countOf } from "./tasks.ts";

/** What a run of a command is worth. */
export type Answer =
  | { readonly kind: "whole"; readonly value: unknown }
  /** Something was printed, and the program said or showed that it is not everything; null: it could not be read. */
  | { readonly kind: "part"; readonly value: unknown; readonly reason: string }
  | { readonly kind: "refused" | "not-enabled" | "failed" | "rate-limited" | "login"; readonly reason: string }
  | { readonly kind: "missing" };

const LOGIN =
  /do(?:es)? not currently have an active account|auth login|reauthentication|az login|unable to locate credentials|sso login|ExpiredToken|token has expired|InvalidClientTokenId|AuthFailure\b|AADSTS\d+|config profile .* could not be found/i;
const RATE_LIMIT =
  /rate ?limit|quota exceeded|RequestLimitExceeded|Throttling|TooManyRequests|too many requests|RESOURCE_EXHAUSTED|\b429\b/i;
const NOT_ENABLED =
  /SERVICE_DISABLED|has not been used in project|is not enabled on project|API \[[^\]]+\] not enabled/i;
const REFUSED =
  /permission|forbidden|not authorized|UnauthorizedOperation|AccessDenied|AuthorizationFailed|does not have authorization|\b403\b/i;
const INCOMPLETE =
  /some requests did not succeed|unreachable|partial (?:results?|success)|were not (?:listed|returned)/i;

export function answerOf(ran: Ran): Answer {
  if (ran.kind === "missing") return { kind: "missing" };
  if (ran.kind === "stopped")
    return {
      kind: "failed",
      reason: ran.why === "time" ? "it took too long and was stopped" : "its output is too large",
    };
  const { status, output, errors } = ran;
  const reason = reasonIn(errors);
  const read = jsonIn(output);
  if (status === 0 && read.kind === "read")
    return INCOMPLETE.test(errors) ? { kind: "part", value: read.value, reason } : { kind: "whole", value: read.value };
  // What asks for a login printed nothing that is of use, whatever its status.
  if (LOGIN.test(errors)) return { kind: "login", reason };
  if (RATE_LIMIT.test(errors)) return { kind: "rate-limited", reason };
  if (NOT_ENABLED.test(errors)) return { kind: "not-enabled", reason };
  // A list of nothing before an error is how gcloud ends where it was refused.
  if (read.kind === "read" && countOf(read.value) !== 0)
    return { kind: "part", value: read.value, reason: reason || `it ended with status ${status}` };
  if (REFUSED.test(errors)) return { kind: "refused", reason };
  return { kind: "failed", reason: reason || notJson(status, output) };
}

const notJson = (status: number, output: string): string =>
  output.trim() === "" ? `it printed nothing (status ${status})` : `it printed no whole JSON (status ${status})`;

type ReadJson = { readonly kind: "read"; readonly value: unknown } | { readonly kind: "unread" };

/** More lines than this of warnings stand before no answer. */
const MAX_STARTS = 50;

/** Some versions print a warning before their JSON, on the same output. */
export function jsonIn(output: string): ReadJson {
  const starts = [...output.matchAll(/^\s*[[{]/gm)].slice(0, MAX_STARTS);
  for (const { index } of starts) {
    try {
      const value: unknown = JSON.parse(output.slice(index));
      return { kind: "read", value };
    } catch {
      // The next line that begins like JSON may be it.
    }
  }
  return { kind: "unread" };
}

const LONGEST_REASON = 400;

/** The line that names the error, else the last lines: programs print progress before them. */
function reasonIn(errors: string): string {
  const lines = errors
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const from = lines.findIndex((line) => /error|denied|warning|not authorized/i.test(line));
  return lines
    .slice(from < 0 ? -3 : from, from < 0 ? undefined : from + 3)
    .join(" ")
    .slice(0, LONGEST_REASON);
}
