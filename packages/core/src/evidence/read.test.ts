import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIp } from "../address/ip.ts";
import { parseObserved } from "./masked.ts";
import type { Evidence } from "./observation.ts";
import { readEvidence } from "./read.ts";
import { recogniseEvidence } from "./recognise.ts";

const FIXTURES = new URL("testdata/", import.meta.url);
const fixtures = readdirSync(FIXTURES)
  .filter((name) => !name.endsWith(".md"))
  .map((name) => ({ name, text: readFileSync(new URL(name, FIXTURES), "utf8") }));
const fixture = (name: string): string => fixtures.find((one) => one.name === name)?.text ?? "";

const read = (text: string): Evidence => readEvidence(text, "x", { vantage: null });

describe("several kinds in one paste", () => {
  const parts = [
    fixture("founding-gcp-multipath.txt"),
    fixture("founding-gcp-exchange-hello.txt"),
    fixture("founding-azure-source-changes.txt"),
    fixture("postfix-syslog-traditional.log"),
  ];

  test("each part is read by its own reader, with the lines of the whole", () => {
    const text = parts.map((part) => `${part.trimEnd()}\n`).join("\n");
    const lines = text.split("\n");
    const evidence = read(text);
    expect(recogniseEvidence(text)).toBe("mixed");
    expect(evidence.kind).toBe("mixed");
    expect(evidence.problems).toEqual([]);
    expect(evidence.observations.map(({ kind }) => kind)).toEqual([
      "traceroute",
      "smtp-transcript",
      "tcpdump",
      "tcpdump",
      "postfix-log",
      "postfix-log",
      "postfix-log",
    ]);
    for (const { line, quote } of evidence.observations) expect(lines[(line ?? 0) - 1]?.trim()).toBe(quote);
  });

  test("without blank lines between, the command of a part belongs to it", () => {
    const text = [
      "01:00:00.5 IP 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 1, length 0",
      "\t250-mail.example Hello a [192.0.2.66]",
      "250-SIZE 52428800",
      "user@host:~$ nc 198.51.100.25 25",
      "220 mx.example Microsoft ESMTP MAIL Service ready",
      "EHLO a",
      "250 mx.example Hello [203.0.113.7]",
      "$ traceroute -n 198.51.100.25",
      "traceroute to 198.51.100.25 (198.51.100.25), 30 hops max, 60 byte packets",
      " 1  10.0.0.1  1 ms  1 ms  1 ms",
    ].join("\n");
    const { observations } = read(text);
    expect(observations.map(({ kind, line, strength }) => [kind, line, strength])).toEqual([
      ["tcpdump", 1, "none"],
      ["smtp-transcript", 7, "destination-observed"],
      ["traceroute", 9, "path-hint"],
    ]);
    expect(observations[1]?.seen).toMatchObject({ destination: { text: "198.51.100.25" }, destinationPort: 25 });
  });

  test("a part without a reader is named, and the others are read", () => {
    const tracert = "  1    <1 ms    <1 ms    <1 ms  192.168.111.254 \n  2     3 ms     3 ms     3 ms  198.51.100.1";
    const evidence = read(`${tracert}\n\n${fixture("founding-gcp-exchange-hello.txt")}`);
    expect(evidence.kind).toBe("mixed");
    expect(evidence.observations).toMatchObject([{ strength: "destination-observed" }]);
    expect(evidence.problems).toMatchObject([{ code: "evidence/not-read-yet", level: "error", line: 1 }]);
  });
});

test.for(["", "\n\n", "hello", "{", "[]", '{"items": []}', "250", "1 2 3"])("%j is unknown and says so", (text) => {
  expect(recogniseEvidence(text)).toBe("unknown");
  expect(read(text)).toMatchObject({ kind: "unknown", observations: [], problems: [{ level: "error" }] });
});

