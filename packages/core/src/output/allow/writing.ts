import { setSize } from "../../address/address-set.ts";
import type { AllowEntry, Allowlist, Use } from "../../allow/allowlist.ts";
import { doubtWords } from "../../allow/doubts.ts";
import type { Text } from "../../problem.ts";
import type { Language } from "../json.ts";
import { CERTAINTY_WORD, fewOf, STABILITY_WORD } from "../map-words.ts";
import { clean } from "../text.ts";

export interface WritingOptions {
  /** What objects are called; each format makes of it what it allows. */
  readonly name: string;
  readonly language: Language;
  /** With internal names where they are left out otherwise: on the hand-over page. */
  readonly isInternal: boolean;
}

/** Writes a list in one receiver's format, line by line. The list has entries, and none twice. */
export type AllowWriter = (list: Allowlist, options: WritingOptions) => Iterable<string>;

type Say = (text: Text) => string;

/**
 * Words that stay a comment wherever one runs to the end of its line: no line end, no backslash before it (some readers
 * join lines), no end of a block, no quote. Names come from exports and are anybody's.
 */
export const comment = (words: string): string =>
  clean(words).replaceAll("\\", "/").replaceAll('"', "'").replaceAll("*/", "* /").trim();

/** The same for devices that read ASCII alone; a question mark asks for help there. */
export const asciiComment = (words: string): string => comment(words).replace(/[^ ->@-~]/gu, "_");

/** Printable ASCII on one line, for names that stand in quotes. */
export const ascii = (words: string): string => clean(words).replace(/[^ -~]/gu, "_");

/** @param max characters, as the format allows */
export const cut = (words: string, max: number): string =>
  words.length <= max ? words : `${words.slice(0, max - 3).trimEnd()}...`;

/** An identifier: letters, digits and the two usual signs, a letter first. */
export function identifier(name: string, max: number): string {
  const plain = name.replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^[^A-Za-z]+/, "");
  return plain.slice(0, max) || "seenas";
}

/** As names of RFC 1123 labels go: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function label(name: string, max: number): string {
  const plain = identifier(name, max).toLowerCase().replaceAll("_", "-").replace(/-+$/, "");
  return plain === "" ? "seenas" : plain;
}

/** A word of a POSIX shell. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02 */
export const shellWord = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** English where the receiver reads ASCII alone. */
export const speak =
  (language: Language): Say =>
  (text) =>
    text[language];

/** What stands above a list: of what, towards whom, as of when, what is left out, what is not certain. */
export function headOf(list: Allowlist, say: Say, isInternal = true): readonly string[] {
  const wide = list.entries.filter(({ cidr }) => cidr.includes(":")).length;
  const narrow = setSize(list.entries.flatMap(({ cidr }) => (cidr.includes(":") ? [] : [cidr])));
  const parts: Text[] = [];
  if (narrow > 0n) parts.push({ en: counted(narrow, "IPv4 address", "IPv4 addresses"), zh: `${narrow} 个 IPv4 地址` });
  if (wide > 0) parts.push({ en: counted(wide, "IPv6 range", "IPv6 ranges"), zh: `${wide} 个 IPv6 范围` });
  const count = list.entries.length;
  const head: Text[] = [
    {
      en: `Source addresses towards ${fewOf(list.towards, 6)}: ${counted(count, "range", "ranges")} (${parts.map(({ en }) => en).join(", ")})`,
      zh: `去往 ${fewOf(list.towards, 6)} 的源地址：${count} 个范围（${parts.map(({ zh }) => zh).join("，")}）`,
    },
    list.asOf === null
      ? { en: "As of: not stated", zh: "截至：未说明" }
      : { en: `As of ${list.asOf}`, zh: `截至 ${list.asOf}` },
  ];
  // How many hosts there are is nobody else's business.
  if (list.blocked > 0 && isInternal)
    head.push({
      en: `Left out: ${list.blocked} of ${list.senders} senders, of which nothing reaches it`,
      zh: `未列入：${list.senders} 个发送方中有 ${list.blocked} 个没有流量可到达`,
    });
  for (const doubt of list.doubts) {
    const words = doubtWords(doubt, isInternal);
    head.push({ en: `NOT CERTAIN: ${words.en}`, zh: `不确定：${words.zh}` });
  }
  return head.map(say);
}

const counted = (count: number | bigint, one: string, more: string): string =>
  `${count} ${Number(count) === 1 ? one : more}`;

const USE_WORD: Readonly<Record<Use, Text | null>> = {
  current: null,
  draining: {
    en: "DRAINING: only connections made before a change still show it",
    zh: "正在排空：只有更改前建立的连接仍会使用",
  },
  "after-scaling": { en: "AFTER SCALING: not used now", zh: "缩放之后：目前未使用" },
};

const PRIVATE_WORD: Text = { en: "private source, arrives over a private link", zh: "私有源地址，经私有链路到达" };
const UNSTABLE_WORD: Text = { en: "UNSTABLE", zh: "不稳定" };
const UNDECIDED_WORD: Text = { en: "UNDECIDED", zh: "未定" };

/** How stable, how certain, and how it is used. */
export function marksOf({ use, stability, certainty, isPrivate }: AllowEntry, say: Say): readonly string[] {
  const marks: (Text | null)[] = [
    certainty === "possible" || certainty === "unknown" ? UNDECIDED_WORD : null,
    use !== "draining" && stability !== "static" ? UNSTABLE_WORD : null,
    USE_WORD[use],
    use === "draining" ? null : STABILITY_WORD[stability],
    CERTAINTY_WORD[certainty],
    isPrivate ? PRIVATE_WORD : null,
  ];
  return marks.flatMap((text) => (text === null ? [] : [say(text)]));
}

/** Why an entry stands there: its marks, the resource that decides, the rule. */
export const wordsOf = (entry: AllowEntry, say: Say): string =>
  [
    marksOf(entry, say).join(say({ en: ", ", zh: "，" })),
    fewOf(
      entry.resources.map((resource) => resource.slice(resource.lastIndexOf("/") + 1)),
      3,
    ),
    fewOf(entry.rules, 3),
  ]
    .filter((part) => part !== "")
    .join(say({ en: "; ", zh: "；" }));

/** The entries of each family, left out where there are none. */
export function byFamily({
  entries,
}: Allowlist): readonly { readonly family: 4 | 6; readonly entries: readonly AllowEntry[] }[] {
  const isWide = ({ cidr }: AllowEntry): boolean => cidr.includes(":");
  return [
    { family: 4 as const, entries: entries.filter((entry) => !isWide(entry)) },
    { family: 6 as const, entries: entries.filter(isWide) },
  ].filter((part) => part.entries.length > 0);
}

/** At most so many at a time. */
export function* chunksOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
