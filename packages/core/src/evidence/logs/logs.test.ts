import { describe, expect, test } from "vitest";
import type { VantageHint } from "../observation.ts";
import { readEvidence } from "../read.ts";

const read = (text: string) => readEvidence(text, "log", { vantage: null });

const nat = (connection: object, rest: object = {}) => ({
  timestamp: "2026-03-01T10:00:00.123456789Z",
  logName: "projects/p/logs/compute.googleapis.com%2Fnat_flows",
  jsonPayload: {
    allocation_status: "OK",
    connection: {
      src_ip: "10.20.0.5",
      src_port: 41022,
      nat_ip: "203.0.113.10",
      nat_port: 1031,
      dest_ip: "198.51.100.25",
      dest_port: 587,
      protocol: "tcp",
      ...connection,
    },
    endpoint: { vm_name: "vm1" },
    gateway_identifiers: { gateway_name: "nat-a", router_name: "rtr-a" },
    ...rest,
  },
});

describe("Cloud NAT", () => {
  test("gcp T49: DROPPED shows no source, and says that the ports are used up", () => {
    const evidence = read(
      JSON.stringify(nat({ nat_ip: undefined, nat_port: undefined }, { allocation_status: "DROPPED" })),
    );
    expect(evidence.observations).toMatchObject([
      { strength: "none", seen: { source: null, destinationPort: 587 }, before: { text: "10.20.0.5" } },
    ]);
    expect(evidence.observations[0]?.proves.en).toContain("ports");
  });

  test("gcp T53: protocol by number, by name, as text; router_name and cloud_router", () => {
    const rest = { gateway_identifiers: { gateway_name: "nat-a", cloud_router: "rtr-b" } };
    const lines = [
      nat({ protocol: 6 }),
      nat({ protocol: "tcp", dest_port: "25" }, rest),
      nat({ protocol: "17", dest_port: 53 }),
    ];
    const { observations, problems } = read(lines.map((line) => JSON.stringify(line)).join("\n"));
    expect(problems).toEqual([]);
    expect(observations.map(({ line, seen }) => [line, seen.protocol, seen.destinationPort])).toEqual([
      [1, "tcp", 587],
      [2, "tcp", 25],
      [3, "udp", 53],
    ]);
    expect(observations[1]?.says.en).toContain("rtr-b/nat-a");
  });

  test("the host is told beside its address, which another network may have as well", () =>
    expect(read(JSON.stringify(nat({}))).observations).toMatchObject([
      { before: { text: "10.20.0.5" }, sender: "vm1", strength: "translator-logged" },
    ]));

  test("of many entries for one source and destination the newest is kept", () => {
    const older = { ...nat({ nat_port: 1 }), timestamp: "2026-02-01T10:00:00Z" };
    const { observations } = read(JSON.stringify([nat({ nat_port: 2 }), older], null, 2));
    expect(observations).toMatchObject([
      { strength: "translator-logged", seen: { sourcePort: 2, at: "2026-03-01T10:00:00.123456789Z" } },
    ]);
    expect(observations[0]?.says.en).toContain("2 entries");
  });

  test("an entry without addresses, a cut file, YAML: what could be read, and an error", () => {
    const whole = JSON.stringify([nat({}), nat({ dest_ip: "192.0.2.1" })]);
    const cut = read(whole.slice(0, -30));
    expect(cut.observations).toHaveLength(1);
    expect(cut.problems.map(({ level }) => level)).toContain("error");
    const empty = read(JSON.stringify(nat({ src_ip: 7 })));
    expect(empty).toMatchObject({ observations: [], problems: [{ code: "cloud-nat/unreadable-entry" }] });
    const yaml = read("---\njsonPayload:\n  allocation_status: OK\n  connection:\n    src_ip: 10.0.0.1\n");
    expect(yaml.observations).toEqual([]);
    expect(yaml.problems.map(({ code }) => code)).toEqual(["gcp-log/yaml"]);
  });
});

describe("VPC Flow Logs", () => {
  const flow = (reporter: string) => ({
    logName: "projects/p/logs/compute.googleapis.com%2Fvpc_flows",
    jsonPayload: {
      reporter,
      connection: { protocol: 6, src_ip: "10.20.0.5", src_port: 41022, dest_ip: "198.51.100.25", dest_port: 587 },
      end_time: "2026-03-01T10:00:05Z",
    },
  });

  test.for([
    ["SRC", "none", "client"],
    ["DEST", "destination-observed", "destination"],
    ["SRC_GATEWAY", "third-party-observed", "provider"],
    ["DEST_GATEWAY", "third-party-observed", "provider"],
  ] as const)("gcp T52: reporter %s", ([reporter, strength, vantage]) => {
    expect(read(JSON.stringify(flow(reporter))).observations).toMatchObject([
      { strength, vantage, seen: { source: { text: "10.20.0.5" }, at: "2026-03-01T10:00:05Z" } },
    ]);
  });

  test("both kinds in one export", () => {
    const evidence = read(JSON.stringify([nat({}), flow("SRC"), { insertId: "x", jsonPayload: {} }]));
    expect(evidence.kind).toBe("mixed");
    expect(evidence.observations.map(({ kind }) => kind)).toEqual(["cloud-nat-log", "gcp-flow-log"]);
    expect(evidence.problems.map(({ code }) => code)).toEqual(["gcp-log/other-entries"]);
  });
});

