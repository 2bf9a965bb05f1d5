import { describe, expect, test } from "vitest";
import type { Observation, VantageHint } from "../observation.ts";
import { readAnyEvidence } from "../read.ts";

const read = (text: string, vantage: VantageHint | null = null) => readAnyEvidence(text, "x", { vantage });

const short = ({ strength, seen, before }: Observation) => [
  strength,
  seen.source?.text ?? null,
  before?.text ?? null,
  seen.destination?.text ?? null,
  seen.destinationPort,
];

type Told = ReturnType<typeof short>;
interface Case {
  readonly of: string;
  readonly kind: string;
  readonly text: string;
  readonly told: readonly Told[];
  readonly hint?: VantageHint;
}

const cases = (list: readonly Case[]) =>
  test.each(list)("$of", async ({ kind, text, told, hint }) => {
    const evidence = await read(text, hint);
    expect(evidence.kind).toBe(kind);
    expect(evidence.observations.map(short)).toEqual(told);
    expect(evidence.problems).toEqual([]);
  });

const SEEN = "destination-observed";
const LOGGED = "translator-logged";

describe("mail", () => {
  cases([
    {
      // https://www.sendmail.org/~ca/email/doc8.12/op-sh-2.html
      of: "sendmail: an arrival, forged names and a refusal",
      kind: "sendmail-log",
      text: [
        "Nov 22 01:13:25 mx sm-mta[71]: 6AM1DPmD000071: from=<a@client.example>, size=12, class=0, nrcpts=1, msgid=<1@x>, proto=ESMTP, daemon=MTA, relay=egress.example [203.0.113.11]",
        "Nov 22 01:13:26 mx sm-mta[72]: 6AM1DPmD000072: ruleset=check_rcpt, arg1=<b@else.example>, relay=[192.0.2.77] (may be forged), reject=550 5.7.1 <b@else.example>... Relaying denied",
        "Nov 22 01:13:27 mx sm-mta[73]: 6AM1DPmD000073: vm6.example [IPv6:2001:db8:72::222] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA",
      ].join("\n"),
      told: [
        [SEEN, "203.0.113.11", null, null, null],
        [SEEN, "192.0.2.77", null, null, null],
        [SEEN, "2001:db8:72::222", null, null, null],
      ],
    },
    {
      of: "sendmail: a sender that looks like a relay is none",
      kind: "sendmail-log",
      text: 'Nov 22 01:13:25 mx sm-mta[71]: 6AM1DPmD000071: from=<", relay=x [8.8.8.8]"@c.example>, size=12, msgid=<1, relay=y [8.8.8.8]>, relay=z [203.0.113.11]',
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      of: "sendmail: a host that delivers on may be the sender's relay",
      kind: "sendmail-log",
      text: "Nov 22 01:13:25 mx sm-mta[71]: 6AM1DPmD000071: from=<a@c.example>, size=1, relay=[203.0.113.11]\nNov 22 01:13:26 mx sm-mta[72]: 6AM1DPmD000071: to=<b@d.example>, delay=00:00:01, mailer=esmtp, pri=1, relay=mx.d.example. [198.51.100.25], dsn=2.0.0, stat=Sent (ok)",
      told: [["none", "203.0.113.11", null, null, null]],
    },
    {
      // https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging
      of: "Exchange: a receive log with its header; the HELO is a claim",
      kind: "exchange-log",
      text: "#Software: Microsoft Exchange Server\n#Version: 15.0.0.0\n#Log-type: SMTP Receive Protocol Log\n#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\n2026-11-22T01:13:25.031Z,MX\\Default Frontend MX,08DC1DB8591B229A,0,198.51.100.25:25,203.0.113.11:53228,+,,\n2026-11-22T01:13:25.131Z,MX\\Default Frontend MX,08DC1DB8591B229A,2,198.51.100.25:25,203.0.113.11:53228,<,EHLO [8.8.8.8],\n",
      told: [[SEEN, "203.0.113.11", null, "198.51.100.25", 25]],
    },
    {
      of: "Exchange: a header whose fields stand in another order",
      kind: "exchange-log",
      text: "#Software: Microsoft Exchange Server\n#Fields: date-time,session-id,remote-endpoint,local-endpoint,event,data\n2026-11-22T01:13:25.031Z,08DC,[2001:db8::7]:53228,[2001:db8::25]:25,+,\n",
      told: [[SEEN, "2001:db8::7", null, "2001:db8::25", 25]],
    },
    {
      of: "Received: only the destination's own header counts; the lower ones may be forged",
      kind: "mail-headers",
      text: "Received: from helo.example (unknown [203.0.113.11])\n\tby mx.partner.example (Postfix) with ESMTP id A;\n\tSun, 22 Nov 2026 01:10:34 +0000\nReceived: from a (b [8.8.8.8]) by mx.partner.example (Postfix) with ESMTP id B; Sun, 22 Nov 2026 01:10:30 +0000\n",
      told: [
        [SEEN, "203.0.113.11", null, null, null],
        ["none", "8.8.8.8", null, null, null],
      ],
    },
    {
      of: "Received: hops inside the destination stand above its own sighting",
      kind: "mail-headers",
      text: "Received: from filter (localhost [127.0.0.1]) by store.partner.example (Postfix) id A; Sun, 22 Nov 2026 01:10:36 +0000\nReceived: from h (egress.example [203.0.113.11]) by mx.partner.example (Postfix) id B; Sun, 22 Nov 2026 01:10:34 +0000\n",
      told: [
        ["none", "127.0.0.1", null, null, null],
        [SEEN, "203.0.113.11", null, null, null],
      ],
    },
    {
      of: "Received: Exchange writes the client's own word first, also as an address",
      kind: "mail-headers",
      text: "Received: from [10.1.2.3] (203.0.113.11) by mx.partner.example (10.9.9.9) with Microsoft SMTP Server id 15.1; Sun, 22 Nov 2026 01:10:36 +0000\n",
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      of: "Received: a HELO in the destination's own name opens no way to forged headers",
      kind: "mail-headers",
      text: "Received: from relay.partner.example ([203.0.113.11]) by mx.partner.example (8.17/8.17) with ESMTP id A; Sun, 22 Nov 2026 01:10:34 +0000\nReceived: from a (b [8.8.8.8]) by mx.partner.example (Postfix) with ESMTP id B; Sun, 22 Nov 2026 01:10:30 +0000\n",
      told: [
        [SEEN, "203.0.113.11", null, null, null],
        ["none", "8.8.8.8", null, null, null],
      ],
    },
  ]);
});

