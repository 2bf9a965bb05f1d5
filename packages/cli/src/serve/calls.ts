import * as v from "valibot";

const word = v.pipe(v.string(), v.minLength(1), v.maxLength(2000), v.regex(/^[^\p{Cc}]*$/u));

/** What the page may have the session do; each is a method of it. */
const CALL = v.strictObject({
  method: v.picklist([
    "start",
    "add",
    "remove",
    "clear",
    "join",
    "ask",
    "senders",
    "allow",
    "excerpt",
    "evidence",
    "lines",
    "layout",
    "estate",
    "rows",
    "diff",
  ]),
  args: v.pipe(v.array(v.unknown()), v.maxLength(8)),
});

export type Call = v.InferOutput<typeof CALL>;

/** Of `add`: files that were sent before, by their ids. A path never comes from the page. */
const SENT = v.tuple([
  v.pipe(v.array(v.strictObject({ name: word, side: v.picklist(["now", "after"]), id: word })), v.maxLength(10_000)),
]);

export type Sent = v.InferOutput<typeof SENT>[0];

const LOGS = v.strictObject({
  question: v.picklist(["used", "who", "seen"]),
  lang: v.optional(v.picklist(["en", "zh"]), "en"),
  what: v.optional(word),
  from: v.optional(word),
  to: v.optional(word),
  at: v.optional(word),
  since: v.optional(word),
  until: v.optional(word),
});

export type LogsQuestion = v.InferOutput<typeof LOGS>;

const COLLECT = v.strictObject({
  provider: v.picklist(["gcp", "azure", "aws"]),
  lang: v.optional(v.picklist(["en", "zh"]), "en"),
  scopes: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9:._-]{1,100}$/))), v.maxLength(1000)), []),
});

export type CollectWish = v.InferOutput<typeof COLLECT>;

export type Checked<T> = { readonly kind: "ok"; readonly value: T } | { readonly kind: "wrong"; readonly why: string };

function checked<S extends v.GenericSchema>(schema: S, value: unknown): Checked<v.InferOutput<S>> {
  const read = v.safeParse(schema, value, { abortEarly: true });
  if (read.success) return { kind: "ok", value: read.output };
  const [issue] = read.issues;
  return { kind: "wrong", why: `${v.getDotPath(issue) ?? ""} ${issue.message}`.trim() };
}

export const readCall = (value: unknown): Checked<Call> => checked(CALL, value);
export const readSent = (args: readonly unknown[]): Checked<Sent> => {
  const read = checked(SENT, args);
  return read.kind === "ok" ? { kind: "ok", value: read.value[0] } : read;
};
export const readLogsQuestion = (value: unknown): Checked<LogsQuestion> => checked(LOGS, value);
export const readCollectWish = (value: unknown): Checked<CollectWish> => checked(COLLECT, value);

const flag = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`--${name}=${value}`];

/** The words of a command line. Each value is glued to its flag, so that none can be taken for a flag of its own. */
export const logsArguments = (question: LogsQuestion, store: string): readonly string[] => [
  "logs",
  question.question,
  "--json",
  `--lang=${question.lang}`,
  `--store=${store}`,
  ...(["from", "to", "at", "since", "until"] as const).flatMap((name) => flag(name, question[name])),
  ...(question.what === undefined ? [] : ["--", question.what]),
];

const SCOPE = { gcp: "project", azure: "subscription", aws: "region" } as const;

export const collectArguments = ({ provider, lang, scopes }: CollectWish, folder: string): readonly string[] => [
  "collect",
  provider,
  `--lang=${lang}`,
  `--out=${folder}`,
  ...scopes.map((scope) => `--${SCOPE[provider]}=${scope}`),
];
