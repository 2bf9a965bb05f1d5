import { setSize, unionOf } from "../address/address-set.ts";
import type { EstateMap, InterfaceMap } from "../map/estate-map.ts";
import type { Partner } from "../map/partners.ts";
import { type MapPiece, piecesOf } from "../map/pieces.ts";
import { type PreservedAs, type SeenAs, type Summary, summaryOf } from "../map/summary.ts";
import type { Text } from "../problem.ts";
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
  for (const seen of summary.uncertain) writeSeen(page, seen);
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
  for (const row of rowsOf([...piecesOf(first, partners)])) writeRow(page, row, members.length > 1);
}

/** Pieces that differ in their traffic alone. */
type Row = readonly [MapPiece, ...MapPiece[]];

/** What is narrow stands first, "everything else" last. */
function rowsOf(pieces: readonly MapPiece[]): readonly Row[] {
  const rows = new Map<string, [MapPiece, ...MapPiece[]]>();
  for (const piece of pieces) {
    const key = [piece.source, piece.partner, piece.rules.join(), JSON.stringify(piece.answer), ...piece.destinations];
    const row = rows.get(key.join("|"));
    if (row === undefined) rows.set(key.join("|"), [piece]);
    else row.push(piece);
  }
  return [...rows.values()].sort(([a], [b]) => a.destinations.length - b.destinations.length);
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
  const each = isShared && isOwn ? page.say({ en: "each its own, as ", zh: "各自的地址，如 " }) : "";
  const facts = [
    ...(answer.kind === "blocked" || answer.kind === "unknown" ? [] : [page.say(STABILITY_WORD[answer.stability])]),
    page.say(CERTAINTY_WORD[certainty]),
  ];
  const words = `${page.paint.bold(clean(each + page.say(seenWords(answer))))} · ${facts.join(" · ")}`;
  page.line(`      ${words}  ${page.paint.dim(clean(rules[0] ?? ""))}`);
}

/** Past this many prefixes a list says less than "everything else". */
const READABLE = 12;

function towards(page: Page, { destinations }: MapPiece): string {
  if (page.verbose || destinations.length <= FEW) return destinations.join(", ");
  const [first = ""] = destinations;
  return destinations.length > READABLE && lengthIsShort(first)
    ? page.say({
        en: `everything else (${fewOf(destinations, 2)})`,
        zh: `其余所有地址（${fewOf(destinations, 2)}）`,
      })
    : fewOf(destinations, FEW);
}

const lengthIsShort = (cidr: string): boolean => Number(cidr.slice(cidr.indexOf("/") + 1)) <= 8;
