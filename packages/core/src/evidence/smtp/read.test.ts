import { describe, expect, test } from "vitest";
import { readEvidence } from "../read.ts";

const read = (...lines: readonly string[]) => readEvidence(lines.join("\n"), "smtp.txt", { vantage: null });
const judged = (...lines: readonly string[]) =>
  read(...lines).observations.map(({ line, strength, seen }) => [line, strength, seen.source?.text ?? null]);

const EXCHANGE = "220 mx.example Microsoft ESMTP MAIL Service ready at Fri, 20 Dec 2024 11:01:02 +0800";
const UNKNOWN = "220 mx.example ESMTP ready";

describe("the reading rule", () => {
  test("Exchange prints the peer, even when the client says the same of itself", () => {
    expect(judged(EXCHANGE, "EHLO [10.72.2.222]", "250-mx.example Hello [10.72.2.222]")).toEqual([
      [3, "destination-observed", "10.72.2.222"],
    ]);
  });

  test("an unknown server that prints what the client did not say prints the peer", () => {
    expect(judged(UNKNOWN, "EHLO probe.example", "250-mx.example Hello [203.0.113.7]")).toEqual([
      [3, "destination-observed", "203.0.113.7"],
    ]);
  });

  test.for([
    ["the same address", "[203.0.113.7]"],
    ["without brackets", "203.0.113.7"],
  ] as const)("an unknown server that prints what the client said proves nothing: %s", ([, helo]) => {
    const [observation] = read(UNKNOWN, `EHLO ${helo}`, "250-mx.example Hello [203.0.113.7]").observations;
    expect(observation).toMatchObject({ strength: "none", seen: { source: null }, claimed: helo });
    expect(observation?.proves.en).toContain("203.0.113.7");
    expect(observation?.proves.zh).toContain("203.0.113.7");
  });

  // The argument is the client's to choose: RFC 5321 4.1.1.1, and a server need not check it. evidence.md 11, spoofable.
  test.for([
    "10.72.2.222.",
    '"[10.72.2.222]"',
    "[10.72.2.222:25]",
    "10.72.2.222:25",
    "[10.72.2.222] x",
    "x [10.72.2.222]",
    "x-10.72.2.222-y",
    "[010.072.002.222]",
    "[::ffff:10.72.2.222]",
    "[IPv6:::ffff:a48:2de]",
    "［10.72.2.222］",
    "１０．７２．２．２２２",
    "10。72。2。222",
    "[10.72.x.x]",
    "[10.72.xxx.222].",
    "[x.x.x.x]",
    "[REDACTED]",
  ])("the client's own address is not known again only when spelled alike: %s", (helo) => {
    expect(judged(UNKNOWN, `EHLO ${helo}`, "250-mx.example Hello [10.72.2.222]")).toEqual([[3, "none", null]]);
  });

  test.for([
    ["[10.72.2.222]", "10.72.xx.xxx"],
    ["[10.72.xx.xxx]", "10.x.x.x"],
    ["[IPv6:2001:db8::7]:25", "2001:db8:0::7"],
    ["[2001:DB8::7%eth0]", "IPv6:2001:db8::7"],
  ] as const)("nor when the server's digits are hidden, or IPv6 is written otherwise: %s, %s", ([helo, printed]) => {
    expect(judged(UNKNOWN, `EHLO ${helo}`, `250-mx.example Hello [${printed}]`)).toEqual([[3, "none", null]]);
  });

  test.for(["[10.72.2.221]", "[10.73.x.x]", "[IPv6:2001:db8::7]", "probe.example"])(
    "another word of it: %s",
    (helo) => {
      expect(judged(UNKNOWN, `EHLO ${helo}`, "250-mx.example Hello [10.72.2.222]")).toEqual([
        [3, "destination-observed", "10.72.2.222"],
      ]);
    },
  );

  test("IPv6 literals are compared as addresses", () => {
    expect(judged(UNKNOWN, "EHLO [IPv6:2001:db8::7]", "250-mx.example Hello [2001:DB8:0:0::7]")).toEqual([
      [3, "none", null],
    ]);
  });

  test("an unknown server and no EHLO command in sight prove nothing", () => {
    expect(judged(UNKNOWN, "250-mx.example Hello [203.0.113.7]")).toEqual([[2, "none", null]]);
    expect(judged(UNKNOWN, "250-mx.example Hello [8.8.8.8] [203.0.113.7]")).toEqual([[2, "none", null]]);
  });

  test("Exim prints a name before the peer; without it the line was cut and the bracket may be the client's word", () => {
    const banner = "220 mx.example ESMTP Exim 4.96 Sun, 22 Nov 2026 01:30:06 +0000";
    expect(judged(banner, "EHLO 8.8.8.8", "250-mx.example Hello 8.8.8.8 [203.0.113.7]")).toEqual([
      [3, "destination-observed", "203.0.113.7"],
    ]);
    expect(judged(banner, "EHLO [8.8.8.8]", "250-mx.example Hello [8.8.8.8]")).toEqual([[3, "none", null]]);
  });

  test("sendmail writes IPv6 uncompressed", () => {
    const [observation] = read(
      "220 mx.example ESMTP Sendmail 8.17.1.9; Sun, 22 Nov 2026 01:20:57 GMT",
      "EHLO probe.example",
      "250-mx.example Hello [IPv6:2001:db8:72:0:0:0:0:222], pleased to meet you",
    ).observations;
    expect(observation?.seen.source?.ip).toBe("2001:db8:72::222");
  });

  test("a bracket from a server that prints none is judged like one of an unknown server", () => {
    const banner = "220 mx.example ESMTP Postfix";
    expect(judged(banner, "EHLO [10.0.0.9]", "250-mx.example Hello [10.0.0.9]")).toEqual([[3, "none", null]]);
  });

  test("IIS SMTP says nearly what Exchange says, and was not checked", () => {
    const banner =
      "220 mx.example Microsoft ESMTP MAIL Service, Version: 10.0.1 ready at  Fri, 20 Dec 2024 11:01:02 +0800";
    expect(judged(banner, "EHLO [10.0.0.9]", "250-mx.example Hello [10.0.0.9]")).toEqual([[3, "none", null]]);
  });

  test("the server's own address literal is not the client's", () => {
    expect(judged(UNKNOWN, "EHLO probe.example", "250-[198.51.100.25] Hello [203.0.113.7]")).toEqual([
      [3, "destination-observed", "203.0.113.7"],
    ]);
    expect(judged(UNKNOWN, "EHLO probe.example", "250 [198.51.100.25]")).toEqual([[3, "none", null]]);
  });
});

