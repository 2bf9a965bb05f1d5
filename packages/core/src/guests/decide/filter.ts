import { inAny, lengthOf } from "../../address/cidr.ts";
import type { Family, Ip } from "../../address/ip.ts";
import type { Assumption, Step } from "../../model/outcome.ts";
import type { Span } from "../guest.ts";
import type { FilterAction, FilterChain, FilterCondition, FilterRule } from "../packet-filter.ts";
import type { BaseChain } from "./base-chains.ts";
import { askFor } from "./doubt.ts";
import { protocolNumber } from "./fit.ts";

/** What of a packet the conditions look at, as it passes. */
export interface FilteredPacket {
  readonly destination: Ip;
  /** null: not known. */
  readonly source: Ip | null;
  readonly device: string | null;
  readonly protocol: string;
  readonly port: number | null;
  readonly uid: number;
  /** Translations are chosen by the first packet of a connection; marks are set on each. */
  readonly state: "new" | "established";
  readonly family: Family;
  isOwn(ip: Ip): boolean;
  readonly knowsOwn: boolean;
  /** How many rules may still be asked: chains that call each other again and again are not walked to their end. */
  readonly budget: { left: number };
}

/** One way through the chains of a hook, with what it rests on. */
export interface Passage {
  readonly mark: number;
  /** The mark with which the kernel routes again, as the last chain of that type left it; null: none has changed it. */
  readonly routedBy: number | null;
  /** The mark that is kept with the connection. */
  readonly kept: number;
  /** The first rule that translates; null: none does. */
  readonly translation: Translation | null;
  readonly assumptions: readonly Assumption[];
}

export interface Translation {
  readonly action: Extract<FilterAction, { kind: "source" | "masquerade" | "destination" | "redirect" | "unread" }>;
  readonly rule: FilterRule;
}

/** More ways are not told apart. */
const MOST_WAYS = 64;
const DEEPEST = 16;

interface Way extends Passage {
  /** Whether this chain goes on, was left for the one that called it, or is done with. */
  readonly at: "here" | "returned" | "done";
}

/**
 * Every way a packet may pass: more than one where a condition cannot be evaluated. null: too many to be told.
 *
 * @param first of several chains of one priority the one that is asked first; null: as printed.
 */
export function passagesOf(
  chains: readonly BaseChain[],
  packet: FilteredPacket,
  start: Pick<Passage, "mark" | "kept" | "assumptions">,
  first: FilterChain | null,
): readonly Passage[] | null {
  let ways: readonly Passage[] = [
    { mark: start.mark, kept: start.kept, assumptions: start.assumptions, routedBy: null, translation: null },
  ];
  for (const base of inOrder(chains, first)) {
    const passed = ways.map((way) => through(base, packet, way));
    if (passed.some((one) => one === null)) return null;
    ways = passed.flatMap((one) => one ?? []);
    if (ways.length > MOST_WAYS) return null;
  }
  return ways;
}

const inOrder = (chains: readonly BaseChain[], first: FilterChain | null): readonly BaseChain[] =>
  [...chains].sort(
    (a, b) => a.hook.priority - b.hook.priority || Number(b.chain === first) - Number(a.chain === first),
  );

/** null: too many ways. */
function through(base: BaseChain, packet: FilteredPacket, before: Passage): readonly Passage[] | null {
  // The first chain that translates a connection is the last that is asked.
  if (base.hook.type === "nat" && before.translation !== null) return [before];
  const ways = walk(base, base.chain, packet, [{ ...before, at: "here" }], 0);
  return (
    ways?.map(({ at: _at, ...way }) => ({
      ...way,
      routedBy: base.hook.type === "route" && way.mark !== before.mark ? way.mark : before.routedBy,
    })) ?? null
  );
}

function walk(
  base: BaseChain,
  chain: FilterChain,
  packet: FilteredPacket,
  before: readonly Way[],
  depth: number,
): readonly Way[] | null {
  let ways = before;
  for (const rule of chain.rules) {
    const next: Way[] = [];
    for (const way of ways) {
      const passed = way.at === "here" ? ask(base, rule, packet, way, depth) : [way];
      if (passed === null) return null;
      next.push(...passed);
    }
    if (next.length > MOST_WAYS) return null;
    ways = next;
  }
  return ways;
}

function ask(
  base: BaseChain,
  rule: FilterRule,
  packet: FilteredPacket,
  way: Way,
  depth: number,
): readonly Way[] | null {
  packet.budget.left -= 1;
  if (packet.budget.left < 0) return null;
  // What only counts or logs is the same whether it holds or not.
  if (rule.actions.length === 0) return [way];
  const matches = holds(rule, packet, way.mark);
  if (matches === false) return [way];
  if (matches === true) return act(base, rule, packet, way, depth);
  const known = way.assumptions.find(({ id }) => id === idOf(rule, true) || id === idOf(rule, false));
  const applied = known?.id === idOf(rule, false) ? [] : act(base, rule, packet, assuming(way, rule, true), depth);
  if (applied === null) return null;
  return known?.id === idOf(rule, true) ? applied : [assuming(way, rule, false), ...applied];
}

