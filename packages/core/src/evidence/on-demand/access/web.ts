import { readJsonDocuments } from "../../../documents/json.ts";
import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import { type LogEntry, member, quoteOfEntry, textAt } from "../../logs/entry.ts";
import type { Evidence, Observation, ObservedAddress, VantageHint } from "../../observation.ts";
import { epochToRfc3339, rfc3339 } from "../../time.ts";
import {
  atServer,
  countOf,
  evidenceOf,
  fold,
  type Judgement,
  observe,
  quoted,
  type Sighting,
  sighting,
  timesOf,
  whenOf,
} from "../observe.ts";
import { addressIn, endpointIn, portIn, webTime } from "../words.ts";
import { balancerLine } from "./balancers.ts";
import { trailOf } from "./trails.ts";

/** One request: who the server's socket was connected to, and whom a header said it was for. */
interface Request {
  readonly sighting: Sighting;
  /** X-Forwarded-For or Forwarded as logged; null where the log shows none. */
  readonly forwarded: string | null;
  readonly clock: string | null;
  /** A cloud whose own service was called; absent: a web server. */
  readonly service?: string;
  /** A balancer asks whether the server lives: nobody's traffic. */
  readonly isCheck?: boolean;
}

/**
 * What the checks of balancers and of Kubernetes call themselves.
 * https://cloud.google.com/load-balancing/docs/health-check-concepts
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 * https://learn.microsoft.com/azure/load-balancer/load-balancer-custom-probe-overview
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 */
const CHECKS = /"(?:GoogleHC\/|ELB-HealthChecker\/|Load Balancer Agent"|kube-probe\/)/;

/**
 * Apache's common and combined forms and nginx's, with a virtual host before them and a forwarded header behind them or
 * not. https://httpd.apache.org/docs/current/logs.html https://nginx.org/en/docs/http/ngx_http_log_module.html
 */
const COMBINED = /^(\S{1,64}) \S{1,64} .{1,80}? \[([^\]]{20,40})\] "(.{0,4000})$/;
/** https://docs.haproxy.org/dev/configuration.html#8.2 */
const HAPROXY =
  /(?:^| )(\S{2,45}:\d{1,5}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]{8,15})\] (\S{1,80}) \S{1,80}\/\S{1,80} /;
/** A forwarded header is the last quoted member, or the last bare one. */
const LAST_MEMBER =
  / "?((?:[0-9A-Fa-fxX*.:[\]]{2,45}|unknown)(?:, ?(?:[0-9A-Fa-fxX*.:[\]]{2,45}|unknown)){0,20}|for=[^"]{2,200})"?$/;

/** Access logs as text: Apache, nginx, HAProxy, IIS and CloudFront (W3C), AWS's balancers and buckets. One observation for each peer. */
export function readWebLog(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  let fields: readonly string[] = [];
  const requests = lines.flatMap((line) => {
    if (line.text.startsWith("#Fields: ")) fields = line.text.slice(9).split(" ");
    return (fields.length > 0 ? w3cLine(line, fields) : plainLine(line)) ?? [];
  });
  return evidenceOf(file, "web-log", observationsOf(requests, file, hint));
}

const plainLine = (line: Line): Request | null => combinedLine(line) ?? haproxyLine(line) ?? balancer(line);

function balancer(line: Line): Request | null {
  const found = balancerLine(line);
  return found === null ? null : { ...found, forwarded: null };
}

function combinedLine(line: Line): Request | null {
  // A virtual host may stand before the peer; a user name, which is the client's own text, only behind it.
  const space = line.text.indexOf(" ");
  const isBare = addressIn(line.text.slice(0, Math.max(space, 0))) !== null;
  const found = COMBINED.exec(isBare ? line.text : line.text.slice(space + 1));
  const [, who = "", time = "", rest = ""] = found ?? [];
  const source = addressIn(who);
  if (source === null) return null;
  const forwarded = LAST_MEMBER.exec(rest)?.[1] ?? null;
  const isHeader = forwarded !== null && / \d{3} (?:\d{1,15}|-)\b/.test(rest) && !/ \d{3} \S{1,15}$/.test(rest);
  // `vhost_combined` of Debian and its like: %v:%p, the virtual host and the port it serves.
  const destinationPort = isBare ? null : portIn(/:(\d{1,5})$/.exec(line.text.slice(0, space))?.[1]);
  return request(
    sighting(line, { source, destinationPort, protocol: "tcp", at: webTime(time) }, said(forwarded, isHeader)),
    forwarded,
    isHeader,
    time,
  );
}

const said = (forwarded: string | null, isHeader: boolean) => ({ claimed: isHeader ? forwarded : null });

