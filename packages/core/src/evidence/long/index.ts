import { looksLikeJson } from "../../documents/recognise.ts";
import { carriedLines } from "../carried.ts";
import { cleanLine, type Line } from "../lines.ts";
import type { Evidence, EvidenceKind, VantageHint } from "../observation.ts";
import { readAnyLines } from "../read.ts";
import { recogniseEvidence } from "../recognise.ts";
import { Batches } from "./batches.ts";
import { JsonBatches } from "./json-batches.ts";
import type { KeptLine } from "./kinds.ts";
import * as problem from "./problems.ts";
import { Search } from "./search.ts";
import { type Thinned, Thinner } from "./thin.ts";

/** What a long log is read with. */
export interface LongLogOptions {
  readonly file: string;
  readonly hint: VantageHint | null;
  /** Bytes as text; null: they are no text. Whole letters only. */
  readonly textOf: (bytes: Uint8Array) => string | null;
}

/** Takes a log in pieces and keeps of it what tells something new. */
export interface LongLog {
  /** @returns false: it is not what it seemed, and has to be read as a whole */
  readonly push: (chunk: Uint8Array) => Promise<boolean>;
  readonly end: () => Promise<ReadLog | null>;
}

/** What a long log says. */
export interface ReadLog {
  readonly evidence: Evidence;
  /** Lines that show the mark of a hello; whose hello it is, is known when everything else was read. */
  readonly marked: readonly Line[];
}

/** Logs of servers, whose lines say the same of each client again and again. */
const THINNED: ReadonlySet<EvidenceKind> = new Set(["postfix-log", "exim-log", "sendmail-log", "sshd-log", "web-log"]);

/** Logs whose lines each say all they say, so that parts can be read by themselves. */
const IN_PARTS: ReadonlySet<EvidenceKind> = new Set([
  "exchange-log",
  "firewall-log",
  "aws-flow-log",
  "nat-table",
  "cloud-nat-log",
  "gcp-flow-log",
  "azure-flow-log",
  "azure-nat-log",
  "azure-firewall-log",
  "otel-spans",
]);

/** Null: what begins so is no log, or not one that can be read in parts. */
export function openLongLog(head: string, options: LongLogOptions): LongLog | null {
  const kind = recogniseEvidence(head);
  const isCarried = carriedLines(head, options.file) !== null;
  const isInParts = IN_PARTS.has(kind) || kind === "web-log" || (isCarried && THINNED.has(kind));
  if (looksLikeJson(head.trimStart().slice(0, 200))) return isInParts ? new JsonBatches(options) : null;
  const hasFields = /^#Fields: /m.test(head);
  if (THINNED.has(kind) && !hasFields && !isCarried) return thinned(options);
  return isInParts ? new Batches(options) : null;
}

/** For a log of a kind whose lines each say all they say. */
export const inParts = (options: LongLogOptions): LongLog => new Batches(options);

/** For a text that begins with nothing known. */
export const searchLong = (options: LongLogOptions): LongLog =>
  new Search(options, (head) => openLongLog(head, options));

function thinned({ file, hint, textOf }: LongLogOptions): LongLog {
  const thinner = new Thinner();
  return {
    push: async (chunk) => {
      thinner.push(chunk);
      return true;
    },
    end: async () => {
      const { lines, marked, total, leftOut } = textsOf(thinner.end(), textOf);
      const read = await readAnyLines(lines, file, { vantage: hint });
      const problems = leftOut === 0 ? [] : [problem.leftOut(file, leftOut, total)];
      return { evidence: { ...read, problems: [...read.problems, ...problems] }, marked };
    },
  };
}

interface ThinnedTexts extends Omit<Thinned, "lines" | "marked"> {
  readonly lines: readonly Line[];
  readonly marked: readonly Line[];
}

function textsOf({ lines, marked, total, leftOut }: Thinned, textOf: LongLogOptions["textOf"]): ThinnedTexts {
  const texts = linesOf(lines, textOf);
  return { lines: texts, marked: linesOf(marked, textOf), total, leftOut: leftOut + lines.length - texts.length };
}

const linesOf = (kept: readonly KeptLine[], textOf: LongLogOptions["textOf"]): readonly Line[] =>
  kept.flatMap(({ number, bytes, stands }) => {
    const text = textOf(bytes);
    return text === null ? [] : [{ number, text: cleanLine(text), ...(stands > 1 ? { stands } : {}) }];
  });