describe("web and ssh", () => {
  cases([
    {
      // https://httpd.apache.org/docs/current/logs.html#common
      of: "Apache's common form",
      kind: "web-log",
      text: '203.0.113.11 - frank [10/Oct/2026:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326\n',
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      of: "vhost_combined, and a user agent that holds an address",
      kind: "web-log",
      text: 'www.example:80 203.0.113.11 - - [10/Oct/2026:13:55:36 -0700] "GET / HTTP/1.0" 200 12 "-" "8.8.8.8"\n',
      told: [["none", "203.0.113.11", null, null, 80]],
    },
    {
      // https://cloud.google.com/load-balancing/docs/health-check-concepts
      of: "a balancer's checks are no client; who sends other requests, too, is one",
      kind: "web-log",
      text: '35.191.0.5 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 12 "-" "GoogleHC/1.0"\n10.0.0.7 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 12 "-" "ELB-HealthChecker/2.0"\n168.63.129.16 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 12 "-" "Load Balancer Agent"\n203.0.113.11 - - [10/Oct/2026:13:55:37 +0000] "GET / HTTP/1.1" 200 12 "-" "kube-probe/1.30"\n203.0.113.11 - - [10/Oct/2026:13:55:38 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8"\n',
      told: [
        ["none", "35.191.0.5", null, null, null],
        ["none", "10.0.0.7", null, null, null],
        ["none", "168.63.129.16", null, null, null],
        [SEEN, "203.0.113.11", null, null, null],
      ],
    },
    {
      // %v:%p, the server's canonical port: https://httpd.apache.org/docs/current/mod/mod_log_config.html#formats
      of: "vhost_combined: each port is told by itself",
      kind: "web-log",
      text: 'a.example:80 203.0.113.11 - - [10/Oct/2026:13:55:36 -0700] "GET / HTTP/1.0" 200 12 "-" "c"\na.example:8443 203.0.113.11 - - [10/Oct/2026:13:55:37 -0700] "GET / HTTP/1.0" 200 12 "-" "c"\na.example:8443 203.0.113.11 - - [10/Oct/2026:13:55:38 -0700] "GET / HTTP/1.0" 200 12 "-" "c"\n',
      told: [
        [SEEN, "203.0.113.11", null, null, 80],
        [SEEN, "203.0.113.11", null, null, 8443],
      ],
    },
    {
      // https://github.com/traefik/traefik/blob/master/pkg/middlewares/accesslog/logger.go: ClientHost is the header where there is one.
      of: "Traefik: the peer is ClientAddr",
      kind: "web-log",
      text: '{"ClientAddr":"203.0.113.11:41000","ClientHost":"203.0.113.11","ClientPort":"41000","RequestMethod":"GET","DownstreamStatus":200,"time":"2026-04-01T12:00:00Z"}',
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      of: "Traefik: a header's word in ClientHost is no peer",
      kind: "web-log",
      text: '{"ClientAddr":"10.9.0.2:41000","ClientHost":"203.0.113.11","ClientPort":"41000","RequestMethod":"GET","DownstreamStatus":200,"time":"2026-04-01T12:00:00Z"}',
      told: [["none", "10.9.0.2", null, null, null]],
    },
    {
      of: "a forged header on some requests does not make the peer a proxy",
      kind: "web-log",
      text: '203.0.113.11 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 12 "-" "c" "8.8.8.8"\n203.0.113.11 - - [10/Oct/2026:13:55:37 +0000] "GET / HTTP/1.1" 200 12 "-" "c" "-"\n',
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      // https://caddyserver.com/docs/caddyfile/directives/log
      of: "Caddy's JSON",
      kind: "web-log",
      text: '{"ts":1795311403.76,"request":{"remote_ip":"203.0.113.11","remote_port":"41342","headers":{"X-Forwarded-For":["8.8.8.8"]}},"status":200}\n{"ts":1795311404.76,"request":{"remote_ip":"203.0.113.11","remote_port":"41343","headers":{}},"status":200}\n',
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      // https://www.w3.org/TR/WD-logfile.html
      of: "IIS names its own side",
      kind: "web-log",
      text: "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem s-port c-ip sc-status\n2026-11-22 01:02:03 198.51.100.80 GET / 443 203.0.113.11 200\n",
      told: [[SEEN, "203.0.113.11", null, "198.51.100.80", 443]],
    },
    {
      of: "a user name or a reason that looks like a peer is none",
      kind: "sshd-log",
      text: "Invalid user x from 8.8.8.8 port 22 from 203.0.113.11 port 49424\nReceived disconnect from 203.0.113.11 port 49424:11: bye 8.8.8.8 port 22\n",
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      of: "a web user's name that looks like a peer is none",
      kind: "web-log",
      text: '203.0.113.11 - 8.8.8.8 - x [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 12\n',
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      // https://man.openbsd.org/ssh#ENVIRONMENT
      of: "the variables of a session",
      kind: "sshd-log",
      text: "SSH_CLIENT=203.0.113.11 50578 22\nSSH_CONNECTION=203.0.113.11 50578 198.51.100.80 22\n",
      told: [
        [SEEN, "203.0.113.11", null, null, 22],
        [SEEN, "203.0.113.11", null, "198.51.100.80", 22],
      ],
    },
  ]);
});

