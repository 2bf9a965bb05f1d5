import { type Cidr, familyOfCidr, parseCidr } from "../../address/cidr.ts";
import type { Family } from "../../address/ip.ts";
import { EVERY_PACKET, type GuestRule, type RuleAction, type Span } from "../guest.ts";
import { readTos } from "./ip-route.ts";
import { type Line, readNumber, tableName } from "./part.ts";

/** A rule before its family is known: `from all` fits both. */
export type DraftRule = Omit<GuestRule, "family"> & { readonly family: Family | null };

interface Draft {
  from: Cidr | null;
  to: Cidr | null;
  tos: number | null;
  mark: GuestRule["mark"];
  inDevice: string | null;
  outDevice: string | null;
  uids: Span | null;
  protocol: string | null;
  sourcePorts: Span | null;
  ports: Span | null;
  action: RuleAction | null;
  suppressLength: number | null;
  suppressGroup: string | null;
  unread: string[];
}

const emptyDraft = (): Draft => ({ ...EVERY_PACKET, action: null, unread: [] });

type Change = Partial<Draft> | undefined;

/** What each word sets; undefined when its value cannot be read. */
const WORDS: Readonly<Record<string, (value: string) => Change>> = {
  from: (value) => prefixed("from", value),
  to: (value) => prefixed("to", value),
  tos: (value) => present(readTos(value), (tos) => ({ tos })),
  dsfield: (value) => present(readTos(value), (tos) => ({ tos })),
  fwmark: (value) => present(readMark(value), (mark) => ({ mark })),
  iif: (inDevice) => ({ inDevice }),
  oif: (outDevice) => ({ outDevice }),
  uidrange: (value) => present(readSpan(value), (uids) => ({ uids })),
  ipproto: (protocol) => ({ protocol }),
  sport: (value) => present(readSpan(value), (sourcePorts) => ({ sourcePorts })),
  dport: (value) => present(readSpan(value), (ports) => ({ ports })),
  lookup: (value) => ({ action: lookup(value) }),
  table: (value) => ({ action: lookup(value) }),
  goto: (value) => present(readNumber(value), (target) => ({ action: { kind: "goto", target } })),
  suppress_prefixlength: (value) => present(readNumber(value), (suppressLength) => ({ suppressLength })),
  suppress_ifgroup: (suppressGroup) => ({ suppressGroup }),
  // Who made the rule, and route realms: neither selects packets.
  proto: () => ({}),
  protocol: () => ({}),
  realms: () => ({}),
};

const LONE_WORDS: Readonly<Record<string, RuleAction>> = {
  nop: { kind: "nop" },
  blackhole: { kind: "blackhole" },
  unreachable: { kind: "unreachable" },
  prohibit: { kind: "prohibit" },
};

const present = <T>(value: T | null | undefined, change: (value: T) => Partial<Draft>): Change =>
  value === null || value === undefined ? undefined : change(value);

const lookup = (table: string): RuleAction =>
  table === "[l3mdev-table]" ? { kind: "vrf" } : { kind: "lookup", table: tableName(table) };

function prefixed(key: "from" | "to", value: string): Change {
  if (value === "all") return {};
  return present(parseCidr(value, true), (prefix) => ({ [key]: prefix }));
}

export function readMark(text: string): GuestRule["mark"] {
  const [valueText, maskText] = text.split("/");
  const value = readNumber(valueText);
  // Without a mask all 32 bits are compared: https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in
  const mask = maskText === undefined ? 0xffffffff : readNumber(maskText);
  return value === undefined || mask === undefined ? null : { value, mask };
}

export function readSpan(text: string): Span | null {
  const [firstText, lastText] = text.split("-");
  const first = readNumber(firstText);
  const last = lastText === undefined ? first : readNumber(lastText);
  return first === undefined || last === undefined ? null : { first, last };
}

export const looksLikeRule = (text: string): boolean => /^\d+:\s+(not\s+)?from\s/.test(text);

/**
 * One line of `ip rule`.
 *
 * @see https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in
 */
export function ruleOf(line: Line): DraftRule | undefined {
  const match = /^(\d{1,10}):\s+(not\s+)?(.*)$/.exec(line.text.trim());
  if (match === null) return undefined;
  const draft = emptyDraft();
  if (!readWords((match[3] ?? "").split(/\s+/), draft) || draft.action === null) return undefined;
  return finishRule(draft, Number(match[1]), match[2] !== undefined, line);
}

export function finishRule(draft: Draft, priority: number, not: boolean, line: Line): DraftRule | undefined {
  const { action } = draft;
  if (action === null) return undefined;
  const prefix = draft.from ?? draft.to;
  return {
    ...draft,
    action,
    priority,
    not,
    family: prefix === null ? null : familyOfCidr(prefix),
    text: line.text.trim().replace(/\s+/g, " ").slice(0, 200),
    origin: line.origin,
  };
}

function readWords(words: readonly string[], draft: Draft): boolean {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const alone = LONE_WORDS[word];
    if (alone !== undefined) draft.action = alone;
    // A jump whose target is gone: it does nothing, the search goes on.
    else if (word === "[unresolved]" || word === "unresolved") draft.action = { kind: "nop" };
    else if (word === "[detached]" || word === "") continue;
    else {
      const value = words[index + 1];
      if (value === undefined) return false;
      const change =
        WORDS[word]?.(value) ?? (word in WORDS ? undefined : { unread: [...draft.unread, `${word} ${value}`] });
      if (change === undefined) return false;
      Object.assign(draft, change);
      index += 1;
    }
  }
  return true;
}

export { type Draft, emptyDraft, lookup };
