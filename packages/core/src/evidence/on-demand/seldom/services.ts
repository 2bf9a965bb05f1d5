import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import type { ObservedAddress, VantageHint } from "../../observation.ts";
import { epochToRfc3339, rfc3339 } from "../../time.ts";
import { atServer, type Judgement, sighting } from "../observe.ts";
import { addressIn, portIn } from "../words.ts";
import { type Format, groupsOf, text } from "./format.ts";

/** The stamp, the host and the process of a system log, where there are. */
const HEAD = String.raw`^(?:<\d{1,3}>(?:1 )?)?(?<clock>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ][\d:.,]{8,15}(?:Z|[+-]\d\d:?\d\d)?)? ?`;
const ADDRESS = "(?:::ffff:)?[0-9A-Fa-f.:]{3,45}";
const FOUR = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;

interface Service {
  readonly service: string;
  readonly has: readonly string[];
  /** `peer`, and where the line tells them `port`, `local`, `localPort`, `clock`, `epoch`, `of`. */
  readonly line: RegExp;
  readonly ports: readonly number[] | null;
  readonly portsOf?: Readonly<Record<string, readonly number[]>>;
  readonly protocol?: "tcp" | "udp";
  readonly proves?: Text;
  /** Both ends of the connection write such a line. */
  readonly eitherEnd?: true;
  /** A line that stands shortly before. */
  readonly below?: RegExp;
  /** A heading that stands among the first lines. */
  readonly under?: RegExp;
  /** A column may be cut: an address of that length need not be whole. */
  readonly cutAt?: number;
}

const PROVES = text(
  "The service writes the peer of its own connection: the source this host sees, unless something in front of it ends connections. Another port of the same host may see another.",
  "该服务记录的是自身连接的对端：若其前面没有终结连接的设备，这就是该主机看到的源地址。同一主机的其他端口可能看到不同的源。",
);

const LOGIN = text(
  "The login program wrote where the session came from: the peer of its connection, as this host sees it. A jump host or a terminal multiplexer shows itself.",
  "登录程序记录了会话的来源：即该主机所见连接的对端。跳板机或终端复用器会显示为其自身。",
);

const WATCHED = text(
  "Taken from the log of the service that the jail watches: the peer that this service saw.",
  "取自该监控项所监视服务的日志：即该服务看到的对端。",
);

const RESOLVER = text(
  "The peer of a query is the resolver that asked, or a forwarder, rarely the client itself; over UDP the source can be forged.",
  "查询的对端是发起查询的解析器或转发器，很少是客户端本身；经 UDP 的源地址可以伪造。",
);

const TUNNEL = text(
  "The outer source of the tunnel, which completed a handshake with this gateway. What goes through the tunnel is seen elsewhere with another source.",
  "隧道的外层源地址，已与该网关完成握手。经隧道的流量在别处以其他源地址出现。",
);

const TUNNEL_END = text(
  "The other end of a tunnel: on the gateway the source that it sees, on the client the gateway's own address. Which of the two this is, is not told: --vantage FILE=destination.",
  "隧道的另一端：在网关上是它看到的源地址，在客户端上则是网关自己的地址。此处未说明是哪一端：--vantage FILE=destination。",
);

const MAIL_PORTS = { imap: [143, 993], pop3: [110, 995], submission: [465, 587], managesieve: [4190] } as const;