describe("filters", () => {
  cases([
    {
      of: "nftables: for this host, and its own",
      kind: "firewall-log",
      text: "[1.0] DROP: IN=eth0 OUT= MAC=00 SRC=203.0.113.11 DST=198.51.100.25 LEN=60 PROTO=TCP SPT=45200 DPT=25 SYN\n[1.1] out: IN= OUT=eth0 SRC=10.0.0.5 DST=198.51.100.25 LEN=60 PROTO=TCP SPT=45200 DPT=25 SYN\n",
      told: [
        [SEEN, "203.0.113.11", null, "198.51.100.25", 25],
        ["none", "10.0.0.5", null, "198.51.100.25", 25],
      ],
    },
    {
      // https://docs.fortinet.com/document/fortigate/latest/fortios-log-message-reference
      of: "FortiGate translates, and denies from outside",
      kind: "firewall-log",
      text: 'date=2026-11-22 time=01:02:03 tz="+0000" type="traffic" srcip=10.1.1.5 srcport=40000 srcintf="lan" srcintfrole="lan" dstip=198.51.100.25 dstport=25 proto=6 action="accept" trandisp="snat" transip=203.0.113.7 transport=61000\ndate=2026-11-22 time=01:02:04 srcip=203.0.113.11 srcport=4000 srcintf="port1" srcintfrole="wan" dstip=198.51.100.25 dstport=25 proto=6 action="deny" trandisp="noop"\n',
      told: [
        [LOGGED, "203.0.113.7", "10.1.1.5", "198.51.100.25", 25],
        [SEEN, "203.0.113.11", null, "198.51.100.25", 25],
      ],
    },
    {
      // Real addresses, then in parentheses mapped ones, which the other side connects to (302013):
      // https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/b_syslog.html
      of: "ASA: an inbound connection through the outside, an outbound one without translation",
      kind: "firewall-log",
      text: "%ASA-6-302013: Built inbound TCP connection 1 for outside:203.0.113.11/40000 (203.0.113.11/40000) to inside:10.0.0.9/25 (198.51.100.25/25)\n%ASA-6-302013: Built outbound TCP connection 2 for outside:198.51.100.23/443 (198.51.100.23/443) to inside:10.10.20.55/49877 (10.10.20.55/49877)\n",
      told: [
        [SEEN, "203.0.113.11", null, "198.51.100.25", 25],
        ["none", "10.10.20.55", null, "198.51.100.23", 443],
      ],
    },
    {
      of: "PAN-OS without translation, from the untrusted zone",
      kind: "firewall-log",
      text: "1,2025/08/23 11:30:18,0128,TRAFFIC,deny,2561,2025/08/23 11:30:18,203.0.113.11,198.51.100.25,0.0.0.0,0.0.0.0,deny,,,not-applicable,vsys1,untrust,trust,ethernet1/1,ethernet1/2,log,2025/08/23 11:30:18,0,1,61022,25,0,0,0x0,tcp,deny,60,60,0,1\n",
      told: [[SEEN, "203.0.113.11", null, "198.51.100.25", 25]],
    },
    {
      // 9 is the original destination, 11 the one after translation:
      // https://docs.paloaltonetworks.com/pan-os/11-0/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions/traffic-log-fields
      of: "PAN-OS: a flow from outside came to the address before translation",
      kind: "firewall-log",
      text: "1,2025/08/23 11:30:18,0128,TRAFFIC,end,2561,2025/08/23 11:30:18,203.0.113.11,198.51.100.25,203.0.113.11,10.0.0.9,in,,,smtp,vsys1,untrust,dmz,ethernet1/1,ethernet1/2,log,2025/08/23 11:30:18,0,1,61022,25,61022,2525,0x0,tcp,allow,60,60,0,1\n",
      told: [[SEEN, "203.0.113.11", null, "198.51.100.25", 25]],
    },
    {
      of: "the sender's own firewall, told so by the user",
      kind: "firewall-log",
      hint: "client",
      text: "DROP IN=eth0 OUT=wan SRC=203.0.113.11 DST=198.51.100.25 LEN=60 PROTO=TCP SPT=45200 DPT=25 SYN\n",
      told: [["none", "203.0.113.11", null, "198.51.100.25", 25]],
    },
  ]);
});

