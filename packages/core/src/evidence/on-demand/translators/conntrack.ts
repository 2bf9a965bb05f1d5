import type { Protocol } from "../../../model/flow.ts";
import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import type { Evidence, VantageHint } from "../../observation.ts";
import { epochToRfc3339 } from "../../time.ts";
import {
  endOf,
  evidenceOf,
  flowKey,
  fold,
  type Judgement,
  observe,
  type Sighting,
  sighting,
  timesOf,
} from "../observe.ts";
import { addressIn, portIn } from "../words.ts";
import { readNatRules } from "./nat-rules.ts";

const TUPLES = /\bsrc=(\S{2,45}) dst=(\S{2,45})(?: sport=(\d{1,5}) dport=(\d{1,5}))?/g;
const PROTOCOL = /\b(tcp|udp|icmp|icmpv6)\s{1,10}\d{1,3}\s/;
/** `conntrack -E -o timestamp` */
const STAMP = /^\s{0,4}\[(\d{10}\.\d{1,9})\s{0,6}\]/;

/**
 * Entries of Linux connection tracking (`conntrack -L`, `-E`, /proc/net/nf_conntrack). The second pair is the reply's: its
 * destination is the source that the other side answers to, so the one this host wrote.
 *
 * @see https://conntrack-tools.netfilter.org/manual.html
 */
export function readConntrack(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const entries = lines.flatMap((line) => (line.text.includes("<meta ") ? xmlEntry(line) : entryIn(line)) ?? []);
  const observations = fold(entries, flowKey).map(({ last, all }) =>
    observe(file, "nat-table", last, saysOf(last, all.length), judge(last, hint)),
  );
  return evidenceOf(file, "nat-table", [...observations, ...readNatRules(lines, file)]);
}

const XML_TUPLE =
  /<meta direction="(original|reply)">.{0,200}?<src>([^<]{2,45})<\/src><dst>([^<]{2,45})<\/dst>(.{0,200}?)<\/meta>/g;

/** `conntrack -o xml`: one flow a line. */
function xmlEntry(line: Line): Sighting | null {
  const tuples = [...line.text.matchAll(XML_TUPLE)];
  const [, , before] = tuples.find(([, direction]) => direction === "original") ?? [];
  const [, , server, after, layer = ""] = tuples.find(([, direction]) => direction === "reply") ?? [];
  const [own, source, destination] = [addressIn(before), addressIn(after), addressIn(server)];
  if (own === null || source === null) return null;
  const port = (name: string): number | null => portIn(new RegExp(`<${name}>(\\d{1,5})<`).exec(layer)?.[1]);
  const protocol = protocolOf(/protoname="(\w{1,12})"/.exec(layer)?.[1]);
  const seen = { source, sourcePort: port("dport"), destination, destinationPort: port("sport"), protocol };
  return sighting(line, seen, { before: own });
}

export function entryIn(line: Line): Sighting | null {
  if (!line.text.includes("src=")) return null;
  const [own, reply] = [...line.text.matchAll(TUPLES)];
  const before = addressIn(own?.[1]);
  const after = addressIn(reply?.[2]);
  if (before === null || after === null) return null;
  const stamp = STAMP.exec(line.text)?.[1];
  const name = PROTOCOL.exec(line.text)?.[1];
  // Where this host changes the destination too, the flow is on its way to the one that answers.
  const seen = {
    source: after,
    sourcePort: portIn(reply?.[4]),
    destination: addressIn(reply?.[1]),
    destinationPort: portIn(reply?.[3] ?? own?.[4]),
    protocol: protocolOf(name),
    at: stamp === undefined ? null : epochToRfc3339(stamp),
  };
  return sighting(line, seen, { before });
}

const protocolOf = (name: string | undefined): Protocol | null =>
  name === "tcp" || name === "udp" ? name : name?.startsWith("icmp") === true ? "icmp" : null;

const isTranslated = ({ seen, before }: Sighting): boolean => before?.text !== seen.source?.text;

function saysOf(entry: Sighting, count: number): Text {
  const { seen, before } = entry;
  const to = endOf(seen.destination, seen.destinationPort);
  const many = timesOf(count);
  return isTranslated(entry)
    ? {
        en: `Connection tracking gave ${before?.text} the source ${seen.source?.text} towards ${to}${many.en}.`,
        zh: `连接跟踪为 ${before?.text} 去往 ${to} 的连接分配了源地址 ${seen.source?.text}${many.zh}。`,
      }
    : {
        en: `Connection tracking lets ${before?.text} go to ${to} with its own source${many.en}.`,
        zh: `连接跟踪未改变 ${before?.text} 去往 ${to} 的源地址${many.zh}。`,
      };
}

function judge(entry: Sighting, hint: VantageHint | null): Judgement {
  if (isTranslated(entry)) return { strength: "translator-logged", vantage: "translator", proves: TRANSLATED };
  if (hint === "destination")
    return { strength: "destination-observed", vantage: "destination", proves: AT_DESTINATION };
  return { strength: "none", vantage: hint ?? "unknown", proves: UNCHANGED };
}

const TRANSLATED: Text = {
  en: "The kernel of this host wrote the source into the connection: the destination sees it if nothing behind this host translates again. An entry that is not answered ([UNREPLIED]) shows the translation all the same.",
  zh: "本机内核把该连接的源地址改写为此地址：若其后没有再次转换，目的端看到的就是它。未收到应答的条目（[UNREPLIED]）同样说明了转换。",
};

const UNCHANGED: Text = {
  en: "This host does not change the source. Where it stands is not said, so another may do so before or behind it; taken at the destination it would be what that sees: --vantage FILE=destination.",
  zh: "本机没有改变源地址。但未说明其位置，之前或之后的设备仍可能改变；若在目的端采集，这就是它看到的：--vantage FILE=destination。",
};

const AT_DESTINATION: Text = {
  en: "Connection tracking of the destination: the source as it arrived there.",
  zh: "目的端的连接跟踪：到达时的源地址。",
};
