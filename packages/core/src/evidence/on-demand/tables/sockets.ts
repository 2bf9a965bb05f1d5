import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import type { Evidence, Observation, VantageHint } from "../../observation.ts";
import { serverRank } from "../../tcpdump/services.ts";
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
import { endpointIn } from "../words.ts";

/** `A:P B:Q` side by side: local, then the other side, whatever the language of the words around them. */
const PAIR =
  /(?:^|\s)((?:\[[0-9A-Fa-f:.%]{2,60}\]|[0-9A-Fa-f.:]{2,60}?)(?:%\w{1,16})?:\d{1,5})\s{1,40}(\[?[0-9A-Fa-f:.]{2,60}\]?:\d{1,5})(?=\s|$)/;
/** `lsof -i`: https://github.com/lsof-org/lsof/blob/master/docs/manpage.md (NAME) */
const ARROW = /\bTCP (\[?[0-9A-Fa-f:.]{2,60}\]?:\d{1,5})->(\[?[0-9A-Fa-f:.]{2,60}\]?:\d{1,5}) \(/;
/** https://learn.microsoft.com/powershell/module/nettcpip/get-nettcpconnection */
const COLUMNS =
  /^\s{0,4}([0-9A-Fa-f:.]{2,45})\s{1,60}(\d{1,5})\s{1,20}([0-9A-Fa-f:.]{2,45})\s{1,60}(\d{1,5})\s{1,20}[A-Z]/;
/** Only what is open tells of a peer; listeners have none. */
const OPEN =
  /\b(?:ESTAB|ESTABLISHED|TIME[-_]WAIT|CLOSE[-_]WAIT|FIN[-_]WAIT[-_]?[12]?|SYN[-_](?:RECV|RECEIVED|SENT))\b|HERGESTELLT|已建立|\b(?:Established|TimeWait|CloseWait|FinWait[12]|SynReceived|SynSent)\b/;

interface Socket {
  readonly sighting: Sighting;
  /** Which side opened the connection, as the ports tell. */
  readonly side: "server" | "client" | "unknown";
}

/** `ss -tn`, `netstat -an` of Linux and Windows, `lsof -i`, `Get-NetTCPConnection`. */
export function readSockets(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const sockets = lines.flatMap((line) => socketIn(line, hint) ?? []);
  const key = ({ sighting: one, side }: Socket): string => `${flowKey(one)} ${side}`;
  const observations = fold(sockets, key).map(({ last, all }) => observationOf(last, all.length, file, hint));
  return evidenceOf(file, "socket-table", observations);
}

function pairIn(text: string): readonly [string, string] | null {
  const [, local, peer] = PAIR.exec(text) ?? ARROW.exec(text) ?? [];
  if (local !== undefined && peer !== undefined) return [local, peer];
  const [, host, port, otherHost, otherPort] = COLUMNS.exec(text) ?? [];
  return otherPort === undefined ? null : [`[${host}]:${port}`, `[${otherHost}]:${otherPort}`];
}

/** Rows of PowerShell's table, which no word tells that stands in every language. */
export const isSocketRow = (text: string): boolean => OPEN.test(text) && COLUMNS.test(text);

function socketIn(line: Line, hint: VantageHint | null): Socket | null {
  const found = OPEN.test(line.text) ? pairIn(line.text) : null;
  const local = endpointIn(found?.[0].replace(/%\w{1,16}/, ""));
  const peer = endpointIn(found?.[1]);
  if (local === null || peer === null) return null;
  const byPorts = serverRank(local.port) - serverRank(peer.port);
  const side = byPorts > 0 ? "server" : byPorts < 0 ? "client" : hint === "destination" ? "server" : "unknown";
  const [source, destination] = side === "server" ? [peer, local] : [local, peer];
  const seen = {
    source: source.address,
    sourcePort: source.port,
    destination: destination.address,
    destinationPort: destination.port,
    protocol: "tcp" as const,
  };
  return { sighting: sighting(line, seen), side };
}

function observationOf(
  { sighting: one, side }: Socket,
  count: number,
  file: string,
  hint: VantageHint | null,
): Observation {
  const { seen } = one;
  const many = timesOf(count);
  return observe(
    file,
    "socket-table",
    one,
    {
      en: `A socket between ${endOf(seen.source, seen.sourcePort)} and ${endOf(seen.destination, seen.destinationPort)}${many.en}; this host is the ${side === "unknown" ? "one or the other side" : side}.`,
      zh: `${endOf(seen.source, seen.sourcePort)} 与 ${endOf(seen.destination, seen.destinationPort)} 之间的套接字${many.zh}；本机是${SIDES[side]}。`,
    },
    judge(side, hint),
  );
}

const SIDES = { server: "服务端", client: "客户端", unknown: "其中一端（无法判断）" } as const;

function judge(side: Socket["side"], hint: VantageHint | null): Judgement {
  if (side === "server" && hint !== "client" && hint !== "translator")
    return { strength: "destination-observed", vantage: "destination", proves: AT_SERVER };
  if (side === "unknown") return { strength: "none", vantage: "unknown", proves: UNSAID };
  return { strength: "none", vantage: hint ?? "client", proves: AT_CLIENT };
}

const AT_SERVER: Text = {
  en: "The local port is the service's, so the table is the server's: the peer is the source it sees. A proxy on the same host shows itself here.",
  zh: "本地端口是服务端口，因此这是服务端的表：对端即其看到的源地址。同一主机上的代理会在此显示为对端。",
};

const AT_CLIENT: Text = {
  en: "The local address of a client is the one before any translation: it proves which address it sends from, nothing about what the destination sees.",
  zh: "客户端的本地地址是任何转换之前的地址：只证明它用哪个地址发送，不说明目的端看到什么。",
};

const UNSAID: Text = {
  en: "Neither port is a known service's, so which side the table is from is not told: --vantage FILE=destination or client.",
  zh: "两端端口都不是常见服务端口，无法判断该表来自哪一端：--vantage FILE=destination 或 client。",
};
