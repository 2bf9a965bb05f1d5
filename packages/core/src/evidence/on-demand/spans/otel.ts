import { readJsonDocuments } from "../../../documents/json.ts";
import type { Text } from "../../../problem.ts";
import { type LogEntry, member, portAt, quoteOfEntry, textAt } from "../../logs/entry.ts";
import type { Evidence, Observation, VantageHint } from "../../observation.ts";
import { epochToRfc3339, rfc3339 } from "../../time.ts";
import {
  atServer,
  endOf,
  evidenceOf,
  flowKey,
  fold,
  type Judgement,
  observe,
  quoted,
  type Sighting,
  timesOf,
} from "../observe.ts";
import { addressIn } from "../words.ts";

interface Span {
  readonly sighting: Sighting;
  readonly kind: "server" | "client" | "other";
}

/** Names of the semantic conventions, and those they had before. https://opentelemetry.io/docs/specs/semconv/general/attributes/ */
const PEER = ["network.peer.address", "net.sock.peer.addr", "net.peer.ip"];
const PEER_PORT = ["network.peer.port", "net.sock.peer.port", "net.peer.port"];
const CLIENT = ["client.address", "http.client_ip"];
const SERVER = ["server.address", "net.host.name", "net.peer.name"];
const SERVER_PORT = ["server.port", "net.host.port"];

const DEEPEST = 12;

/** Spans of servers name whom their socket was connected to. OTLP/JSON, one span a line, or a list of them. */
export function readOtelSpans(text: string, file: string, hint: VantageHint | null): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const spans = value.flatMap((entry) => spansIn(entry.value, entry, 0));
  const key = ({ sighting: one, kind }: Span): string => `${flowKey(one)} ${one.claimed} ${kind}`;
  const observations = fold(spans, key).map(({ last, all }) => observationOf(last, all.length, file, hint));
  return evidenceOf(file, "otel-spans", observations, { problems });
}

function spansIn(value: unknown, entry: LogEntry, depth: number): readonly Span[] {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((one: unknown) => spansIn(one, entry, depth + 1));
  const own = member(value, "attributes") === undefined ? null : spanOf(value, entry);
  const inner = ["resourceSpans", "scopeSpans", "instrumentationLibrarySpans", "spans", "data"].flatMap((name) =>
    spansIn(member(value, name), entry, depth + 1),
  );
  return own === null ? inner : [own, ...inner];
}

function spanOf(span: object, { origin }: LogEntry): Span | null {
  const attributes = attributesOf(member(span, "attributes"));
  const pick = (names: readonly string[]): unknown =>
    names.map((name) => attributes.get(name)).find((one) => one !== undefined);
  const peer = addressIn(wordOf(pick(PEER)));
  const client = wordOf(pick(CLIENT));
  const kind = kindOf(member(span, "kind") ?? member(span, "SpanKind"));
  if (peer === null && (client === null || kind !== "server")) return null;
  const server = wordOf(pick(SERVER));
  const address = addressIn(server);
  const seen = {
    source: kind === "client" ? null : peer,
    sourcePort: kind === "client" ? null : portAt(pick(PEER_PORT)),
    destination: kind === "client" ? peer : address,
    destinationName: address === null ? server : null,
    destinationPort: portAt(pick(SERVER_PORT)),
    at: timeOf(span),
  };
  const quote = quoteOfEntry({ name: member(span, "name"), kind, peer: peer?.text, client, server });
  return { sighting: quoted(origin.line ?? 1, quote, seen, { claimed: kind === "server" ? client : null }), kind };
}

const wordOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value.slice(0, 255) : typeof value === "number" ? String(value) : null;

/** OTLP: a list of `{ key, value: { stringValue } }`; others: an object. */
function attributesOf(value: unknown): ReadonlyMap<string, unknown> {
  if (!Array.isArray(value)) return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  return new Map(
    value.flatMap((one: unknown) => {
      const key = textAt(one, "key");
      const held = member(one, "value");
      const plain = typeof held === "object" && held !== null ? Object.values(held)[0] : held;
      return key === null ? [] : [[key, plain] as const];
    }),
  );
}

function kindOf(kind: unknown): Span["kind"] {
  const word = String(kind).toUpperCase();
  if (word === "2" || word.endsWith("SERVER")) return "server";
  return word === "3" || word.endsWith("CLIENT") ? "client" : "other";
}

/** Nanoseconds since 1970, as text; exporters of their own write RFC 3339. */
function timeOf(span: object): string | null {
  const nanos = String(member(span, "startTimeUnixNano") ?? member(span, "start_time") ?? "");
  return /^\d{19}$/.test(nanos) ? epochToRfc3339(nanos.slice(0, 10)) : rfc3339(nanos);
}

function observationOf(
  { sighting: one, kind }: Span,
  count: number,
  file: string,
  hint: VantageHint | null,
): Observation {
  const { seen, claimed } = one;
  const many = timesOf(count);
  const peer = seen.source ?? seen.destination;
  return observe(
    file,
    "otel-spans",
    one,
    {
      en: `A span of a ${kind === "other" ? "program" : kind} names ${endOf(peer, seen.sourcePort)} as its socket's peer${claimed === null ? "" : `, and ${claimed} as its client`}${many.en}.`,
      zh: `${kind === "client" ? "客户端" : kind === "server" ? "服务端" : "程序"}的 span 显示套接字对端为 ${endOf(peer, seen.sourcePort)}${claimed === null ? "" : `，客户端为 ${claimed}`}${many.zh}。`,
    },
    judge(one, kind, hint),
  );
}

function judge({ seen, claimed }: Sighting, kind: Span["kind"], hint: VantageHint | null): Judgement {
  if (kind === "client") return { strength: "none", vantage: "client", proves: OF_CLIENT };
  if (seen.source === null) return { strength: "none", vantage: "destination", proves: ONLY_CLAIMED };
  if (kind === "other") return { strength: "none", vantage: "unknown", proves: UNSAID };
  if (claimed !== null && claimed !== seen.source.text)
    return { strength: "none", vantage: "unknown", proves: BEHIND_PROXY };
  return atServer(seen.source, hint, OF_SERVER);
}

const OF_SERVER: Text = {
  en: "network.peer.address is the peer of the server's socket, the source it sees. client.address may come from a header and is then only a claim.",
  zh: "network.peer.address 是服务端套接字的对端，即其看到的源地址。client.address 可能取自请求头，那只是一种声称。",
};

const BEHIND_PROXY: Text = {
  en: "The client named is not the peer of the socket: a proxy is between them, and the name comes from a header. What the destination's outermost device saw stands in that one's log.",
  zh: "所示客户端并非套接字的对端：中间有代理，该值取自请求头。目的端最外层设备所见的地址在该设备的日志中。",
};

const ONLY_CLAIMED: Text = {
  en: "client.address alone does not tell whether it is the socket's peer or was taken from a header: it proves nothing by itself. Record network.peer.address too.",
  zh: "仅有 client.address 无法判断它是套接字对端还是取自请求头，本身不能证明什么。请同时记录 network.peer.address。",
};

const OF_CLIENT: Text = {
  en: "A client's span names whom it connected to, not the source it was seen with.",
  zh: "客户端的 span 给出的是它所连接的对端，而不是它被看到的源地址。",
};

const UNSAID: Text = {
  en: "The span does not say whether it is a client's or a server's, so the peer may be either side.",
  zh: "span 未说明属于客户端还是服务端，对端可能是任意一方。",
};
