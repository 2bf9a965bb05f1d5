import type { Family } from "../../../address/ip.ts";
import type {
  FilterAction,
  FilterChain,
  FilterCondition,
  FilterHook,
  FilterRule,
  FilterTable,
} from "../../packet-filter.ts";
import type { Line } from "../part.ts";
import { readNumber } from "../part.ts";
import { each, markOf, prefixesOf, setBits, sourceAction, spanOf, statesOf } from "./values.ts";

/** A table of `nft list ruleset`, from `table … {` to its last bracket. */
export interface ListedTable {
  readonly name: string;
  readonly family: Family | null;
  /** One for each statement: what nft prints on several lines is joined. */
  readonly lines: readonly Line[];
}

/** `priority srcnat - 10`: https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks (Priority within hook) */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** @see https://www.netfilter.org/projects/nftables/manpage.html */
export function nftTable({ name, family, lines }: ListedTable): FilterTable {
  const chains: { name: string; hook: FilterHook | null; rules: FilterRule[] }[] = [];
  let inChain = false;
  for (const { text: printed, origin } of lines) {
    const text = printed.trim().replace(/ # handle \d{1,10}$/, "");
    const opened = /^chain (\S{1,128}) \{/.exec(text)?.[1];
    if (opened !== undefined) chains.push({ name: opened, hook: null, rules: [] });
    if (/^(?:chain|set|map|counter|quota|limit|ct \S+|flowtable|secmark|synproxy) \S+ \{/.test(text))
      inChain = opened !== undefined;
    const chain = chains.at(-1);
    if (opened !== undefined || chain === undefined || !inChain) continue;
    if (text === "}") inChain = false;
    else if (/^(?:type|policy|devices?|comment|flags) /.test(text)) chain.hook ??= hookOf(text);
    else if (text !== "") chain.rules.push({ ...ruleOf(text), text, origin });
  }
  const isDormant = lines.some(({ text }) => /^\s*flags\b.*\bdormant\b/.test(text));
  return { printedBy: "nft", family, name, chains: isDormant ? [] : (chains satisfies readonly FilterChain[]) };
}

function hookOf(text: string): FilterHook | null {
  const [, type, at, base = "", sign, by] =
    /^type (nat|route|filter) hook (output|postrouting) priority (-?\w+)(?: ([+-]) (\d{1,9}))?/.exec(text) ?? [];
  const named = PRIORITIES[base] ?? Number(base);
  if (type === undefined || at === undefined || Number.isNaN(named)) return null;
  return {
    at: at === "output" ? "output" : "postrouting",
    type: type === "nat" ? "nat" : type === "route" ? "route" : "filter",
    priority: named + Number(by ?? 0) * (sign === "-" ? -1 : 1),
  };
}

/** Does something by a map, by iptables, or to the addresses themselves, which is not known. */
const CHANGES = /\b(?:v?map|queue|xt target|(?:ip|ip6) [sd]addr set)\b/;

interface Reading {
  readonly words: readonly string[];
  readonly conditions: FilterCondition[];
  readonly actions: FilterAction[];
}

function ruleOf(text: string): Pick<FilterRule, "conditions" | "actions"> {
  const words = text.match(/"(?:[^"\\]|\\.)*"|\{[^{}]*\}|\S+/g) ?? [];
  const reading: Reading = { words, conditions: [], actions: [] };
  for (let at = 0; at < words.length; ) {
    const next = readMatch(reading, at) ?? readStatement(reading, at);
    if (next === undefined) {
      // What is not known, up to the next statement that is: it may hold or not.
      reading.conditions.push({ kind: "open", not: false });
      const from = at;
      at = nextStatement(words, from + 1);
      if (CHANGES.test(words.slice(from, at).join(" "))) reading.actions.push({ kind: "unread" });
    } else at = next;
  }
  return reading;
}

const STATEMENTS = ["accept", "drop", "reject", "return", "jump", "goto", "snat", "masquerade", "dnat", "redirect"];

function nextStatement(words: readonly string[], from: number): number {
  for (let at = from; at < words.length; at += 1) {
    if (STATEMENTS.includes(words[at] ?? "")) return at;
    if (words[at] === "mark" && words[at + 1] === "set") return words[at - 1] === "meta" ? at - 1 : at;
  }
  return words.length;
}

/** Where the words after `prefix` begin, when they stand at `at`. */
const after = (words: readonly string[], at: number, prefix: string): number | undefined => {
  const parts = prefix.split(" ");
  return parts.every((part, index) => words[at + index] === part) ? at + parts.length : undefined;
};

interface Match {
  readonly prefix: string;
  /** What it needs besides the value. */
  readonly also?: FilterCondition;
  readonly read: (values: readonly string[]) => Unnegated | undefined;
}

type Unnegated = FilterCondition extends infer C ? (C extends FilterCondition ? Omit<C, "not"> : never) : never;

const isOf = (family: Family): FilterCondition => ({ kind: "family", family, not: false });
const isProtocol = (...names: readonly string[]): FilterCondition => ({ kind: "protocol", names, not: false });
const bare = (text: string): string => text.replace(/^"(.*)"$/, "$1");

const prefixed =
  (kind: "source" | "destination") =>
  (values: readonly string[]): Unnegated | undefined => {
    const all = each(values, prefixesOf);
    return all === undefined ? undefined : { kind, prefixes: all.flat() };
  };
const ports = (values: readonly string[]): Unnegated | undefined => {
  const spans = each(values, (text) => spanOf(text));
  return spans === undefined ? undefined : { kind: "ports", spans };
};
const protocols = (names: readonly string[]): Unnegated => ({ kind: "protocol", names });
const devices = (values: readonly string[]): Unnegated => ({ kind: "out", devices: values.map(bare) });
const users = (values: readonly string[]): Unnegated | undefined => {
  const spans = each(values, (text) => (bare(text) === "root" ? { first: 0, last: 0 } : spanOf(text, 0xffffffff)));
  return spans === undefined ? undefined : { kind: "user", spans };
};
const only =
  (wanted: string, condition: Unnegated) =>
  (values: readonly string[]): Unnegated | undefined =>
    values.length === 1 && values[0] === wanted ? condition : undefined;

const MATCHES: readonly Match[] = [
  { prefix: "ip saddr", also: isOf(4), read: prefixed("source") },
  { prefix: "ip6 saddr", also: isOf(6), read: prefixed("source") },
  { prefix: "ip daddr", also: isOf(4), read: prefixed("destination") },
  { prefix: "ip6 daddr", also: isOf(6), read: prefixed("destination") },
  { prefix: "ip protocol", also: isOf(4), read: protocols },
  { prefix: "ip6 nexthdr", also: isOf(6), read: protocols },
  { prefix: "meta l4proto", read: protocols },
  { prefix: "meta nfproto", read: ([value]) => nfproto(value) },
  { prefix: "tcp dport", also: isProtocol("tcp"), read: ports },
  { prefix: "udp dport", also: isProtocol("udp"), read: ports },
  { prefix: "th dport", also: isProtocol("tcp", "udp"), read: ports },
  { prefix: "oifname", read: devices },
  { prefix: "oif", read: devices },
  { prefix: "iifname", read: () => ({ kind: "in" }) },
  { prefix: "iif", read: () => ({ kind: "in" }) },
  { prefix: "meta skuid", read: users },
  { prefix: "skuid", read: users },
  { prefix: "fib daddr type", read: only("local", { kind: "own-destination" }) },
  { prefix: "fib saddr type", read: only("local", { kind: "own-source" }) },
];

const nfproto = (value = ""): Unnegated | undefined =>
  value === "ipv4" ? { kind: "family", family: 4 } : value === "ipv6" ? { kind: "family", family: 6 } : undefined;

/** Reads one match; gives where the next begins, undefined where none that is known begins here. */
function readMatch(reading: Reading, at: number): number | undefined {
  const { words, conditions } = reading;
  const state = after(words, at, "ct state");
  if (state !== undefined) return readState(reading, state);
  const mark = after(words, at, "meta mark") ?? after(words, at, "mark");
  if (mark !== undefined) return readMark(reading, mark);
  for (const { prefix, also, read } of MATCHES) {
    const from = after(words, at, prefix);
    if (from === undefined) continue;
    const not = words[from] === "!=";
    const value = from + Number(not || words[from] === "==");
    const condition = read(valuesOf(words[value] ?? ""));
    if (condition === undefined) return undefined;
    if (also !== undefined) conditions.push(also);
    conditions.push({ ...condition, not } as FilterCondition);
    return value + 1;
  }
  return undefined;
}

/** `{ 80, 443 }`, or one. */
const valuesOf = (text: string): readonly string[] =>
  text.startsWith("{")
    ? text
        .slice(1, -1)
        .split(",")
        .map((value) => value.trim())
    : [text];

function readState({ words, conditions }: Reading, at: number): number | undefined {
  const not = words[at] === "!=";
  const value = at + Number(not);
  const states = valuesOf(words[value] ?? "").flatMap((text) => text.split(","));
  const known = statesOf(states);
  if (known === undefined) return undefined;
  conditions.push({ kind: "state", states: known, not });
  return value + 1;
}

/** `meta mark 0x10`, `meta mark & 0xff != 0x10`; setting one is a statement. */
function readMark({ words, conditions }: Reading, at: number): number | undefined {
  if (words[at] === "set") return undefined;
  const isMasked = words[at] === "&" || words[at] === "and";
  const sign = at + (isMasked ? 2 : 0);
  const isSigned = words[sign] === "!=" || words[sign] === "==";
  const value = markOf(words[sign + Number(isSigned)] ?? "");
  const mask = isMasked ? readNumber(words[at + 1]) : value?.mask;
  if (value === undefined || mask === undefined) return undefined;
  conditions.push({ kind: "mark", value: value.value, mask, not: words[sign] === "!=" });
  return sign + Number(isSigned) + 1;
}

/** Reads one statement; gives where the next begins, undefined where none that is known begins here. */
function readStatement({ words, actions }: Reading, at: number): number | undefined {
  const [word = "", next = ""] = words.slice(at);
  const end = words.length;
  switch (word) {
    case "counter":
      return next === "packets" ? at + 5 : next === "name" ? at + 3 : at + 1;
    case "comment":
      return at + 2;
    case "log":
      return nextStatement(words, at + 1);
    case "continue":
      return at + 1;
    case "accept":
    case "drop":
    case "reject":
      actions.push({ kind: "accept" });
      return end;
    case "return":
      actions.push({ kind: "return" });
      return end;
    case "jump":
    case "goto":
      actions.push({ kind: word, chain: next });
      return end;
    case "masquerade":
    case "redirect":
      actions.push({ kind: word });
      return end;
    case "snat":
      actions.push(translation(words.slice(at + 1)));
      return end;
    case "dnat":
      actions.push({ kind: "destination", to: words.slice(words.indexOf("to", at) + 1).join(" ") });
      return end;
    default:
      return markStatement(words, actions, at);
  }
}

/** `to 10.0.0.1`, `ip to 10.0.0.1-10.0.0.4:1024-65535 random`; a map or a prefix is not known. */
function translation(words: readonly string[]): FilterAction {
  const at = words.indexOf("to");
  const flags = words.slice(at + 2);
  const isPlain = at >= 0 && at <= 1 && flags.every((flag) => /^(?:random|fully-random|persistent|,)+$/.test(flag));
  return isPlain ? sourceAction(words[at + 1] ?? "") : { kind: "unread" };
}

function markStatement(words: readonly string[], actions: FilterAction[], at: number): number | undefined {
  const kept = after(words, at, "ct mark set");
  if (kept !== undefined) {
    const [value, end] = markWords(words, kept);
    const plain = readNumber(value);
    if (/^(?:meta )?mark$/.test(value)) actions.push({ kind: "save-mark" });
    else actions.push(plain === undefined ? { kind: "unread" } : setBits("kept-mark", plain, 0xffffffff));
    return end;
  }
  const set = after(words, at, "meta mark set") ?? after(words, at, "mark set");
  if (set === undefined) return undefined;
  const [value, end] = markWords(words, set);
  actions.push(markValue(value));
  return end;
}

/** What a mark is set to, and where the next statement begins. */
function markWords(words: readonly string[], from: number): readonly [string, number] {
  const isNext = (word: string, at: number): boolean =>
    AFTER_A_MARK.includes(word) || (at > from && /^(?:meta|ct)$/.test(word) && words[at + 2] === "set");
  const found = words.findIndex((word, at) => at >= from && isNext(word, at));
  const end = found < 0 ? words.length : found;
  return [words.slice(from, end).join(" "), end];
}

const AFTER_A_MARK = [...STATEMENTS, "counter", "comment", "log"];

/** `0x10`, `meta mark | 0x10`, `mark and 0xff or 0x10`, `ct mark`. */
function markValue(text: string): FilterAction {
  const plain = readNumber(text);
  if (plain !== undefined) return setBits("mark", plain, 0xffffffff);
  if (text === "ct mark") return { kind: "restore-mark" };
  const [, and, or, xor] =
    /^(?:meta )?mark(?: (?:&|and) (\w{1,12}))?(?: (?:\||or) (\w{1,12}))?(?: (?:\^|xor) (\w{1,12}))?$/.exec(text) ?? [];
  const [kept, set, flip] = [and, or, xor].map((number) => readNumber(number));
  if ((and ?? or ?? xor) === undefined || (or !== undefined && xor !== undefined)) return { kind: "unread" };
  if (set !== undefined) return { kind: "mark", keep: ((kept ?? 0xffffffff) & ~set) >>> 0, flip: set };
  return { kind: "mark", keep: kept ?? 0xffffffff, flip: flip ?? 0 };
}
