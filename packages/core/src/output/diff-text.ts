import { listOf, unionOf } from "../address/address-set.ts";
import type { DiffPiece, Side } from "../map/diff.ts";
import type { TrafficShown } from "../map/traffic.ts";
import type { Text } from "../problem.ts";
import { answerJson, type Language } from "./json.ts";
import { field, openJson } from "./map-json.ts";
import { CERTAINTY_WORD, fewOf, STABILITY_WORD, seenWords } from "./map-words.ts";
import { clean, Page, type TextOptions } from "./text.ts";
import { trafficOfRow } from "./traffic-words.ts";

/** One line of `diff --json` (contract): as `map --json`, with the answers before and after. */
export const diffJson = (piece: DiffPiece, language: Language): object => ({
  interface: piece.interface,
  name: piece.name,
  ...(piece.source === null ? {} : { source: piece.source }),
  ...(piece.partner === null ? {} : { partner: piece.partner }),
  destinations: piece.destinations,
  ...(piece.ports === null ? {} : { ports: piece.ports }),
  ...(piece.protocol === null ? {} : { protocol: piece.protocol }),
  change: piece.change,
  before: piece.before === null ? null : answerJson(piece.before.answer),
  after: piece.after === null ? null : answerJson(piece.after.answer),
  certainty: piece.after?.certainty ?? null,
  certaintyBefore: piece.before?.certainty ?? null,
  rule: (piece.after ?? piece.before)?.rule ?? null,
  ...openJson("openBefore", piece.before?.open ?? [], language),
  ...openJson("open", piece.after?.open ?? [], language),
});

export const DIFF_CSV_HEADER =
  "interface,name,source,partner,destinations,protocol,ports,change,before,after,certaintyBefore,certainty,rule";

export const diffCsv = (piece: DiffPiece): string =>
  [
    piece.interface,
    piece.name,
    piece.source,
    piece.partner,
    piece.destinations.join(" "),
    piece.protocol,
    piece.ports,
    piece.change,
    piece.before === null ? null : listOf(piece.before.answer.addresses).join(" "),
    piece.after === null ? null : listOf(piece.after.answer.addresses).join(" "),
    piece.before?.certainty,
    piece.after?.certainty,
    (piece.after ?? piece.before)?.rule,
  ]
    .map(field)
    .join();

const CHANGE: Readonly<Record<DiffPiece["change"], Text>> = {
  new: { en: "new", zh: "新增" },
  gone: { en: "gone", zh: "消失" },
  identity: { en: "address", zh: "地址" },
  stability: { en: "stability", zh: "稳定性" },
  certainty: { en: "certainty", zh: "确定程度" },
};

const sideWords = (side: Side | null, language: Language): string =>
  side === null
    ? "-"
    : side.answer.kind === "blocked"
      ? seenWords(side.answer)[language]
      : `${seenWords(side.answer)[language]} (${STABILITY_WORD[side.answer.stability][language]}, ${CERTAINTY_WORD[side.certainty][language]})`;

const BECAUSE: Text = { en: "not certain: ", zh: "不确定：" };

/** What the new answer rests on that may be otherwise; the old one's where nothing is left. */
const whyWords = ({ before, after }: DiffPiece, language: Language): readonly string[] =>
  ((after ?? before)?.open ?? []).slice(0, 2).map(({ text }) => BECAUSE[language] + text[language]);

/** Pieces that change alike: of several interfaces, and of several kinds of traffic. */
interface Row {
  readonly piece: DiffPiece;
  readonly names: ReadonlySet<string>;
  readonly traffic: readonly TrafficShown[];
}

interface OpenRow extends Row {
  readonly names: Set<string>;
  readonly traffic: TrafficShown[];
}

function rowsOf(pieces: readonly DiffPiece[], language: Language): readonly Row[] {
  const rows = new Map<string, OpenRow>();
  for (const piece of pieces) {
    const { partner, source, change, destinations, before, after } = piece;
    const words = [sideWords(before, language), sideWords(after, language)];
    const key = [partner, source, change, ...words, ...destinations].join("|");
    const row = rows.get(key) ?? { piece, names: new Set<string>(), traffic: [] };
    rows.set(key, row);
    row.names.add(piece.name);
    const { protocol, ports } = piece;
    if (!row.traffic.some((one) => one.protocol === protocol && one.ports === ports))
      row.traffic.push({ protocol, ports });
  }
  return [...rows.values()];
}

/** Whom a change concerns, and what a partner must allow while it is carried out. */
export interface ToTell {
  readonly partner: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Old and new together: safe at any moment of the change. */
  readonly overlap: readonly string[];
  /** Some answer of either side is not fully known. */
  readonly incomplete: boolean;
}

