import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIp } from "../../address/ip.ts";
import { readAnyEvidence } from "../read.ts";

const lines = (...texts: readonly string[]): string => texts.join("\n");

/** A little of every kind that is read on demand. */
const KINDS: readonly string[] = [
  lines(
    "C:\\> tracert mx.example",
    "Routenverfolgung zu mx.example [198.51.100.25]",
    "über maximal 30 Hops:",
    "  1    <1 ms     *        1 ms  10.0.0.1",
    "  2     *        *        *     Zeitüberschreitung der Anforderung.",
    "  3  gw [10.0.0.9]  meldet: Zielhost nicht erreichbar.",
  ),
  lines(
    " 1?: [LOCALHOST]   pmtu 1500",
    " 1:  10.72.2.1   0.056ms ",
    " 2:  no reply",
    " 3:  2001:db8::25  0.034ms reached",
  ),
  lines(
    "HOST: vm     Loss%   Snt   Last   Avg  Best  Wrst StDev",
    "  1.|-- gw.example (10.72.2.1)  0.0%     5    0.1   0.1   0.1   0.2   0.0",
    "        10.72.2.3",
    "  2.|-- ???                    100.0     5    0.0   0.0   0.0   0.0   0.0",
    "MTR.0.95,1795311403,OK,198.51.100.25,1,10.72.2.1,0.00,5,,0.1,0.1,0.1,0.2,0.0",
  ),
  '{"report":{"mtr":{"src":"vm","dst":"198.51.100.25"},"hubs":[{"count":1,"host":"10.72.2.1","Loss%":0.0,"Snt":3,"Last":0.1,"Avg":0.1,"Best":0.1,"Wrst":0.1}]}}',
  '{"type":"trace","src":"10.72.2.222","dst":"198.51.100.25","stop_reason":"COMPLETED","hops":[{"addr":"10.72.2.1","probe_ttl":1,"rtt":0.07}]}',
  '{"flows":{"33434":[{"name":"gw","nat_id":0,"received":{"ip":{"src":"10.72.2.1"}},"rtt_usec":77,"sent":{"ip":{"dst":"198.51.100.25","ttl":1}}}]}}',
  "Nov 22 01:13:25 mx sm-mta[71]: 6AM1DPmD000071: from=<a@c.example>, size=12, relay=egress.example [203.0.113.11]",
  "2026-11-22T01:13:25.031Z,MX\\Default,08DC1DB8591B229A,2,198.51.100.25:25,[2001:db8::7]:53228,<,EHLO [8.8.8.8],",
  lines(
    "Received: from h (egress.example [203.0.113.11])",
    "\tby mx.partner.example (Postfix) id A;",
    "\tSun, 22 Nov 2026 01:10:34 +0000",
  ),
  '203.0.113.11 - - [22/Nov/2026:01:33:36 +0000] "GET / HTTP/1.1" 200 13 "-" "curl/7" "8.8.8.8, 10.0.0.1"',
  "203.0.113.11:45592 [22/Nov/2026:01:33:36.947] h1 b1/web1 0/0/0/0/0 200 137 - -",
  '{"remote_addr":"203.0.113.11","status":200,"http_x_forwarded_for":"8.8.8.8","time":"2026-11-22T01:02:03Z"}',
  lines("Invalid user x from 203.0.113.11 port 49424", "SSH_CONNECTION=203.0.113.11 50578 198.51.100.80 22"),
  "[1.0] DROP: IN=eth0 OUT= SRC=203.0.113.11 DST=198.51.100.25 LEN=60 PROTO=TCP SPT=45200 DPT=25 SYN",
  "%ASA-6-302013: Built outbound TCP connection 8 for outside:198.51.100.23/443 (198.51.100.23/443) to inside:10.10.20.55/49877 (203.0.113.44/61204)",
  "1,2025/08/23 11:30:18,01,TRAFFIC,end,2561,2025/08/23 11:30:18,10.0.0.23,104.16.132.229,203.0.113.5,104.16.132.229,a,c,,ssl,v,trust,untrust,e,e,l,2025,3,1,61022,443,40022,443,0x4,tcp,allow",
  'date=2026-11-22 time=01:02:03 srcip=10.1.1.5 srcport=40000 dstip=198.51.100.25 dstport=25 proto=6 trandisp="snat" transip=203.0.113.7 transport=61000',
  "[1795311403.761137]\t[NEW] tcp      6 120 SYN_SENT src=10.72.2.222 dst=198.51.100.25 sport=34574 dport=25 [UNREPLIED] src=198.51.100.25 dst=203.0.113.11 sport=25 dport=34574",
  '{"records":[{"category":"NatGatewayFlowlogsV1","properties":{"SourceIp":"10.1.0.4","NatGatewayIp":"203.0.113.7","DestinationIp":"198.51.100.25"}}]}',
  '[{"category":"AzureFirewallNetworkRule","properties":{"msg":"TCP request from 10.1.0.5:51234 to 198.51.100.25:443. Action: Allow"}}]',
  '{"records":[{"category":"NetworkSecurityGroupFlowEvent","properties":{"flows":[{"flows":[{"flowTuples":["1487282421,198.51.100.95,10.1.0.4,51529,5358,T,I,A"]}]}]}}]}',
  '{"events":[{"timestamp":1,"message":"2 123456789010 eni-1 203.0.113.12 172.31.16.139 40000 25 6 4 336 1432917027 1432917142 ACCEPT OK"}]}',
  "2 123456789010 eni-1 203.0.113.12 172.31.16.139 40000 25 6 4 336 1432917027 1432917142 ACCEPT OK",
  lines(
    "$ curl ifconfig.me",
    "203.0.113.11",
    "* Connected to x.example (198.51.100.80) port 80 (#0)",
    "IP\t: xx.xx.xx.xx",
  ),
  '{"origin": "8.8.8.8, 203.0.113.11"}',
  lines(
    "; <<>> DiG 9.18 <<>> TXT o-o.myaddr.l.google.com @ns1.google.com",
    'o-o.myaddr.l.google.com. 60 IN TXT "203.0.113.11"',
  ),
  "UDP reflexive addr: [2001:db8::7]:41234",
  lines(
    " inet_client_addr | inet_client_port | inet_server_addr ",
    "---+---+---",
    " 203.0.113.11     |            50578 | 198.51.100.80",
  ),
  "Access denied for user 'nobody'@'egress-11.example'",
  "ESTAB 0      0      198.51.100.80:22   [::ffff:203.0.113.11]:49436 users",
  '{"traceId":"a","kind":"SERVER","attributes":{"network.peer.address":"203.0.113.11","client.address":"8.8.8.8"}}',
  '{"NetworkInsightsAnalysisId":"n","NetworkPathFound":true,"ForwardPathComponents":[{"OutboundHeader":{"SourceAddresses":["203.0.113.7/32"]}}]}',
  '{"log":"203.0.113.11 - - [22/Nov/2026:01:33:36 +0000] \\"GET / HTTP/1.1\\" 200 13\\n","stream":"stdout","time":"2026-11-22T01:33:36Z"}',
  '2026-11-22T01:33:36.1Z stdout F 203.0.113.11 - - [22/Nov/2026:01:33:36 +0000] "GET / HTTP/1.1" 200 13',
  '{"__REALTIME_TIMESTAMP":"1795305600000123","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":"postfix/smtpd","_PID":"8","MESSAGE":"4F1C2: client=unknown[203.0.113.11]"}',
  "Get \"https://r1234.azurecr.io/v2/\": denied: client with IP '203.0.113.11' is not allowed access.",
  lines("Client address: 203.0.113.11", "https://vault1.vault.azure.net/secrets"),
  "Login failed for user 'x'. [CLIENT: 203.0.113.11]",
  'https 2026-11-22T23:39:43.9Z app/lb/5 203.0.113.11:2817 10.0.0.1:80 0.1 0.1 0.1 200 200 0 57 "GET https://w.example:443/ HTTP/1.1"',
  '{"Records":[{"eventSource":"s3.amazonaws.com","sourceIPAddress":"203.0.113.11","tlsDetails":{"clientProvidedHostHeader":"s3.amazonaws.com"}}]}',
  '{"operationName":"GetBlob","callerIpAddress":"203.0.113.11:51234","uri":"https://s1.blob.core.windows.net/c"}',
  lines(
    "#Fields: date time action protocol src-ip dst-ip src-port dst-port path",
    "2026-11-22 10:15:01 DROP TCP 203.0.113.11 198.51.100.7 51234 443 RECEIVE",
  ),
  lines("#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tproto", "1795305600.1\t203.0.113.11\t51234\t198.51.100.7\ttcp"),
  '{"timestamp":"2026-11-22T10:15:01+0000","event_type":"flow","src_ip":"203.0.113.11","dest_ip":"198.51.100.7","proto":"TCP"}',
  "Nov 22 10:00:01 mx dovecot: imap-login: Login: user=<a>, method=PLAIN, rip=203.0.113.11, lip=198.51.100.25, TLS",
  "deploy   pts/0        203.0.113.11     Sun Nov 22 10:00   still logged in",
  lines("\tSource Network Address:\t::ffff:203.0.113.11", "\tSource Port:\t\t51234"),
  '[2026-11-22T10:00:01.2Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 12 3 2 "8.8.8.8" "c" "a" "api" "10.0.0.5:80" inbound|80|| 127.0.0.6:5 10.0.0.5:80 203.0.113.11:40000 x default',
  "1795341601.123    145 203.0.113.11 TCP_TUNNEL/200 4512 CONNECT 198.51.100.25:443 - HIER_DIRECT/198.51.100.25 -",
  "forward: in:bridge out:ether1, proto TCP (ACK), 10.0.1.5:5->198.51.100.25:443, NAT (10.0.1.5:5->203.0.113.11:6)->198.51.100.25:443, len 52",
  lines(
    "  In: 10.0.1.5/51234 --> 198.51.100.25/443;tcp, Conn Tag: 0x0",
    "  Out: 198.51.100.25/443 --> 203.0.113.11/20001;tcp, Conn Tag: 0x0",
  ),
  "filterlog[1]: 5,,,1,igb0,match,block,in,6,0x00,0x0,52,TCP,6,40,2001:db8::9,2001:db8::25,51234,443,0,S",
  "2026-11-22 10:00:01.123     0.512 TCP      2001:db8::9.51234 ->   2001:db8::25.443         12     3456     1",
];

