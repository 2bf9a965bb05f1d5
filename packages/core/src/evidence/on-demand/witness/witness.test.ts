import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listOf } from "../../../address/address-set.ts";
import type { Ip } from "../../../address/ip.ts";
import { takeIn } from "../../../intake/intake.ts";
import { parseTarget } from "../../../model/target.ts";
import { explain } from "../../../verdict/explain.ts";
import { exitStatusOf } from "../../../verdict/verdict.ts";
import { type Mark, markName, markWord } from "../../../witness/mark.ts";
import { sightingLine } from "../../../witness/sighting-line.ts";
import { readAnyEvidence } from "../../read.ts";

const MARK = "0123456789abcdef01234567" as Mark;
const OTHER = "ffffffffffffffff01234567" as Mark;
const GUEST = "10.72.2.222";
const MX = "198.51.100.25";

interface Said {
  readonly mark?: Mark;
  readonly bound?: boolean;
  readonly local?: string;
  readonly port?: number;
  readonly transcript?: string;
  readonly receipt?: string;
  readonly state?: string;
}

const probe = (...tries: readonly Said[]): string =>
  JSON.stringify(
    {
      schema: "seenas/probe@1",
      to: { name: null, port: tries[0]?.port ?? 25, protocol: "tcp" },
      tries: tries.map(
        ({ mark = MARK, bound = false, local = GUEST, port = 25, transcript = "", receipt, state = "sound" }) => ({
          ...{ mark, bound, at: "2026-11-22T09:00:00.000Z", transcript },
          ...{ local: { address: local, port: 40_000 }, remote: { address: MX, port } },
          receipt: receipt === undefined ? null : { line: receipt, state },
        }),
      ),
    },
    null,
    2,
  );

const SEEN = "203.0.113.7";
const STRANGER = "192.0.2.77";

/** One log of a busy destination: a stranger, the marked hello, another stranger. */
const LOGS: Readonly<Record<string, string>> = {
  "exim-log": [
    `2026-11-22 09:00:00 SMTP connection from (x.example) [${STRANGER}]:40000 I=[10.0.0.25]:25`,
    `2026-11-22 09:00:01 no MAIL in SMTP connection from (${markName(MARK)}) [${SEEN}]:53211 I=[10.0.0.25]:25 D=0s C=EHLO,QUIT`,
    "2026-11-22 09:00:02 SMTP connection from (y.example) [192.0.2.78]:40000 I=[10.0.0.25]:25",
  ].join("\n"),
  "postfix-log": [
    `2026-11-22T09:00:00.1+00:00 mx postfix/smtpd[1]: connect from unknown[${STRANGER}]`,
    `2026-11-22T09:00:01.1+00:00 mx postfix/smtpd[2]: NOQUEUE: reject: EHLO from unknown[${SEEN}]: 450 4.7.1 <${markName(MARK)}>: Helo command rejected: Host not found; proto=SMTP helo=<${markName(MARK)}>`,
    "2026-11-22T09:00:02.1+00:00 mx postfix/smtpd[3]: connect from unknown[192.0.2.78]",
  ].join("\n"),
  "web-log": [
    `${STRANGER} - - [22/Nov/2026:09:00:00 +0000] "GET / HTTP/1.1" 200 13 "-" "curl/7"`,
    `${SEEN} - - [22/Nov/2026:09:00:01 +0000] "GET /${markWord(MARK)} HTTP/1.1" 404 13 "-" "seenas-probe"`,
    '192.0.2.78 - - [22/Nov/2026:09:00:02 +0000] "GET / HTTP/1.1" 200 13 "-" "curl/7"',
  ].join("\n"),
  "web-log as JSON": [
    `{"remote_addr":"${STRANGER}","request":"GET / HTTP/1.1","status":200}`,
    `{"remote_addr":"${SEEN}","request":"GET /${markWord(MARK)} HTTP/1.1","status":404}`,
  ].join("\n"),
  "exchange-log": [
    "#Software: Microsoft Exchange Server",
    "#Fields: date-time,session-id,remote-endpoint,local-endpoint,event,data",
    `2026-11-22T09:00:00.031Z,08DC,${STRANGER}:53228,10.0.0.25:25,+,`,
    `2026-11-22T09:00:01.031Z,08DD,${SEEN}:53229,10.0.0.25:25,<,EHLO ${markName(MARK)}`,
  ].join("\n"),
  "witness-log": [STRANGER, SEEN, "192.0.2.78"]
    .map((source, index) =>
      sightingLine({
        ...{ number: index + 1, at: "2026-11-22T09:00:00.000Z", listener: "smtp", protocol: "tcp", via: null },
        source: { address: source as Ip, port: 50_000 + index },
        local: { address: "10.0.0.25" as Ip, port: 25 },
        mark: source === SEEN ? MARK : null,
      }),
    )
    .join("\n"),
  tcpdump: [
    `09:00:00.000000 IP ${STRANGER}.40000 > 10.0.0.25.25: Flags [S], seq 1, win 64240, length 0`,
    `09:00:01.000000 IP ${SEEN}.53211 > 10.0.0.25.25: Flags [S], seq 2, win 64240, length 0`,
    `09:00:01.100000 IP 10.0.0.25.25 > ${SEEN}.53211: Flags [S.], seq 9, ack 3, win 64240, length 0`,
    `09:00:01.200000 IP ${SEEN}.53211 > 10.0.0.25.25: Flags [P.], seq 3:40, ack 10, win 502, length 37: SMTP: EHLO ${markName(MARK)}`,
  ].join("\n"),
};

