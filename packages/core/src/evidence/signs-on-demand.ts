import { matches, type Sign } from "./sign.ts";

/** `tracert` says it in the language of Windows; a paste that starts with the sentence needs none of these words. */
const TRACERT_WORDS = [
  ...["Tracing route to", "Routenverfolgung zu", "itinéraire vers", "Rastreando a rota", "Traza a"],
  ...[
    "Trazado de ruta",
    "Rilevazione instradamento",
    "Трассировка маршрута",
    "Śledzenie trasy",
    "Traceren van de route",
  ],
  ...["跃点跟踪", "個躍點", "ルートをトレース", "경로 추적"],
];

const ECHO_WORDS = [
  ...["ifconfig.", "ipinfo.io", "icanhazip", "checkip.amazonaws", "cip.cc", "ip.sb", "ipify", "httpbin", "ident.me"],
  ...["myip.ipip", "ipecho", "wtfismyip", "ip-api"],
];

const SSH_CONNECTION = /^[\dA-Fa-f][\dA-Fa-f.:]{2,44} \d{1,5} [\dA-Fa-f.:]{3,45} \d{1,5}$/;

/** Four words, as few lines have: looked for before the pattern is compiled. */
function isSshConnection(text: string): boolean {
  return text.length < 110 && text.split(" ").length === 4 && SSH_CONNECTION.test(text);
}

const SSHD_WORDS = ["Accepted ", "Failed ", "Invalid user ", "Disconnected from ", "Received disconnect from "];

/**
 * Signs of the kinds whose readers are loaded when a text shows one. `paths` stand before the hops of traceroute, which
 * are less sure; `logs` after the logs of the mail servers that are always read.
 */