const SERVICES: readonly Service[] = [
  {
    // The user name is the client's own text and stands before the address: the last is Dovecot's.
    // https://doc.dovecot.org/main/core/settings/variables.html
    service: "Dovecot",
    has: [" rip=", ",rip="],
    line: new RegExp(
      String.raw`${HEAD}.{0,300}?\b(?<of>imap|pop3|submission|managesieve)-login: .{0,4000}\brip=(?<peer>${ADDRESS}), lip=(?<local>${ADDRESS})(?:,|$)`,
    ),
    ports: [],
    portsOf: MAIL_PORTS,
  },
  {
    // https://security.appspot.com/vsftpd/vsftpd_conf.html (xferlog_std_format, vsftpd_log_file)
    service: "vsftpd",
    has: [': Client "'],
    line: new RegExp(
      String.raw`^(?<clock>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}) \[pid \d{1,10}\] (?:\[[^\]]{0,80}\] )?(?:CONNECT|(?:OK|FAIL) [A-Z]{4,12}): Client "(?<peer>${ADDRESS})"`,
    ),
    ports: [21, 990],
  },
  {
    // http://www.proftpd.org/docs/howto/Logging.html
    service: "ProFTPD",
    has: ["proftpd["],
    line: new RegExp(
      String.raw`${HEAD}(?:\S{1,255} )?proftpd\[\d{1,10}\]:? \S{1,255} \(\S{1,255}?\[(?<peer>${ADDRESS})\]\)`,
    ),
    ports: [21, 990],
  },
  {
    // https://www.pureftpd.org/project/pure-ftpd/doc/ The user name is the client's text: only its characters may stand there.
    service: "Pure-FTPd",
    has: ["pure-ftpd"],
    line: new RegExp(
      String.raw`${HEAD}(?:\S{1,255} )?pure-ftpd(?:\[\d{1,10}\])?: \([^\s()@]{1,64}@(?<peer>${ADDRESS})\) \[`,
    ),
    ports: [21, 990],
  },
  {
    // A server names the client before its message; a client has nothing there.
    // https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/
    service: "OpenVPN",
    has: ["TLS: Initial packet from", "Peer Connection Initiated with", "peer info: "],
    line: new RegExp(
      String.raw`^(?<clock>\d{4}-\d\d-\d\d [\d:]{8}|[A-Z][a-z]{2} .{0,120}?\d\d:\d\d:\d\d.{0,80}?)? ?(?:[^\s/]{1,64}\/)?(?<peer>${FOUR}):(?<port>\d{1,5}) (?:TLS: Initial packet from|\[[^\]]{0,64}\] Peer Connection Initiated with|peer info: )`,
    ),
    ports: [443, 1194],
    proves: TUNNEL,
  },
  {
    // https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/ (--status)
    service: "OpenVPN",
    has: [","],
    line: new RegExp(
      String.raw`^(?:CLIENT_LIST,)?[^,]{1,64},(?<peer>${FOUR}):(?<port>\d{1,5}),(?:[^,]{0,45},[^,]{0,45},)?\d{1,20},\d{1,20},(?<clock>[^,]{10,40})`,
    ),
    ports: [443, 1194],
    proves: TUNNEL,
    under: /^OpenVPN CLIENT LIST|^HEADER,CLIENT_LIST,|^TITLE,OpenVPN/,
  },
  {
    // https://www.wireguard.com/quickstart/ (wg show)
    service: "WireGuard",
    has: ["endpoint: "],
    line: new RegExp(String.raw`^\s{1,8}endpoint: \[?(?<peer>${ADDRESS}?)\]?:(?<port>\d{1,5})$`),
    ports: [51_820],
    protocol: "udp",
    proves: TUNNEL_END,
    eitherEnd: true,
    below: /^peer: [A-Za-z0-9+/]{43}=$/,
  },
  {
    // https://docs.strongswan.org/docs/latest/config/logging.html
    service: "strongSwan",
    has: [" is initiating a"],
    line: new RegExp(
      String.raw`${HEAD}.{0,300}?\b\d\d\[IKE\] (?:<\S{1,80}> )?(?<peer>${ADDRESS}) is initiating an? (?:IKE_SA|Main Mode|Aggressive Mode)`,
    ),
    ports: [500, 4500],
    protocol: "udp",
    proves: TUNNEL,
  },
  {
    // https://man7.org/linux/man-pages/man1/last.1.html Without -w a name is cut after sixteen characters.
    service: "The record of logins (last)",
    has: ["pts/", "tty", "ssh"],
    line: new RegExp(
      String.raw`^\S{1,64} {1,20}(?:pts\/\d{1,5}|tty\S{1,12}|ssh:notty) {1,20}(?<peer>${ADDRESS}) {1,40}(?<clock>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d)`,
    ),
    ports: [22],
    proves: LOGIN,
    cutAt: 16,
  },
  {
    // https://man7.org/linux/man-pages/man1/who.1.html
    service: "The record of logins (who)",
    has: ["pts/"],
    line: new RegExp(
      String.raw`^\S{1,64} {1,20}[+-]? ?pts\/\d{1,5} {1,20}(?<clock>\d{4}-\d\d-\d\d \d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d).{0,60}\((?<peer>${ADDRESS})\)$`,
    ),
    ports: [22],
    proves: LOGIN,
  },
  {
    // https://man7.org/linux/man-pages/man1/w.1.html
    service: "The record of logins (w)",
    has: ["pts/"],
    line: new RegExp(
      String.raw`^\S{1,64} {1,20}pts\/\d{1,5} {1,20}(?<peer>${ADDRESS}) {1,20}(?:\d\d:\d\d|\d\d[A-Z][a-z]{2}\d\d|[A-Z][a-z]{2}\d\d) {1,20}\S{1,10} `,
    ),
    ports: [22],
    proves: LOGIN,
    cutAt: 16,
  },
  {
    // https://github.com/fail2ban/fail2ban/blob/master/fail2ban/server/filter.py
    service: "fail2ban",
    has: ["fail2ban."],
    line: new RegExp(
      String.raw`^(?<clock>\d{4}-\d\d-\d\d [\d:,]{8,12}) fail2ban\.(?:filter|actions) {0,20}\[\d{1,10}\]: [A-Z]{4,8} {1,8}\[(?<of>[\w.-]{1,60})\] (?:Found|Ban) (?<peer>${ADDRESS})(?: |$)`,
    ),
    ports: [],
    portsOf: { sshd: [22], ...MAIL_PORTS, dovecot: [110, 143, 993, 995], postfix: [25, 465, 587] },
    proves: WATCHED,
  },
  {
    service: "BIND",
    has: [": query: "],
    // https://bind9.readthedocs.io/en/stable/reference.html (queries)
    line: new RegExp(
      String.raw`(?:^|\s)(?:(?<clock>\d\d-[A-Z][a-z]{2}-\d{4} [\d:.]{8,12}) )?(?:queries: )?(?:info: )?client (?:@0x[0-9a-f]{1,16} )?(?<peer>${ADDRESS})#(?<port>\d{1,5}) \([^()]{1,255}\): (?:view \S{1,64}: )?query: .{0,300}\((?<local>${ADDRESS})\)`,
    ),
    ports: [53],
    proves: RESOLVER,
  },
  {
    // https://mosquitto.org/man/mosquitto-conf-5.html (log_type)
    service: "Mosquitto",
    has: ["New connection from "],
    line: new RegExp(
      String.raw`^(?:(?<epoch>\d{10})|(?<clock>\S{19,30})): New connection from (?<peer>${FOUR}):(?<port>\d{1,5}) on port (?<localPort>\d{1,5})\.?$`,
    ),
    ports: null,
  },
  {
    // https://github.com/linux-audit/audit-documentation/wiki/SPEC-Writing-Good-Events (addr)
    service: "auditd",
    has: ["type=USER_"],
    line: new RegExp(
      String.raw`^(?:node=\S{1,255} )?type=USER_(?:LOGIN|AUTH|ERR) msg=audit\((?<epoch>\d{10}\.\d{3}):\d{1,12}\): .{0,2000}\baddr=(?<peer>${ADDRESS}) terminal=`,
    ),
    ports: [22],
    proves: LOGIN,
  },
  {
    // The user's name is the client's text: the last of that shape is the device's.
    // https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/sec_usr_cfg/configuration/xe-16/sec-usr-cfg-xe-16-book/sec-login-enhance.html
    service: "Cisco IOS",
    has: ["%SEC_LOGIN-"],
    line: new RegExp(
      String.raw`%SEC_LOGIN-\d-LOGIN_(?:SUCCESS|FAILED): .{0,1000}\[Source: (?<peer>${ADDRESS})\] \[localport: (?<localPort>\d{1,5})\]`,
    ),
    ports: null,
    proves: LOGIN,
  },
  {
    // https://redis.io/docs/latest/operate/oss_and_stack/management/config/ (loglevel verbose)
    service: "Redis",
    has: [" Accepted "],
    line: new RegExp(
      String.raw`^\d{1,10}:[MSC] (?<clock>\d\d [A-Z][a-z]{2} \d{4} [\d:.]{8,12}) - Accepted \[?(?<peer>${ADDRESS}?)\]?:(?<port>\d{1,5})$`,
    ),
    ports: [6379],
  },
];

