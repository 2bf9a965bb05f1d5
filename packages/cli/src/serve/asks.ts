import * as v from "valibot";
import type { Uploads } from "./uploads.ts";

/** What the server was started with, by the id that the page calls it. */
export interface Given {
  readonly config: readonly string[];
  readonly evidence: readonly string[];
  readonly store: string | null;
}

const word = v.pipe(v.string(), v.minLength(1), v.maxLength(2000), v.regex(/^[^\p{Cc}]*$/u));
const words = v.optional(v.pipe(v.array(word), v.maxLength(10_000)), []);
const flag = v.optional(v.boolean(), false);
const ids = words;

const evidenceFlags = { evidence: ids, vantage: words, at: v.optional(word) };
const flowFlags = { from: v.optional(word), to: v.optional(word), source: v.optional(word) };
const mapFlags = { from: words, to: words, partners: v.optional(word) };

/** What the page may ask, and nothing else: each is one command, with the flags that have no side effect. */
const ASK = v.variant("command", [
  v.strictObject({
    command: v.literal("explain"),
    lang: lang(),
    config: ids,
    ...flowFlags,
    ...evidenceFlags,
    store: flag,
  }),
  v.strictObject({ command: v.literal("read"), lang: lang(), files: ids, vantage: words }),
  v.strictObject({ command: v.literal("map"), lang: lang(), config: ids, ...mapFlags }),
  v.strictObject({ command: v.literal("diff"), lang: lang(), before: ids, after: ids, ...mapFlags }),
  v.strictObject({
    command: v.literal("allow"),
    lang: lang(),
    config: ids,
    ...mapFlags,
    ...evidenceFlags,
    format: v.optional(word, "text"),
    name: v.optional(word),
    allowUnstable: flag,
    internal: flag,
  }),
  v.strictObject({
    command: v.literal("logs"),
    lang: lang(),
    question: v.picklist(["used", "who", "seen"]),
    what: v.optional(word),
    from: v.optional(word),
    to: v.optional(word),
    at: v.optional(word),
    since: v.optional(word),
    until: v.optional(word),
  }),
]);

function lang() {
  return v.optional(v.picklist(["en", "zh"]), "en");
}

export type Ask = v.InferOutput<typeof ASK>;

export const COLLECT = v.strictObject({
  provider: v.picklist(["gcp", "azure", "aws"]),
  lang: lang(),
  scopes: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9:._-]{1,100}$/))), v.maxLength(1000)), []),
});

export type AskRead =
  | { readonly kind: "ask"; readonly ask: Ask }
  | { readonly kind: "wrong"; readonly where: string; readonly why: string };

export function readAsk(body: unknown): AskRead {
  const read = v.safeParse(ASK, body);
  if (read.success) return { kind: "ask", ask: read.output };
  const [issue] = read.issues;
  return { kind: "wrong", where: v.getDotPath(issue) ?? "", why: issue.message };
}

export type Arguments =
  | { readonly kind: "arguments"; readonly argv: readonly string[] }
  | { readonly kind: "no-file"; readonly id: string };

/** The words of a command line. Each value is glued to its flag, so that none can be taken for a flag of its own. */
export function argumentsOf(ask: Ask, given: Given, uploads: Uploads): Arguments {
  const missing: string[] = [];
  const path = (id: string): string => {
    const found = pathOf(id, given, uploads);
    if (found === null) missing.push(id);
    return found ?? "";
  };
  const { command, flags, words = [] } = commandOf(ask, given, path);
  const argv = [...command, `--lang=${ask.lang}`, "--no-color", ...flags, "--", ...words];
  const [id] = missing;
  return id === undefined ? { kind: "arguments", argv } : { kind: "no-file", id };
}

const one = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [`--${name}=${value}`]);
const each = (name: string, values: readonly string[]): string[] => values.map((value) => `--${name}=${value}`);

interface CommandLine {
  readonly command: readonly string[];
  readonly flags: readonly string[];
  readonly words?: readonly string[];
}

function commandOf(ask: Ask, given: Given, path: (id: string) => string): CommandLine {
  const paths = (name: string, list: readonly string[]): string[] => each(name, list.map(path));
  const narrowing = (by: {
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly partners?: string | undefined;
  }): string[] => [
    ...each("from", by.from),
    ...each("to", by.to),
    ...paths("partners", by.partners === undefined ? [] : [by.partners]),
  ];
  const store = given.store === null ? [] : [`--store=${given.store}`];
  switch (ask.command) {
    case "explain":
      return {
        command: ["explain", "--json"],
        flags: [
          ...paths("config", ask.config),
          ...paths("evidence", ask.evidence),
          ...one("from", ask.from),
          ...one("to", ask.to),
          ...one("source", ask.source),
          ...one("at", ask.at),
          ...each("vantage", ask.vantage),
          ...(ask.store ? store : []),
        ],
      };
    case "read":
      return { command: ["read", "--json"], flags: each("vantage", ask.vantage), words: ask.files.map(path) };
    case "map":
      return { command: ["map", "--json"], flags: [...paths("config", ask.config), ...narrowing(ask)] };
    case "diff":
      return {
        command: ["diff", "--json"],
        flags: [...paths("before", ask.before), ...paths("after", ask.after), ...narrowing(ask)],
      };
    case "allow":
      return {
        command: ["allow", `--format=${ask.format}`],
        flags: [
          ...paths("config", ask.config),
          ...paths("evidence", ask.evidence),
          ...narrowing(ask),
          ...one("at", ask.at),
          ...one("name", ask.name),
          ...each("vantage", ask.vantage),
          ...(ask.allowUnstable ? ["--allow-unstable"] : []),
          ...(ask.internal ? ["--internal"] : []),
        ],
      };
    case "logs":
      return {
        command: ["logs", ask.question, "--json"],
        flags: [
          ...store,
          ...one("from", ask.from),
          ...one("to", ask.to),
          ...one("at", ask.at),
          ...one("since", ask.since),
          ...one("until", ask.until),
        ],
        words: ask.what === undefined ? [] : [ask.what],
      };
    default:
      return ask satisfies never;
  }
}

function pathOf(id: string, given: Given, uploads: Uploads): string | null {
  const found = /^(config|evidence):(\d+)$/.exec(id);
  if (found === null) return uploads.pathOf(id);
  const list = found[1] === "config" ? given.config : given.evidence;
  return list[Number(found[2])] ?? null;
}
