import * as v from "valibot";
import { instantOf, rfc3339 } from "../evidence/time.ts";
import type { Problem, Read } from "../problem.ts";

/** The head of a manifest: what `seenas collect` writes beside the answers, and no export of a cloud. */
export const isManifest = (text: string): boolean => text.slice(0, 200).includes('"seenas/collected@');

const entry = v.object({
  command: v.string(),
  result: v.string(),
  reason: v.nullish(v.string()),
  unknown: v.nullish(v.string()),
  rights: v.nullish(v.array(v.string())),
});

const manifest = v.object({ entries: v.array(entry), startedAt: v.nullish(v.string()) });

export interface Collected {
  /** When the first answer was asked for, RFC 3339; null: it does not say. */
  readonly startedAt: string | null;
}

/** When it was collected, and what could not be, each with what is not known without it. Never throws. */
export function readManifest(text: string, file: string): Read<Collected> {
  const parsed = v.safeParse(manifest, json(text));
  if (!parsed.success) return { value: { startedAt: null }, problems: [unreadable(file)] };
  const { entries, startedAt } = parsed.output;
  return {
    value: { startedAt: rfc3339(startedAt ?? "") },
    problems: entries.filter(({ result }) => result !== "written").map((one) => notCollected(one, file)),
  };
}

/** The earliest of them: what was seen before was before all of it. Undefined: none tells. */
export const earliestOf = (times: readonly (string | null)[]): string | undefined =>
  times.filter((time) => time !== null).sort((a, b) => (instantOf(a) ?? 0) - (instantOf(b) ?? 0))[0];

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function notCollected({ command, reason, unknown, rights }: v.InferOutput<typeof entry>, file: string): Problem {
  const why = reason ?? "";
  const needed = rights ?? [];
  return {
    level: "warning",
    code: "collect/not-collected",
    file,
    line: null,
    text: {
      en: `it did not come: ${command}${why === "" ? "" : ` (${why})`}. Not known without it: ${unknown ?? "what it lists"}`,
      zh: `未取得：${command}${why === "" ? "" : `（${why}）`}。缺少它便不知道：${unknown ?? "它所列出的内容"}`,
    },
    fix:
      needed.length === 0
        ? { en: "collect again with the rights in docs/collect.md", zh: "请按 docs/collect.md 中的权限重新收集" }
        : { en: `collect again with: ${needed.join(", ")}`, zh: `请具备以下权限后重新收集：${needed.join("、")}` },
  };
}

const unreadable = (file: string): Problem => ({
  level: "warning",
  code: "collect/manifest-unreadable",
  file,
  line: null,
  text: {
    en: "expected a whole manifest of seenas collect, found a part of one: whether everything was collected is not known",
    zh: "应为完整的 seenas collect 清单，实为其中一部分：无法得知是否已全部收集",
  },
  fix: { en: "copy the folder again, or collect again", zh: "请重新复制该文件夹，或重新收集" },
});