describe("translators and flow logs", () => {
  cases([
    {
      of: "conntrack: not translated here",
      kind: "nat-table",
      text: "tcp      6 431999 ESTABLISHED src=10.0.0.5 dst=198.51.100.25 sport=40000 dport=25 src=198.51.100.25 dst=10.0.0.5 sport=25 dport=40000 [ASSURED] mark=0 use=1\n",
      told: [["none", "10.0.0.5", "10.0.0.5", "198.51.100.25", 25]],
    },
    {
      // https://ipset.netfilter.org/iptables-extensions.man.html
      of: "rules of a Linux translator: a range, and an interface's address, name no single source",
      kind: "nat-table",
      text: "-A POSTROUTING -s 10.0.0.0/8 -o eth0 -j SNAT --to-source 203.0.113.7\n-A POSTROUTING -o eth1 -j SNAT --to-source 203.0.113.8-203.0.113.9\n-A POSTROUTING -o eth2 -j MASQUERADE\n",
      told: [
        ["config-predicted", "203.0.113.7", null, null, null],
        ["config-predicted", null, null, null, null],
        ["config-predicted", null, null, null, null],
      ],
    },
    {
      // https://wiki.nftables.org/wiki-nftables/index.php/Performing_Network_Address_Translation_(NAT)
      of: "nft list ruleset",
      kind: "nat-table",
      text: 'table ip nat {\n\tchain postrouting {\n\t\ttype nat hook postrouting priority 100;\n\t\tip saddr 10.0.0.0/8 oif "eth0" snat to 203.0.113.7\n\t\toifname "eth1" masquerade\n\t}\n}\n',
      told: [
        ["config-predicted", "203.0.113.7", null, null, null],
        ["config-predicted", null, null, null, null],
      ],
    },
    {
      // https://learn.microsoft.com/azure/nat-gateway/nat-gateway-flow-logs
      of: "Azure NAT gateway",
      kind: "azure-nat-log",
      text: '{"records":[{"time":"2026-11-22T01:02:03Z","category":"NatGatewayFlowlogsV1","properties":{"SourceIp":"10.1.0.4","NatGatewayIp":"203.0.113.7","DestinationIp":"198.51.100.25"}}]}',
      told: [[LOGGED, "203.0.113.7", "10.1.0.4", "198.51.100.25", null]],
    },
    {
      // https://learn.microsoft.com/azure/azure-monitor/reference/tables/azfwnetworkrule
      of: "Azure Firewall names the source before its own translation",
      kind: "azure-firewall-log",
      text: '[{"time":"2026-11-22T01:02:03Z","category":"AZFWNetworkRule","properties":{"Protocol":"TCP","SourceIp":"10.1.0.4","SourcePort":40000,"DestinationIp":"198.51.100.25","DestinationPort":25,"Action":"Allow"}},{"category":"AzureFirewallNetworkRule","properties":{"msg":"TCP request from 10.1.0.5:51234 to 198.51.100.25:443. Action: Allow"}}]',
      told: [
        ["none", "10.1.0.4", null, "198.51.100.25", 25],
        ["none", "10.1.0.5", null, "198.51.100.25", 443],
      ],
    },
    {
      // https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
      of: "Azure VNet flow log, both directions",
      kind: "azure-flow-log",
      text: '{"records":[{"time":"2026-11-22T01:02:03Z","flowLogVersion":4,"category":"FlowLogFlowEvent","flowRecords":{"flows":[{"aclID":"a","flowGroups":[{"rule":"r","flowTuples":["1795311403761,203.0.113.11,10.1.0.4,51529,25,6,I,B,NX,0,0,0,0","1795311403762,10.1.0.4,198.51.100.25,40000,25,6,O,E,NX,1,60,1,60"]}]}]}}]}',
      told: [
        [SEEN, "203.0.113.11", null, "10.1.0.4", 25],
        ["none", "10.1.0.4", null, "198.51.100.25", 25],
      ],
    },
    {
      // https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
      of: "AWS, fields named by a header; egress never proves the source",
      kind: "aws-flow-log",
      text: "version interface-id srcaddr dstaddr srcport dstport protocol start end action flow-direction pkt-srcaddr pkt-dstaddr\n5 eni-1 203.0.113.11 10.0.0.9 50041 25 6 1795311400 1795311460 REJECT ingress 203.0.113.11 10.0.0.9\n5 eni-1 10.0.0.9 198.51.100.25 50042 25 6 1795311400 1795311460 ACCEPT egress 10.0.0.9 198.51.100.25\n",
      told: [
        [SEEN, "203.0.113.11", null, "10.0.0.9", 25],
        ["none", "10.0.0.9", null, "198.51.100.25", 25],
      ],
    },
  ]);
});

