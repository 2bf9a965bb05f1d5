import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ip } from "../../address/ip.ts";
import type { Mark } from "../../witness/mark.ts";
import type { SentHellos } from "../../witness/probe-file.ts";
import type { Observation } from "../observation.ts";
import { readAnyEvidence, readMarked } from "../read.ts";
import { openLongLog, searchLong } from "./index.ts";
import { lineBytesOf } from "./line-bytes.ts";
import { nextMark } from "./mark-bytes.ts";
import { Thinner } from "./thin.ts";

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(unescape(encodeURIComponent(text)), (one) => one.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => decodeURIComponent(escape(String.fromCharCode(...bytes)));

/** In pieces of that many bytes, in memory that is used again, as a file is read. */
const inPieces = async (text: string, size: number) => (await readInPieces(text, size))?.evidence ?? null;

async function readInPieces(text: string, size: number) {
  const log = openLongLog(text.slice(0, 4000), { file: "a.log", hint: null, textOf });
  if (log === null) return null;
  const bytes = bytesOf(text);
  const memory = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    memory.set(piece);
    if (!(await log.push(memory.subarray(0, piece.length)))) return null;
  }
  return await log.end();
}

const told = ({ line, says, seen, strength, vantage, claimed }: Observation) => ({
  line,
  says: says.en,
  seen,
  strength,
  vantage,
  claimed,
});
const byLine = (a: Observation, b: Observation): number => (a.line ?? 0) - (b.line ?? 0);

