import { describe, expect, test } from "vitest";
import { expectClaims, present, read, readAny, samplesIn } from "../../testing/evidence-samples.ts";
import { linesOf } from "../lines.ts";
import { parseExim } from "../logs/exim.ts";
import { parsePostfix } from "../logs/postfix.ts";

describe.skipIf(!present)("samples of Postfix and Exim logs", () => {
  test.for([...samplesIn("mail-logs", "postfix"), ...samplesIn("mail-logs", "exim")])("$name", (sample) => {
    const { expected, text } = sample;
    const evidence = read(sample);
    expect(evidence.kind).toBe(`${expected.server}-log`);
    expectClaims(evidence, expected);
    const lines = (expected.server === "exim" ? parseExim : parsePostfix)(linesOf(text));
    for (const { source, destination, dport, name } of expected.connections) {
      const seen = evidence.observations.find((observation) => observation.seen.source?.text === source)?.seen;
      if (destination !== undefined)
        expect([seen?.destination?.text, seen?.destinationPort]).toEqual([destination, dport]);
      if (name !== undefined) expect(lines.findLast(({ peer }) => peer.text === source)?.peerName).toBe(name);
    }
    if (expected.helo !== undefined) expect(lines.flatMap(({ helo }) => helo ?? [])).toEqual(expected.helo);
    if (expected.rejects !== undefined) expect(lines.filter(({ rejected }) => rejected)).toHaveLength(expected.rejects);
    if (expected.firstConnection !== undefined) {
      const { source, sourcePort, destination, dport } = expected.firstConnection;
      expect(lines[0]).toMatchObject({
        peer: { text: source },
        peerPort: sourcePort,
        local: { text: destination },
        localPort: dport,
      });
    }
  });
});

describe.skipIf(!present)("samples of Cloud NAT logs", () => {
  test.for(samplesIn("nat-logs", "gcp-cloud-nat"))("$name", (sample) => {
    const { expected } = sample;
    const evidence = read(sample);
    expect(evidence.kind).toBe("cloud-nat-log");
    expectClaims(evidence, expected);
    const found = evidence.observations.map(({ before, seen }) => ({
      before: before?.text,
      after: seen.source?.text,
      afterPort: seen.sourcePort,
      destination: seen.destination?.text,
      dport: seen.destinationPort,
      protocol: seen.protocol,
    }));
    expect(found).toMatchObject(
      expected.translations.map(
        ({ before, after, afterPort, destination, dport, protocol }: Record<string, unknown>) => ({
          before,
          after,
          afterPort,
          destination,
          dport,
          protocol,
        }),
      ),
    );
  });
});

describe.skipIf(!present)("samples of VPC Flow Logs", () => {
  test.for(samplesIn("flow-logs", "gcp"))("$name", (sample) => {
    const { expected } = sample;
    const evidence = read(sample);
    expect(evidence.kind).toBe("gcp-flow-log");
    expectClaims(evidence, expected);
    expect(
      evidence.observations.map(({ seen }) => ({
        source: seen.source?.text,
        sourcePort: seen.sourcePort,
        destination: seen.destination?.text,
        dport: seen.destinationPort,
      })),
    ).toMatchObject(expected.connections.map(({ reporter, ...rest }: { readonly reporter: string }) => rest));
  });
});

/** Samples of the kinds whose readers are loaded on demand, and what each is recognised as. */
const ON_DEMAND: readonly (readonly [folder: string, prefix: string, kind: string])[] = [
  ["mail-logs", "exchange", "exchange-log"],
  ["mail-logs", "courier", "mail-log"],
  ["mail-logs", "haraka", "mail-log"],
  ["mail-logs", "opensmtpd", "mail-log"],
  ["mail-headers", "", "mail-headers"],
  ["web-logs", "", "web-log"],
  ["ssh", "env", "sshd-log"],
  ["ssh", "sshd", "sshd-log"],
  ["ssh", "client", "socket-table"],
  ["ssh", "server", "socket-table"],
  ["firewall-logs", "", "firewall-log"],
  ["nat-logs", "cisco", "firewall-log"],
  ["nat-logs", "paloalto", "firewall-log"],
  ["nat-logs", "conntrack", "nat-table"],
  ["flow-logs", "aws", "aws-flow-log"],
  ["flow-logs", "azure", "azure-flow-log"],
  ["echo-services", "c", "http-echo"],
  ["echo-services", "h", "http-echo"],
  ["echo-services", "p", "http-echo"],
  ["echo-services", "w", "http-echo"],
  ["echo-services", "dig", "dns-echo"],
  ["echo-services", "nslookup", "dns-echo"],
  ["database", "mariadb", "database"],
  // psql's bare value is a bare address: without the user's word it reads as an echo, which proves less.
  ["database", "psql-a", "database"],
  ["database", "psql-d", "database"],
  ["database", "psql-i", "database"],
  ["database", "redis", "database"],
];

describe.skipIf(!present)("samples of kinds that are loaded on demand", () => {
  const all = ON_DEMAND.flatMap(([folder, prefix, kind]) =>
    samplesIn(folder, prefix).map((sample) => ({ ...sample, folder, kind })),
  );
  test.for(all)("$folder/$name", async (sample) => {
    const { expected, kind } = sample;
    const evidence = await readAny(sample);
    expect(evidence.kind).toBe(kind);
    expect(evidence.problems).toEqual([]);
    expectClaims(evidence, expected);
    for (const { source, sourceIsName, destination, dport, pktSource, pktDestination } of expected.connections ?? [])
      expect(
        evidence.observations.some(
          ({ seen }) =>
            seen.source?.text === (pktSource ?? source) &&
            (sourceIsName !== true || seen.source?.ip === null) &&
            (destination === undefined || seen.destination?.text === (pktDestination ?? destination)) &&
            (dport === undefined || seen.destinationPort === dport),
        ),
        `${source} to ${destination}`,
      ).toBe(true);
    for (const { before, after, destination, dport } of expected.translations ?? [])
      expect(
        evidence.observations.some(
          (one) =>
            one.before?.text === before &&
            one.seen.source?.text === after &&
            (one.seen.destination?.text ?? null) === destination &&
            one.seen.destinationPort === dport,
        ),
      ).toBe(true);
  });
});

describe.skipIf(!present)("samples that are no evidence here", () => {
  const folders = ["azure-config", "gcp-config", "host-config", "terraform-state"];
  test.for(folders.flatMap((folder) => samplesIn(folder)))("$name is refused, not misread", async (sample) => {
    const evidence = await readAny(sample);
    expect(evidence.observations).toEqual([]);
    expect(evidence.problems.map(({ level }) => level)).toContain("error");
  });
});