describe("echoes, tables and spans", () => {
  const ECHO = "third-party-observed";
  cases([
    {
      // https://ipinfo.io/developers
      of: "ipinfo",
      kind: "http-echo",
      text: '{\n  "ip": "203.0.113.11",\n  "city": "X",\n  "org": "AS64500 Example"\n}',
      told: [[ECHO, "203.0.113.11", null, null, null]],
    },
    {
      of: "httpbin behind a proxy: only the last entry was seen by it",
      kind: "http-echo",
      text: '{"origin": "8.8.8.8, 203.0.113.11"}',
      told: [[ECHO, "203.0.113.11", null, null, null]],
    },
    {
      of: "dig at Google's own server",
      kind: "dns-echo",
      text: '; <<>> DiG 9.18 <<>> TXT o-o.myaddr.l.google.com @ns1.google.com\n;; flags: qr aa rd; QUERY: 1, ANSWER: 1\no-o.myaddr.l.google.com. 60 IN TXT "203.0.113.11"\n',
      told: [[ECHO, "203.0.113.11", null, null, 53]],
    },
    {
      of: "dig through a resolver shows the resolver",
      kind: "dns-echo",
      text: '; <<>> DiG 9.18 <<>> TXT o-o.myaddr.l.google.com\n;; flags: qr rd ra; QUERY: 1, ANSWER: 1\no-o.myaddr.l.google.com. 60 IN TXT "198.51.100.53"\n',
      told: [["none", "198.51.100.53", null, null, 53]],
    },
    {
      // https://github.com/coturn/coturn/blob/master/README.turnutils
      of: "STUN",
      kind: "stun",
      text: "0: (12): INFO: IPv4. UDP reflexive addr: 203.0.113.11:41234\n",
      told: [[ECHO, "203.0.113.11", null, null, null]],
    },
    {
      // https://dev.mysql.com/doc/refman/8.4/en/show-processlist.html
      of: "MySQL's process list",
      kind: "database",
      text: "+----+------+--------------------+------+---------+------+-------+------------------+\n| Id | User | Host               | db   | Command | Time | State | Info             |\n+----+------+--------------------+------+---------+------+-------+------------------+\n|  8 | app  | 203.0.113.11:50578 | app  | Query   |    0 | init  | SHOW PROCESSLIST |\n|  9 | root | localhost          | NULL | Sleep   |    1 |       | NULL             |\n+----+------+--------------------+------+---------+------+-------+------------------+\n",
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      // https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-exec-connections-transact-sql
      of: "SQL Server",
      kind: "database",
      text: "client_net_address local_net_address local_tcp_port\n------------------ ----------------- --------------\n203.0.113.11       198.51.100.80     1433\n",
      told: [[SEEN, "203.0.113.11", null, "198.51.100.80", 1433]],
    },
    {
      // https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-CONNECTIONS
      of: "PostgreSQL's log",
      kind: "database",
      text: "2026-11-22 01:35:40.203 UTC [185] LOG:  connection received: host=203.0.113.11 port=50586\n",
      told: [[SEEN, "203.0.113.11", null, null, null]],
    },
    {
      of: "netstat of Windows on a server and on a client",
      kind: "socket-table",
      text: "  Proto  Local Address          Foreign Address        State\n  TCP    198.51.100.25:25       203.0.113.11:50578     ESTABLISHED\n  TCP    10.0.0.5:50111         198.51.100.80:443      ESTABLISHED\n",
      told: [
        [SEEN, "203.0.113.11", null, "198.51.100.25", 25],
        ["none", "10.0.0.5", null, "198.51.100.80", 443],
      ],
    },
    {
      // https://opentelemetry.io/docs/specs/semconv/general/attributes/
      of: "spans of a server, of one behind a proxy, and of a client",
      kind: "otel-spans",
      text: JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  span(2, {
                    "network.peer.address": "203.0.113.11",
                    "server.address": "198.51.100.80",
                    "server.port": 443,
                  }),
                  span(2, { "network.peer.address": "198.51.100.99", "client.address": "8.8.8.8" }),
                  span(3, {
                    "network.peer.address": "198.51.100.25",
                    "server.address": "mx.example",
                    "server.port": 25,
                  }),
                ],
              },
            ],
          },
        ],
      }),
      told: [
        [SEEN, "203.0.113.11", null, "198.51.100.80", 443],
        ["none", "198.51.100.99", null, null, null],
        ["none", null, null, "198.51.100.25", 25],
      ],
    },
  ]);
});

