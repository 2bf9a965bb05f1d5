import type { Language } from "@seenas/core";
import type { CaseResult, ScenarioResult } from "./run.ts";

const WORDS = {
  en: {
    predicted: "predicted",
    observed: "observed",
    agrees: "agrees",
    differs: "DIFFERS",
    skipped: "skipped",
    failed: "FAILED",
    unless: "unless",
    nothing: "nothing arrives",
    anything: "an address that nobody can know",
    either: "or",
  },
  zh: {
    predicted: "预测",
    observed: "实测",
    agrees: "一致",
    differs: "不一致",
    skipped: "跳过",
    failed: "失败",
    unless: "除非",
    nothing: "没有数据到达",
    anything: "无法预知的地址",
    either: "或",
  },
} as const;

/** Predicted and observed side by side, an outcome a line. */
export function resultText({ id, title, state, cases }: ScenarioResult, language: Language): string {
  const words = WORDS[language];
  const lines = cases.map((one) => caseText(one, language));
  return [`${words[state]}  ${id}  ${title[language]}`, ...lines].join("\n");
}

function caseText({ predicted, observed, state, why, assuming, sender }: CaseResult, language: Language): string {
  const words = WORDS[language];
  const sets = predicted.map(({ kind, addresses }) =>
    addresses.length > 0 ? `${kind} ${shown(addresses)}` : kind === "unpredictable" ? words.anything : words.nothing,
  );
  const assumed = assuming.length === 0 ? "" : `  (${words.unless} ${assuming.join(", ")})`;
  if (state === "skipped" || state === "failed") return `  ${sender}  ${words[state]}: ${why}${assumed}`;
  const seen = observed.map((one) => one.replace(/^nothing/, words.nothing)).join(", ");
  return `  ${sender}  ${words.predicted} ${[...new Set(sets)].join(` ${words.either} `)}  |  ${words.observed} ${seen}${assumed}`;
}

/** Long pools: the first, and how many. */
const shown = (addresses: readonly string[]): string =>
  addresses.length > 6 ? `${addresses.slice(0, 6).join(", ")} … (${addresses.length})` : addresses.join(", ");

export function summaryText(results: readonly ScenarioResult[], seconds: number, language: Language): string {
  const count = (state: ScenarioResult["state"]): number => results.filter((result) => result.state === state).length;
  const rate = Math.round((results.length / seconds) * 60);
  return language === "zh"
    ? `${count("agrees")} 个场景一致，${count("differs")} 个不一致，${count("failed")} 个失败，${count("skipped")} 个跳过；每分钟 ${rate} 个`
    : `${count("agrees")} scenarios agree, ${count("differs")} differ, ${count("failed")} failed, ${count("skipped")} skipped; ${rate} a minute`;
}
