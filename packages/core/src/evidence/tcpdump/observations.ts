import type { Protocol } from "../../model/flow.ts";
import type { Problem } from "../../problem.ts";
import { parseObserved } from "../masked.ts";
import type { Evidence, Observation, ObservedAddress, Seen, VantageHint } from "../observation.ts";
import { instantOf } from "../time.ts";
import { type Connection, isOpened } from "./connections.ts";
import type { Endpoint, Packet } from "./packet.ts";
import type { Pairs, Translation } from "./pairs.ts";
import { type Judged, judgeOf, quotedByRouter, saysOf, translated, UNORDERED } from "./says.ts";
import { type Place, placesOf } from "./vantage.ts";

/** What an ICMP error shows of the packet that caused it. */
export interface IcmpQuote {
  readonly from: string;
  readonly sentTo: string;
  readonly packet: Packet;
}

export interface ParsedCapture {
  readonly connections: readonly Connection[];
  /** In the order of `connections`. */
  readonly places: readonly Place[];
  readonly translations: readonly Translation[];
  /** Both sides of a translator, without a word on which is which. */
  readonly unordered: readonly Connection[];
  /** Only errors that quote another source than the one they were sent to. */
  readonly quotes: readonly IcmpQuote[];
}

/** What was found in a capture, before anything is said of where it was taken. */
export interface FoundInCapture {
  readonly connections: readonly Connection[];
  readonly pairs: Pairs;
  readonly quotes: readonly IcmpQuote[];
  /** The host in the shell prompt of a text; null for none. */
  readonly promptHost: string | null;
}

/** How the packets of a file are pointed at. */
export interface Telling {
  readonly file: string;
  readonly kind: "tcpdump" | "pcap";
  /** null: the format has no lines. */
  readonly lineOf: (packet: Packet) => number | null;
  readonly quoteOf: (packet: Packet) => string;
}

export function parsedOf(
  { connections, pairs, quotes, promptHost }: FoundInCapture,
  hint: VantageHint | null,
): ParsedCapture {
  const { translations, unordered } = pairs;
  // Only a translator shows such pairs; what the user said of the file is then no ground for the rest of it.
  const trusted = translations.length + unordered.length > 0 && hint !== "translator" ? null : hint;
  return { connections, places: placesOf(connections, promptHost, trusted), translations, unordered, quotes };
}

/** What a capture proves, whether it was printed or kept as it is. */
export function captureEvidence(parsed: ParsedCapture, telling: Telling, hint: VantageHint | null): Evidence {
  const { file, kind } = telling;
  const { connections, places, translations, quotes } = parsed;
  const paired = new Set(translations.flatMap(({ before, after, between }) => [before, ...between, after]));
  const unordered = new Set(parsed.unordered);
  const pairs = translations.length + unordered.size;
  const single = connections.flatMap((connection, index) => {
    const place = places[index];
    return place === undefined || paired.has(connection) ? [] : [{ connection, place }];
  });
  // Several connections are told as one: that any of them was opened here is enough.
  const opened = new Set(single.flatMap(({ connection: one }) => (isOpened(one) ? [connectionKey(one)] : [])));
  const isMidway = (one: Connection): boolean => one.protocol === "tcp" && !opened.has(connectionKey(one));
  return {
    file,
    kind,
    observations: [
      ...byKey(translations, translationKey, ({ count }) => count).map(([found, count]) =>
        ofTranslation(found, count, telling),
      ),
      ...byKey(
        single,
        ({ connection, place }) => {
          const open = unordered.has(connection) ? " unordered" : "";
          return `${connectionKey(connection)} ${place.role}${open} ${connection.mark}`;
        },
        ({ connection }) => connection.count,
      ).map(([{ connection, place }, count]) => {
        const judged = unordered.has(connection) ? UNORDERED : judgeOf(connection, place);
        return ofConnection(connection, { ...judged, midway: isMidway(connection) }, count, telling);
      }),
      ...byKey(quotes, quoteKey, () => 1).map(([quote]) => ofQuote(quote, telling)),
    ],
    paths: [],
    names: [],
    problems: pairs > 0 && (hint === "destination" || hint === "client") ? [contradicts(file, hint)] : [],
  };
}

