import { listOf, setSize, unionOf } from "../address/address-set.ts";
import { type Cidr, lengthOf } from "../address/cidr.ts";
import type { EstateMap, InterfaceMap } from "../map/estate-map.ts";
import type { Partner } from "../map/partners.ts";
import { type MapPiece, piecesOf } from "../map/pieces.ts";
import { type PreservedAs, type SeenAs, type Summary, summaryOf, type Uncertain } from "../map/summary.ts";
import type { Text } from "../problem.ts";
import { noAddressOfFamily } from "../resolve/rules.ts";
import { EACH_ITS_OWN, Lists } from "./alike.ts";
import { CERTAINTY_WORD, fewOf, STABILITY_WORD, seenWords } from "./map-words.ts";
import { clean, Page, type TextOptions } from "./text.ts";
import { trafficOfRow } from "./traffic-words.ts";

/** `map` as a person reads it: what the estate can be seen as, then who shows what to whom, class by class. */
export function mapText(map: EstateMap, partners: readonly Partner[] | null, options: TextOptions): string {
  const page = new Page(options);
  writeSummary(page, summaryOf(map, partners), map);
  for (const members of byClass(map)) writeClass(page, members, partners);
  return page.text();
}

/** `map --format summary`. */
export function summaryText(map: EstateMap, partners: readonly Partner[] | null, options: TextOptions): string {
  const page = new Page(options);
  writeSummary(page, summaryOf(map, partners), map);
  return page.text();
}

function writeSummary(page: Page, summary: Summary, map: EstateMap): void {
  page.line(page.paint.bold(page.say(headlineOf(summary, map))));
  for (const seen of summary.named) writeSeen(page, seen);
  for (const kept of summary.preserved) page.item(page.say(keptWords(kept)));
  if (summary.silent.length > 0) page.item(page.say(silentWords(summary.silent)));
  if (summary.uncertain.length === 0) return;
  page.heading({ en: "Not certain", zh: "不确定" });
  for (const one of summary.uncertain) page.item(page.say(uncertainWords(one)));
}

