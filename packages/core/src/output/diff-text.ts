import { listOf, unionOf } from "../address/address-set.ts";
import type { Cidr } from "../address/cidr.ts";
import { mergeCidrs } from "../address/merge.ts";
import type { DiffPiece, Side } from "../map/diff.ts";
import { holdsOwn } from "../map/own.ts";
import type { TrafficShown } from "../map/traffic.ts";
import type { Text } from "../problem.ts";
import { identityKey } from "../resolve/combine.ts";
import { EACH_ITS_OWN, Lists } from "./alike.ts";
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

/** Collected one by one: of a large estate there are more pieces than memory. */
class Rows {
  readonly #rows = new Map<string, OpenRow>();
  readonly #lists = new Lists();

  add(piece: DiffPiece): void {
    const { partner, source, change, destinations, before, after, name, protocol, ports } = piece;
    const where = this.#lists.numberOf(destinations);
    const isOwnKept = keepsOwn(piece);
    const key = [partner, source, change, sideKey(before, isOwnKept), sideKey(after, isOwnKept), where].join("|");
    const row = this.#rows.get(key) ?? { piece, names: new Set<string>(), traffic: [] };
    this.#rows.set(key, row);
    row.names.add(name);
    if (!row.traffic.some((one) => one.protocol === protocol && one.ports === ports))
      row.traffic.push({ protocol, ports });
  }

  all(): Iterable<Row> {
    return this.#rows.values();
  }
}

const sideKey = (side: Side | null, isShared: boolean): string =>
  side === null ? "" : `${identityKey(isShared ? side.shared : side.answer)} ${side.certainty} ${side.rule}`;

/** Both answers hold the same address of the sender's own, which is not what changes: one row tells it for all. */
function keepsOwn({ before, after }: DiffPiece): boolean {
  if (before === null || after === null || !holdsOwn(before.shared)) return false;
  return ownAddresses(before) === ownAddresses(after);
}

const ownAddresses = ({ answer, shared }: Side): string =>
  answer.addresses.filter((cidr) => !shared.addresses.includes(cidr)).join();

/** What changes, from what and to what; of those who change alike, as it is for the first. */
function changeWords(
  { piece, names }: Row,
  language: Language,
): readonly [change: string, before: string, after: string] {
  const each = names.size > 1 && keepsOwn(piece) ? EACH_ITS_OWN[language] : "";
  const words = (side: Side | null): string => `${each}${sideWords(side, language)}`;
  return [CHANGE[piece.change][language], words(piece.before), words(piece.after)];
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

export function toTell(pieces: Iterable<DiffPiece>): readonly ToTell[] {
  const told = new Partners();
  for (const piece of pieces) told.add(piece);
  return told.all();
}

interface Told {
  readonly before: Set<Cidr>;
  readonly after: Set<Cidr>;
  incomplete: boolean;
}

class Partners {
  readonly #told = new Map<string, Told>();

  add({ partner, before, after }: DiffPiece): void {
    if (partner === null) return;
    const told = this.#told.get(partner) ?? { before: new Set(), after: new Set(), incomplete: false };
    this.#told.set(partner, told);
    for (const cidr of before?.answer.addresses ?? []) told.before.add(cidr);
    for (const cidr of after?.answer.addresses ?? []) told.after.add(cidr);
    told.incomplete ||= [before, after].some(
      (side) => side !== null && side.answer.kind !== "blocked" && !side.answer.complete,
    );
  }

  all(): readonly ToTell[] {
    return [...this.#told].map(([partner, { incomplete, ...sides }]) => {
      const [before, after] = [mergeCidrs([...sides.before]), mergeCidrs([...sides.after])];
      const overlap = listOf(unionOf([before, after]));
      return { partner, before: listOf(before), after: listOf(after), overlap, incomplete };
    });
  }
}

const NO_CHANGE: Text = {
  en: "No destination sees another source address.",
  zh: "没有任何目的端看到的源地址发生变化。",
};

