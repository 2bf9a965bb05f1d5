import { describe, expect, test } from "vitest";
import { markOf, markWord } from "../witness/mark.ts";
import { readAnyEvidence } from "./read.ts";
import { recogniseEvidence } from "./recognise.ts";

const REQUEST = '203.0.113.9 - - [22/Nov/2026:10:15:01 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8"';
const OTHER = REQUEST.replace("203.0.113.9", "203.0.113.10");
const MAIL = "4F1C2: client=unknown[203.0.113.9]";
const CADDY = '{"ts":1795305600.1,"request":{"remote_ip":"203.0.113.9","remote_port":"51234"},"status":200}';

const docker = (...lines: readonly string[]) =>
  lines.map((log) => JSON.stringify({ log: `${log}\n`, stream: "stdout", time: "2026-11-22T10:15:01.0Z" })).join("\n");
const journal = (message: string, more: object = {}) =>
  JSON.stringify({
    __REALTIME_TIMESTAMP: "1795305600000123",
    _HOSTNAME: "mx1",
    SYSLOG_IDENTIFIER: "postfix/smtpd",
    _PID: "812",
    MESSAGE: message,
    ...more,
  });
const entry = (textPayload: string) => ({ insertId: "a", logName: "projects/p/logs/stdout", textPayload });

const told = async (text: string) => {
  const { kind, observations, problems } = await readAnyEvidence(text, "x", { vantage: null });
  return [kind, observations.map(({ line, seen }) => [line, seen.source?.text]), problems.map(({ code }) => code)];
};

describe("a log inside what carries it", () => {
  const first = [[1, "203.0.113.9"]];
  const both = [
    [1, "203.0.113.9"],
    [2, "203.0.113.10"],
  ];
  test.each([
    // https://docs.docker.com/engine/logging/drivers/json-file/
    ["a file of Docker", docker(REQUEST, OTHER), "web-log", both],
    ["a file of Docker, JSON inside", docker(CADDY), "web-log", first],
    ["a file of Docker, JSON after words", docker("starting", CADDY), "web-log", [[2, "203.0.113.9"]]],
    // https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
    ["a file of Kubernetes", `2016-10-06T00:17:09.669794202Z stdout F ${REQUEST}`, "web-log", first],
    ["kubectl logs --prefix", `[pod/web-7c5d/nginx] ${REQUEST}`, "web-log", first],
    ["docker compose logs", `shop-web-1  | ${REQUEST}\nshop-web-1  | ${OTHER}`, "web-log", both],
    // https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format
    [
      "journalctl -o json",
      `${journal("connect from unknown[203.0.113.9]")}\n${journal(MAIL)}`,
      "postfix-log",
      [[2, "203.0.113.9"]],
    ],
    ["journalctl -o json-pretty", JSON.stringify(JSON.parse(journal(MAIL)), null, 4), "postfix-log", first],
    // https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
    [
      "entries of Google's logging",
      JSON.stringify([entry(REQUEST), entry(OTHER)], null, 2),
      "web-log",
      [
        [2, "203.0.113.9"],
        [7, "203.0.113.10"],
      ],
    ],
    // https://nginx.org/en/docs/syslog.html
    ["nginx to a system log", `<190>Nov 22 10:15:01 web1 nginx: ${REQUEST}`, "web-log", first],
    ["nginx to journald", journal(REQUEST, { SYSLOG_IDENTIFIER: "nginx" }), "web-log", first],
  ])("%s", async (_of, text, kind, expected) => {
    expect(await told(text)).toEqual([kind, expected, []]);
    expect(recogniseEvidence(text)).toBe(kind);
  });

  test("the time of an entry of journald is whole", async () => {
    const { observations } = await readAnyEvidence(journal(MAIL), "x", { vantage: null });
    expect(observations[0]?.seen.at).toBe("2026-11-22T00:00:00.000123Z");
  });

  test("of a file that was cut short, what came before the cut", async () => {
    const [kind, seen, problems] = await told(docker(REQUEST, OTHER).slice(0, -20));
    expect([kind, seen]).toEqual(["web-log", first]);
    expect(problems).toContain("json/truncated");
  });

  test("a mark inside ties the line to its flow", async () => {
    const mark = markOf(new Uint8Array(12).fill(7));
    const to = { address: null, name: "web.example", port: 443 };
    const sent = new Map([[mark, { mark, local: null, bound: false, to, protocol: "tcp" as const, at: null }]]);
    const text = docker(REQUEST.replace("curl/8", markWord(mark)), OTHER);
    const { observations } = await readAnyEvidence(text, "x", { vantage: null, sent });
    expect(observations.map(({ line, own }) => [line, own])).toContainEqual([1, "free"]);
    expect(observations.filter(({ own }) => own !== undefined)).toHaveLength(1);
  });

  test.each([
    ["nothing in it", docker("hello")],
    ["no text in it", '{"log":"","stream":"stdout"}'],
    ["a MESSAGE of bytes", journal("x", { MESSAGE: [1, 2] })],
    ["a time that is none", journal("x", { __REALTIME_TIMESTAMP: "soon" })],
  ])("%s", async (_of, text) => expect(await told(text)).toEqual(["unknown", [], ["evidence/unknown"]]));

  test("entries of Google that are no text stay what they are", async () => {
    const flow = { insertId: "b", logName: "projects/p/logs/x", jsonPayload: { connection: {} } };
    const [, , problems] = await told(JSON.stringify([entry(REQUEST), flow]));
    expect(problems).not.toEqual([]);
  });
});
