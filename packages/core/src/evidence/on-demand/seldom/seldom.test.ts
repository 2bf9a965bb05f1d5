import { describe, expect, test } from "vitest";
import { parseIp } from "../../../address/ip.ts";
import { explain } from "../../../verdict/explain.ts";
import type { Observation, VantageHint } from "../../observation.ts";
import { readAnyEvidence } from "../../read.ts";

const A = "203.0.113.9";
const SERVER = "198.51.100.25";
const SEEN = "destination-observed";
const LOGGED = "translator-logged";

const short = ({ strength, seen, before, claimed }: Observation) => [
  strength,
  seen.source?.text ?? null,
  seen.sourcePort,
  before?.text ?? null,
  seen.destination?.text ?? seen.destinationName,
  seen.destinationPort,
  claimed,
];

interface Case {
  readonly of: string;
  readonly kind: string;
  readonly text: string;
  readonly told: readonly ReturnType<typeof short>[];
  readonly hint?: VantageHint;
}

const cases = (list: readonly Case[]) =>
  test.each(list)("$of", async ({ kind, text, told, hint }) => {
    const evidence = await readAnyEvidence(text, "x", { vantage: hint ?? null });
    expect(evidence.kind).toBe(kind);
    expect(evidence.observations.map(short)).toEqual(told);
    expect(evidence.problems).toEqual([]);
  });