function act(
  base: BaseChain,
  rule: FilterRule,
  packet: FilteredPacket,
  way: Way,
  depth: number,
): readonly Way[] | null {
  let ways: readonly Way[] = [way];
  for (const action of rule.actions) {
    const next = ways.map((one) => (one.at === "here" ? actOn(base, rule, action, packet, one, depth) : [one]));
    if (next.some((one) => one === null)) return null;
    ways = next.flatMap((one) => one ?? []);
  }
  return ways;
}

function actOn(
  base: BaseChain,
  rule: FilterRule,
  action: FilterAction,
  packet: FilteredPacket,
  way: Way,
  depth: number,
): readonly Way[] | null {
  switch (action.kind) {
    case "accept":
      return [{ ...way, at: "done" }];
    case "return":
      return [{ ...way, at: "returned" }];
    case "mark":
      return [{ ...way, mark: ((way.mark & action.keep) ^ action.flip) >>> 0 }];
    case "kept-mark":
      return [{ ...way, kept: ((way.kept & action.keep) ^ action.flip) >>> 0 }];
    case "save-mark":
      return [{ ...way, kept: way.mark }];
    case "restore-mark":
      return [{ ...way, mark: way.kept }];
    case "jump":
    case "goto": {
      const called = base.table.chains.find(({ name }) => name === action.chain);
      if (called === undefined || depth >= DEEPEST)
        return [{ ...way, at: "done", translation: { action: { kind: "unread" }, rule } }];
      const back = action.kind === "jump" ? "here" : "returned";
      const ways = walk(base, called, packet, [way], depth + 1);
      return ways?.map((one) => (one.at === "done" ? one : { ...one, at: back })) ?? null;
    }
    default:
      return [{ ...way, at: "done", translation: { action, rule } }];
  }
}

/** undefined: it holds or not. */
function holds({ conditions }: FilterRule, packet: FilteredPacket, mark: number): boolean | undefined {
  let isOpen = false;
  for (const condition of conditions) {
    const met = isMet(condition, packet, mark);
    if (met === condition.not) return false;
    isOpen ||= met === undefined;
  }
  return isOpen ? undefined : true;
}

function isMet(condition: FilterCondition, packet: FilteredPacket, mark: number): boolean | undefined {
  switch (condition.kind) {
    case "source":
      // Every source there is in a prefix of length 0.
      if (packet.source === null) return condition.prefixes.some((one) => lengthOf(one) === 0) ? true : undefined;
      return inAny(condition.prefixes, packet.source);
    case "destination":
      return inAny(condition.prefixes, packet.destination);
    case "out":
      return packet.device === null ? undefined : condition.devices.some((name) => isNamed(name, packet.device ?? ""));
    case "in":
      return false;
    case "state":
      return condition.states.includes(packet.state);
    case "family":
      return condition.family === packet.family;
    case "protocol":
      return condition.names.some((name) => protocolNumber(name) === protocolNumber(packet.protocol));
    case "ports":
      return packet.port !== null && condition.spans.some((span) => isIn(span, packet.port ?? 0));
    case "mark":
      return (mark & condition.mask) >>> 0 === condition.value;
    case "user":
      return condition.spans.some((span) => isIn(span, packet.uid));
    case "own-source":
      return true;
    case "own-destination":
      return packet.knowsOwn ? packet.isOwn(packet.destination) : undefined;
    case "open":
      return undefined;
    default:
      return condition satisfies never;
  }
}

const isNamed = (wanted: string, device: string): boolean =>
  wanted.endsWith("*") ? device.startsWith(wanted.slice(0, -1)) : wanted === device;

const isIn = ({ first, last }: Span, value: number): boolean => first <= value && value <= last;

const idOf = (rule: FilterRule, applies: boolean): string =>
  `linux/filter-rule-${applies ? "applies" : "skipped"}:${rule.origin.file}:${rule.origin.line}`;

const LONGEST_QUOTE = 160;
export const quoteOf = ({ text }: FilterRule): string => JSON.stringify(text.slice(0, LONGEST_QUOTE));

const assuming = (way: Way, rule: FilterRule, applies: boolean): Way => {
  const id = idOf(rule, applies);
  if (way.assumptions.some((one) => one.id === id)) return way;
  const assumption: Assumption = {
    id,
    basis: "open",
    text: applies
      ? { en: `the filter rule ${quoteOf(rule)} applies`, zh: `过滤规则 ${quoteOf(rule)} 适用` }
      : { en: `the filter rule ${quoteOf(rule)} does not apply`, zh: `过滤规则 ${quoteOf(rule)} 不适用` },
    ask: SEEN,
  };
  return { ...way, assumptions: [...way.assumptions, assumption] };
};

/** What a rule does to a flow is seen in the connection table. */
export const SEEN = askFor("conntrack -L", {
  en: "what the host's packet filter makes of the flow (run it while the program is connected)",
  zh: "主机的包过滤对该流量做了什么（请在程序连接期间运行）",
});

export const filterStep = (rule: Step["rule"], text: Step["text"], from: FilterRule): Step => ({
  rule,
  resource: null,
  text,
  origin: from.origin,
});