/** Everything in the text that could be an address, in canonical spelling. */
function addressesIn(text: string): ReadonlySet<string> {
  const words = text.split(/[^0-9A-Za-z.:*#?•]+/);
  return new Set(words.flatMap((word) => [word, ...tails(word)]).flatMap((word) => parseIp(word) ?? []));
}

/** `[IPv6:2001:db8::1]`, `203.0.113.7.25`, `203.0.113.7.?25`, `192.0.2.1:25`, `0.5 ms.`, `192.0.2.1:25...*` where a line end is damaged */
const tails = (word: string): readonly string[] => [
  word.replace(/^ipv6:/i, ""),
  word.replace(/[.:][^.:]*$/, ""),
  word.replace(/(?::\d{1,5})?\.{3}.*$/, ""),
  word.replace(/[.:]+$/, ""),
  word.replace(/[.:]+$/, "").replace(/[.:]\w*$/, ""),
];

/** No address is ever claimed that does not stand in the input: not made up, not put together, not unmasked. */
function expectHonest(text: string, { observations, paths, names }: Evidence): void {
  const present = addressesIn(text);
  for (const { seen, before } of observations)
    for (const address of [seen.source, seen.destination, before]) {
      if (address === null) continue;
      expect(text.includes(address.text) || present.has(address.text)).toBe(true);
      expect(address.ip === null || present.has(address.ip)).toBe(true);
      expect(address.masked).toBe(parseObserved(address.text).masked);
    }
  for (const { address } of names) expect(present.has(address)).toBe(true);
  for (const { address } of paths.flatMap(({ hops }) => hops.flatMap(({ replies }) => replies)))
    expect(address === null || text.includes(address) || present.has(address)).toBe(true);
}

// ECMA-48 5.4 and 8.3.89: control sequences, operating system commands, character sets.
test.for(["[35m", "[0;1m", "[1 q", "]0;title\u0007", "]0;title\u001b\\", "(B"])(
  "what tells a terminal what to do is neither read nor repeated: %j",
  (command) => {
    const control = `\u001b${command}`;
    const evidence = read(
      `${control}220 mx.example Microsoft ESMTP MAIL Service ready\n250 mx.example Hello [203.0.${control}113.7]${control}`,
    );
    expect(evidence.observations).toMatchObject([
      { seen: { source: { ip: "203.0.113.7" } }, quote: "250 mx.example Hello [203.0.113.7]" },
    ]);
  },
);

test("an ESC of nothing known joins no digits, and is not repeated", () => {
  const evidence = read("220 mx.example Microsoft ESMTP MAIL Service ready\n250 mx.example Hello [203.0.1\u001b13.7]");
  expect(evidence.observations).toMatchObject([{ strength: "none", seen: { source: null } }]);
  expect(JSON.stringify(evidence)).not.toContain("u001b");
});

describe("no input makes it throw, hang or make up an address", () => {
  test.for(fixtures)("$name", ({ text }) => {
    expectHonest(text, read(text));
  });

  test("texts of any kind", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: "binary" }), (text) => expectHonest(text, read(text))),
      { numRuns: 1000 },
    );
  });

  test("words that the readers look for, in any order", () => {
    const word = fc.constantFrom(
      ...[
        "traceroute to ",
        "x (192.0.2.1), 30 hops max",
        " 1  ",
        "* * *",
        "10.0.0.1",
        "203.0.113.7.25",
        " ms",
        "IP ",
        " > ",
      ],
      ...[
        "Flags [S], seq 1",
        ": ",
        "220 ",
        "250-",
        "ESMTP",
        "EHLO ",
        "Hello ",
        "[192.0.2.7]",
        "[x.x.x.x]",
        "\n",
        "\r\n",
        "(",
        ")",
      ],
      ...[
        "01:00:00.5 ",
        "connect from a[192.0.2.8]",
        "Nov 22 01:10:01 mail postfix/smtpd[1]: ",
        "2001:db8::1",
        "139.219.xx.xx",
      ],
      ...[
        "* Connected to ",
        "port 25",
        "Trying ",
        "...",
        "ICMP time exceeded",
        "\t",
        "$ nc ",
        "<",
        ">",
        "!X",
        "MPLS Label=1 ",
      ],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => expectHonest(words.join(""), read(words.join("")))),
      { numRuns: 3000 },
    );
  });

  test("samples with bytes flipped and ends cut off", () => {
    const damaged = fc
      .tuple(fc.constantFrom(...fixtures), fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }))
      .map(([{ text }, end, flips]) => {
        const bytes = Array.from(text.slice(0, end % (text.length + 1)));
        for (const [at, code] of flips) if (bytes.length > 0) bytes[at % bytes.length] = String.fromCharCode(code);
        return bytes.join("");
      });
    fc.assert(
      fc.property(damaged, (text) => expectHonest(text, read(text))),
      { numRuns: 3000 },
    );
  }, 60_000);

  const long = (piece: string): string => piece.repeat(Math.ceil(10_000_000 / piece.length));
  test.for([
    ...[
      "a",
      " ",
      "*",
      "(",
      "<",
      "1 ",
      "10.0.0.1 ",
      "[",
      "[10.0.0.1] ",
      "x.",
      "2001:",
      "> ",
      "- -a ",
      "=",
      "\t",
      "$ ",
      "0x",
      "ab:",
    ],
    ...[
      "traceroute to ",
      "220-",
      "Hello [",
      "IP a.1 > ",
      "(tos ",
      "src=1 dst=1 ",
      "12:e7:",
      "curl smtp://",
      "nc -",
      "\u001b[1m",
    ],
  ])("a line of 10 MB of %j", { timeout: 60_000 }, (piece) => {
    const line = long(piece).slice(0, 10_000_000);
    for (const head of [
      "",
      "250-mx.example Hello ",
      "01:00:00.5 IP ",
      "traceroute to x (10.0.0.1), 30 hops max ",
      "* ",
    ])
      read(head + line);
  });

  test("20,000 lines of each kind", { timeout: 60_000 }, () => {
    for (const { text } of fixtures) {
      const line = text.split("\n").find((one) => one.length > 20) ?? "";
      read(`${line}\n`.repeat(20_000));
    }
  });
});

describe("many of a kind take time in proportion", () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, n) => line(n)).join("\n");
  const packet = "01:00:00.5 IP 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 1, length 0";
  const octets = (n: number) => `${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  test.for([
    ["payload lines after one packet", `${packet}\n${many(50_000, () => "250-mail.example.com")}`],
    [
      "connections",
      many(50_000, (n) => `01:00:00.5 IP 10.${octets(n)}.40000 > 198.51.100.25.25: Flags [S], seq ${n}, length 0`),
    ],
    [
      "local sides",
      many(
        50_000,
        (n) => `Nov 22 01:31:57 mail postfix/postscreen[1]: CONNECT from [203.0.113.11]:1 to [10.${octets(n)}]:25`,
      ),
    ],
    ["sessions", many(50_000, (n) => `220 mx.example ESMTP\n250 mx.example Hello [10.${octets(n)}]`)],
    ["greetings", many(5000, () => "Hello [".repeat(280))],
    ["traces", many(50_000, () => "traceroute to x (10.0.0.1), 30 hops max\n 1  10.0.0.1  1 ms")],
    ["changes of kind", many(20_000, () => `${packet}\n\n 1  10.0.0.1  1 ms\n220 mx.example ESMTP`)],
  ] as const)("%s", { timeout: 60_000 }, ([, text]) => {
    readEvidence(text, "x", { vantage: "destination" });
  });
});