describe("services", () => {
  cases([
    {
      // https://doc.dovecot.org/main/core/settings/variables.html: rip is the client, lip the server
      of: "Dovecot, whose user is the client's own text",
      kind: "server-log",
      text: `Nov 22 10:00:01 mx dovecot: imap-login: Login: user=<a, rip=8.8.8.8, lip=1.1.1.1>, method=PLAIN, rip=${A}, lip=${SERVER}, mpid=12, TLS, session=<x>`,
      told: [[SEEN, A, null, null, SERVER, null, null]],
    },
    {
      of: "Dovecot over IPv6, beside lines of Postfix",
      kind: "mixed",
      text: `Nov 22 10:00:00 mx postfix/smtpd[1]: connect from unknown[203.0.113.7]\nNov 22 10:00:01 mx dovecot: pop3-login: Disconnected: user=<b>, rip=2001:db8::9, lip=2001:db8::25, session=<x>`,
      told: [
        [SEEN, "203.0.113.7", null, null, null, null, null],
        [SEEN, "2001:db8::9", null, null, "2001:db8::25", null, null],
      ],
    },
    {
      of: "vsftpd",
      kind: "server-log",
      text: `Sun Nov 22 10:00:01 2026 [pid 2] CONNECT: Client "${A}"\nSun Nov 22 10:00:02 2026 [pid 1] [x] FAIL LOGIN: Client "::ffff:${A}"`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      of: "ProFTPD",
      kind: "server-log",
      text: `Nov 22 10:00:01 ftp proftpd[12] ${SERVER} (egress.example[${A}]): FTP session opened.`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      of: "Pure-FTPd",
      kind: "server-log",
      text: `Nov 22 10:00:01 ftp pure-ftpd: (?@${A}) [INFO] New connection from ${A}`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      of: "OpenVPN, a server: the client stands before the message",
      kind: "server-log",
      text: `2026-11-22 10:00:01 ${A}:51234 TLS: Initial packet from [AF_INET]${A}:51234, sid=abcdef01 23456789`,
      told: [[SEEN, A, 51234, null, null, null, null]],
    },
    {
      of: "OpenVPN's status file",
      kind: "server-log",
      text: `OpenVPN CLIENT LIST\nUpdated,2026-11-22 10:00:01\nCommon Name,Real Address,Bytes Received,Bytes Sent,Connected Since\nalice,${A}:51234,1234,5678,2026-11-22 09:00:00\nROUTING TABLE\n10.8.0.2,alice,${A}:51234,2026-11-22 10:00:00`,
      told: [[SEEN, A, 51234, null, null, null, null]],
    },
    {
      // https://www.wireguard.com/quickstart/: both ends show one
      of: "WireGuard does not tell which end it is",
      kind: "server-log",
      text: `interface: wg0\n  listening port: 51820\n\npeer: ${"b".repeat(43)}=\n  endpoint: ${A}:51820\n  allowed ips: 10.8.0.2/32`,
      told: [["none", A, 51820, null, null, null, null]],
    },
    {
      of: "WireGuard at the destination",
      kind: "server-log",
      hint: "destination",
      text: `peer: ${"b".repeat(43)}=\n  endpoint: [2001:db8::9]:51820`,
      told: [[SEEN, "2001:db8::9", 51820, null, null, null, null]],
    },
    {
      of: "strongSwan, which answers",
      kind: "server-log",
      text: `Nov 22 10:00:01 gw charon: 05[NET] received packet: from ${A}[500] to ${SERVER}[500] (464 bytes)\nNov 22 10:00:01 gw charon: 05[IKE] ${A} is initiating an IKE_SA`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      // https://man7.org/linux/man-pages/man1/last.1.html: names are cut unless -w is given
      of: "last: an address of sixteen characters may be cut",
      kind: "server-log",
      text: `deploy   pts/0        ${A}      Sun Nov 22 10:00   still logged in\ndeploy   pts/1        2001:db8:72::222 Sun Nov 22 08:11 - 09:20  (01:09)`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      of: "who and w",
      kind: "server-log",
      text: `deploy   pts/0        2026-11-22 10:00 (2001:db8:72::222)\n\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\ndeploy   pts/0    ${A}      10:00    1.00s  0.05s  0.00s w`,
      told: [
        [SEEN, "2001:db8:72::222", null, null, null, null, null],
        [SEEN, A, null, null, null, null, null],
      ],
    },
    {
      of: "fail2ban",
      kind: "server-log",
      text: `2026-11-22 10:00:01,123 fail2ban.filter         [812]: INFO    [sshd] Found ${A} - 2026-11-22 10:00:01\n2026-11-22 11:00:02,123 fail2ban.actions        [812]: NOTICE  [sshd] Unban 203.0.113.8`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      of: "BIND",
      kind: "server-log",
      text: `22-Nov-2026 10:00:01.123 client @0x7f52 ${A}#51234 (www.example.com): query: www.example.com IN A +E(0)K (${SERVER})`,
      told: [[SEEN, A, 51234, null, SERVER, null, null]],
    },
    {
      of: "Mosquitto",
      kind: "server-log",
      text: `1795341601: New connection from ${A}:51234 on port 1883.`,
      told: [[SEEN, A, 51234, null, null, 1883, null]],
    },
    {
      of: "auditd",
      kind: "server-log",
      text: `type=USER_LOGIN msg=audit(1795341601.123:456): pid=12 uid=0 ses=5 msg='op=login acct="x addr=8.8.8.8 terminal=y" exe="/usr/sbin/sshd" hostname=? addr=${A} terminal=ssh res=failed'`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      of: "logins of Cisco IOS",
      kind: "server-log",
      text: `*Nov 22 10:00:01.123: %SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: a] [Source: 8.8.8.8] [localport: 1] [Source: ${A}] [localport: 22] at 10:00:01 UTC Sun Nov 22 2026`,
      told: [[SEEN, A, null, null, null, 22, null]],
    },
    {
      // https://github.com/openssh/openssh-portable/blob/master/sshd-session.c
      of: "sshd: which of its own addresses it was",
      kind: "sshd-log",
      text: `Nov 22 10:00:01 h sshd[12]: Connection from ${A} port 51234 on ${SERVER} port 22 rdomain ""`,
      told: [[SEEN, A, 51234, null, SERVER, 22, null]],
    },
    {
      of: "lsof",
      kind: "socket-table",
      text: `sshd     1234 root    3u  IPv4  12345      0t0  TCP ${SERVER}:22->${A}:51234 (ESTABLISHED)`,
      told: [[SEEN, A, 51234, null, SERVER, 22, null]],
    },
    {
      // https://learn.microsoft.com/powershell/module/nettcpip/get-nettcpconnection
      of: "Get-NetTCPConnection",
      kind: "socket-table",
      text: `LocalAddress                        LocalPort RemoteAddress                       RemotePort State       AppliedSetting OwningProcess\n------------                        --------- -------------                       ---------- -----       -------------- -------------\n::                                  443       ::                                  0          Listen                     4\n${SERVER}                       443       ${A}                         51234      Established Internet       4\n2001:db8::25                        443       2001:db8::9                         51235      Established Internet       4`,
      told: [
        [SEEN, A, 51234, null, SERVER, 443, null],
        [SEEN, "2001:db8::9", 51235, null, "2001:db8::25", 443, null],
      ],
    },
    {
      of: "Redis",
      kind: "server-log",
      text: `1234:M 22 Nov 2026 10:00:01.123 - Accepted [2001:db8::9]:51234`,
      told: [[SEEN, "2001:db8::9", 51234, null, null, null, null]],
    },
    {
      // https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4624
      of: "a logon of Windows",
      kind: "server-log",
      text: `An account was successfully logged on.\n\nNetwork Information:\n\tWorkstation Name:\tAPP01\n\tSource Network Address:\t${A}\n\tSource Port:\t\t51234\n`,
      told: [[SEEN, A, 51234, null, null, null, null]],
    },
    {
      of: "the same in Chinese, with a port that it does not know",
      kind: "server-log",
      text: `已成功登录帐户。\n\n网络信息:\n\t工作站名称:\tAPP01\n\t源网络地址:\t${A}\n\t源端口:\t\t0\n`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      // https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/: the last is the peer, those before it are headers
      of: "an API server of Kubernetes",
      kind: "server-log",
      text: `{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"list","requestURI":"/api","sourceIPs":["8.8.8.8","${A}"],"requestReceivedTimestamp":"2026-11-22T10:00:01.123456Z"}`,
      told: [["none", A, null, null, null, null, "8.8.8.8"]],
    },
    {
      of: "an API server of Kubernetes: not every request carries a header, so its peer is no proxy",
      kind: "server-log",
      text: [`["8.8.8.8","${A}"]`, `["${A}"]`]
        .map((list) => `{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"list","sourceIPs":${list}}`)
        .join("\n"),
      told: [[SEEN, A, null, null, null, null, null]],
    },
  ]);
});

