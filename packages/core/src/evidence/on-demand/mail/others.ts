import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import { type MailLog, type MailLogLine, readMailLog } from "../../logs/mail.ts";
import type { Evidence, ObservedAddress, VantageHint } from "../../observation.ts";
import { rfc3339 } from "../../time.ts";
import { addressIn, portIn } from "../words.ts";

/** The stamp and the host, where a system log wrote them. */
const HEAD = /^(?:<\d{1,3}>)?(?:([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,30}) (\S{1,255}) )?/;

/** What the server itself wrote begins here; further on may stand whatever a client sent. */
const withoutHead = (text: string): string => text.slice(HEAD.exec(text)?.[0].length ?? 0);

/** What one of these servers writes of its clients. */
interface Server {
  readonly name: string;
  readonly peer: RegExp;
  /** A line of the part that hands mail on to others. */
  readonly sends: RegExp;
}

/**
 * Courier: https://www.courier-mta.org/courieresmtpd.html · OpenSMTPD: https://man.openbsd.org/smtpd.8 ·
 * Haraka: https://github.com/haraka/Haraka/blob/master/connection.js
 */
const SERVERS: readonly Server[] = [
  {
    name: "Courier",
    peer: /^courieresmtpds?(?:\[\d{1,10}\])?: (?:started,ip=\[(?<peer>[^\][\s]{2,45})\](?:,port=\[(?<port>\d{1,5})\])?|(?<rejected>error),relay=(?<relay>[^,\s]{2,45})(?:,port=(?<relayPort>\d{1,5}))?)/,
    sends: /^courieresmtp(?:\[\d{1,10}\])?: .{0,400}\baddr=/,
  },
  {
    name: "OpenSMTPD",
    // In the foreground (-d) nothing stands before the session.
    peer: /^(?:smtpd\[\d{1,10}\]: )?[0-9a-f]{8,16} smtp (?:event=)?connected address=(?:local:)?\[?(?<peer>[^\][\s]{2,45})\]?(?: host=(?<name>\S{1,255}))?/,
    sends: /^(?:smtpd\[\d{1,10}\]: )?[0-9a-f]{8,16} mta (?:event=)?(?:delivery|connecting|connected)\b/,
  },
  {
    name: "Haraka",
    peer: /^(?:haraka(?:\[\d{1,10}\])?: )?(?:\S{19,30} )?\[[A-Z]{4,9}\] \[[0-9A-Fa-f.-]{1,45}\] \[core\] (?:dis)?connect ip=(?<peer>\S{2,45})(?: port=(?<port>\d{1,5}) local_ip=(?<local>\S{2,45}) local_port=(?<localPort>\d{1,5}))?(?: rdns=(?<name>\S{1,255}))?(?: helo=(?<helo>\S{1,255}))?/,
    sends:
      /^(?:haraka(?:\[\d{1,10}\])?: )?(?:\S{19,30} )?\[[A-Z]{4,9}\] \[[0-9A-Fa-f.-]{1,45}\] \[outbound\] delivered\b/,
  },
];

/** Reads what Courier, OpenSMTPD and Haraka log of their clients. Their own logs tell neither year nor zone. */
export function readOtherMail(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const server = SERVERS.find(({ peer }) => lines.some(({ text }) => peer.test(withoutHead(text))));
  const parsed = server === undefined ? [] : parseOtherMail(lines, server);
  return readMailLog(parsed, logOf(server?.name ?? "SMTP"), file, hint);
}

function parseOtherMail(lines: readonly Line[], server: Server): readonly MailLogLine[] {
  const delivering = new Set(
    lines.filter(({ text }) => server.sends.test(withoutHead(text))).map(({ text }) => HEAD.exec(text)?.[2] ?? ""),
  );
  return lines.flatMap((line) => {
    const [, clock = "", host = ""] = HEAD.exec(line.text) ?? [];
    const groups = server.peer.exec(withoutHead(line.text))?.groups;
    const peer = unmapped(groups?.peer ?? groups?.relay);
    if (groups === undefined || peer === null) return [];
    const { name, helo } = groups;
    return {
      line,
      clock,
      at: rfc3339(clock),
      peer,
      peerName: name === undefined || name.startsWith("<") || name === "NXDOMAIN" ? null : name,
      peerPort: portIn(groups.port ?? groups.relayPort),
      local: addressIn(groups.local),
      localPort: portIn(groups.localPort),
      helo: helo ?? null,
      rejected: groups.rejected !== undefined,
      sendsOn: delivering.has(host),
    };
  });
}

/** `::ffff:203.0.113.11`, as a socket for both families shows a client over IPv4. */
const unmapped = (word: string | undefined): ObservedAddress | null =>
  addressIn(word?.toLowerCase().startsWith("::ffff:") === true && word.includes(".") ? word.slice(7) : word);

const logOf = (server: string): MailLog => ({ kind: "mail-log", server, proves: PROVES });

const PROVES: Text = {
  en: "The address is the one the server's TCP connection came from; a name beside it is reverse DNS, and helo= the client's own word. If this is the log of the destination, it is the source it sees, unless something in front of it ends connections.",
  zh: "该地址是服务器 TCP 连接的来源；旁边的名称来自反向域名，helo= 则是客户端的自称。若这是目的端的日志，这就是它看到的源地址，除非其前面有终结连接的设备。",
};