describe("Postfix", () => {
  const log = (...messages: readonly string[]) =>
    messages.map((message) => `2026-11-22T01:10:01.123456+00:00 mail postfix/smtpd[119]: ${message}`).join("\n");

  test("RFC 3339 stamps are kept; the newest line of a client stands for all", () => {
    const text = log("connect from unknown[203.0.113.7]", "ABC123: client=unknown[203.0.113.7], sasl_username=u");
    expect(read(text).observations).toMatchObject([
      {
        line: 2,
        strength: "destination-observed",
        seen: { source: { text: "203.0.113.7" }, at: "2026-11-22T01:10:01.123456+00:00" },
      },
    ]);
  });

  test("helo= is the client's word, a refusal a witness", () => {
    const text = log(
      "NOQUEUE: reject: RCPT from unknown[203.0.113.7]: 554 5.7.1 <b@c.example>: Relay access denied; proto=ESMTP helo=<[10.0.0.9]>",
    );
    expect(read(text).observations).toMatchObject([
      { strength: "destination-observed", claimed: "[10.0.0.9]", seen: { source: { text: "203.0.113.7" } } },
    ]);
  });

  test("IPv6, masked, itself, and nobody", () => {
    const text = log(
      "connect from vm6.example[2001:db8:72::222]",
      "connect from unknown[203.0.xxx.xx]",
      "connect from localhost[127.0.0.1]",
      "connect from unknown[unknown]",
      "warning: hostname x does not resolve to address 192.0.2.1",
      "disconnect from a.example[192.0.2.5]",
    );
    expect(read(text).observations.map(({ strength, seen }) => [seen.source?.text, strength])).toEqual([
      ["2001:db8:72::222", "destination-observed"],
      ["203.0.xxx.xx", "destination-observed"],
      ["127.0.0.1", "none"],
    ]);
  });

  const line = (host: string, service: string, message: string) =>
    `Nov 21 09:14:02 ${host} postfix/${service}[20211]: ${message}`;
  const from = (host: string, service = "smtpd") => line(host, service, "connect from unknown[10.72.2.222]");
  const strengths = (text: string, vantage: VantageHint | null = null) =>
    readEvidence(text, "log", { vantage }).observations.map((one) => [one.strength, one.vantage]);

  // smtp(8) is the client of another server: https://www.postfix.org/smtp.8.html. evidence.md 7: whose log is it?
  test.for([
    line("relay", "smtp", "4D1F82A0B7: to=<a@b.example>, relay=mx.b.example[198.51.100.25]:25, delay=1.1, status=sent"),
    line("relay", "smtp", "4D1F82A0B7: to=<a@b.example>, orig_to=<c>, relay=mx.b.example[2001:db8::25]:25, delay=1"),
    line("relay", "relay/smtp", "4D1F82A0B7: to=<a@b.example>, relay=mx.b.example[198.51.xxx.xx]:25, delay=1.1"),
    line("relay", "smtp", "connect to mx.b.example[198.51.100.25]:25: Connection timed out"),
  ])("a host that hands mail on may be the sender's own relay: %s", (delivery) => {
    for (const text of [`${from("relay")}\n${delivery}`, `${delivery}\n${from("relay")}`])
      expect(strengths(text)).toEqual([["none", "unknown"]]);
    expect(strengths(`${from("mx1")}\n${delivery}`)).toEqual([["destination-observed", "destination"]]);
    expect(strengths(`${from("relay")}\n${delivery}`, "destination")).toEqual([
      ["destination-observed", "destination"],
    ]);
    expect(strengths(`${from("relay")}\n${delivery}`, "client")).toEqual([["none", "client"]]);
  });

  test.for([
    line("mx1", "smtp", "4D1F82A0B7: to=<a@b.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1.1, status=sent"),
    line("mx1", "smtp", "4D1F82A0B7: to=<a@b.example>, relay=none, delay=1.1, status=deferred"),
    line("mx1", "lmtp", "4D1F82A0B7: to=<a@b.example>, relay=mx1[private/dovecot-lmtp], delay=1.1, status=sent"),
    line("mx1", "local", "4D1F82A0B7: to=<a@b.example>, relay=local, delay=1.1, status=sent"),
  ])("mail that stays on the host tells nothing: %s", (delivery) => {
    expect(strengths(`${from("mx1")}\n${delivery}`)).toEqual([["destination-observed", "destination"]]);
  });

  // The syslog name of these services in master.cf (https://www.postfix.org/master.5.html); RFC 6409 3.1, RFC 8314 7.3.
  test.for([
    ["submission/smtpd", 587],
    ["submissions/smtpd", 465],
    ["smtps/smtpd", 465],
    ["smtpd", null],
    ["other/smtpd", null],
  ] as const)("%s listens on %s", ([service, port]) => {
    expect(read(from("mx1", service)).observations).toMatchObject([{ seen: { destinationPort: port } }]);
  });

  test("a client of two services is told of each", () => {
    const { observations } = read(`${from("mx1", "submission/smtpd")}\n${from("mx1")}\n${from("mx1")}`);
    expect(observations.map(({ line, seen }) => [line, seen.destinationPort])).toEqual([
      [1, 587],
      [3, null],
    ]);
  });

  test("a log the user took on the sending side is no word of the destination", () => {
    const text = log("connect from app[10.0.0.5]");
    expect(readEvidence(text, "log", { vantage: "client" }).observations).toMatchObject([{ strength: "none" }]);
  });
});

