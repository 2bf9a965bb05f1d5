import type { AllowEntry, Allowlist } from "../../allow/allowlist.ts";
import type { Text } from "../../problem.ts";
import type { Language } from "../json.ts";
import { type AllowWriter, comment, headOf, marksOf, speak } from "./writing.ts";

/**
 * The page that is handed to the partner, in both languages. Names of hosts, resources and rules are internal, and stand
 * there only when asked for.
 */
export const markdown: AllowWriter = function* (list, { isInternal }) {
  yield* page(list, "en", isInternal);
  yield "";
  yield* page(list, "zh", isInternal);
};

function* page(list: Allowlist, language: Language, isInternal: boolean): Generator<string> {
  const say = speak(language);
  yield `# ${say({ en: "Source addresses to allow", zh: "需要放行的源地址" })}`;
  yield "";
  const [first = "", ...facts] = headOf(list, say, isInternal);
  yield `${safe(first)}${say({ en: ".", zh: "。" })}`;
  yield "";
  for (const fact of facts) yield `- ${safe(fact)}`;
  for (const text of notesOf(list)) yield `- ${safe(say(text))}`;
  yield "";
  const columns = [
    say(COLUMNS.range),
    say(COLUMNS.about),
    ...(isInternal ? [say(COLUMNS.resource), say(COLUMNS.sender), say(COLUMNS.rule)] : []),
  ];
  yield `| ${columns.join(" | ")} |`;
  yield `|${" --- |".repeat(columns.length)}`;
  for (const entry of list.entries) yield `| ${cellsOf(entry, language, isInternal).join(" | ")} |`;
}

const COLUMNS = {
  range: { en: "Range", zh: "地址范围" },
  about: { en: "What it is", zh: "说明" },
  resource: { en: "Resource", zh: "资源" },
  sender: { en: "Senders", zh: "发送方" },
  rule: { en: "Rules", zh: "规则" },
} as const satisfies Record<string, Text>;

const cellsOf = (entry: AllowEntry, language: Language, isInternal: boolean): readonly string[] => [
  `\`${entry.cidr}\``,
  safe(marksOf(entry, speak(language)).join(language === "zh" ? "，" : ", ")),
  ...(isInternal ? [entry.resources, entry.senders, entry.rules].map((names) => safe(names.join(", "))) : []),
];

function notesOf({ entries, services, doubts }: Allowlist): readonly Text[] {
  const notes: Text[] = [
    doubts.every(({ kind }) => kind === "unstable")
      ? {
          en: "Please allow every range: any of them may be used, and no other is.",
          zh: "请放行所有范围：每个都可能被使用，此外不使用其他地址。",
        }
      : {
          en: "Please allow every range: any of them may be used, and others may be, too.",
          zh: "请放行所有范围：每个都可能被使用，也可能使用其他地址。",
        },
  ];
  if (services !== null) {
    const list = services.map(({ protocol, port }) => (port === null ? protocol : `${protocol} ${port}`)).join(", ");
    notes.push({ en: `Ports on your side: ${list}`, zh: `贵方端口：${list}` });
  }
  if (entries.some(({ use }) => use === "draining"))
    notes.push({
      en: "Ranges marked as draining can be removed when their last connections have ended; we will tell you.",
      zh: "标为“正在排空”的范围在最后的连接结束后即可移除，届时我们会通知。",
    });
  if (entries.some(({ use }) => use === "after-scaling"))
    notes.push({
      en: "Ranges marked as after scaling are not used now, but may be without further notice.",
      zh: "标为“缩放之后”的范围目前未使用，但今后可能不另行通知即启用。",
    });
  if (entries.some(({ isPrivate }) => isPrivate))
    notes.push({
      en: "Private ranges arrive over the private link between us, not over the internet.",
      zh: "私有范围经双方之间的私有链路到达，而非互联网。",
    });
  return notes;
}

/** Text in Markdown, also inside a table. https://spec.commonmark.org/0.31.2/#backslash-escapes */
const safe = (words: string): string =>
  comment(words)
    .replace(/[`*_[\]<>#|~!]/g, "\\$&")
    .replaceAll("&", "&amp;");
