import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { claimsOf, expectClaims, hintOf, present, read, SAMPLES, samplesIn } from "../../testing/evidence-samples.ts";
import { foundIn, openCapture, readCapture } from "../capture/index.ts";
import { linesOf } from "../lines.ts";
import { parseObserved } from "../masked.ts";
import type { VantageHint } from "../observation.ts";
import { readEvidence } from "../read.ts";
import { parseTcpdump } from "../tcpdump/read.ts";
import { portNumber } from "../tcpdump/services.ts";

describe.skipIf(!present)("samples of tcpdump", () => {
  test.for(samplesIn("tcpdump-text"))("$name", (sample) => {
    const { expected, text } = sample;
    const evidence = read(sample);
    expect(evidence.kind).toBe("tcpdump");
    const parsed = parseTcpdump(linesOf(text), hintOf(expected));
    const connections = parsed.connections.filter(({ protocol }) => protocol !== "icmp");
    expect(connections.map(connectionAsExpected)).toEqual(expected.connections.map(comparedFields));
    for (const [index, { packets, firstTime, lastTime }] of expected.connections.entries()) {
      const own = connections[index]?.packets;
      if (packets !== undefined) expect(own).toHaveLength(packets);
      if (firstTime !== undefined) expect(own?.[0]?.stamp.clock).toBe(firstTime);
      if (lastTime !== undefined) expect(own?.at(-1)?.stamp.clock).toBe(lastTime);
    }
    for (const { source, destination } of expected.icmp ?? [])
      expect(
        parsed.connections.some(
          (echo) =>
            echo.protocol === "icmp" && echo.source.host.text === source && echo.destination.host.text === destination,
        ),
      ).toBe(true);
    for (const { before, after, beforePort, afterPort } of expected.translations ?? [])
      expect(parsed.translations.map((found) => [found.before.source, found.after.source])).toMatchObject([
        [
          { host: { text: before }, port: beforePort },
          { host: { text: after }, port: afterPort },
        ],
      ]);
    for (const { from, quotedSource, quotedDestination, quotedDport } of expected.icmpQuotes ?? [])
      expect(parsed.quotes).toContainEqual(
        expect.objectContaining({
          from,
          packet: expect.objectContaining({
            source: expect.objectContaining({ host: parseObserved(quotedSource) }),
            destination: expect.objectContaining({ host: parseObserved(quotedDestination), port: quotedDport }),
          }),
        }),
      );
    if (expected.dateKnown !== undefined)
      expect(evidence.observations.every(({ seen }) => seen.at?.startsWith(expected.dateKnown))).toBe(true);
    if (expected.distinctSources !== undefined)
      expect(new Set(evidence.observations.map(({ seen }) => seen.source?.text)).size).toBe(expected.distinctSources);
    expectClaims(evidence, expected);
  });

  test.for(samplesIn("tcpdump-text").filter(({ expected }) => expected.vantageNote !== undefined))(
    "$name without a word of the user claims nothing",
    ({ name, text }) => {
      const evidence = readEvidence(text, name, { vantage: null });
      expect(claimsOf(evidence)).toEqual([]);
      expect(evidence.observations.map(({ vantage }) => vantage)).toEqual(evidence.observations.map(() => "unknown"));
    },
  );

  test.for(samplesIn("tcpdump-text"))(
    "$name taken on the client claims no source but what a router quotes",
    (sample) => {
      const evidence = readEvidence(sample.text, sample.name, { vantage: "client" });
      const strengths = claimsOf(evidence).map(({ strength }) => strength);
      expect(strengths).not.toContain("destination-observed");
    },
  );
});

type Connection = ReturnType<typeof parseTcpdump>["connections"][number];

const connectionAsExpected = ({ source, destination, protocol, synSeen }: Connection) => ({
  source: source.host.text,
  sourceMasked: source.host.masked,
  sourcePort: source.port,
  destination: destination.host.text,
  dport: destination.port,
  protocol,
  synSeen,
});

const comparedFields = (expected: Record<string, unknown>) => ({
  source: expected.source,
  sourceMasked: expected.sourceMasked ?? false,
  sourcePort: portNumber(String(expected.sourcePort)),
  destination: expected.destination,
  dport: portNumber(String(expected.dport)),
  protocol: expected.protocol,
  synSeen: expected.synSeen,
});

describe.skipIf(!present)("samples of pcap and pcapng", () => {
  const vantageOf = (role: string | undefined): VantageHint | null =>
    (["client", "translator", "destination"] as const).find((vantage) => role?.startsWith(vantage)) ?? null;

  const countedIn = (name: string) => {
    const capture = openCapture();
    capture.push(readFileSync(new URL(`pcap/${name}`, SAMPLES)));
    return capture.end();
  };

  test.for(samplesIn("pcap"))("$name", ({ name, expected }) => {
    const counted = countedIn(name);
    const evidence = readCapture(counted, name, vantageOf(expected.vantage?.role));
    expect(evidence.kind).toBe(expected.kind);
    expect(evidence.problems).toEqual([]);
    const { connections } = foundIn(counted);
    const withPorts = connections.filter(({ protocol }) => protocol !== "icmp");
    expect(withPorts.map(connectionAsExpected)).toEqual(expected.connections.map(comparedFields));
    for (const { source, destination } of expected.icmp ?? [])
      expect(
        connections.some((echo) => echo.source.host.text === source && echo.destination.host.text === destination),
      ).toBe(true);
    for (const { source } of expected.proxyProtocol ?? [])
      expect(evidence.observations.map(({ claimed }) => claimed)).toContain(source);
    expectClaims(evidence, expected);
  });

  test.for(samplesIn("pcap").filter(({ expected }) => vantageOf(expected.vantage?.role) !== "translator"))(
    "$name without a word of the user claims nothing",
    ({ name }) => expect(claimsOf(readCapture(countedIn(name), name, null))).toEqual([]),
  );
});