describe("what takes the weight off", () => {
  test("the echoed address is the one connected to: a load balancer", () => {
    const found = read(
      "* Connected to 198.51.100.80 (198.51.100.80) port 25 (#0)",
      "< 220 mx.example ESMTP Exim 4.96",
      "> EHLO probe.example",
      "< 250-mx.example Hello web.partner.example [198.51.100.80]",
    ).observations;
    expect(found).toMatchObject([{ strength: "none", seen: { source: { text: "198.51.100.80" } } }]);
  });

  test("loopback, and an address of which every digit is hidden", () => {
    expect(judged(EXCHANGE, "EHLO a", "250 mx.example Hello [127.0.0.1]")).toEqual([[3, "none", "127.0.0.1"]]);
    expect(judged(EXCHANGE, "EHLO a", "250 mx.example Hello [x.x.x.x]")).toEqual([[3, "none", "x.x.x.x"]]);
  });
});

// evidence.md 2.7 and 11, "Proxies and load balancers": the observer then saw another connection than the client's.
describe("who connected", () => {
  const SEEN = [`< ${EXCHANGE}`, "> EHLO a", "< 250 mx.example Hello [192.0.2.50]"];

  test.for([
    ["* Connected to proxy.example (10.0.0.8) port 3128 (#0)", "* Establish HTTP proxy tunnel to mail.example:25"],
    ["* Connected to 10.9.9.9 (10.9.9.9) port 1080", "* SOCKS5 connect to 198.51.100.25:25 (remotely resolved)"],
    ["* Opened SOCKS connection from 10.72.2.222 port 40000 to 198.51.100.25 port 25 (via 10.9.9.9 port 1080)"],
    ["$ curl -v -x socks5h://10.9.9.9:1080 smtp://198.51.100.25:25"],
    ["$ curl -v --socks5-hostname 10.9.9.9 smtp://198.51.100.25:25"],
    ["$ curl --proxy=http://10.9.9.9:3128 -p smtp://198.51.100.25:25"],
    ["$ ALL_PROXY=socks5h://10.9.9.9 curl -v smtp://198.51.100.25:25"],
    ["[me@l3-proxy ~]$ proxychains4 -q telnet 198.51.100.25 25"],
    ["[proxychains] Strict chain  ...  10.9.9.9:1080  ...  198.51.100.25:25  ...  OK"],
    ["$ curl -svx 10.9.9.9:3128 smtp://198.51.100.25:25"],
    ["$ curl -v --haproxy-protocol smtp://198.51.100.25:25"],
    ["$ telnet localhost 2525"],
    ["Trying 127.0.0.1...", "Connected to localhost.", "Escape character is '^]'."],
    ["$ nc -X 5 -x 10.9.9.9:1080 198.51.100.25 25"],
    ["$ socat - PROXY:10.9.9.9:198.51.100.25:25,proxyport=3128"],
    ["[me@l3-proxy ~]$ ssh relay7 nc 198.51.100.25 25"],
    ["$ ssh -W 198.51.100.25:25 relay7"],
    ["$ kubectl exec -it pod -- telnet 198.51.100.25 25"],
    ["$ nc 198.51.100.25 25", "PROXY TCP4 10.72.2.222 198.51.100.25 40000 25"],
  ])("another one did: %s", (lines) => {
    const { observations } = read(...lines, ...SEEN);
    expect(observations).toMatchObject([
      { strength: "none", vantage: "unknown", seen: { source: { text: "192.0.2.50" } } },
    ]);
  });

  test("a command that another host runs starts a new session, and the one before it keeps its weight", () => {
    const before = ["$ nc 198.51.100.25 25", EXCHANGE, "EHLO a", "250 mx.example Hello [10.72.2.222]", ""];
    expect(judged(...before, "$ ssh jump nc mx.other 25", ...SEEN).map(([, ...rest]) => rest)).toEqual([
      ["destination-observed", "10.72.2.222"],
      ["none", "192.0.2.50"],
    ]);
  });

  test.for([
    ["$ curl -v smtp://198.51.100.25:25", "* Connected to 198.51.100.25 (198.51.100.25) port 25 (#0)"],
    ["$ curl -v --mail-from x@proxy.example smtp://198.51.100.25"],
    ["$ curl -v --noproxy * --max-time 5 --mail-from x@mail-x1.example smtp://198.51.100.25"],
    ["[me@ssh-gw ~]$ nc 198.51.100.25 25"],
    ["[me@l3-proxy ~]$ telnet 198.51.100.25 25"],
  ])("this host did: %s", (lines) => {
    expect(judged(...lines, ...SEEN).map(([, ...rest]) => rest)).toEqual([["destination-observed", "192.0.2.50"]]);
  });

  // curl(1) --interface (https://curl.se/docs/manpage.html), nc(1) -s, telnet(1) -b, openssl-s_client(1) -bind.
  test.for([
    ["$ curl -v --interface 192.168.10.5 smtp://198.51.100.25:25"],
    ["* Local Interface eth1 is ip 192.168.10.5 using address family 2"],
    ["* Name '192.168.10.5' family 2 resolved to '192.168.10.5' family 2"],
    ["* Established connection to 198.51.100.25 (198.51.100.25 port 25) from 192.168.10.5 port 40000"],
    ["$ nc -s 192.168.10.5 198.51.100.25 25"],
    ["$ telnet -b 192.168.10.5 198.51.100.25 25"],
    ["$ swaks --to a@b.example --local-interface 192.168.10.5 --server 198.51.100.25:25"],
    ["$ openssl s_client -bind 192.168.10.5:0 -starttls smtp -connect 198.51.100.25:25"],
  ])("the address it sent from is kept beside the one that was seen: %s", (lines) => {
    expect(read(...lines, ...SEEN).observations).toMatchObject([
      { strength: "destination-observed", before: { ip: "192.168.10.5" }, seen: { source: { ip: "192.0.2.50" } } },
    ]);
  });

  // RFC 1122 3.2.1.3, RFC 3927 7, RFC 1112 4, RFC 4291 2.5 and 2.7; the other IP version: RFC 6146.
  test.for(["0.0.0.0", "169.254.1.1", "224.0.0.1", "255.255.255.255", "fe80::1", "ff02::1", "2001:db8::5"])(
    "no packet to an IPv4 server has the source %s",
    (source) => {
      const lines = ["* Connected to m (198.51.100.25) port 25 (#0)", EXCHANGE, "EHLO a"];
      expect(judged(...lines, `250 m Hello [${source}]`)).toEqual([[4, "none", source]]);
    },
  );
});