/** Services that name their peers in one line each. */
export const SERVICE_FORMATS: readonly Format[] = SERVICES.map((one) => ({
  has: one.has,
  read: (line: Line, all: readonly Line[], index: number) => {
    const { under, below } = one;
    if (under !== undefined && !all.slice(0, HEADED).some((other) => under.test(other.text))) return null;
    if (below !== undefined && !all.slice(Math.max(0, index - NEAR), index).some((other) => below.test(other.text)))
      return null;
    const found = groupsOf(one.line, line.text);
    const source = unmapped(found?.["peer"]);
    if (found === null || source === null || mayBeCut(one, found["peer"] ?? "")) return null;
    const { port, local, localPort, clock, epoch, of } = found;
    const at = epoch === undefined ? rfc3339(clock ?? "") : epochToRfc3339(epoch);
    const seen = {
      source,
      sourcePort: portIn(port),
      destination: unmapped(local),
      destinationPort: portIn(localPort),
      protocol: one.protocol ?? (one.proves === TUNNEL || one.proves === RESOLVER ? null : ("tcp" as const)),
      at,
    };
    const ports = of === undefined ? one.ports : (one.portsOf?.[of] ?? one.ports);
    return {
      as: "service",
      record: {
        kind: "server-log",
        sighting: sighting(line, seen),
        service: one.service,
        clock: clock ?? null,
        ports,
        judge: (peer, hint) => judge(one, peer, hint),
      },
    };
  },
}));

const HEADED = 50;
const NEAR = 3;

/** `2001:db8:72::222` has sixteen characters, and so has the beginning of a longer address. */
const mayBeCut = ({ cutAt }: Service, word: string): boolean =>
  cutAt !== undefined && word.includes(":") && word.length >= cutAt;

function judge(
  { proves = PROVES, eitherEnd }: Service,
  source: ObservedAddress | null,
  hint: VantageHint | null,
): Judgement {
  if (eitherEnd === true && hint !== "destination") return { strength: "none", vantage: hint ?? "unknown", proves };
  return atServer(source, hint, proves);
}

/** `::ffff:203.0.113.11`, as a socket for both families shows a client over IPv4. */
export const unmapped = (word: string | undefined): ObservedAddress | null =>
  addressIn(word?.toLowerCase().startsWith("::ffff:") === true && word.includes(".") ? word.slice(7) : word);