/** Every address of a report stands in the input, in whatever form. */
function expectFound(addresses: readonly (string | null | undefined)[], text: string): void {
  const words = new Set(text.match(/[0-9A-Fa-fxX*#?•.:]{2,64}/g) ?? []);
  for (const address of addresses) {
    if (address === null || address === undefined || text.includes(address)) continue;
    const forms = [...words].flatMap((word) => [
      word,
      word.replace(/:\d{1,5}$/, ""),
      word.replace(/^[.:]+|[.:]+$/g, ""),
    ]);
    expect(forms.map((form) => parseIp(form)).includes(parseIp(address)), address).toBe(true);
  }
}

async function check(text: string): Promise<void> {
  const { observations, paths } = await readAnyEvidence(text, "x", { vantage: null });
  expectFound(
    [
      ...observations.flatMap(({ seen, before }) => [seen.source?.text, seen.destination?.text, before?.text]),
      ...paths.flatMap(({ destination, hops }) => [
        destination,
        ...hops.flatMap(({ replies }) => replies.map(({ address }) => address)),
      ]),
    ],
    text,
  );
}

const sample = fc.constantFrom(...KINDS);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, share: number): number => Math.floor(text.length * share);

test.each(KINDS.map((text) => [text.slice(0, 40), text]))("whole, something is read: %s", async (_, text) => {
  const { observations, problems } = await readAnyEvidence(text, "x", { vantage: null });
  expect(observations.length).toBeGreaterThan(0);
  expect(problems).toEqual([]);
});

test("cut anywhere", () =>
  fc.assert(
    fc.asyncProperty(sample, place, (text, share) => check(text.slice(0, at(text, share)))),
    { numRuns: 400 },
  ));

test("without its beginning", () =>
  fc.assert(
    fc.asyncProperty(sample, place, (text, share) => check(text.slice(at(text, share)))),
    { numRuns: 400 },
  ));

test("with a character changed", () =>
  fc.assert(
    fc.asyncProperty(sample, place, fc.string({ minLength: 1, maxLength: 3 }), (text, share, other) =>
      check(text.slice(0, at(text, share)) + other + text.slice(at(text, share) + 1)),
    ),
    { numRuns: 800 },
  ));

test("two spliced", () =>
  fc.assert(
    fc.asyncProperty(sample, sample, place, place, (one, other, share, rest) =>
      check(one.slice(0, at(one, share)) + other.slice(at(other, rest))),
    ),
    { numRuns: 800 },
  ));

test("lines of ten megabytes end in time", async () => {
  for (const start of KINDS) {
    await readAnyEvidence(`${start.slice(0, 200).replaceAll("\n", " ")}${"a=1 [1.2.3.4] ".repeat(700_000)}`, "x", {
      vantage: null,
    });
  }
}, 120_000);