describe("web servers and proxies", () => {
  cases([
    {
      of: "Apache's error log",
      kind: "web-log",
      text: `[Sun Nov 22 10:00:01.123456 2026] [authz_core:error] [pid 12:tid 56] [client ${A}:51234] AH01630: client denied by server configuration: /x`,
      told: [[SEEN, A, 51234, null, null, null, null]],
    },
    {
      of: "nginx's error log; a path with an address of its own is not read",
      kind: "web-log",
      text: `2026/11/22 10:00:01 [error] 12#12: *5 access forbidden by rule, client: ${A}, server: x, request: "GET / HTTP/1.1"\n2026/11/22 10:00:02 [error] 12#12: *6 open() "/w, client: 8.8.8.8, server: y" failed, client: 203.0.113.8, server: x, request: "GET /"`,
      told: [[SEEN, A, null, null, null, null, null]],
    },
    {
      of: "HAProxy without a log format",
      kind: "web-log",
      text: `Nov 22 10:00:01 lb haproxy[12]: Connect from ${A}:51234 to ${SERVER}:443 (fe/HTTP)`,
      told: [[SEEN, A, 51234, null, SERVER, 443, null]],
    },
    {
      // https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
      of: "Envoy's default format shows a header and no peer",
      kind: "web-log",
      text: `[2026-11-22T10:00:01.234Z] "GET / HTTP/1.1" 200 - 0 1234 12 11 "8.8.8.8,${A}" "curl/8" "a1b2" "api.example" "10.0.0.5:8080"`,
      told: [["none", null, null, null, null, null, `8.8.8.8,${A}`]],
    },
    {
      // https://istio.io/latest/docs/tasks/observability/logs/access-log/
      of: "Istio at the server, behind its gateway, at the sender, and where the address is a header's",
      kind: "web-log",
      text: [
        `[2026-11-22T10:00:01.234Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 12 3 2 "-" "curl/8" "a1" "api" "10.0.0.5:80" inbound|80|| 127.0.0.6:51234 10.0.0.5:80 ${A}:40000 outbound_.80_._.api default`,
        `[2026-11-22T10:00:01.234Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 12 3 2 "8.8.8.8" "curl/8" "a1" "api" "10.0.0.5:80" inbound|80|| 127.0.0.6:51234 10.0.0.5:80 10.0.0.7:40000 outbound_.80_._.api default`,
        `[2026-11-22T10:00:01.234Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 12 3 2 "-" "curl/8" "a1" "api" "10.0.0.5:80" outbound|80||api 10.0.0.4:51234 10.96.0.9:80 10.0.0.4:40000 - default`,
        `[2026-11-22T10:00:01.234Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 12 3 2 "203.0.113.8" "curl/8" "a1" "api" "10.0.0.5:80" inbound|80|| 127.0.0.6:51234 10.0.0.5:80 203.0.113.8:0 x default`,
      ].join("\n"),
      told: [
        [SEEN, A, 40000, null, "10.0.0.5", 80, null],
        ["none", "10.0.0.7", 40000, null, "10.0.0.5", 80, "8.8.8.8"],
        ["none", "10.0.0.4", 40000, null, "10.96.0.9", 80, null],
        ["none", "203.0.113.8", null, null, "10.0.0.5", 80, "203.0.113.8"],
      ],
    },
    {
      // https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
      of: "AWS WAF",
      kind: "web-log",
      text: `{"timestamp":1795341601123,"formatVersion":1,"webaclId":"arn:x","action":"ALLOW","httpRequest":{"clientIp":"${A}","headers":[{"name":"Host","value":"api.example:443"}],"uri":"/"}}`,
      told: [[SEEN, A, null, null, "api.example", null, null]],
    },
    {
      // https://wiki.squid-cache.org/Features/LogFormat: a proxy opens the connection to the destination itself
      of: "Squid saw its own client",
      kind: "web-log",
      text: "1795341601.123    145 10.0.1.5 TCP_TUNNEL/200 4512 CONNECT api.partner.example:443 - HIER_DIRECT/198.51.100.30 -",
      told: [["none", "10.0.1.5", null, null, "api.partner.example", 443, null]],
    },
  ]);
});

