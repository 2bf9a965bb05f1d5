import type { Line } from "../../lines.ts";
import { type LogEntry, member, quoteOfEntry, textAt } from "../../logs/entry.ts";
import type { VantageHint } from "../../observation.ts";
import { epochToRfc3339, rfc3339 } from "../../time.ts";
import { atServer, type Judgement, quoted, sighting } from "../observe.ts";
import { addressIn, endpointIn, portIn } from "../words.ts";
import { type Format, groupsOf, type Seldom, type ServiceRecord, text } from "./format.ts";

const PORTS = [80, 443];

const service = (record: Omit<ServiceRecord, "kind" | "ports">) =>
  ({ as: "service", record: { kind: "web-log", ports: PORTS, ...record } }) as const;

const PEER = text(
  "The server writes the peer of its connection, or what a module for real addresses (realip, remoteip) put there: if nothing in front of it ends connections, the source the destination sees.",
  "服务器记录的是其连接的对端，或由真实地址模块（realip、remoteip）写入的值：若其前面没有终结连接的设备，这就是目的端看到的源地址。",
);

const atPeer: ServiceRecord["judge"] = (source, hint) => atServer(source, hint, PEER);

const none = (vantage: Judgement["vantage"], proves: Judgement["proves"]): Judgement => ({
  ...{ strength: "none", vantage },
  proves,
});

/** https://httpd.apache.org/docs/current/mod/core.html#errorlogformat A port stands behind the address, so IPv6 without brackets is not clear. */
const APACHE =
  /^\[(?<clock>[A-Z][a-z]{2} [A-Z][a-z]{2} [^\]]{15,40})\] (?:\[[^\]]{1,60}\] ){1,4}\[(?:client|remote) (?<peer>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?<port>\d{1,5}))?\] /;

function apacheError(line: Line) {
  const found = groupsOf(APACHE, line.text);
  const source = addressIn(found?.["peer"]?.replace(/[[\]]/g, ""));
  if (found === null || source === null) return null;
  const seen = { source, sourcePort: portIn(found["port"]), protocol: "tcp" as const };
  return service({ sighting: sighting(line, seen), service: "Apache", clock: found["clock"] ?? null, judge: atPeer });
}

/** https://nginx.org/en/docs/ngx_core_module.html#error_log A path in the message is the client's text: two of them, and none is read. */
const NGINX =
  /^(?<clock>\d{4}\/\d\d\/\d\d [\d:]{8}) \[[a-z]{4,6}\] \d{1,10}#\d{1,10}: \*\d{1,20} .{0,4000}?, client: (?<peer>[0-9A-Fa-f.:]{3,45}), server: /;

function nginxError(line: Line) {
  const found = groupsOf(NGINX, line.text);
  const source = addressIn(found?.["peer"]);
  if (found === null || source === null || line.text.split(", client: ").length > 2) return null;
  const one = sighting(line, { source, protocol: "tcp" });
  return service({ sighting: one, service: "nginx", clock: found["clock"] ?? null, judge: atPeer });
}

/** A frontend without a log format of its own: https://docs.haproxy.org/dev/configuration.html#8.2.1 */
const HAPROXY =
  /\bhaproxy\[\d{1,10}\]: Connect from (?<peer>\S{2,60}:\d{1,5}) to (?<local>\S{2,60}:\d{1,5}) \(\S{1,80}\/(?:HTTP|TCP)\)$/;

function haproxyConnect(line: Line) {
  const found = groupsOf(HAPROXY, line.text);
  const [peer, local] = [endpointIn(found?.["peer"]), endpointIn(found?.["local"])];
  if (peer === null || local === null) return null;
  const seen = {
    ...{ source: peer.address, sourcePort: peer.port, protocol: "tcp" as const },
    ...{ destination: local.address, destinationPort: local.port },
  };
  return service({ sighting: sighting(line, seen), service: "HAProxy", clock: null, judge: atPeer });
}