/** The first of each key, with how many connections there were. */
function byKey<T>(
  all: readonly T[],
  key: (item: T) => string,
  countOf: (item: T) => number,
): readonly (readonly [T, number])[] {
  const groups = new Map<string, [T, number]>();
  for (const item of all) {
    const keyed = key(item);
    const group = groups.get(keyed);
    if (group === undefined) groups.set(keyed, [item, countOf(item)]);
    else group[1] += countOf(item);
  }
  return [...groups.values()];
}

/** What one observation speaks of. */
export const connectionKey = ({ source, destination, protocol }: Connection): string =>
  `${source.host.text} ${destination.host.text} ${destination.portText} ${protocol}`;
export const translationKey = ({ before, after }: Translation): string =>
  `${connectionKey(before)} ${after.source.host.text} ${after.mark ?? before.mark}`;
const quoteKey = ({ sentTo, packet }: IcmpQuote): string =>
  `${sentTo} ${packet.source.host.text} ${packet.destination.host.text} ${packet.protocol}`;

function ofConnection(
  connection: Connection,
  judged: Judged & { readonly midway: boolean },
  count: number,
  telling: Telling,
): Observation {
  const { quoted, source, destination, protocol, proxied, mark } = connection;
  const { proves, strength, vantage, midway } = judged;
  // One by one: of a capture there are thousands, and objects that are put together from others take several times longer.
  const observation: Observation = {
    file: telling.file,
    line: telling.lineOf(quoted),
    kind: telling.kind,
    quote: telling.quoteOf(quoted),
    says: saysOf(connection, count),
    proves,
    strength,
    vantage,
    midway,
    seen: seenOf(source, destination, protocol, quoted),
    before: null,
    claimed: proxied?.source ?? null,
  };
  return mark === undefined ? observation : { ...observation, mark };
}

function ofTranslation({ before, after }: Translation, count: number, telling: Telling): Observation {
  return {
    ...base(after.quoted, telling),
    says: saysOf(after, count),
    proves: translated(before.source, after.source, after.synSequence ?? ""),
    strength: "translator-logged",
    seen: seenOf(after.source, after.destination, after.protocol, after.quoted),
    before: before.source.host,
    vantage: "translator",
    ...((after.mark ?? before.mark) !== undefined && { mark: after.mark ?? before.mark }),
  };
}

function ofQuote({ from, sentTo, packet }: IcmpQuote, telling: Telling): Observation {
  return {
    ...base(packet, telling),
    ...quotedByRouter(from, sentTo, packet.source.host.text),
    strength: "third-party-observed",
    seen: seenOf(packet.source, packet.destination, packet.protocol, packet),
    before: parseObserved(sentTo),
    vantage: "third-party",
  };
}

const base = (packet: Packet, { file, kind, lineOf, quoteOf }: Telling) => ({
  file,
  line: lineOf(packet),
  kind,
  quote: quoteOf(packet),
  claimed: null,
});

function seenOf(source: Endpoint, destination: Endpoint, protocol: Protocol | null, packet: Packet): Seen {
  return {
    source: source.host,
    sourcePort: source.port,
    destination: addressOrNull(destination.host),
    destinationName: destination.host.ip === null && !destination.host.masked ? destination.host.text : null,
    destinationPort: destination.port,
    protocol,
    at: packet.stamp.at,
    ...localTime(packet.stamp),
  };
}

function localTime({ at, zoneAssumed, microseconds }: Packet["stamp"]): Pick<Seen, "localMs"> {
  if (microseconds === null || (at !== null && !zoneAssumed)) return {};
  return { localMs: at === null ? microseconds / 1000 : (instantOf(at) ?? microseconds / 1000) };
}

const addressOrNull = (host: ObservedAddress): ObservedAddress | null =>
  host.ip === null && !host.masked ? null : host;

const contradicts = (file: string, hint: VantageHint): Problem => ({
  level: "warning",
  code: "tcpdump/vantage-contradicts",
  file,
  line: null,
  text: {
    en: `said to be taken at the ${hint}, but the same packets are in it with two sources, as only a translator shows them`,
    zh: `据称抓包位于 ${hint}，但其中同一数据包出现了两个源地址，只有地址转换设备才会如此`,
  },
  fix: {
    en: "it was read as taken on a translator; check --vantage",
    zh: "已按转换设备上的抓包读取；请检查 --vantage",
  },
});