describe("filters and translators", () => {
  cases([
    {
      of: "Cisco IOS: an access list does not tell its side",
      kind: "firewall-log",
      text: `Nov 22 10:00:01.123: %SEC-6-IPACCESSLOGP: list OUTSIDE-IN denied tcp ${A}(51234) -> ${SERVER}(443), 1 packet`,
      told: [["none", A, 51234, null, SERVER, 443, null]],
    },
    {
      of: "Cisco IOS: translations",
      kind: "nat-table",
      text: `Pro Inside global      Inside local       Outside local      Outside global\ntcp ${A}:20001  10.0.1.5:51234     ${SERVER}:443  ${SERVER}:443`,
      told: [[LOGGED, A, 20001, "10.0.1.5", SERVER, 443, null]],
    },
    {
      of: "MikroTik: to itself, and through its translation",
      kind: "firewall-log",
      text: `firewall,info input: in:ether1 out:(unknown 0), connection-state:new src-mac 00:11:22:33:44:55, proto TCP (SYN), 203.0.113.8:51234->${SERVER}:443, len 60\nfirewall,info forward: in:bridge out:ether1, proto TCP (ACK), 192.168.88.10:50000->${SERVER}:443, NAT (192.168.88.10:50000->${A}:50001)->${SERVER}:443, len 52`,
      told: [
        [SEEN, "203.0.113.8", 51234, null, SERVER, 443, null],
        [LOGGED, A, 50001, "192.168.88.10", SERVER, 443, null],
      ],
    },
    {
      of: "pf: its log as tcpdump prints it",
      kind: "firewall-log",
      text: `10:00:01.123456 rule 5/0(match): block in on em0: ${A}.51234 > ${SERVER}.443: Flags [S], seq 1, win 64240, length 0`,
      told: [[SEEN, A, 51234, null, SERVER, 443, null]],
    },
    {
      of: "pf: states with a translation",
      kind: "nat-table",
      text: `all tcp ${A}:20001 (10.0.1.5:51234) -> ${SERVER}:443       ESTABLISHED:ESTABLISHED`,
      told: [[LOGGED, A, 20001, "10.0.1.5", SERVER, 443, null]],
    },
    {
      // https://docs.netgate.com/pfsense/en/latest/monitoring/logs/raw-filter-format.html
      of: "pfSense, both families; what leaves is not from outside",
      kind: "firewall-log",
      text: `Nov 22 10:00:01 fw filterlog[1]: 5,,,1000000103,igb0,match,block,in,4,0x0,,52,1,0,DF,6,tcp,60,${A},${SERVER},51234,443,0,S,1,,64240,,mss\nNov 22 10:00:01 fw filterlog[1]: 5,,,1000000103,igb0,match,pass,in,6,0x00,0x00000,52,TCP,6,40,2001:db8::9,2001:db8::25,51234,443,0,S,1,,64240,,mss\nNov 22 10:00:01 fw filterlog[1]: 5,,,1,igb1,match,pass,in,4,0x0,,64,1,0,DF,17,udp,60,10.0.1.5,${SERVER},51234,53,40`,
      told: [
        [SEEN, A, 51234, null, SERVER, 443, null],
        [SEEN, "2001:db8::9", 51234, null, "2001:db8::25", 443, null],
        ["none", "10.0.1.5", 51234, null, SERVER, 53, null],
      ],
    },
    {
      of: "a trace of nftables",
      kind: "firewall-log",
      text: `trace id 3a5b1c2d inet filter input packet: iif "eth0" ether saddr 00:11:22:33:44:55 ether daddr 66:77:88:99:aa:bb ip saddr ${A} ip daddr ${SERVER} ip dscp cs0 ip ttl 52 ip protocol tcp ip length 60 tcp sport 51234 tcp dport 443 tcp flags == syn`,
      told: [[SEEN, A, 51234, null, SERVER, 443, null]],
    },
    {
      of: "Junos: a session that is translated, in both forms, and one that is not",
      kind: "firewall-log",
      text: `srx RT_FLOW: RT_FLOW_SESSION_CREATE: session created 10.0.1.5/51234->${SERVER}/443 0x0 junos-https ${A}/20001->${SERVER}/443 0x0 source rule snat1 N/A N/A 6 out trust untrust 12\n<14>1 2026-11-22T10:00:01.000Z srx RT_FLOW - RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.34 source-address="10.0.1.6" source-port="1" destination-address="${SERVER}" destination-port="443" nat-source-address="203.0.113.8" nat-source-port="2" nat-destination-address="${SERVER}" nat-destination-port="443" protocol-id="6"]\nsrx RT_FLOW: RT_FLOW_SESSION_DENY: session denied 10.0.1.7/3->${SERVER}/25 0x0 junos-smtp 6(0) deny-all trust untrust`,
      told: [
        [LOGGED, A, 20001, "10.0.1.5", SERVER, 443, null],
        [LOGGED, "203.0.113.8", 2, "10.0.1.6", SERVER, 443, null],
        ["none", "10.0.1.7", 3, null, SERVER, 25, null],
      ],
    },
    {
      of: "Junos: the table of sessions",
      kind: "nat-table",
      text: `Session ID: 12, Policy name: out/5, Timeout: 1780, Valid\n  In: 10.0.1.5/51234 --> ${SERVER}/443;tcp, Conn Tag: 0x0, If: ge-0/0/1.0, Pkts: 1, Bytes: 3,\n  Out: ${SERVER}/443 --> ${A}/20001;tcp, Conn Tag: 0x0, If: ge-0/0/0.0, Pkts: 1, Bytes: 2,`,
      told: [[LOGGED, A, 20001, "10.0.1.5", SERVER, 443, null]],
    },
    {
      of: "Check Point: no translation is 0.0.0.0",
      kind: "firewall-log",
      text: `<134>1 2026-11-22T10:00:01Z gw CheckPoint 12 - [action:"Accept"; conn_direction:"Outgoing"; src:"10.0.1.5"; s_port:"51234"; dst:"${SERVER}"; service:"443"; proto:"6"; xlatesrc:"${A}"; xlatesport:"20001"]\n<134>1 2026-11-22T10:00:01Z gw CheckPoint 12 - [action:"Drop"; conn_direction:"Incoming"; src:"203.0.113.8"; s_port:"51234"; dst:"${SERVER}"; service:"443"; proto:"6"; xlatesrc:"0.0.0.0"]`,
      told: [
        [LOGGED, A, 20001, "10.0.1.5", SERVER, 443, null],
        [SEEN, "203.0.113.8", 51234, null, SERVER, 443, null],
      ],
    },
    {
      of: "Sophos",
      kind: "firewall-log",
      text: `device="SFW" date=2026-11-22 time=10:00:01 log_type="Firewall" log_subtype="Allowed" src_ip=10.0.1.5 dst_ip=${SERVER} protocol="TCP" src_port=51234 dst_port=443 src_trans_ip=${A} src_trans_port=20001`,
      told: [[LOGGED, A, 20001, "10.0.1.5", SERVER, 443, null]],
    },
    {
      of: "Snort's fast log: where it listened is not told",
      kind: "firewall-log",
      text: `11/22/2026-10:00:01.123456  [**] [1:2010935:3] ET SCAN to port 1433 [**] [Classification: x] [Priority: 2] {TCP} ${A}:51234 -> ${SERVER}:1433`,
      told: [["none", A, 51234, null, SERVER, 1433, null]],
    },
    {
      of: "NetFlow: where it listened is not told",
      kind: "firewall-log",
      text: `Date first seen          Duration Proto      Src IP Addr:Port          Dst IP Addr:Port   Packets    Bytes Flows\n2026-11-22 10:00:01.123     0.512 TCP        ${A}:51234 ->    ${SERVER}:443         12     3456     1`,
      told: [["none", A, 51234, null, SERVER, 443, null]],
    },
    {
      // https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-5157
      of: "the Windows firewall's events, in and out",
      kind: "firewall-log",
      text: `The Windows Filtering Platform has blocked a connection.\n\nNetwork Information:\n\tDirection:\t\t%%14592\n\tSource Address:\t\t${A}\n\tSource Port:\t\t51234\n\tDestination Address:\t${SERVER}\n\tDestination Port:\t\t443\n\tProtocol:\t\t6\n\nThe Windows Filtering Platform has permitted a connection.\n\nNetwork Information:\n\tDirection:\t\tOutbound\n\tSource Address:\t\t10.0.0.4\n\tSource Port:\t\t40000\n\tDestination Address:\t${SERVER}\n\tDestination Port:\t\t443\n\tProtocol:\t\t6\n`,
      told: [
        [SEEN, A, 51234, null, SERVER, 443, null],
        ["none", "10.0.0.4", 40000, null, SERVER, 443, null],
      ],
    },
  ]);
});

describe("what a service saw speaks of the ports that it listens on", () => {
  const last = `deploy   pts/0        ${A}      Sun Nov 22 10:00   still logged in`;

  test.each([
    { port: 22, certainty: "observed" },
    { port: 25, certainty: "unknown" },
  ])("port $port", async ({ port, certainty }) => {
    const evidence = [await readAnyEvidence(last, "x", { vantage: null })];
    const explained = explain({
      ...{ estate: null, guests: [], evidence, from: null, source: null, at: null, resolved: [], problems: [] },
      to: { address: parseIp(SERVER) ?? null, name: null, port, protocol: "tcp" },
    });
    expect(explained.kind === "verdict" ? explained.verdict.certainty : explained.kind).toBe(certainty);
  });
});

test("what is long is not looked through, and no line holds it up", async () => {
  const long = `imap-login: ${"rip=1.1.1.1, lip=".repeat(4000)}\n${"input: in:a out:b, proto ".repeat(40_000)}`;
  const started = performance.now();
  expect((await readAnyEvidence(long, "x", { vantage: null })).observations).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2000);
});