const HEADER_ALONE = text(
  "Envoy's default format has no member for the peer: the first quoted member after the times is the X-Forwarded-For header, which is the client's word unless Envoy is the edge (use_remote_address), whose own sighting is then the last entry. Log %DOWNSTREAM_DIRECT_REMOTE_ADDRESS%.",
  "Envoy 的默认格式不含对端地址：时间之后的第一个引号字段是 X-Forwarded-For 头，除非 Envoy 位于边缘（use_remote_address，此时最后一项为其亲见），否则只是客户端的说法。请记录 %DOWNSTREAM_DIRECT_REMOTE_ADDRESS%。",
);

const TIME = String.raw`^\[(?<at>\d{4}-\d\d-\d\dT[\d:.]{8,16}Z)\] "[^"]{1,4000}" \d{1,3} \S{1,60} `;
/** https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string */
const ENVOY = new RegExp(
  String.raw`${TIME}\d{1,20} \d{1,20} (?:\d{1,12}|-) (?:\d{1,12}|-) "(?<claimed>[^"]{1,1000})" "[^"]{0,2000}" "[^"]{0,80}" "[^"]{0,300}" "[^"]{0,80}"`,
);
/** https://istio.io/latest/docs/tasks/observability/logs/access-log/ */
const ISTIO = new RegExp(
  String.raw`${TIME}\S{1,80} (?:-|.{1,200}?) "[^"]{0,300}" \d{1,20} \d{1,20} (?:\d{1,12}|-) (?:\d{1,12}|-) "(?<claimed>[^"]{1,1000})" "[^"]{0,2000}" "[^"]{0,80}" "[^"]{0,300}" "[^"]{0,80}" (?<side>inbound|outbound|\S{1,10})\S{0,300} \S{1,60} (?<local>\S{2,60}:\d{1,5}) (?<peer>\S{2,60}:\d{1,5}) `,
);

const INFERRED = text(
  "Envoy took this address from a header or the PROXY protocol (its port is 0): the word of whoever stands in front.",
  "Envoy 从请求头或 PROXY 协议取得该地址（端口为 0）：这是其前面设备的说法。",
);

const OWN_SIDE = text(
  "The sidecar of the sender: its peer is the program beside it, before anything leaves.",
  "这是发送方的边车：其对端是旁边的程序，流量尚未离开。",
);

const INBOUND = text(
  "The sidecar of the server writes the peer of its socket: the source the destination sees, unless a gateway of the mesh stands in front, which then shows itself.",
  "服务端的边车记录其套接字的对端：即目的端看到的源地址；若前面有网格的网关，则显示为该网关。",
);

function envoy(line: Line) {
  const found = groupsOf(ISTIO, line.text);
  if (found === null) return envoyDefault(line);
  const [peer, local] = [endpointIn(found["peer"]), endpointIn(found["local"])];
  if (peer === null) return null;
  const isInferred = peer.port === 0;
  const seen = {
    ...{ source: peer.address, sourcePort: isInferred ? null : peer.port, protocol: "tcp" as const },
    ...{ destination: local?.address ?? null, destinationPort: local?.port ?? null },
    at: rfc3339(found["at"] ?? ""),
  };
  const judge = (_source: unknown, hint: VantageHint | null): Judgement =>
    isInferred
      ? none("unknown", INFERRED)
      : found["side"] === "outbound"
        ? none("client", OWN_SIDE)
        : atServer(peer.address, hint, INBOUND);
  return service({ sighting: sighting(line, seen, claimedOf(found["claimed"])), service: "Envoy", clock: null, judge });
}

const claimedOf = (header: string | undefined) => ({ claimed: header === undefined || header === "-" ? null : header });

function envoyDefault(line: Line) {
  const found = groupsOf(ENVOY, line.text);
  if (found === null) return null;
  const one = sighting(line, { protocol: "tcp", at: rfc3339(found["at"] ?? "") }, claimedOf(found["claimed"]));
  return service({ sighting: one, service: "Envoy", clock: null, judge: () => none("unknown", HEADER_ALONE) });
}

