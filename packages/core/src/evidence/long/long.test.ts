import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Observation } from "../observation.ts";
import { readAnyEvidence } from "../read.ts";
import { openLongLog } from "./index.ts";

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(unescape(encodeURIComponent(text)), (one) => one.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => decodeURIComponent(escape(String.fromCharCode(...bytes)));

/** In pieces of that many bytes, in memory that is used again, as a file is read. */
async function inPieces(text: string, size: number) {
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

describe("what is no log", () => {
  test.each(["220 mx.example ESMTP\n250 hello [203.0.113.7]\n", '[{"selfLink":"x"}]', "hello\n"])("%j", (text) =>
    expect(openLongLog(text, { file: "a", hint: null, textOf })).toBeNull(),
  );
});
