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
import { each, markOf, prefixesOf, setBits, sourceAction, spanOf, statesOf } from "./values.ts";

/** A list of iptables-save, from `*nat` to `COMMIT`. */
export interface SavedTable {
  readonly name: string;
  readonly family: Family | null;
  /** Printed by iptables on top of nftables, whose own listing shows the same. */
  readonly onNft: boolean;
  readonly lines: readonly Line[];
}

const HOOKS: Readonly<Record<string, FilterHook>> = {
  "nat OUTPUT": { at: "output", type: "nat", priority: -100 },
  "nat POSTROUTING": { at: "postrouting", type: "nat", priority: 100 },
  "mangle OUTPUT": { at: "output", type: "route", priority: -150 },
  "mangle POSTROUTING": { at: "postrouting", type: "filter", priority: -150 },
};

/** @see https://manpages.debian.org/iptables/iptables.8.en.html */
export function iptablesTable({ name, family, lines }: SavedTable): FilterTable {
  const names = new Set(["OUTPUT", "POSTROUTING"]);
  for (const { text } of lines) {
    const declared = /^(?::|-N )(\S{1,64})/.exec(text)?.[1];
    if (declared !== undefined) names.add(declared);
  }
  const rules = new Map<string, FilterRule[]>([...names].map((chain) => [chain, []]));
  for (const line of lines) {
    const [, chain, words] = /^(?:\[\d{1,20}:\d{1,20}\] )?-A (\S{1,64}) ?(.*)$/.exec(line.text) ?? [];
    if (chain === undefined || words === undefined) continue;
    const read = { ...ruleOf(words, names), text: line.text.trim(), origin: line.origin };
    rules.set(chain, [...(rules.get(chain) ?? []), read]);
  }
  const chains = [...rules].map(([chain, list]): FilterChain => {
    return { name: chain, hook: HOOKS[`${name} ${chain}`] ?? null, rules: list };
  });
  return { printedBy: "iptables", family: family ?? familyShown(chains), name, chains };
}

/** A list that does not say is of the family of its addresses; without any it may be of both. */
function familyShown(chains: readonly FilterChain[]): Family | null {
  const prefixes = chains.flatMap(({ rules }) =>
    rules.flatMap(({ conditions }) => conditions.flatMap((one) => ("prefixes" in one ? one.prefixes : []))),
  );
  const [first] = prefixes;
  return first === undefined ? null : first.includes(":") ? 6 : 4;
}

interface Reading {
  readonly words: readonly string[];
  at: number;
  readonly conditions: FilterCondition[];
  /** A module that is not known, or an option: what follows it belongs to it. */
  isOpen: boolean;
}

function ruleOf(text: string, chains: ReadonlySet<string>): Pick<FilterRule, "conditions" | "actions"> {
  const words = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const reading: Reading = { words, at: 0, conditions: [], isOpen: false };
  while (reading.at < words.length) {
    const word = words[reading.at];
    if (word === "-j" || word === "-g") {
      const [target = "", ...options] = words.slice(reading.at + 1);
      return { conditions: reading.conditions, actions: actionsOf(word === "-g", target, options, chains) };
    }
    readCondition(reading);
  }
  return { conditions: reading.conditions, actions: [] };
}

/** Modules that need nothing but their options, which are read; a comment is none. */
const MODULES = ["tcp", "udp", "comment", "multiport", "mark", "addrtype", "owner", "conntrack", "state"];

function readCondition(reading: Reading): void {
  const { words } = reading;
  const not = words[reading.at] === "!";
  const option = words[reading.at + Number(not)] ?? "";
  const value = words[reading.at + Number(not) + 1] ?? "";
  const condition = conditionOf(option, value);
  if (option === "-m") {
    reading.at += Number(not) + 2;
    if (!MODULES.includes(value)) reading.conditions.push({ kind: "open", not });
    return;
  }
  if (condition === null) {
    reading.at += Number(not) + 2;
    return;
  }
  if (condition === undefined) {
    reading.conditions.push({ kind: "open", not });
    reading.at += Number(not) + 1;
    // Values of an option that is not known, up to the next one.
    while (reading.at < words.length && !/^(?:!|-)/.test(words[reading.at] ?? "")) reading.at += 1;
    return;
  }
  reading.conditions.push({ ...condition, not: condition.not !== not });
  reading.at += Number(not) + 2;
}