async function ask(evidence: Readonly<Record<string, string>>, to: string, from: string | null = GUEST) {
  const files = Object.entries(evidence).map(([name, text]) => ({ name, text, role: "evidence" as const }));
  const taken = await takeIn(files, (file) => (file === "tcpdump" ? "destination" : null));
  const target = parseTarget(to);
  if (target === undefined) throw new Error(to);
  const explained = explain({ ...taken, from, source: null, to: target, at: null, resolved: [] });
  if (explained.kind !== "verdict") throw new Error(explained.kind);
  return explained.verdict;
}

const portOf = (kind: string): number => (kind.startsWith("web-log") ? 80 : 25);

describe.each(Object.entries(LOGS))("a mark in %s", (kind, log) => {
  const to = `${MX}:${portOf(kind)}`;
  test("ties its line to the flow, and no other", async () => {
    const verdict = await ask({ probe: probe({ port: portOf(kind) }), [kind]: log }, to);
    expect(verdict.certainty).toBe("observed");
    expect(listOf(verdict.answer.addresses)).toEqual([SEEN]);
    const tied = verdict.observations.filter(({ own }) => own !== undefined);
    expect(tied.map(({ seen, before, strength, mark }) => [seen.source?.text, before?.text, strength, mark])).toEqual([
      [SEEN, GUEST, "destination-observed", MARK],
    ]);
    expect(tied[0]?.quote.toLowerCase()).toContain(kind === "tcpdump" ? SEEN : MARK);
    expect(exitStatusOf(verdict)).toBe(0);
  });
  test("without it nothing says which line is whose", async () => {
    const verdict = await ask({ probe: probe({ mark: OTHER, port: portOf(kind) }), [kind]: log }, to);
    expect(verdict.certainty).not.toBe("observed");
    expect(verdict.observations.some(({ own }) => own !== undefined)).toBe(false);
  });
  test("of another port it proves nothing here", async () => {
    const verdict = await ask({ probe: probe({ port: 8025 }), [kind]: log }, to);
    expect(verdict.observations.find(({ own }) => own !== undefined)?.effect).toBe("none");
  });
});

test("one mark with two sources: both, never the first", async () => {
  const twice = `${LOGS["exim-log"]}\n${(LOGS["exim-log"] ?? "").replaceAll(SEEN, "203.0.113.8")}`;
  const verdict = await ask({ probe: probe({}), "exim-log": twice }, `${MX}:25`);
  expect(listOf(verdict.answer.addresses)).toEqual([SEEN, "203.0.113.8"]);
});