export function toTell(pieces: readonly DiffPiece[]): readonly ToTell[] {
  const byPartner = new Map<string, DiffPiece[]>();
  for (const piece of pieces)
    if (piece.partner !== null) byPartner.set(piece.partner, [...(byPartner.get(piece.partner) ?? []), piece]);
  return [...byPartner].map(([partner, own]) => {
    const sets = (side: "before" | "after") => own.flatMap((piece) => piece[side]?.answer.addresses ?? []);
    const [before, after] = [unionOf([sets("before")]), unionOf([sets("after")])];
    return {
      partner,
      before: listOf(before),
      after: listOf(after),
      overlap: listOf(unionOf([before, after])),
      incomplete: own.some((piece) =>
        [piece.before, piece.after].some(
          (side) => side !== null && side.answer.kind !== "blocked" && !side.answer.complete,
        ),
      ),
    };
  });
}

const NO_CHANGE: Text = {
  en: "No destination sees another source address.",
  zh: "没有任何目的端看到的源地址发生变化。",
};

const OVERLAP: Text = { en: "allow until the change is done", zh: "变更完成前请同时放行" };
const NOT_ALL: Text = { en: "and others that are not known", zh: "以及其他尚不清楚的地址" };

export function diffText(pieces: readonly DiffPiece[], options: TextOptions): string {
  const page = new Page(options);
  const { language } = options;
  if (pieces.length === 0) page.line(page.paint.bold(page.say(NO_CHANGE)));
  for (const row of rowsOf(pieces, language)) {
    const { piece, names } = row;
    const { partner, destinations, change, source } = piece;
    const to = `${partner === null ? "" : `${partner}: `}${fewOf(destinations, page.verbose ? destinations.length : 6)}`;
    const from = `${fewOf([...names], page.verbose ? names.size : 6)}${source === null ? "" : ` ${source}`}`;
    const traffic = trafficOfRow(row.traffic, (text) => page.say(text));
    page.line(page.paint.bold(clean(`${from} → ${to}${traffic === "" ? "" : ` (${traffic})`}`)));
    page.wrapped(
      `${page.say(CHANGE[change])}: ${sideWords(piece.before, language)} → ${sideWords(piece.after, language)}`,
      2,
    );
    for (const why of whyWords(piece, language)) page.wrapped(why, 4, page.paint.dim);
  }
  const told = toTell(pieces);
  if (told.length > 0) page.heading({ en: "Partners to tell", zh: "需要通知的合作方" });
  for (const { partner, overlap, incomplete } of told)
    page.item(`${partner}: ${page.say(OVERLAP)}: ${overlap.join(", ")}${incomplete ? ` ${page.say(NOT_ALL)}` : ""}`);
  return page.text();
}

/** For a comment on a change request. Names are data: nothing of them is taken as Markdown. */
export function diffMarkdown(pieces: readonly DiffPiece[], language: Language): string {
  const say = (text: Text): string => text[language];
  const lines = [`### ${say({ en: "Source addresses that destinations see", zh: "目的端看到的源地址" })}`, ""];
  if (pieces.length === 0) return `${[...lines, say(NO_CHANGE)].join("\n")}\n`;
  const head: Text = {
    en: "| from | towards | traffic | change | before | after |",
    zh: "| 发送方 | 去往 | 流量 | 变化 | 之前 | 之后 |",
  };
  lines.push(say(head), "| --- | --- | --- | --- | --- | --- |");
  for (const { piece, names, traffic } of rowsOf(pieces, language)) {
    const to = `${piece.partner === null ? "" : `${piece.partner}: `}${fewOf(piece.destinations, 6)}`;
    const cells = [
      `${fewOf([...names], 6)}${piece.source === null ? "" : ` ${piece.source}`}`,
      to,
      trafficOfRow(traffic, say),
      say(CHANGE[piece.change]),
      sideWords(piece.before, language),
      sideWords(piece.after, language),
    ];
    lines.push(`| ${cells.map(cell).join(" | ")} |`);
  }
  const told = toTell(pieces);
  if (told.length > 0) lines.push("", `**${say({ en: "Partners to tell", zh: "需要通知的合作方" })}**`, "");
  for (const { partner, overlap, incomplete } of told)
    lines.push(
      `- ${cell(partner)}: ${say(OVERLAP)}: ${overlap.map((one) => `\`${one}\``).join(", ")}${incomplete ? ` ${say(NOT_ALL)}` : ""}`,
    );
  return `${lines.join("\n")}\n`;
}

/** https://github.github.com/gfm/#backslash-escapes */
const cell = (words: string): string => clean(words).replace(/[\\`*_{}[\]<>|#!~@]/g, (sign) => `\\${sign}`);