describe("Exim", () => {
  const log = (...messages: readonly string[]) =>
    messages.map((message) => `2026-11-22 01:13:25 ${message}`).join("\n");
  const CLIENT = "H=([8.8.8.8]) [203.0.113.7]:53833 I=[198.51.100.25]:25";

  test("the peer is the bracket after the client's word; deliveries name another host", () => {
    const text = log(
      `1xUw8z-00001F-37 <= b@client.example ${CLIENT} P=esmtp S=499`,
      "1xUw8z-00001F-37 => a@c.example R=dnslookup T=remote_smtp H=mx.c.example [192.0.2.99]",
      "1xUw8z-00001F-37 H=mx.c.example [192.0.2.98] Connection timed out",
    );
    expect(read(text).observations).toMatchObject([
      {
        line: 1,
        kind: "exim-log",
        claimed: "[8.8.8.8]",
        seen: { source: { text: "203.0.113.7" }, sourcePort: 53833, destination: { text: "198.51.100.25" }, at: null },
      },
    ]);
  });

  // https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html: T= is the transport, H= the host it went to.
  describe("a server that hands mail on", () => {
    const arrival = "1xUw8z-00001F-37 <= b@client.example H=l3-proxy (l3-proxy) [10.72.2.222]:53833 P=esmtp S=499";
    const strengths = (text: string, vantage: VantageHint | null = null) =>
      readEvidence(text, "log", { vantage }).observations.map((one) => [one.strength, one.vantage]);
    test.for([
      '1xUw8z-00001F-37 => a@c.example R=dnslookup T=remote_smtp H=mx.c.example [198.51.100.25] C="250 OK"',
      "1xUw8z-00001F-37 -> a@c.example <a@c.example> R=dnslookup T=remote_smtp H=mx.c.example [2001:db8::25]:25",
      "1xUw8z-00001F-37 == a@c.example R=dnslookup T=remote_smtp defer (-44) H=mx.c.example [198.51.100.25]: 451 later",
      "1xUw8z-00001F-37 H=mx.c.example [198.51.100.25] Connection timed out",
    ])("may be the sender's own relay: %s", (delivery) => {
      for (const text of [log(arrival, delivery), log(delivery, arrival)])
        expect(strengths(text)).toEqual([["none", "unknown"]]);
      expect(strengths(log(arrival, delivery), "destination")).toEqual([["destination-observed", "destination"]]);
      // Its own end is named: whose it is, the address tells.
      expect(strengths(log(`SMTP connection from ${CLIENT.slice(2)}`, delivery))).toEqual([
        ["destination-observed", "destination"],
      ]);
    });
    test.for([
      "1xUw8z-00001F-37 => a <a@c.example> R=localuser T=local_delivery",
      '1xUw8z-00001F-37 => a@c.example R=lmtp T=dovecot H=127.0.0.1 [127.0.0.1] C="250 OK"',
      "1xUw8z-00001F-37 Completed",
    ])("is none when the mail stays here: %s", (delivery) => {
      expect(strengths(log(arrival, delivery))).toEqual([["destination-observed", "destination"]]);
    });
  });

  test("a rejection is a witness; with log_timezone the time is whole", () => {
    const text =
      "2026-11-22 01:13:25 +0800 H=(x.example) [203.0.113.7] F=<a@b.example> rejected RCPT <c@d.example>: relay not permitted";
    expect(read(text).observations).toMatchObject([
      { seen: { source: { text: "203.0.113.7" }, at: "2026-11-22T01:13:25+08:00" } },
    ]);
  });
});
