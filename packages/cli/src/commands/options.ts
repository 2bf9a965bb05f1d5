import { type ParseArgsConfig, parseArgs } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Flags that every command understands. */
export const COMMON_OPTIONS = {
  json: { type: "boolean" },
  lang: { type: "string" },
  "no-color": { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  verbose: { type: "boolean", short: "v" },
  help: { type: "boolean", short: "h" },
} as const satisfies Options;

export const EVIDENCE_OPTIONS = {
  vantage: { type: "string", multiple: true },
} as const satisfies Options;

export const EXPLAIN_OPTIONS = {
  ...COMMON_OPTIONS,
  ...EVIDENCE_OPTIONS,
  from: { type: "string" },
  source: { type: "string" },
  to: { type: "string" },
  config: { type: "string", multiple: true },
  evidence: { type: "string", multiple: true },
  at: { type: "string" },
  experimental: { type: "boolean" },
  store: { type: "string" },
  example: { type: "boolean" },
} as const satisfies Options;

const MAP_FLAGS = {
  from: { type: "string", multiple: true },
  to: { type: "string", multiple: true },
  partners: { type: "string" },
  format: { type: "string" },
} as const satisfies Options;

export const MAP_OPTIONS = {
  ...COMMON_OPTIONS,
  ...MAP_FLAGS,
  config: { type: "string", multiple: true },
} as const satisfies Options;

export const DIFF_OPTIONS = {
  ...COMMON_OPTIONS,
  ...MAP_FLAGS,
  before: { type: "string", multiple: true },
  after: { type: "string", multiple: true },
} as const satisfies Options;

export const ALLOW_OPTIONS = {
  ...MAP_OPTIONS,
  ...EVIDENCE_OPTIONS,
  evidence: { type: "string", multiple: true },
  at: { type: "string" },
  flows: { type: "string" },
  name: { type: "string" },
  "allow-unstable": { type: "boolean" },
  internal: { type: "boolean" },
} as const satisfies Options;

export const READ_OPTIONS = { ...COMMON_OPTIONS, ...EVIDENCE_OPTIONS } as const satisfies Options;

export const COLLECT_OPTIONS = {
  ...COMMON_OPTIONS,
  project: { type: "string", multiple: true },
  organization: { type: "string", multiple: true },
  folder: { type: "string", multiple: true },
  subscription: { type: "string", multiple: true },
  "management-group": { type: "string", multiple: true },
  region: { type: "string", multiple: true },
  profile: { type: "string", multiple: true },
  print: { type: "string" },
  out: { type: "string" },
  "drop-tags": { type: "boolean" },
  to: { type: "string" },
} as const satisfies Options;

export const SERVE_OPTIONS = {
  ...COMMON_OPTIONS,
  config: { type: "string", multiple: true },
  evidence: { type: "string", multiple: true },
  store: { type: "string" },
  open: { type: "boolean" },
  listen: { type: "string" },
  host: { type: "string", multiple: true },
  "upload-limit": { type: "string" },
} as const satisfies Options;

export const RULES_OPTIONS = COMMON_OPTIONS;

export const LAB_OPTIONS = {
  ...COMMON_OPTIONS,
  keep: { type: "string" },
  mail: { type: "string" },
  seed: { type: "string" },
  first: { type: "string" },
  count: { type: "string" },
  jobs: { type: "string" },
} as const satisfies Options;

export const WITNESS_OPTIONS = {
  ...COMMON_OPTIONS,
  listen: { type: "string", multiple: true },
  log: { type: "string" },
  identity: { type: "string" },
  cert: { type: "string" },
  key: { type: "string" },
  "proxy-from": { type: "string", multiple: true },
  connections: { type: "string" },
  "per-source": { type: "string" },
  patience: { type: "string" },
  pcap: { type: "string" },
  witness: { type: "string" },
} as const satisfies Options;

export const PROBE_OPTIONS = {
  ...COMMON_OPTIONS,
  to: { type: "string" },
  from: { type: "string", multiple: true },
  source: { type: "string", multiple: true },
  hello: { type: "string" },
  timeout: { type: "string" },
  repeat: { type: "string" },
  rate: { type: "string" },
  witness: { type: "string" },
} as const satisfies Options;

export const LOGS_OPTIONS = {
  ...COMMON_OPTIONS,
  store: { type: "string" },
  from: { type: "string", multiple: true },
  to: { type: "string", multiple: true },
  at: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  tolerance: { type: "string" },
  limit: { type: "string" },
  format: { type: "string" },
  csv: { type: "boolean" },
  keep: { type: "string" },
  "without-ports": { type: "boolean" },
  dialect: { type: "string" },
  table: { type: "string" },
  log: { type: "string" },
  partition: { type: "string" },
  "from-result": { type: "string" },
  again: { type: "boolean" },
} as const satisfies Options;

/** Flags that take several paths, as in `--config a.json b.json`. */
const LISTS = new Set(["--config", "--evidence", "--before", "--after"]);

/**
 * `--config PATH…` takes every word up to the next flag: each becomes a flag of its own, which is what the parser of
 * the platform understands.
 */
export function spreadLists(argv: readonly string[]): string[] {
  const spread: string[] = [];
  let list: string | null = null;
  for (const word of argv) {
    if (word.startsWith("--") || (word.startsWith("-") && word !== "-")) {
      list = LISTS.has(word) ? word : null;
      if (list === null) spread.push(word);
    } else if (list !== null) spread.push(`${list}=${word}`);
    else spread.push(word);
  }
  return spread;
}

export type Parsed<O extends Options> =
  | {
      readonly kind: "ok";
      readonly values: ReturnType<typeof parseArgs<{ options: O }>>["values"];
      readonly words: readonly string[];
    }
  | { readonly kind: "wrong"; readonly message: string; readonly option: string | null };

/** Unknown flags are refused: a mistyped one must not run as if it were not there. */
export function parse<O extends Options>(argv: readonly string[], options: O): Parsed<O> {
  try {
    const { values, positionals } = parseArgs({
      args: spreadLists(argv),
      options,
      allowPositionals: true,
      strict: true,
    });
    return { kind: "ok", values: values as ReturnType<typeof parseArgs<{ options: O }>>["values"], words: positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '([^']+)'/.exec(message);
    return { kind: "wrong", message, option: unknown?.[1] ?? null };
  }
}