const request = (one: Sighting, forwarded: string | null, isHeader: boolean, clock: string | null): Request => ({
  sighting: one,
  isCheck: CHECKS.test(one.quote),
  forwarded: isHeader ? forwarded : null,
  clock,
});

function haproxyLine(line: Line): Request | null {
  const [, client, clock = ""] = HAPROXY.exec(line.text) ?? [];
  const end = endpointIn(client);
  if (end === null) return null;
  const seen = { source: end.address, sourcePort: end.port, protocol: "tcp" as const, at: null };
  return { sighting: sighting(line, seen), forwarded: null, clock };
}

/**
 * IIS logs in UTC unless told otherwise: https://www.w3.org/TR/WD-logfile.html CloudFront always, with tabs:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
function w3cLine(line: Line, fields: readonly string[]): Request | null {
  if (line.text.startsWith("#")) return null;
  const values = line.text.split(line.text.includes("\t") ? "\t" : " ");
  const at = (name: string): string | undefined => values[fields.indexOf(name)];
  const source = addressIn(at("c-ip"));
  if (source === null) return null;
  const seen = {
    source,
    sourcePort: portIn(at("c-port")),
    destination: addressIn(at("s-ip")),
    destinationPort: portIn(at("s-port")),
    protocol: "tcp" as const,
    at: rfc3339(`${at("date")}T${at("time")}Z`),
  };
  const header = at("X-Forwarded-For") ?? at("x-forwarded-for") ?? "-";
  return request(sighting(line, seen, said(header, header !== "-")), header, header !== "-", null);
}

const PEERS = [
  ["remote_addr"],
  ["remote_ip"],
  ["request", "remote_ip"],
  ["httpRequest", "remoteIp"],
  ["remoteIp"],
  // ClientHost of Traefik is a forwarded header where there is one:
  // https://github.com/traefik/traefik/blob/master/pkg/middlewares/accesslog/logger.go
  ["ClientAddr"],
  ["ClientHost"],
  // Azure: Front Door tells the socket apart from what a header says, and Application Gateway has the socket alone.
  ["properties", "socketIp"],
  ["properties", "clientIP"],
];
const PORTS = [["remote_port"], ["request", "remote_port"], ["ClientPort"]];
const HEADERS = [
  ["http_x_forwarded_for"],
  ["x_forwarded_for"],
  ["X-Forwarded-For"],
  ["xff"],
  ["request", "headers", "X-Forwarded-For"],
];
const TIMES = [["time_iso8601"], ["time"], ["timeStamp"], ["timestamp"], ["@timestamp"], ["StartUTC"], ["ts"]];

/**
 * Access logs as JSON: nginx with escape=json, Caddy, Traefik, the balancers of Google and Azure; and what the services
 * of clouds tell of their callers.
 */
export function readWebJson(text: string, file: string, hint: VantageHint | null): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const requests = value.flatMap(recordsIn).flatMap((entry) => jsonRequest(entry) ?? called(entry) ?? []);
  return evidenceOf(file, "web-log", observationsOf(requests, file, hint), { problems });
}

/** CloudTrail and Azure's diagnostic settings put their records into one list. */
function recordsIn(entry: LogEntry): readonly LogEntry[] {
  const records = member(entry.value, "Records") ?? member(entry.value, "records");
  return Array.isArray(records) ? records.map((value: unknown) => ({ ...entry, value })) : [entry];
}

function called(entry: LogEntry): Request | null {
  const trail = trailOf(entry);
  return trail === null ? null : { ...trail, forwarded: null, clock: trail.sighting.seen.at };
}

const first = (value: unknown, paths: readonly (readonly string[])[]): string | null => {
  for (const path of paths) {
    const found = member(value, ...path);
    const one: unknown = Array.isArray(found) ? found[0] : found;
    if (typeof one === "string" && one !== "") return one;
    if (typeof one === "number") return String(one);
  }
  return null;
};

function jsonRequest({ value, origin }: LogEntry): Request | null {
  const end = endpointIn(first(value, PEERS));
  if (end === null) return null;
  const header = first(value, HEADERS) ?? otherHost(value, end.address);
  const forwarded = header === "-" ? null : header;
  const time = first(value, TIMES) ?? "";
  const at = /^\d{10}(?:\.\d{1,9})?$/.test(time) ? epochToRfc3339(time) : rfc3339(time);
  const seen = {
    source: end.address,
    sourcePort: end.port ?? portIn(first(value, PORTS)),
    protocol: "tcp" as const,
    at,
  };
  const quote = quoteOfEntry({
    peer: first(value, PEERS),
    forwarded,
    time,
    request: textAt(value, "request") ?? undefined,
  });
  return {
    sighting: quoted(origin.line ?? 1, quote, seen, { claimed: forwarded }),
    forwarded,
    clock: time === "" ? null : time,
  };
}

