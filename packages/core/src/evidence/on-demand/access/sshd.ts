import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import type { Evidence, ObservedAddress, VantageHint } from "../../observation.ts";
import { rfc3339 } from "../../time.ts";
import { type Target, targetIn, towards } from "../commands.ts";
import { atServer, countOf, evidenceOf, fold, observe, type Sighting, sighting, timesOf, whenOf } from "../observe.ts";
import { addressIn, portIn } from "../words.ts";

/** The stamp and the process, where a system log wrote them; sshd on standard error has neither. */
const HEAD =
  /^(?:<\d{1,3}>)?(?:([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,30}) \S{1,255} )?(?:sshd(?:-session|-auth)?\[\d{1,10}\]: )?/;
/**
 * https://github.com/openssh/openssh-portable/blob/master/auth.c A user name is the client's own text and may hold
 * ` from A port N`, so the peer is the last of that shape; a reason is the client's text too, and stands behind the peer.
 */
const AFTER_NAME =
  /^(?:Accepted|Failed|Invalid user|Disconnected from|Connection (?:closed|reset) by|Bad protocol version).{0,400} (\S{2,64}) port (\d{1,5})\b/;
const BEFORE_REASON =
  /^(?:Received disconnect from|Connection from|Unable to negotiate with|banner exchange: Connection from|Did not receive identification string from) (\S{2,64}) port (\d{1,5})\b/;
/** Which of its own addresses it was: https://github.com/openssh/openssh-portable/blob/master/sshd-session.c (verbose) */
const OWN_END = /^Connection from \S{2,64} port \d{1,5} on (\S{2,64}) port (\d{1,5})\b/;
/** What sshd sets for a session: https://man.openbsd.org/ssh#ENVIRONMENT */
const VARIABLE = /\bSSH_C(?:LIENT|ONNECTION)=['"]?(\S{2,45}) (\d{1,5}) (?:(\S{2,45}) )?(\d{1,5})/;
const BARE = /^(\S{2,45}) (\d{1,5}) (\S{2,45}) (\d{1,5})$/;

interface SshLine {
  readonly sighting: Sighting;
  readonly clock: string | null;
}

/** Reads what sshd logs of its peers, with or without stamps, and the variables of a session on the server. */
export function readSshd(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  let target: Target | null = null;
  const found = lines.flatMap((line) => {
    target = targetIn(line.text) ?? target;
    return sshLine(line, target) ?? [];
  });
  const key = ({ sighting: { seen } }: SshLine): string =>
    `${seen.source?.text} ${seen.destination?.text} ${seen.destinationName}`;
  const observations = fold(found, key).map(({ last, all }) => {
    const { source, at } = last.sighting.seen;
    const many = timesOf(countOf(all.map(({ sighting: one }) => one)));
    const when = whenOf(at, last.clock);
    return observe(
      file,
      "sshd-log",
      last.sighting,
      {
        en: `The SSH server had a connection from ${source?.text}${many.en} (last${when.en}).`,
        zh: `SSH 服务器收到来自 ${source?.text} 的连接${many.zh}（最近${when.zh}）。`,
      },
      atServer(source, hint, PROVES),
    );
  });
  return evidenceOf(file, "sshd-log", observations);
}

/** @param target of the command above: a session's variables stand below it, a server's own log does not */
function sshLine(line: Line, target: Target | null): SshLine | null {
  const variable = VARIABLE.exec(line.text) ?? BARE.exec(line.text);
  if (variable !== null) {
    const [, source, port, destination, destinationPort] = variable;
    const session = of(line, addressIn(source), port, addressIn(destination), destinationPort, null);
    if (session === null) return null;
    const { sighting: one } = session;
    return { ...session, sighting: { ...one, seen: towards(one.seen, target) } };
  }
  const head = HEAD.exec(line.text);
  const message = line.text.slice(head?.[0].length ?? 0);
  const peer = BEFORE_REASON.exec(message) ?? AFTER_NAME.exec(message);
  const [, local, localPort] = OWN_END.exec(message) ?? [];
  return peer === null ? null : of(line, addressIn(peer[1]), peer[2], addressIn(local), localPort, head?.[1] ?? null);
}

function of(
  line: Line,
  source: ObservedAddress | null,
  port: string | undefined,
  destination: ObservedAddress | null,
  destinationPort: string | undefined,
  clock: string | null,
): SshLine | null {
  if (source === null) return null;
  const seen = {
    source,
    sourcePort: portIn(port),
    destination,
    destinationPort: portIn(destinationPort),
    protocol: "tcp" as const,
    at: rfc3339(clock ?? ""),
  };
  return { sighting: sighting(line, seen), clock };
}

const PROVES: Text = {
  en: "sshd writes the peer of its TCP connection, which a completed handshake makes hard to forge; a failed login counts as well. It is the source this host sees; behind a jump host or a proxy it is theirs. Another destination or port may see another.",
  zh: "sshd 记录的是其 TCP 连接的对端，握手完成后很难伪造；登录失败的记录同样有效。这是该主机看到的源地址；若经跳板机或代理，则是它们的地址。其他目的地址或端口可能看到不同的源。",
};