export const SIGNS_ON_DEMAND: { readonly paths: readonly Sign[]; readonly logs: readonly Sign[] } = {
  paths: [
    { kind: "scamper", has: ["traceroute from"], is: matches(/^traceroute from [^\s()]+ to [^\s()]+$/) },
    // Its line for an address is the one that nothing else writes.
    {
      kind: "mtr",
      has: ["h "],
      is: matches(/^h \d{1,3} (?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{3,45}:[0-9A-Fa-f:]{0,40})$/),
    },
    {
      kind: "mtr",
      has: [".|--", "HOST: ", "MTR.", "Mtr_Version"],
      is: matches(/^\s{0,8}\d{1,3}\.\|--|^HOST: .{0,200}Loss%|^(?:MTR\.[\w.-]{1,20}|Mtr_Version),/),
    },
    { kind: "tracepath", digit: true, is: matches(/^\s{0,4}\d{1,3}(?:\?: +\[LOCALHOST\]|: {2,8}\S.{0,200}ms\b)/) },
    // Times come before the address, in every language: https://learn.microsoft.com/windows-server/administration/windows-commands/tracert
    { kind: "tracert", digit: true, is: matches(/^\s{0,4}\d{1,3}(?:\s{1,8}(?:<?\d{1,5} \S{1,4}|\*)){3}\s{1,4}\S/) },
    { kind: "tracert", has: ["tracert"], is: matches(/^(?:.{0,120}[>$#] ?)?tracert(?:\.exe)? \S/i) },
    { kind: "tracert", has: TRACERT_WORDS, is: ({ length }) => length < 300 },
  ],
  logs: [
    { kind: "witness-log", has: ["seenas-receipt-1 "], is: matches(/^(?:.{0,24} )?seenas-receipt-1 n=\d{1,15} at=/) },
    { kind: "sendmail-log", has: ["sm-mta[", "sendmail["], is: matches(/ (?:sm-mta|sendmail)\[\d{1,10}\]: /) },
    {
      kind: "mail-log",
      has: ["courieresmtpd", " connected address=", "connect ip="],
      is: matches(
        /courieresmtpds?: (?:started,ip=|error,relay=)|(?:smtpd\[\d{1,10}\]: |^)[0-9a-f]{8,16} smtp (?:event=)?connected address=|\] \[core\] (?:dis)?connect ip=\S/,
      ),
    },
    { kind: "sshd-log", has: [" sshd"], is: matches(/ sshd(?:-session|-auth)?\[\d{1,10}\]: /) },
    {
      kind: "sshd-log",
      has: SSHD_WORDS,
      is: matches(/^(?:Accepted|Failed|Invalid|Disconnected|Received) .{1,200} port \d{1,5}\b/),
    },
    // The values alone, as `echo $SSH_CONNECTION` prints them.
    { kind: "sshd-log", has: [" "], is: isSshConnection },
    { kind: "sshd-log", has: ["SSH_CLIENT=", "SSH_CONNECTION="], is: matches(/\bSSH_C(?:LIENT|ONNECTION)=/) },
    {
      kind: "exchange-log",
      has: ["#Software", "#Log-type", "#Fields", "Z,"],
      is: matches(
        /^#(?:Software: Microsoft Exchange|Log-type: (?:SMTP Receive|Message Tracking)|Fields: date-time,)|^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z,[^,]{0,200},[0-9A-F]{16},\d{1,6},[^,]{1,64},[^,]{1,64},[-+*<>],/,
      ),
    },
    {
      kind: "nat-table",
      has: ["src="],
      is: matches(/\bsrc=\S{1,60} dst=\S{1,60} (?:sport|type)=\d{1,5} .{0,90}src=\S{1,60} dst=/),
    },
    { kind: "nat-table", has: ["<meta direction="], is: matches(/^\s{0,8}<flow\b.{0,40}<meta direction="original">/) },
    {
      kind: "nat-table",
      has: ["SNAT", "MASQUERADE", "snat ", "masquerade"],
      is: matches(
        /^-A \S{1,40} .{0,400}-j (?:SNAT|MASQUERADE)\b|^\s{1,16}(?:\S.{0,300} )?(?:snat (?:ip6? )?to \S|masquerade\b)/,
      ),
    },
    {
      kind: "firewall-log",
      has: ["%ASA-", "%FTD-", "IN=", ",TRAFFIC,", "srcip="],
      is: matches(
        /%(?:ASA|FTD)-(?:\w{1,20}-)?\d-\d{6}: |\bIN=\S{0,32} OUT=\S{0,32} .{0,160}\bSRC=\S{1,60} DST=|,TRAFFIC,(?:start|end|drop|deny),|\bsrcip="?[\dA-Fa-f.:]{2,45}"? /,
      ),
    },
    {
      kind: "firewall-log",
      has: ["#Software: Microsoft Windows Firewall", "#Fields: date time action", "#fields\t"],
      is: matches(
        /^#Software: Microsoft Windows Firewall|^#Fields: date time action protocol src-ip|^#fields\t.{0,400}id\.orig_h\t/,
      ),
    },
    {
      kind: "web-log",
      has: ["/19", "/20"],
      is: matches(/^(?:\S{1,80} )?\S{1,64} \S{1,64} [^[\]]{1,80} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} [-+]\d{4}\] "/),
    },
    {
      kind: "web-log",
      has: ["/19", "/20"],
      is: matches(/(?:^| )\S{2,45}:\d{1,5} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]{8,15}\] \S{1,80} \S{1,80}\/\S{1,80} /),
    },
    {
      kind: "web-log",
      has: [" app/", " net/", "Z "],
      is: matches(
        /^(?:(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT[\d:.]{8,16}Z \S{1,200}|tls \d{1,2}\.\d{1,2} \d{4}-\d\d-\d\dT[\d:]{8} \S{1,200} \S{1,64}|\d{4}-\d\d-\d\dT[\d:.]{8,16}Z \S{1,64}) \S{2,45}:\d{1,5} (?:\S{2,60}:\d{1,5}|-) -?\d/,
      ),
    },
    {
      kind: "web-log",
      has: [" REST.", " WEBSITE.", " BATCH."],
      is: matches(/^[0-9a-f]{64} \S{3,63} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/),
    },
    { kind: "web-log", has: ["#Fields: date"], is: matches(/^#Fields: date time .{0,300}\bc-ip\b/) },
    {
      kind: "aws-flow-log",
      has: ["srcaddr", " OK", " NODATA", " SKIPDATA"],
      is: matches(
        /^(?:\S{1,30} ){0,40}srcaddr\b|^\d{1,2} (?:\d{6,12}|unknown) (?:eni-|- )\S{0,40} .{0,300}(?:OK|NODATA|SKIPDATA)\b/,
      ),
    },
    { kind: "mail-headers", has: ["Received: "], is: matches(/^Received: (?:from|by) /) },
    {
      kind: "dns-echo",
      has: ["o-o.myaddr", "whoami", "myip.opendns"],
      is: matches(/(?:o-o\.myaddr\.l\.google\.com|whoami\.[\w.-]{3,60}|myip\.opendns\.com)/),
    },
    { kind: "dns-echo", has: ["DiG "], is: matches(/^; <<>> DiG .{0,80} (?:o-o\.myaddr|whoami\.|myip\.opendns)/) },
    {
      kind: "stun",
      has: ["eflexive addr", "appedAddress", "apped address", "MAPPED-ADDRESS"],
      is: matches(/(?:reflexive addr|MappedAddress|Mapped [Aa]ddress|XOR-MAPPED-ADDRESS)\s{0,4}[:=]/i),
    },
    {
      kind: "database",
      has: [
        "client_addr",
        "pg_hba.conf",
        "connection received: host=",
        "Access denied for user",
        "is not allowed to connect",
        "Client with IP ",
        "[CLIENT: ",
        "(ADDRESS=(PROTOCOL=tcp",
      ],
      is: matches(
        /\b(?:inet_)?client_addr\b.{0,5}\s?\||\binet_client_addr\b|no pg_hba\.conf entry for host|connection received: host=|Access denied for user '[^']{0,80}'@'|Host '[^']{1,255}' is not allowed to connect|Client with IP [Aa]ddress .[0-9A-Fa-f.:]{3,45}. is not allowed to|\[CLIENT: [0-9A-Fa-f.:]{3,45}\]|\* \(ADDRESS=\(PROTOCOL=tcps?\)\(HOST=\S{2,64}\)\(PORT=\d{1,5}\)\) \* /,
      ),
    },
    {
      kind: "database",
      has: ["laddr=", "connection accepted", "client_net_address", "USERENV", "Command", "processlist"],
      is: matches(
        /^id=\d{1,20} addr=\S{3,64} laddr=|connection accepted.{0,40}\d|"?\bclient_net_address\b|SYS_CONTEXT\(.{0,4}USERENV|^\|? ?Id\s{1,12}\|\s?User\s{1,60}\|\s?Host\s/i,
      ),
    },
    {
      kind: "socket-table",
      has: ["Local Address", "ESTAB", "本地地址", "Foreign"],
      is: matches(
        /^\s{0,4}(?:Netid\s+)?(?:State\s+Recv-Q|Proto\s+(?:Recv-Q|Local Address)|协议\s+本地地址)|^\s{0,4}(?:tcp6?\s{1,12})?(?:ESTAB|\S{2,4}\s.{5,120}ESTABLISHED)\b/i,
      ),
    },
    {
      kind: "http-echo",
      has: [
        "is not allowed access",
        "Client address: ",
        "originated from ",
        "to access Snowflake",
        "allow list enabled",
      ],
      is: matches(
        /client with IP .{1,6}[0-9A-Fa-f.:]{3,45}.{1,6} is not allowed access|Client address: [0-9A-Fa-f.:]{3,45}|equest originated from (?:client )?IP [0-9A-Fa-f.:]{3,45}|IP(?:\/Token)? [0-9A-Fa-f.:]{3,45} is not allowed to access Snowflake|has an IP allow list enabled, and [0-9A-Fa-f.:]{3,45} is not/,
      ),
    },
    {
      kind: "http-echo",
      has: ["Your IP:"],
      is: matches(/Cloudflare Ray ID: .{0,300}Your IP:/),
    },
    {
      kind: "http-echo",
      has: ECHO_WORDS,
      is: matches(
        /(?:^|[$#>%] ?)(?:curl|wget|http)(?:\.exe)? .{0,300}(?:ifconfig\.(?:me|co|io)|ipinfo\.io|icanhazip|checkip\.amazonaws|cip\.cc|ip\.sb|ipify|httpbin|ident\.me|myip\.ipip|ipecho|wtfismyip|ip-api)/,
      ),
    },
    {
      kind: "http-echo",
      has: ["HTTP/", "--  http"],
      is: matches(/^(?:> (?:GET|HEAD|POST) \S{1,2000} HTTP\/|< HTTP\/\d|--\d{4}-\d\d-\d\d [\d:]{8}-- {2}https?:)/),
    },
    {
      kind: "http-echo",
      has: ["IP:", "IP ", "IP\t", "IP：", "ip_addr"],
      is: matches(/^(?:IP\s{0,8}[:：]\s{0,4}|ip_addr: )[\dA-Fa-fxX*.:]{3,45}$/),
    },
  ],
};