describe("what a probe's file says", () => {
  const EXIM = `* Connected to mx (${MX}) port 25 (#0)\n< 220 mx.partner.example ESMTP Exim 4.96\n> EHLO ${markName(MARK)}\n< 250-mx.partner.example Hello ${markName(MARK)} [${SEEN}]\n< 250 HELP\n> QUIT\n`;
  test("the reply to EHLO counts by the rules of transcripts", async () => {
    const verdict = await ask({ probe: probe({ transcript: EXIM }) }, `${MX}:25`);
    expect(verdict.certainty).toBe("observed");
    expect(verdict.observations[0]).toMatchObject({ before: { text: GUEST }, strength: "destination-observed" });
  });
  test("the source that the system chose is the interface's, and nothing more", async () => {
    const { observations } = await readAnyEvidence(probe({}), "p", { vantage: null });
    expect(observations).toMatchObject([{ strength: "none", vantage: "client", seen: { source: { text: GUEST } } }]);
    const bound = await readAnyEvidence(probe({ bound: true }), "p", { vantage: null });
    expect(bound.observations).toEqual([]);
  });
  test("nobody said who sends: what the system chose by itself decides, and others beside it contradict nothing", async () => {
    const both = probe({ local: GUEST }, { mark: OTHER, bound: true, local: "10.72.3.9" });
    const line = (mark: Mark, source: string): string =>
      `2026-11-22 09:00:01 no MAIL in SMTP connection from (${markName(mark)}) [${source}]:53211 I=[10.0.0.25]:25 D=0s C=EHLO,QUIT`;
    const log = [line(MARK, SEEN), line(OTHER, "203.0.113.9")].join("\n");
    const verdict = await ask({ probe: both, "exim-log": log }, `${MX}:25`, null);
    expect(verdict.conflicts).toEqual([]);
    expect(listOf(verdict.answer.addresses)).toEqual([SEEN]);
    expect(verdict.certainty).toBe("observed");
  });
  test("a hello that was bound elsewhere says nothing of this flow", async () => {
    const log = { probe: probe({ bound: true, local: "10.72.3.9" }), "exim-log": LOGS["exim-log"] ?? "" };
    const verdict = await ask(log, `${MX}:25`);
    expect(verdict.observations.find(({ own }) => own === "bound")?.effect).toBe("none");
    expect(verdict.certainty).not.toBe("observed");
  });
  test("the destination saw the socket's own address: nobody translated", async () => {
    const log = (LOGS["exim-log"] ?? "").replace(SEEN, GUEST);
    const verdict = await ask({ probe: probe({}), "exim-log": log }, `${MX}:25`, null);
    expect([verdict.answer.kind, verdict.certainty]).toEqual(["preserved", "observed"]);
  });
  test("a receipt of another hello is told, and counts for nothing", async () => {
    const receipt = `seenas-receipt-1 n=1 at=2026-11-22T09:00:00.000Z as=smtp seen=${SEEN}:53211 on=${MX}:25/tcp mark=${OTHER} key=${"A".repeat(43)} path=- sig=${"A".repeat(86)}`;
    const read = await readAnyEvidence(probe({ receipt, bound: true }), "p", { vantage: null });
    expect(read.observations).toEqual([]);
    expect(read.problems).toMatchObject([{ code: "probe/replayed" }]);
    const own = await readAnyEvidence(probe({ receipt: receipt.replace(OTHER, MARK), bound: true }), "p", {
      vantage: null,
    });
    expect(own.observations).toMatchObject([{ seen: { source: { text: SEEN } }, own: "bound" }]);
    expect(own.problems).toEqual([]);
    const changed = probe({ receipt: receipt.replace(OTHER, MARK), bound: true, state: "changed" });
    expect((await readAnyEvidence(changed, "p", { vantage: null })).observations).toEqual([]);
  });
  test.each(["", "{", '{"schema":"seenas/probe@1"}', probe({}).slice(0, 200), probe({}).replace(MARK, "x")])(
    "malformed %#",
    async (text) => {
      const read = await readAnyEvidence(text, "p", { vantage: null });
      expect(read.observations).toEqual([]);
      expect(read.problems.length).toBeGreaterThan(0);
    },
  );
  test("any value anywhere", () =>
    fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom("to", "tries", "mark", "local", "receipt", "transcript"),
        async (value, member) => {
          const file = JSON.parse(probe({ transcript: EXIM }));
          if (member in file) file[member] = value;
          else file.tries[0][member] = value;
          await readAnyEvidence(JSON.stringify(file), "p", { vantage: null });
        },
      ),
    ));
});

describe("a witness's log", () => {
  const log = LOGS["witness-log"] ?? "";
  test("one observation for each caller; a torn line is told, and the others count", async () => {
    const read = await readAnyEvidence(`${log}\n${log.slice(0, 90)}\n${log}`, "w", { vantage: null });
    expect(read.kind).toBe("witness-log");
    expect(read.observations.map(({ seen, strength }) => [seen.source?.text, strength])).toEqual([
      [STRANGER, "destination-observed"],
      [SEEN, "destination-observed"],
      ["192.0.2.78", "destination-observed"],
    ]);
    expect(read.problems).toMatchObject([{ level: "warning", line: 4 }]);
  });
  test("said to be the client's, it proves nothing", async () => {
    const read = await readAnyEvidence(log, "w", { vantage: "client" });
    expect(read.observations.every(({ strength }) => strength === "none")).toBe(true);
  });
  test("a receipt in any text", async () => {
    const receipt = `seenas-receipt-1 n=1 at=2026-11-22T09:00:00.000Z as=tcp seen=[2001:db8::7]:53211 via=10.0.0.9 on=${MX}:25/tcp mark=- key=${"A".repeat(43)} path=- sig=${"A".repeat(86)}`;
    const read = await readAnyEvidence(`you come from [2001:db8::7]:53211\n${receipt}\n`, "r", { vantage: null });
    expect(read.kind).toBe("witness-log");
    expect(read.observations).toMatchObject([{ seen: { source: { text: "2001:db8::7" }, destination: { text: MX } } }]);
  });
});