const OPEN = undefined;

/** null: it is no condition; undefined: it is not known. */
function conditionOf(option: string, value: string): FilterCondition | null | undefined {
  const not = false;
  switch (option) {
    case "-s":
    case "-d": {
      const prefixes = prefixesOf(value);
      return prefixes === undefined ? OPEN : { kind: option === "-s" ? "source" : "destination", prefixes, not };
    }
    case "-o":
      return { kind: "out", devices: [value.replace(/\+$/, "*")], not };
    case "-i":
      return { kind: "in", not };
    case "-p":
      return value === "all" ? null : { kind: "protocol", names: [value], not };
    case "--dport":
    case "--dports": {
      const spans = each(value.split(","), (text) => spanOf(text));
      return spans === undefined ? OPEN : { kind: "ports", spans, not };
    }
    case "--mark": {
      const mark = markOf(value);
      return mark === undefined ? OPEN : { kind: "mark", ...mark, not };
    }
    case "--uid-owner": {
      const span = spanOf(value, 0xffffffff);
      return span === undefined ? OPEN : { kind: "user", spans: [span], not };
    }
    case "--dst-type":
      return value === "LOCAL" ? { kind: "own-destination", not } : OPEN;
    case "--src-type":
      return value === "LOCAL" ? { kind: "own-source", not } : OPEN;
    case "--ctstate":
    case "--state": {
      const states = statesOf(value.split(","));
      return states === undefined ? OPEN : { kind: "state", states, not };
    }
    case "--comment":
      return null;
    default:
      return OPEN;
  }
}

/** Targets that neither change what is sent nor end the chain. */
const WITHOUT_EFFECT =
  /^(?:LOG|NFLOG|ULOG|TRACE|CT|NOTRACK|CLASSIFY|DSCP|TOS|TTL|HL|TCPMSS|TCPOPTSTRIP|CHECKSUM|SECMARK|CONNSECMARK|AUDIT|SET|IDLETIMER|LED|ECN)$/;

function actionsOf(
  isGoto: boolean,
  target: string,
  options: readonly string[],
  chains: ReadonlySet<string>,
): readonly FilterAction[] {
  /** The values of an option of the target. */
  const given = (name: string): readonly string[] =>
    options.flatMap((option, at) => (option === `--${name}` ? (options[at + 1] ?? []) : []));
  if (chains.has(target)) return [{ kind: isGoto ? "goto" : "jump", chain: target }];
  if (WITHOUT_EFFECT.test(target)) return [];
  switch (target) {
    case "ACCEPT":
    case "DROP":
    case "REJECT":
      return [{ kind: "accept" }];
    case "RETURN":
      return [{ kind: "return" }];
    case "MASQUERADE":
      return [{ kind: "masquerade" }];
    case "SNAT": {
      const [to, ...others] = given("to-source");
      return [to === undefined || others.length > 0 ? { kind: "unread" } : sourceAction(to)];
    }
    case "DNAT":
      return [{ kind: "destination", to: given("to-destination").join(", ") }];
    case "REDIRECT":
      return [{ kind: "redirect" }];
    case "MARK":
      return [markAction("mark", options)];
    case "CONNMARK":
      return connmark(options);
    default:
      return [{ kind: "unread" }];
  }
}

function markAction(kind: "mark" | "kept-mark", [option, value = "", ...more]: readonly string[]): FilterAction {
  const mark = option === "--set-xmark" && more.length === 0 ? markOf(value) : undefined;
  return mark === undefined ? { kind: "unread" } : setBits(kind, mark.value, mark.mask);
}

/** Keeping and restoring by other masks than the usual ones is not known. */
function connmark(options: readonly string[]): readonly FilterAction[] {
  const [action, ...masks] = options;
  const isUsual = masks.every((word, index) => index % 2 === 0 || Number(word) === 0xffffffff);
  if (action === "--save-mark" && isUsual) return [{ kind: "save-mark" }];
  if (action === "--restore-mark" && isUsual) return [{ kind: "restore-mark" }];
  return [markAction("kept-mark", options)];
}