describe("what the transcript shows of the connection", () => {
  test("the founding transcript: who, where to, when", () => {
    const evidence = read(
      "* Connected to mail.example (114.114.34.56) port 25 (#0)",
      `< ${EXCHANGE}`,
      "> EHLO L3-proxy-mig-instance",
      "‹ 250-mx.example Hello [10.72.2.222]",
    );
    expect(evidence.names).toEqual([{ name: "mail.example", address: "114.114.34.56" }]);
    expect(evidence.observations).toMatchObject([
      {
        line: 4,
        quote: "‹ 250-mx.example Hello [10.72.2.222]",
        claimed: "L3-proxy-mig-instance",
        vantage: "destination",
        seen: {
          source: { text: "10.72.2.222", ip: "10.72.2.222", masked: false },
          destination: { ip: "114.114.34.56" },
          destinationName: "mail.example",
          destinationPort: 25,
          protocol: "tcp",
          at: "2024-12-20T11:01:02+08:00",
        },
      },
    ]);
  });

  test.for(["<", "‹", "«", "＜", "&lt;", "<-", "<~", "S:", "SMTP<<"])("server lines marked with %s", (mark) => {
    expect(judged(`${mark} ${EXCHANGE}`, `${mark} 250 mx.example Hello [203.0.113.7]`)).toEqual([
      [2, "destination-observed", "203.0.113.7"],
    ]);
  });

  // https://curl.se/docs/url-syntax.html: "smtp" has 25 as its default port, "smtps" 465.
  test.for([
    ["curl -v smtps://mail.example", 465],
    ["curl -v smtp://mail.example/probe.example", 25],
    ["curl -v smtps://user:secret@mail.example", 465],
    ["curl -v smtps://mail.example:2465", 2465],
  ] as const)("%s goes to port %s", ([command, port]) => {
    expect(read(`$ ${command}`, EXCHANGE, "EHLO a", "250 mx.example Hello [203.0.113.7]").observations).toMatchObject([
      { seen: { destinationName: "mail.example", destinationPort: port } },
    ]);
  });

  test("several sessions in one paste, each with its own destination", () => {
    const found = read(
      "$ nc 192.0.2.1 25",
      EXCHANGE,
      "EHLO a",
      "250 mx.example Hello [203.0.113.7]",
      "quit",
      "221 bye",
      "$ nc 192.0.2.2 587",
      EXCHANGE,
      "EHLO a",
      "250 mx.example Hello [203.0.113.8]",
    ).observations;
    expect(found.map(({ seen }) => [seen.source?.text, seen.destination?.text, seen.destinationPort])).toEqual([
      ["203.0.113.7", "192.0.2.1", 25],
      ["203.0.113.8", "192.0.2.2", 587],
    ]);
  });

  test("EHLO again after STARTTLS is the same session and said once", () => {
    expect(
      judged(
        EXCHANGE,
        "EHLO a",
        "250-mx.example Hello [203.0.113.7]",
        "250 STARTTLS",
        "STARTTLS",
        "220 2.0.0 SMTP server ready",
        "EHLO a",
        "250 mx.example Hello [203.0.113.7]",
      ),
    ).toEqual([[3, "destination-observed", "203.0.113.7"]]);
  });

  test("through a proxy the address connected to is not the destination", () => {
    const evidence = read(
      "* Connected to proxy.example (10.0.0.8) port 3128 (#0)",
      "* Establish HTTP proxy tunnel to mail.example:25",
      `< ${EXCHANGE}`,
      "> EHLO a",
      "< 250 mx.example Hello [203.0.113.7]",
    );
    expect(evidence.observations).toMatchObject([{ seen: { destination: null, destinationPort: null } }]);
    expect(evidence.names).toEqual([]);
  });
});

