import type { Text } from "../problem.ts";

/** Where one JSON value ends, or why it does not. Positions count UTF-16 units from the start of the text. */
export type Scan =
  | { readonly kind: "complete"; readonly end: number }
  /** The text ends inside the value. */
  | { readonly kind: "cut" }
  | { readonly kind: "malformed"; readonly at: number; readonly expected: Text }
  | { readonly kind: "too-deep"; readonly at: number };

/** Exports nest less than 20 deep; what reads the values may recurse, so the limit stays far below any stack. */
export const MAX_DEPTH = 200;

type Expect = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end";

const EXPECTED: Readonly<Record<Expect, Text>> = {
  value: { en: "a value", zh: "一个值" },
  "value-or-end": { en: 'a value or "]"', zh: "一个值或“]”" },
  key: { en: 'a key in double quotes (and no comma before "}")', zh: "双引号括起的键（“}”前不能有逗号）" },
  "key-or-end": { en: 'a key in double quotes or "}"', zh: "双引号括起的键或“}”" },
  colon: { en: '":"', zh: "“:”" },
  "comma-or-end": { en: '"," or a closing bracket', zh: "“,”或右括号" },
};

const CLOSED_QUOTE: Text = { en: "a closing quote on the same line", zh: "同一行内的右引号" };

const WORD = /[\w.+-]*/y;
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

interface State {
  readonly text: string;
  /** Closing brackets still owed. */
  readonly owed: string[];
  at: number;
  expect: Expect;
}

/**
 * Walks one value without building it. Checks its structure (brackets, commas, keys, quotes, literals), not what
 * stands inside a string: that is left to `JSON.parse`.
 */
export function scanValue(text: string, from: number): Scan {
  const state: State = { text, owed: [], at: from, expect: "value" };
  for (;;) {
    state.at = skipSpace(text, state.at);
    if (state.at >= text.length) return { kind: "cut" };
    const ended = step(state);
    if (ended !== undefined) return ended;
  }
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
  }
  return at;
}

function step(state: State): Scan | undefined {
  const character = state.text.charAt(state.at);
  if (character === "}" || character === "]") return close(state, character);
  switch (state.expect) {
    case "value":
    case "value-or-end":
      return startValue(state, character);
    case "key":
    case "key-or-end":
      return character === '"' ? string(state, "colon") : malformed(state);
    case "colon":
      return character === ":" ? go(state, 1, "value") : malformed(state);
    case "comma-or-end":
      if (character !== ",") return malformed(state);
      return go(state, 1, state.owed.at(-1) === "}" ? "key" : "value");
    default:
      return state.expect satisfies never;
  }
}

function startValue(state: State, character: string): Scan | undefined {
  if (character === '"') return string(state, "comma-or-end");
  if (character === "{") return open(state, "}", "key-or-end");
  if (character === "[") return open(state, "]", "value-or-end");
  WORD.lastIndex = state.at;
  const word = WORD.exec(state.text)?.[0] ?? "";
  const end = state.at + word.length;
  // A number at the very end may be the first digits of a longer one.
  if (word !== "" && end === state.text.length) return { kind: "cut" };
  if (!LITERAL.test(word)) return malformed(state);
  return valueEnded(state, end);
}

function open(state: State, owes: string, expect: Expect): Scan | undefined {
  if (state.owed.length >= MAX_DEPTH) return { kind: "too-deep", at: state.at };
  state.owed.push(owes);
  return go(state, 1, expect);
}

function close(state: State, character: string): Scan | undefined {
  const allowed =
    state.expect === "comma-or-end" || state.expect === (character === "}" ? "key-or-end" : "value-or-end");
  if (!allowed || state.owed.at(-1) !== character) return malformed(state);
  state.owed.pop();
  return valueEnded(state, state.at + 1);
}

function string(state: State, next: Expect): Scan | undefined {
  const end = stringEnd(state.text, state.at);
  if (end === "cut") return { kind: "cut" };
  if (end === "open") return { kind: "malformed", at: state.at, expected: CLOSED_QUOTE };
  if (next === "colon") return go(state, end - state.at, next);
  return valueEnded(state, end);
}

/** Past the closing quote; a raw line end inside a string means that the quote is missing. */
function stringEnd(text: string, quote: number): number | "cut" | "open" {
  for (let at = quote + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code === 92) at += 1;
    else if (code === 10 || code === 13) return "open";
  }
  return "cut";
}

function valueEnded(state: State, end: number): Scan | undefined {
  state.at = end;
  state.expect = "comma-or-end";
  return state.owed.length === 0 ? { kind: "complete", end } : undefined;
}

function go(state: State, by: number, expect: Expect): undefined {
  state.at += by;
  state.expect = expect;
}

const malformed = (state: State): Scan => ({
  kind: "malformed",
  at: state.at,
  expected: EXPECTED[state.expect],
});