const clock = (at: number): string =>
  `11:${String(Math.floor(at / 60) % 60).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;

interface Log {
  readonly name: string;
  /** One line, from a client and a choice. */
  readonly line: (at: number, client: string, choice: number) => string;
}

const LOGS: readonly Log[] = [
  {
    name: "Postfix",
    line: (at, client, choice) => {
      const service = choice % 4 === 3 ? "submission/smtpd" : "smtpd";
      const head = `Dec 20 ${clock(at)} ${choice % 5 === 4 ? "mx2" : "mx1"} postfix/${service}[${1000 + at}]: `;
      const peer = `host-${choice}.client.example[${client}]`;
      return (
        head +
        ([`connect from ${peer}`, `4D${at}B7F: client=${peer}`, `disconnect from ${peer} quit=1`][choice % 3] ??
          `NOQUEUE: reject: RCPT from ${peer}: 554 5.7.1 <a@b.example>: denied; helo=<h${choice}>`)
      );
    },
  },
  {
    name: "postscreen",
    line: (at, client, choice) =>
      `Dec 20 ${clock(at)} mx1 postfix/postscreen[77]: CONNECT from [${client}]:${20_000 + at} to [198.51.100.25]:${choice % 2 === 0 ? 25 : 587}`,
  },
  {
    name: "Exim",
    line: (at, client, choice) =>
      `2024-12-20 ${clock(at)} SMTP connection from (h${choice}) [${client}]:${20_000 + at} I=[198.51.100.25]:${choice % 2 === 0 ? 25 : 587} (TCP/IP connection count = 1)`,
  },
  {
    name: "nginx",
    line: (at, client, choice) =>
      `${client} - - [20/Dec/2024:${clock(at)} +0000] "GET /?q=${at} HTTP/1.1" 200 ${at} "-" "Chrome/12${choice}.0.0.0"`,
  },
  {
    name: "sshd",
    line: (at, client, choice) =>
      `Dec 20 ${clock(at)} host1 sshd[${at}]: Accepted publickey for u${choice} from ${client} port ${20_000 + at} ssh2`,
  },
];

const clients = fc.constantFrom(
  ...[
    "203.0.113.7",
    "203.0.113.70",
    "192.0.2.99",
    "2001:db8::7",
    "fe80::7",
    "fd80::7",
    "139.219.xxx.xx",
    "10.0.0.5",
    "fdab::cafe:1",
    "fdab::cafe:2",
    "fdaa::face",
    "::ffff:192.0.2.8",
  ],
);

describe.each(LOGS)("a long log of $name", ({ line }) => {
  test("says in pieces what it says as a whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(clients, fc.nat(7)), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 40, max: 900 }),
        async (lines, size) => {
          const text = `${lines.map(([client, choice], at) => line(at, client, choice)).join("\n")}\n`;
          const whole = await readAnyEvidence(text, "a.log", { vantage: null });
          const parts = await inPieces(text, size);
          expect(parts?.problems).toEqual(whole.problems);
          expect([...(parts?.observations ?? [])].sort(byLine).map(told)).toEqual(
            [...whole.observations].sort(byLine).map(told),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("a long log of JSON", () => {
  const entry = (at: number, client: string) => ({
    insertId: `a${at}`,
    jsonPayload: {
      allocation_status: "OK",
      connection: {
        dest_ip: "198.51.100.80",
        dest_port: 443,
        nat_ip: client,
        nat_port: 1024 + at,
        protocol: 6,
        src_ip: "10.0.0.5",
        src_port: 40_000 + at,
      },
    },
    logName: "projects/p/logs/compute.googleapis.com%2Fnat_flows",
    timestamp: `2024-12-20T${clock(at)}Z`,
  });
  test.each([
    ["a list", (entries: readonly object[]) => JSON.stringify(entries, null, 2)],
    ["one on each line", (entries: readonly object[]) => `${entries.map((one) => JSON.stringify(one)).join("\n")}\n`],
    ["all on one line", (entries: readonly object[]) => JSON.stringify(entries)],
    [
      "all on one line, with letters of several bytes",
      (entries: readonly object[]) => JSON.stringify(entries.map((one) => ({ ...one, note: "界é😀" }))),
    ],
  ])("%s: every source, with its line", async (_, write) => {
    const entries = Array.from({ length: 40 }, (_unused, at) =>
      entry(at, at % 9 === 0 ? "203.0.113.7" : "203.0.113.8"),
    );
    const text = write(entries);
    const whole = await readAnyEvidence(text, "a.log", { vantage: null });
    const parts = await inPieces(text, 2000);
    expect(parts?.kind).toBe("cloud-nat-log");
    expect(new Set(parts?.observations.map(({ seen }) => seen.source?.text))).toEqual(
      new Set(whole.observations.map(({ seen }) => seen.source?.text)),
    );
    const wholeLines = new Set(whole.observations.map(({ line, seen }) => `${line} ${seen.source?.text}`));
    expect(parts?.observations.every(({ line, seen }) => wholeLines.has(`${line} ${seen.source?.text}`))).toBe(true);
  });
  test("that is cut short is none that can be read so", async () =>
    expect(await inPieces(JSON.stringify([entry(1, "203.0.113.7")], null, 2).slice(0, -8), 300)).toBeNull());
});

describe("one object with a list of records", () => {
  /** https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview#log-format */
  const record = (at: number, client: string) => ({
    time: `2024-12-20T${clock(at)}.0000000Z`,
    category: "NetworkSecurityGroupFlowEvent",
    properties: {
      Version: 2,
      flows: [
        {
          rule: "AllowSmtp",
          flows: [{ mac: "0022483A0B1C", flowTuples: [`1734663662,${client},198.51.100.25,43920,25,T,I,A,B,,,,`] }],
        },
      ],
    },
  });
  const records = Array.from({ length: 30 }, (_unused, at) => record(at, `203.0.113.${at % 7}`));
  test.each([
    ["on one line", JSON.stringify({ records })],
    ["indented", JSON.stringify({ records }, null, 2)],
    ["a record a line", `{"records":[\n${records.map((one) => JSON.stringify(one)).join(",\n")}\n]}\n`],
  ])("%s: every source", async (_, text) => {
    for (const size of [50, 1000, 100_000]) {
      const parts = await inPieces(text, size);
      expect(parts?.kind).toBe("azure-flow-log");
      expect(parts?.observations.map(({ seen }) => seen.source?.text).sort()).toEqual(
        Array.from({ length: 7 }, (_unused, at) => `203.0.113.${at}`),
      );
    }
  });
  test.each([
    ["cut", JSON.stringify({ records }).slice(0, -1)],
    ["with another member behind the list", `${JSON.stringify({ records }).slice(0, -1)},"next":1}`],
  ])("%s: read as a whole", async (_, text) => expect(await inPieces(text, 300)).toBeNull());
});

describe("a line with the mark of a hello", () => {
  const mark = "seenas-0123456789abcdef01234567";
  const web = (at: number, path: string) =>
    `203.0.113.7 - - [20/Dec/2024:${clock(at)} +0000] "GET /${path} HTTP/1.1" 200 5 "-" "curl/8"`;
  test.each([
    ["small letters", mark],
    ["capitals", mark.toUpperCase()],
  ])("is kept among those that tell the same: %s", async (_, written) => {
    const lines = Array.from({ length: 90 }, (_unused, at) => web(at, at === 41 || at === 57 ? written : "a"));
    for (const size of [101, 4000]) {
      const read = await readInPieces(`${lines.join("\n")}\n`, size);
      expect(read?.marked).toEqual([
        { number: 42, text: lines[41] },
        { number: 58, text: lines[57] },
      ]);
    }
  });
  test("is found wherever it stands, and nothing that is shorter", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), fc.nat(24), (before, after, cut) => {
        const text = `${before}${mark.slice(0, mark.length - cut)}${after}`;
        const bytes = bytesOf(text);
        const found = nextMark(lineBytesOf(bytes), 0, bytes.length);
        expect(found >= 0).toBe(/seenas-[0-9a-f]{24}/i.test(text));
      }),
    );
  });
});

describe("a log whose kind is read in parts or thinned", () => {
  const MARK = "0123456789abcdef01234567" as Mark;
  const GUEST = "10.72.2.222";
  const sent: SentHellos = new Map([
    [
      MARK,
      {
        mark: MARK,
        local: { address: GUEST as Ip, port: 40_000 },
        bound: false,
        to: { address: "198.51.100.25" as Ip, name: null, port: 25 },
        protocol: "tcp",
        at: null,
      },
    ],
  ]);
  const name = `seenas-${MARK}.invalid`;
  const times = (count: number, line: (at: number) => string) =>
    Array.from({ length: count }, (_unused, at) => line(at));
  test.each([
    [
      "Postfix",
      (at: number) =>
        `Dec 20 ${clock(at)} mx1 postfix/smtpd[2]: NOQUEUE: reject: EHLO from unknown[203.0.113.7]: 450 4.7.1 <${at === 70 ? name : "x.example"}>: Helo command rejected: Host not found; proto=SMTP helo=<${at === 70 ? name : "x.example"}>`,
      "",
    ],
    [
      "web",
      (at: number) =>
        `203.0.113.7 - - [20/Dec/2024:${clock(at)} +0000] "GET /${at === 70 ? name : ""} HTTP/1.1" 404 13 "-" "-"`,
      "",
    ],
    [
      "web, as JSON",
      (at: number) => `{"remote_addr":"203.0.113.7","request":"GET /${at === 70 ? name : ""} HTTP/1.1","status":404}`,
      "",
    ],
    [
      "Exchange",
      (at: number) =>
        `2024-12-20T${clock(at)}.031Z,08DD,203.0.113.7:53229,10.0.0.25:25,<,EHLO ${at === 70 ? name : "x.example"}`,
      "#Software: Microsoft Exchange Server\n#Fields: date-time,session-id,remote-endpoint,local-endpoint,event,data\n",
    ],
  ])("%s: the line with a mark is tied to the flow as in the whole", async (_, line, head) => {
    const text = `${head}${times(120, line).join("\n")}\n`;
    const own = (all: readonly Observation[]) =>
      all
        .filter((one) => one.own !== undefined)
        .map(({ line: number, ...one }) => ({ ...told({ ...one, line: null }), mark: one.mark, before: one.before }));
    const whole = await readAnyEvidence(text, "a.log", { vantage: null, sent });
    const read = await readInPieces(text, 1500);
    if (read === null) throw new Error("it is to be read in pieces");
    const tied = await readMarked(read.evidence, read.marked, { vantage: null, sent });
    expect(own(whole.observations)).toMatchObject([{ mark: MARK, before: { text: GUEST } }]);
    expect(own(tied.observations)).toEqual(own(whole.observations));
    expect(own(read.evidence.observations)).toEqual([]);
  });
});

describe("a window that is full", () => {
  const line = (at: number) =>
    `Dec 20 ${clock(at)} mx1 postfix/smtpd[${at}]: connect from a.example[203.0.113.${at % 50}]`;
  test("keeps of each kind the first line and the last, whatever the pieces", () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 900 }), fc.integer({ min: 1, max: 700 }), (window, size) => {
        const all = Array.from({ length: 200 }, (_unused, at) => line(at));
        const bytes = bytesOf(all.join("\n"));
        const thinner = new Thinner(window * 2);
        for (let at = 0; at < bytes.length; at += size) thinner.push(bytes.subarray(at, at + size));
        const { lines, total } = thinner.end();
        expect(total).toBe(200);
        expect(lines.map(({ number, bytes: kept, stands }) => [number, textOf(kept), stands])).toEqual([
          ...all.slice(0, 50).map((text, at) => [at + 1, text, 3]),
          ...all.slice(150).map((text, at) => [at + 151, text, 1]),
        ]);
      }),
      { numRuns: 60 },
    );
  });
  test("counts empty lines, wherever a piece begins", () => {
    const text = `${line(1)}\n\n${line(2)}\n\n\n${line(3)}\n`;
    for (let size = 1; size < 200; size += 1) {
      const thinner = new Thinner();
      for (let at = 0; at < text.length; at += size) thinner.push(bytesOf(text.slice(at, at + size)));
      const { lines, total } = thinner.end();
      expect([total, ...lines.map(({ number }) => number)]).toEqual([6, 1, 2, 3, 4, 5, 6]);
    }
  });
  test("does not take one head for another", () => {
    const heads = ["mx1 postfix/smtpd", "mx2 postfix/smtpd", "mx1 postfix/smtpx", "mx1 postfix/submission/smtpd"];
    const all = Array.from({ length: 80 }, (_unused, at) => {
      const time = at % 3 === 0 ? `Dec 2${at % 10} ${clock(at)}` : `2024-12-20T${clock(at)}.${100_000 + at}+00:00`;
      const from = at % 7 === 0 ? "198.51.100.9" : time;
      return `${from} ${heads[at % heads.length]}[${at}]: connect from a.example[203.0.113.7]`;
    });
    const thinner = new Thinner();
    thinner.push(bytesOf(all.join("\n")));
    const kindOf = (text: string) => /^(198\.\S+)?.*? (\S+ \S+)\[\d+\]: /.exec(text)?.slice(1).join(" ");
    const kinds = new Map<string | undefined, number>();
    for (const text of all) kinds.set(kindOf(text), (kinds.get(kindOf(text)) ?? 0) + 1);
    const counted = new Map<string | undefined, number>();
    for (const { bytes, stands } of thinner.end().lines)
      counted.set(kindOf(textOf(bytes)), (counted.get(kindOf(textOf(bytes))) ?? 0) + stands);
    expect(counted).toEqual(kinds);
  });
  test("cuts a line that is longer before an address, and goes on with the next", () => {
    const long = `Dec 20 ${clock(1)} mx1 postfix/smtpd[1]: connect from a.example[203.0.113.9] ${"x".repeat(150)} 203.0.113.77 ${"y".repeat(3000)}`;
    const thinner = new Thinner(400);
    thinner.push(bytesOf(`${line(1)}\n${long}\n${line(2)}\n`));
    const { lines } = thinner.end();
    expect(lines.map(({ bytes }) => textOf(bytes))).toEqual([line(1), long.slice(0, long.indexOf(" x")), line(2)]);
  });
});

describe("a long text that begins with nothing known", () => {
  const other = (at: number) => `Dec 20 ${clock(at)} host1 kernel: [${at}.000000] usb 1-1: new device number ${at}`;
  const others = (count: number) => Array.from({ length: count }, (_unused, at) => other(at));
  const searched = async (text: string, size: number) => {
    const log = searchLong({ file: "a.log", hint: null, textOf: (bytes) => new TextDecoder().decode(bytes) });
    const bytes = bytesOf(text);
    for (let at = 0; at < bytes.length; at += size) if (!(await log.push(bytes.slice(at, at + size)))) return null;
    return await log.end();
  };
  const mail = (client: string, at: number) => `Dec 20 ${clock(at)} mx1 postfix/smtpd[7]: connect from a[${client}]`;

  test.each([100_000, 1_000_000, 2_500_000])(
    "says of a log behind it what the whole says: pieces of %i",
    async (size) => {
      // A part that begins with an object is no JSON.
      const lines = [
        ...others(40_000),
        `{"a":1}`,
        ...others(3),
        mail("203.0.113.7", 1),
        ...others(9),
        mail("192.0.2.9", 2),
      ];
      const text = `${lines.join("\n")}\n`;
      const whole = await readAnyEvidence(text, "a.log", { vantage: null });
      expect(whole.observations.map(({ line }) => line)).toEqual([40_005, 40_015]);
      const read = await searched(text, size);
      expect(read?.evidence.problems).toEqual(whole.problems);
      expect(read?.evidence.observations.map(told)).toEqual(whole.observations.map(told));
    },
  );
  test("keeps the line of a mark behind it", async () => {
    const marked = `203.0.113.7 - - [20/Dec/2024:11:00:00 +0000] "GET /seenas-0123456789abcdef01234567 HTTP/1.1" 404 13 "-" "-"`;
    const read = await searched([...others(30_000), marked].join("\n"), 1_000_000);
    expect(read?.marked).toEqual([{ number: 30_001, text: marked }]);
  });
  test("and holds nothing known is said to hold nothing, as in the whole", async () => {
    const text = others(40_000).join("\n");
    const whole = await readAnyEvidence(text, "a.log", { vantage: null });
    expect((await searched(text, 1_000_000))?.evidence).toEqual(whole);
  });
  test("and goes on with what is no log is read as a whole", async () => {
    const trace = ["traceroute to 192.0.2.9 (192.0.2.9), 30 hops max", " 1  10.0.0.1  0.1 ms  0.1 ms  0.1 ms"];
    expect(await searched([...others(30_000), ...trace].join("\n"), 1_000_000)).toBeNull();
  });
});

describe("what is no log", () => {
  test.each(["220 mx.example ESMTP\n250 hello [203.0.113.7]\n", '[{"selfLink":"x"}]', "hello\n"])("%j", (text) =>
    expect(openLongLog(text, { file: "a", hint: null, textOf })).toBeNull(),
  );
});