const OVERLAP: Text = { en: "allow until the change is done", zh: "变更完成前请同时放行" };
const NOT_ALL: Text = { en: "and others that are not known", zh: "以及其他尚不清楚的地址" };

export function diffText(pieces: Iterable<DiffPiece>, options: TextOptions): string {
  const page = new Page(options);
  const { language } = options;
  const { rows, told } = gathered(pieces);
  if (rows.length === 0) page.line(page.paint.bold(page.say(NO_CHANGE)));
  for (const row of rows) {
    const { piece, names } = row;
    const { partner, destinations, source } = piece;
    const to = `${partner === null ? "" : `${partner}: `}${fewOf(destinations, page.verbose ? destinations.length : 6)}`;
    const from = `${fewOf([...names], page.verbose ? names.size : 6)}${source === null ? "" : ` ${source}`}`;
    const traffic = trafficOfRow(row.traffic, (text) => page.say(text));
    page.line(page.paint.bold(clean(`${from} → ${to}${traffic === "" ? "" : ` (${traffic})`}`)));
    const [change, before, after] = changeWords(row, language);
    page.wrapped(`${change}: ${before} → ${after}`, 2);
    for (const why of whyWords(piece, language)) page.wrapped(why, 4, page.paint.dim);
  }
  if (told.length > 0) page.heading(PARTNERS);
  for (const one of told) page.item(`${one.partner}: ${overlapWords(one, language, (address) => address)}`);
  return page.text();
}

const PARTNERS: Text = { en: "Partners to tell", zh: "需要通知的合作方" };

function overlapWords({ overlap, incomplete }: ToTell, language: Language, shown: (address: string) => string): string {
  return `${OVERLAP[language]}: ${overlap.map(shown).join(", ")}${incomplete ? ` ${NOT_ALL[language]}` : ""}`;
}

/** In one pass. */
function gathered(pieces: Iterable<DiffPiece>): { readonly rows: readonly Row[]; readonly told: readonly ToTell[] } {
  const rows = new Rows();
  const told = new Partners();
  for (const piece of pieces) {
    rows.add(piece);
    told.add(piece);
  }
  return { rows: [...rows.all()], told: told.all() };
}

/** For a comment on a change request. Names are data: nothing of them is taken as Markdown. */
export function diffMarkdown(pieces: Iterable<DiffPiece>, language: Language): string {
  const say = (text: Text): string => text[language];
  const { rows, told } = gathered(pieces);
  const lines = [`### ${say({ en: "Source addresses that destinations see", zh: "目的端看到的源地址" })}`, ""];
  if (rows.length === 0) return `${[...lines, say(NO_CHANGE)].join("\n")}\n`;
  const head: Text = {
    en: "| from | towards | traffic | change | before | after |",
    zh: "| 发送方 | 去往 | 流量 | 变化 | 之前 | 之后 |",
  };
  lines.push(say(head), "| --- | --- | --- | --- | --- | --- |");
  for (const row of rows) {
    const { piece, names, traffic } = row;
    const to = `${piece.partner === null ? "" : `${piece.partner}: `}${fewOf(piece.destinations, 6)}`;
    const from = `${fewOf([...names], 6)}${piece.source === null ? "" : ` ${piece.source}`}`;
    const [change, before, after] = changeWords(row, language);
    lines.push(`| ${[from, to, trafficOfRow(traffic, say), change, before, after].map(cell).join(" | ")} |`);
  }
  if (told.length > 0) lines.push("", `**${say(PARTNERS)}**`, "");
  for (const one of told)
    lines.push(`- ${cell(one.partner)}: ${overlapWords(one, language, (address) => `\`${address}\``)}`);
  return `${lines.join("\n")}\n`;
}

/** https://github.github.com/gfm/#backslash-escapes */
const cell = (words: string): string => clean(words).replace(/[\\`*_{}[\]<>|#!~@]/g, (sign) => `\\${sign}`);
