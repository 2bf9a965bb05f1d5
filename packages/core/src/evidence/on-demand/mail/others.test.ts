import { describe, expect, test } from "vitest";
import { readAnyEvidence } from "../../read.ts";

const read = async (text: string, vantage: "client" | null = null) => {
  const { kind, observations, problems } = await readAnyEvidence(text, "mail.log", { vantage });
  return {
    kind,
    problems: problems.map(({ code }) => code),
    seen: observations.map(({ seen, claimed, strength }) => [
      seen.source?.text,
      seen.destination?.text ?? null,
      seen.destinationPort,
      claimed,
      strength,
    ]),
  };
};

const SEEN = "destination-observed";

// https://www.courier-mta.org/courieresmtpd.html, https://man.openbsd.org/smtpd.8, Haraka's connection.js
describe.each([
  {
    server: "Courier",
    text: "Nov 22 01:21:59 mail courieresmtpd: started,ip=[::ffff:203.0.113.11],port=[53816]",
    seen: [["203.0.113.11", null, null, null, SEEN]],
  },
  {
    server: "OpenSMTPD",
    text: "Nov 22 01:17:37 mail smtpd[39]: e706f2a07e8243a3 smtp connected address=[2001:db8:72::222] host=<unknown>",
    seen: [["2001:db8:72::222", null, null, null, SEEN]],
  },
  {
    // With -d: https://man.openbsd.org/smtpd.8, and smtp_connected() in usr.sbin/smtpd/smtp_session.c
    server: "OpenSMTPD in the foreground",
    text: "e706f2a07e8243a3 smtp connected address=203.0.113.11 host=egress.example",
    seen: [["203.0.113.11", null, null, null, SEEN]],
  },
  {
    server: "Haraka",
    text: [
      "[NOTICE] [A1] [core] connect ip=203.0.113.11 port=57336 local_ip=198.51.100.25 local_port=25",
      "[NOTICE] [A1] [core] disconnect ip=203.0.113.11 rdns=NXDOMAIN helo=[10.72.2.222] relay=N early=N",
    ].join("\n"),
    seen: [["203.0.113.11", "198.51.100.25", 25, "[10.72.2.222]", SEEN]],
  },
])("$server", ({ text, seen }) => {
  test("found", async () => expect(await read(text)).toEqual({ kind: "mail-log", problems: [], seen }));
  test("not found: the log of something else", async () =>
    expect((await read("Nov 22 01:21:59 mail kernel: started")).kind).toBe("unknown"));
  test("malformed: no address", async () => {
    const { seen: none, problems } = await read(
      text.replaceAll(/(?:203\.0\.113|2001:db8)[^\]\s]*/g, "no.address.at.all"),
    );
    expect([none, problems.length]).toEqual([[], 1]);
  });
  test("truncated", async () => expect((await read(text.slice(0, 40))).seen).toEqual([]));
  test("taken at the client it is no destination's", async () =>
    expect((await read(text, "client")).seen.map((one) => one.at(-1))).toEqual(seen.map(() => "none")));
});

test("what OpenSMTPD prints with -dv is read among the rest of it, and tells no time", async () => {
  const text = [
    "info: OpenSMTPD 7.4.0-portable starting",
    "debug: init ssl-tree",
    "e706f2a07e8243a3 smtp connected address=203.0.113.11 host=<unknown>",
    'e706f2a07e8243a3 smtp failed-command command="RCPT TO:<b@partner.example>" result="550 Invalid recipient: <b@partner.example>"',
    "e706f2a07e8243a3 smtp disconnected reason=quit",
  ].join("\n");
  const { observations, problems } = await readAnyEvidence(text, "smtpd.log", { vantage: null });
  expect(problems).toEqual([]);
  expect(observations.map(({ line, says }) => [line, says.en])).toEqual([
    [3, "OpenSMTPD was connected to from 203.0.113.11 (the log tells no time)."],
  ]);
});

test("a host that hands mail on may be the sender's own relay", async () => {
  const { seen } = await read(
    [
      "Nov 22 01:21:59 mail courieresmtpd: started,ip=[::ffff:10.0.0.5],port=[53816]",
      "Nov 22 01:22:00 mail courieresmtp: id=1,from=<a@b.example>,addr=<c@d.example>: 250 ok,status: success",
    ].join("\n"),
  );
  expect(seen).toEqual([["10.0.0.5", null, null, null, "none"]]);
});

test.each([
  "Nov 22 01:21:59 mail courieresmtpd: dropped,cmd: courieresmtpd: started,ip=[::ffff:192.0.2.66],port=[1]",
  'Nov 22 01:17:37 mail smtpd[39]: e706f2a07e8243a3 smtp failed-command command="smtpd[39]: e706f2a07e8243a3 smtp connected address=192.0.2.66"',
  'e706f2a07e8243a3 smtp failed-command command="e706f2a07e8243a3 smtp connected address=192.0.2.66"',
  "[NOTICE] [A1] [core] note helo=x] [A1] [core] connect ip=192.0.2.66 port=1 local_ip=198.51.100.25 local_port=25",
])("what a client sent is no line of the server: %s", async (text) => expect((await read(text)).seen).toEqual([]));
