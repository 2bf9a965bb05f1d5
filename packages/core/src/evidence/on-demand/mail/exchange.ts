import type { Line } from "../../lines.ts";
import { type MailLog, type MailLogLine, readMailLog } from "../../logs/mail.ts";
import type { Evidence, ObservedAddress, VantageHint } from "../../observation.ts";
import { rfc3339 } from "../../time.ts";
import { addressIn, csvFields, endpointIn } from "../words.ts";

/** https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging */
const RECEIVE_FIELDS = [
  ...["date-time", "connector-id", "session-id", "sequence-number", "local-endpoint", "remote-endpoint"],
  ...["event", "data", "context"],
];

/**
 * Reads the receive protocol log, of which each line names both ends, and the message tracking log, which names the
 * client of a message that came in by SMTP. Times are UTC. A file without `#Fields` is taken for a receive log; a send
 * log has the same fields and says so in its header.
 */
export function parseExchange(lines: readonly Line[]): readonly MailLogLine[] {
  let fields: readonly string[] = RECEIVE_FIELDS;
  let sends = false;
  return lines.flatMap((line) => {
    if (line.text.startsWith("#")) {
      if (line.text.startsWith("#Fields: ")) fields = csvFields(line.text.slice(9)).map((name) => name.trim());
      if (line.text.startsWith("#Log-type: ")) sends = /send/i.test(line.text);
      return [];
    }
    const found = sends ? null : exchangeLine(line, fields);
    return found === null ? [] : [found];
  });
}

export const readExchange = (lines: readonly Line[], file: string, hint: VantageHint | null): Evidence =>
  readMailLog(parseExchange(lines), EXCHANGE, file, hint);

function exchangeLine(line: Line, fields: readonly string[]): MailLogLine | null {
  const values = csvFields(line.text);
  const at = (name: string): string => values[fields.indexOf(name)] ?? "";
  const clock = at("date-time");
  const stamp = { line, clock, at: rfc3339(clock), peerName: null, rejected: false, sendsOn: false };
  if (fields.includes("remote-endpoint")) {
    const [remote, local] = [endpointIn(at("remote-endpoint")), endpointIn(at("local-endpoint"))];
    if (remote === null) return null;
    const said = at("event") === "<" ? /^(?:EHLO|HELO) (\S{1,255})/i.exec(at("data"))?.[1] : undefined;
    return { ...stamp, ...ends(remote, local), helo: said ?? null };
  }
  const cameIn = at("source") === "SMTP" && at("event-id") === "RECEIVE";
  const client = cameIn ? (addressIn(at("original-client-ip")) ?? addressIn(at("client-ip"))) : null;
  if (client === null) return null;
  const server = addressIn(at("original-server-ip")) ?? addressIn(at("server-ip"));
  return {
    ...stamp,
    ...ends({ address: client, port: null }, server === null ? null : { address: server, port: null }),
    helo: null,
  };
}

type End = { readonly address: ObservedAddress; readonly port: number | null };

const ends = (peer: End, local: End | null) => ({
  peer: peer.address,
  peerPort: peer.port,
  local: local?.address ?? null,
  localPort: local?.port ?? null,
});

const EXCHANGE: MailLog = {
  kind: "exchange-log",
  server: "Exchange",
  proves: {
    en: "The remote endpoint is the address Exchange's connection came from; EHLO is the client's own word. If this is the log of the server that takes mail in for the destination, it is the source it sees; behind a Frontend or a load balancer it is theirs.",
    zh: "remote-endpoint 是 Exchange 的连接来源地址；EHLO 是客户端的自称。若这是目的端接收邮件的服务器日志，这就是它看到的源地址；若位于前端服务器或负载均衡之后，则是它们的地址。",
  },
};