/** https://wiki.squid-cache.org/Features/LogFormat (native) */
const SQUID =
  /^ {0,4}(?<epoch>\d{10}(?:\.\d{1,6})?) {1,8}\d{1,10} (?<peer>[0-9A-Fa-f.:]{3,45}) [A-Z_]{3,40}\/\d{3} \d{1,20} [A-Z]{2,16} (?:[a-z]{2,8}:\/\/)?(?<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?<port>\d{1,5}))?(?:\/\S{0,8000})? \S{1,120} [A-Z_]{3,40}\/\S{1,260} /;

const BY_PROXY = text(
  "The proxy writes who asked it. It opens the connection to the destination itself, which therefore sees the proxy's own address, and this client's nowhere but in a header. Of a reverse proxy at the destination: --vantage FILE=destination.",
  "代理记录了向它发出请求的一方。到目的端的连接由代理自己建立，因此目的端看到的是代理的地址，该客户端的地址至多出现在请求头中。若这是目的端的反向代理：--vantage FILE=destination。",
);

function squid(line: Line) {
  const found = groupsOf(SQUID, line.text);
  const source = addressIn(found?.["peer"]);
  if (found === null || source === null) return null;
  const host = (found["host"] ?? "").replace(/[[\]]/g, "").toLowerCase();
  const destination = addressIn(host);
  const seen = {
    ...{ source, destination, destinationName: destination === null ? host : null, protocol: "tcp" as const },
    ...{ destinationPort: portIn(found["port"]), at: epochToRfc3339(found["epoch"] ?? "0") },
  };
  const judge: ServiceRecord["judge"] = (peer, hint) =>
    hint === "destination" ? atServer(peer, hint, PEER) : none("translator", BY_PROXY);
  return service({ sighting: sighting(line, seen), service: "Squid", clock: null, judge });
}

/** What web servers and proxies write beside the access logs that are read everywhere. */
export const WEB_FORMATS: readonly Format[] = [
  { has: ["[client ", "[remote "], read: apacheError },
  { has: [", client: "], read: nginxError },
  { has: ["Connect from "], read: haproxyConnect },
  { has: ['Z] "'], read: envoy },
  { has: ["TCP_", "UDP_", "NONE"], read: squid },
];

const EDGE = text(
  "AWS WAF writes the client of the balancer, gateway or distribution that it guards: the source that this sees, which is what the name of the service leads to.",
  "AWS WAF 记录其所保护的负载均衡器、网关或分发的客户端：即它们看到的源地址，也是服务名称所指向之处。",
);

/** https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html */
export function webAclEntries({ value, origin }: LogEntry): readonly Seldom[] {
  const request = member(value, "httpRequest");
  const source = addressIn(textAt(request, "clientIp"));
  if (source === null || textAt(value, "webaclId") === null) return [];
  const host = hostIn(member(request, "headers"));
  const milliseconds = member(value, "timestamp");
  const at = typeof milliseconds === "number" ? epochToRfc3339((milliseconds / 1000).toFixed(3)) : null;
  const seen = { source, destinationName: host, protocol: "tcp" as const, at };
  const quote = quoteOfEntry({ clientIp: source.text, host: host ?? undefined, uri: textAt(request, "uri") });
  const judge: ServiceRecord["judge"] = (peer, hint) => atServer(peer, hint, EDGE);
  return [service({ sighting: quoted(origin.line ?? 1, quote, seen), service: "AWS WAF", clock: null, judge })];
}

function hostIn(headers: unknown): string | null {
  const list: readonly unknown[] = Array.isArray(headers) ? headers : [];
  const host = list.find((one) => textAt(one, "name")?.toLowerCase() === "host");
  return /^([A-Za-z0-9.-]{1,253})(?::\d{1,5})?$/.exec(textAt(host, "value") ?? "")?.[1]?.toLowerCase() ?? null;
}