/** What Traefik has for the client, where that is not its peer. */
function otherHost(value: unknown, peer: ObservedAddress): string | null {
  const host = textAt(value, "ClientHost");
  return host === null || addressIn(host)?.text === peer.text ? null : host;
}

function observationsOf(requests: readonly Request[], file: string, hint: VantageHint | null): readonly Observation[] {
  const key = ({ sighting: { seen } }: Request): string =>
    [seen.source?.text, seen.destinationName, seen.destinationPort].join(" ");
  return fold(requests, key).map(({ last, all }) => {
    const newest = all.findLast(({ forwarded }) => forwarded !== null) ?? last;
    const { source, at } = last.sighting.seen;
    const many = timesOf(countOf(all.map(({ sighting: one }) => one)));
    const when = whenOf(at, last.clock);
    const told = { ...last.sighting, claimed: newest.forwarded };
    return observe(
      file,
      "web-log",
      told,
      last.service === undefined
        ? {
            en: `The server's socket was connected to ${source?.text}${many.en} (last${when.en}).${forwardedIn(newest.forwarded).en}`,
            zh: `服务器的套接字对端为 ${source?.text}${many.zh}（最近${when.zh}）。${forwardedIn(newest.forwarded).zh}`,
          }
        : {
            en: `A service of ${last.service} was called from ${source?.text}${many.en} (last${when.en}).`,
            zh: `${last.service} 的服务被 ${source?.text} 调用${many.zh}（最近${when.zh}）。`,
          },
      judge(all, last, hint),
    );
  });
}

const forwardedIn = (header: string | null): Text =>
  header === null
    ? { en: "", zh: "" }
    : { en: ` A header in a request of it names ${header}.`, zh: `其中有请求的转发头写着 ${header}。` };

/** A proxy adds the header to every request; a client that forges one leaves others without. */
function judge(all: readonly Request[], { sighting: { seen }, service }: Request, hint: VantageHint | null): Judgement {
  if (service !== undefined && seen.destination === null && seen.destinationName === null)
    return { strength: "third-party-observed", vantage: "third-party", proves: SOME_SERVICE };
  if (service !== undefined) return atServer(seen.source, hint, BY_SERVICE);
  if (all.every(({ isCheck }) => isCheck === true)) return { strength: "none", vantage: "unknown", proves: CHECK };
  const judged = atServer(seen.source, hint, PROVES);
  const isProxy = judged.strength === "destination-observed" && all.every(({ forwarded }) => forwarded !== null);
  return isProxy ? { strength: "none", vantage: "unknown", proves: MAY_BE_PROXY } : judged;
}

const PROVES: Text = {
  en: "The first field is the peer of the server's socket, or what a module for real addresses (realip, remoteip) put there: if nothing in front of the server ends connections, the source the destination sees. X-Forwarded-For and Forwarded are the word of whoever sent the request.",
  zh: "第一个字段是服务器套接字的对端，或由真实地址模块（realip、remoteip）写入：若服务器前面没有终结连接的设备，这就是目的端看到的源地址。X-Forwarded-For 与 Forwarded 只是请求发送者的说法。",
};

const CHECK: Text = {
  en: "Only checks of a balancer or of Kubernetes come from this peer: it is where those stand, and says nothing of any client.",
  zh: "该对端只有负载均衡或 Kubernetes 的健康检查：这是检查方的地址，与客户端无关。",
};

const BY_SERVICE: Text = {
  en: "The service logs the source of the call: the one that this host of the cloud sees. A call by a private endpoint shows a private address; one that another service of the cloud made shows that service.",
  zh: "该服务记录调用的源地址：即云上这台主机所看到的源。经私有终结点的调用显示私有地址；由云上其他服务代为发起的调用则显示该服务。",
};

const SOME_SERVICE: Text = {
  en: "The service logs the source of the call, but not the host that was called: it is the source that this service sees, and says nothing of other destinations, nor of another way to the same service.",
  zh: "该服务记录了调用的源地址，但没有记录被调用的主机：这是该服务看到的源，不能用于其他目的地，也不能用于到同一服务的其他路径。",
};

/** Of a peer whose every request carries a forwarded header. */
export const MAY_BE_PROXY: Text = {
  en: "Every request of this peer carries a forwarded header, so it is probably a proxy or load balancer in front of the server. Only the last entry of the header is that proxy's own sighting, those before it came with the request (RFC 7239, 8.1). Ask for the proxy's log.",
  zh: "该对端的每个请求都带有转发头，因此它可能是服务器前面的代理或负载均衡。请求头中只有最后一项是该代理亲见，之前的各项随请求而来（RFC 7239 第 8.1 节）。请索取该代理的日志。",
};