function headlineOf({ named, uncertain }: Summary, { interfaces, classes }: EstateMap): Text {
  const count = setSize(unionOf(named.map(({ answer }) => answer.addresses)));
  const isOpen = uncertain.length > 0 || named.some(({ answer }) => !answer.complete);
  const more: Text = isOpen
    ? { en: ", and perhaps more (see below)", zh: "，可能还有其他（见下）" }
    : { en: "", zh: "" };
  return {
    en: `Destinations outside can see ${counted(interfaces.length, "interface")} (${counted(classes, "different map")}) as ${count} ${count === 1n ? "address" : "addresses"}${more.en}`,
    zh: `外部目的端看到的 ${interfaces.length} 个网卡（${classes} 种映射）共显示为 ${count} 个地址${more.zh}`,
  };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function writeSeen(page: Page, { answer, certainty, users, towards }: SeenAs): void {
  const facts = [
    page.say(STABILITY_WORD[answer.stability]),
    page.say(CERTAINTY_WORD[certainty]),
    ...(answer.resource === null ? [] : [lastPart(answer.resource)]),
  ];
  const shown: Text = {
    en: `shown by ${fewOf(users, 4)} towards ${fewOf(towards, 4)}`,
    zh: `由 ${fewOf(users, 4)} 显示，去往 ${fewOf(towards, 4)}`,
  };
  page.item(`${page.say(seenWords(answer))} · ${facts.join(" · ")}`, [clean(page.say(shown))]);
}

const keptWords = ({ network, addresses, towards }: PreservedAs): Text => ({
  en: `their own ${addresses.length === 1 ? "address" : `${addresses.length} addresses`} (${fewOf(addresses, 3)}) in ${lastPart(network)}, towards ${fewOf(towards, 4)}`,
  zh: `${lastPart(network)} 中各自的 ${addresses.length} 个地址（${fewOf(addresses, 3)}），去往 ${fewOf(towards, 4)}`,
});

function uncertainWords({ towards, users, addresses, kinds }: Uncertain): Text {
  const named = fewOf(listOf(addresses), 4);
  const seen: Text =
    addresses.length === 0
      ? kinds.has("unpredictable")
        ? { en: "an address nobody can know before", zh: "事先无法得知的地址" }
        : { en: "what cannot be told", zh: "无法判断" }
      : { en: `${named}, or something else: it depends`, zh: `${named}，或其他：取决于具体情况` };
  return {
    en: `towards ${fewOf(towards, 4)}: ${seen.en} (${fewOf(users, 4)})`,
    zh: `去往 ${fewOf(towards, 4)}：${seen.zh}（${fewOf(users, 4)}）`,
  };
}

const silentWords = (names: readonly string[]): Text => ({
  en: `nothing leaves ${names.length === 1 ? "one interface" : `${names.length} interfaces`}: ${fewOf(names, 4)}`,
  zh: `${names.length} 个网卡没有任何流量发出：${fewOf(names, 4)}`,
});

const lastPart = (resource: string): string => resource.slice(resource.lastIndexOf("/") + 1);

function byClass({ interfaces }: EstateMap): readonly (readonly InterfaceMap[])[] {
  const classes = new Map<number, InterfaceMap[]>();
  for (const one of interfaces) {
    const members = classes.get(one.class);
    if (members === undefined) classes.set(one.class, [one]);
    else members.push(one);
  }
  return [...classes.values()];
}

const FEW = 6;

/** The first member speaks for all; what is each one's own is said to be. */
function writeClass(page: Page, members: readonly InterfaceMap[], partners: readonly Partner[] | null): void {
  const [first] = members;
  if (first === undefined) return;
  const names = members.map((one) => `${one.host.name}/${one.interface.name}`);
  const shown = clean(fewOf(names, page.verbose ? names.length : FEW));
  page.heading({ en: `Class ${first.class}: ${shown}`, zh: `类别 ${first.class}：${shown}` });
  const pieces = [...piecesOf(first, partners)];
  // That a family is not used at all is seldom news.
  const told = page.verbose ? pieces : pieces.filter(({ rules }) => rules[0] !== noAddressOfFamily.id);
  for (const row of rowsOf(told)) writeRow(page, row, members.length > 1);
}

/** Pieces that differ in their traffic alone. */
type Row = readonly [MapPiece, ...MapPiece[]];

/** What is narrow stands first, "everything else" last. */
function rowsOf(pieces: readonly MapPiece[]): readonly Row[] {
  const rows = new Map<string, [MapPiece, ...MapPiece[]]>();
  const lists = new Lists();
  for (const piece of pieces) {
    const { source, partner, rules, answer, destinations } = piece;
    const key = [source, partner, rules.join(), JSON.stringify(answer), lists.numberOf(destinations)].join("|");
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [piece]);
    else row.push(piece);
  }
  // Partners stay in the order of their file.
  return [...rows.values()].sort(([a], [b]) =>
    a.partner === null && b.partner === null ? a.destinations.length - b.destinations.length : 0,
  );
}

function writeRow(page: Page, row: Row, isShared: boolean): void {
  const [piece] = row;
  const { answer, certainty, partner, source, rules } = piece;
  const traffic = trafficOfRow(row, (text) => page.say(text));
  const from = source === null ? "" : page.say({ en: `from ${source} `, zh: `源 ${source} ` });
  const where = towards(page, piece);
  const to = partner === null || partner.startsWith(where.replace(/\/\d+$/, "")) ? where : `${partner} (${where})`;
  page.wrapped(`${from}→ ${to}${traffic === "" ? "" : ` · ${traffic}`}`, 2);
  const isOwn = answer.kind === "preserved" || answer.translator === "instance-public-ip";
  const each = isShared && isOwn ? page.say(EACH_ITS_OWN) : "";
  const facts = [
    ...(answer.kind === "blocked" || answer.kind === "unknown" ? [] : [page.say(STABILITY_WORD[answer.stability])]),
    page.say(CERTAINTY_WORD[certainty]),
  ];
  const words = `${page.paint.bold(clean(each + page.say(seenWords(answer))))} · ${facts.join(" · ")}`;
  page.line(`      ${words}  ${page.paint.dim(clean(rules[0] ?? ""))}`);
  if (page.verbose) for (const { text } of piece.open) page.wrapped(page.say(text), 8, page.paint.dim);
}

function towards(page: Page, { destinations }: MapPiece): string {
  if (page.verbose || destinations.length <= FEW) return destinations.join(", ");
  return isMost(destinations)
    ? page.say({
        en: `everything else (${fewOf(destinations, 2)})`,
        zh: `其余所有地址（${fewOf(destinations, 2)}）`,
      })
    : fewOf(destinations, FEW);
}

/** At least half of the family's space. */
function isMost(destinations: readonly Cidr[]): boolean {
  return destinations.reduce((sum, cidr) => sum + 2 ** -lengthOf(cidr), 0) >= 0.5;
}