function span(kind: number, attributes: Readonly<Record<string, string | number>>) {
  const list = Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));
  return {
    traceId: "ab",
    spanId: "cd",
    name: "GET /",
    kind,
    startTimeUnixNano: "1795311403761137000",
    attributes: list,
  };
}

describe("analyses", () => {
  cases([
    {
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInsightsAnalysis.html
      of: "Reachability Analyzer",
      kind: "path-analysis",
      text: JSON.stringify({
        NetworkInsightsAnalyses: [
          {
            NetworkInsightsAnalysisId: "nia-1",
            StartDate: "2026-11-22T01:02:03Z",
            NetworkPathFound: true,
            ForwardPathComponents: [
              { SequenceNumber: 1, OutboundHeader: { SourceAddresses: ["10.0.1.50/32"], Protocol: "6" } },
              {
                SequenceNumber: 2,
                OutboundHeader: {
                  SourceAddresses: ["203.0.113.7/32"],
                  DestinationAddresses: ["198.51.100.25/32"],
                  DestinationPortRanges: [{ From: 25, To: 25 }],
                  Protocol: "6",
                },
              },
            ],
          },
        ],
      }),
      told: [["config-predicted", "203.0.113.7", "10.0.1.50", "198.51.100.25", 25]],
    },
    {
      // https://learn.microsoft.com/azure/network-watcher/network-watcher-next-hop-overview
      of: "Azure's next hop names no source",
      kind: "path-analysis",
      text: '{"nextHopIpAddress": "10.4.0.4", "nextHopType": "VirtualAppliance", "routeTableId": "/subscriptions/x"}',
      told: [["provider-status", null, null, null, null]],
    },
  ]);
});

test("several kinds in one paste keep the line numbers of the whole", async () => {
  const text =
    "$ tracert -d 198.51.100.25\n  1    <1 ms    <1 ms    <1 ms  10.0.0.1\n  2     3 ms     3 ms     3 ms  198.51.100.25\n\nSSH_CONNECTION=203.0.113.11 50578 198.51.100.80 22\n\n$ curl ifconfig.me\n203.0.113.12\n";
  const { kind, observations } = await read(text);
  expect(kind).toBe("mixed");
  expect(observations.map((one) => [one.kind, one.line, one.seen.source?.text ?? null])).toEqual([
    ["tracert", 2, null],
    ["sshd-log", 5, "203.0.113.11"],
    ["http-echo", 8, "203.0.113.12"],
  ]);
});
