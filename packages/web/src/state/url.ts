import type { Language, VantageHint } from "@seenas/core";
import type { Question } from "../protocol.ts";

export const VIEWS = ["answer", "evidence", "estate", "files"] as const;
export type View = (typeof VIEWS)[number];

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What a link opens again: the question and how it is looked at, never anything that was given. */
export interface Place {
  readonly question: Question;
  readonly view: View;
  readonly language: Language | null;
  readonly theme: Theme;
}

export const NO_QUESTION: Question = { from: "", to: "", at: "", vantage: "" };

const oneOf = <T extends string>(all: readonly T[], word: string | null): T | undefined =>
  all.find((one) => one === word);

const VANTAGES = ["client", "translator", "destination"] as const satisfies readonly VantageHint[];
const LONGEST = 500;

/** @param hash as in `location.hash` */
export function readPlace(hash: string): Place {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const word = (name: string): string => (words.get(name) ?? "").slice(0, LONGEST);
  return {
    question: {
      from: word("from"),
      to: word("to"),
      at: word("at"),
      vantage: oneOf(VANTAGES, words.get("vantage")) ?? "",
    },
    view: oneOf(VIEWS, words.get("view")) ?? "answer",
    language: oneOf(["en", "zh"] as const, words.get("lang")) ?? null,
    theme: oneOf(THEMES, words.get("theme")) ?? "auto",
  };
}

export function writePlace({ question, view, language, theme }: Place): string {
  const words = new URLSearchParams();
  const put = (name: string, value: string, usual = ""): void => {
    if (value !== usual) words.set(name, value);
  };
  put("from", question.from.trim());
  put("to", question.to.trim());
  put("at", question.at.trim());
  put("vantage", question.vantage);
  put("view", view, "answer");
  put("lang", language ?? "");
  put("theme", theme, "auto");
  const text = words.toString();
  return text === "" ? "" : `#${text}`;
}

/** What the browser asks for first, of the two that there are. */
export const usualLanguage = (languages: readonly string[]): Language =>
  languages.map((one) => (/^zh/i.test(one) ? "zh" : /^en/i.test(one) ? "en" : null)).find((one) => one !== null) ??
  "en";
