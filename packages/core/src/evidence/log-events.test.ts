import { describe, expect, test } from "vitest";
import { readAnyEvidence } from "./read.ts";
import { recogniseEvidence } from "./recognise.ts";

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html: the default format. */
const flow = (client: string, port: number): string =>
  `2 123456789010 eni-1235b8ca123456789 ${client} 10.0.0.25 ${port} 25 6 20 4249 1795311400 1795311460 ACCEPT OK`;

const event = (message: string, at = 0) => ({
  logStreamName: "eni-1235b8ca123456789-all",
  timestamp: 1_795_311_400_000 + at,
  message,
  ingestionTime: 1_795_311_460_000,
  eventId: `3${at}`,
});

const read = async (text: string, vantage: "destination" | null = "destination") => {
  const { kind, observations, problems } = await readAnyEvidence(text, "events.json", { vantage });
  return {
    kind,
    told: observations.map(({ line, seen }) => [line, seen.source?.text, seen.destination?.text ?? null]),
    problems: problems.map(({ level, code, line }) => [level, code, line]),
  };
};

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const filtered = {
  events: [event(flow("203.0.113.11", 50_041)), event(flow("203.0.113.12", 50_042), 1)],
  searchedLogStreams: [],
};

describe("events of CloudWatch Logs", () => {
  test("as `aws logs filter-log-events` prints them: each message on its own line of the file", async () =>
    expect(await read(JSON.stringify(filtered, null, 4))).toEqual({
      kind: "aws-flow-log",
      told: [
        [6, "203.0.113.11", "10.0.0.25"],
        [13, "203.0.113.12", "10.0.0.25"],
      ],
      problems: [],
    }));
  test("all on one line", async () =>
    expect(await read(JSON.stringify(filtered))).toMatchObject({
      kind: "aws-flow-log",
      told: [
        [1, "203.0.113.11", "10.0.0.25"],
        [1, "203.0.113.12", "10.0.0.25"],
      ],
    }));
  test("as a subscription delivers them: one envelope behind the other", async () => {
    const envelope = (messageType: string, messages: readonly string[]) =>
      JSON.stringify({
        messageType,
        owner: "123456789010",
        logGroup: "flows",
        logStream: "eni-1235b8ca123456789-all",
        subscriptionFilters: ["Destination"],
        logEvents: messages.map((message, at) => ({ id: `3${at}`, timestamp: 1_795_311_400_000, message })),
      });
    const text = `${envelope("CONTROL_MESSAGE", ["CWL CONTROL MESSAGE: Checking health of destination Firehose."])}\n${envelope("DATA_MESSAGE", [flow("203.0.113.11", 50_041)])}${envelope("DATA_MESSAGE", [flow("203.0.113.12", 50_042)])}`;
    expect(await read(text)).toEqual({
      kind: "aws-flow-log",
      told: [
        [2, "203.0.113.11", "10.0.0.25"],
        [2, "203.0.113.12", "10.0.0.25"],
      ],
      problems: [],
    });
  });
  test("of a mail server, with line ends in the messages", async () => {
    const lines = ["203.0.113.11", "203.0.113.12"].map(
      (client, at) => `Nov 22 01:10:0${at} mx postfix/smtpd[7]: connect from unknown[${client}]\n`,
    );
    expect(await read(JSON.stringify({ events: [event(lines.join(""))] }, null, 2), null)).toEqual({
      kind: "postfix-log",
      told: [
        [6, "203.0.113.11", null],
        [6, "203.0.113.12", null],
      ],
      problems: [],
    });
  });
  test("whose messages are JSON", async () => {
    const line = (client: string) => JSON.stringify({ remote_addr: client, status: 200, request: "GET / HTTP/1.1" });
    const events = [event(line("203.0.113.11")), event(line("203.0.113.12"))];
    expect(await read(JSON.stringify({ events }, null, 2))).toMatchObject({
      kind: "web-log",
      told: [
        [6, "203.0.113.11", null],
        [13, "203.0.113.12", null],
      ],
    });
  });
  test("that tell nothing of an address", async () =>
    expect(await read(JSON.stringify({ events: [event("START RequestId: 1 Version: $LATEST")] }))).toEqual({
      kind: "unknown",
      told: [],
      problems: [["error", "evidence/unknown", null]],
    }));
  test("cut short: what stands before the cut, and that it is cut", async () => {
    const text = JSON.stringify(filtered, null, 4);
    const { told, problems } = await read(text.slice(0, text.indexOf("203.0.113.12")));
    expect(told).toEqual([[6, "203.0.113.11", "10.0.0.25"]]);
    expect(problems).toMatchObject([["error", "json/truncated", expect.anything()]]);
  });
  test("with a message that is no text", async () => {
    const events = [{ timestamp: 1, message: 7 }, event(flow("203.0.113.11", 50_041))];
    expect((await read(JSON.stringify({ events }))).told).toEqual([[1, "203.0.113.11", "10.0.0.25"]]);
  });
  test("are evidence wherever they are given, and other JSON with events is not", () => {
    expect(recogniseEvidence(JSON.stringify(filtered))).toBe("aws-flow-log");
    expect(recogniseEvidence('{"events":[{"name":"a","timestamp":1}]}')).toBe("unknown");
    expect(recogniseEvidence('{"events":[]}')).toBe("unknown");
  });
});