describe("refusals are witnesses", () => {
  test.for([
    "550 5.7.606 Access denied, banned sending IP [203.0.113.7]. To request removal",
    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using zen.example",
  ])("%s", (refusal) => {
    expect(judged(UNKNOWN, "EHLO a", "250 mx.example", "MAIL FROM:<a@b.example>", refusal)).toEqual([
      [3, "none", null],
      [5, "destination-observed", "203.0.113.7"],
    ]);
  });

  test("unless they name what the client said", () => {
    const refusal = "550 5.7.1 Client host [10.0.0.9] rejected: bad HELO";
    expect(judged(UNKNOWN, "EHLO [10.0.0.9]", "250 mx.example", refusal)).toEqual([[3, "none", null]]);
  });
});

test.for([
  ["an HTTP transcript", "*   Trying 198.51.100.25:8080...\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n203.0.113.7"],
  ["an FTP transcript", "* Connected to 192.0.2.1 (192.0.2.1) port 21 (#0)\n< 220 (vsFTPd 3.0.3)\n> USER anonymous"],
  ["prose", "250 people said Hello to [you]"],
] as const)("%s is no SMTP transcript", ([, text]) => {
  const evidence = readEvidence(text, "x", { vantage: null });
  expect(evidence.kind).not.toBe("smtp-transcript");
  expect(evidence.observations).toEqual([]);
});
