import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readJsonDocuments } from "../documents/json.ts";
import { foundIn, openCapture, readCapture } from "./capture/index.ts";
import { linesOf } from "./lines.ts";
import { parseExim } from "./logs/exim.ts";
import { parsePostfix } from "./logs/postfix.ts";
import { maskedDigits, parseObserved } from "./masked.ts";
import { type Evidence, type Observation, STRENGTHS, type VantageHint } from "./observation.ts";
import { parseMtr, parseMtrJson } from "./on-demand/paths/mtr.ts";
import { parseTracepath } from "./on-demand/paths/tracepath.ts";
import { parseTracert } from "./on-demand/paths/tracert.ts";
import { readAnyEvidence, readEvidence } from "./read.ts";
import { recogniseEvidence } from "./recognise.ts";
import { parseSmtp } from "./smtp/session.ts";
import { parseTcpdump } from "./tcpdump/read.ts";
import { portNumber } from "./tcpdump/services.ts";
import { addressesOf } from "./traceroute/hints.ts";
import { parseTraceroutes } from "./traceroute/parse.ts";

/**
 * Every sample that a reader exists for, against the facts a correct reader must extract from it. The samples lie
 * beside the checkout, not in it: some are public texts without a licence.
 */
const SAMPLES = new URL("../../../../../shared/samples/", import.meta.url);
const present = existsSync(SAMPLES);
if (!present) console.warn("skipped: no folder ../shared/samples beside the checkout; real samples are not checked");

interface Claim {
  readonly address: string;
  readonly strength: string;
  readonly destination?: string | null;
  readonly dport?: number | null;
  readonly before?: string;
  readonly time?: string;
  readonly masked?: boolean;
}

/** What stands in `<sample>.expect.json`, as far as it is compared here. */
interface Expected {
  readonly claims?: readonly Claim[];
  readonly mustNotClaim?: readonly { readonly address: string }[];
  readonly masked?: readonly string[];
  readonly strength?: string;
  readonly vantage?: { readonly role?: string } | null;
  readonly vantageNote?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the rest differs by kind and is only compared, never used
  readonly [field: string]: any;
}

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly expected: Expected;
}

const samplesIn = (folder: string, prefix = ""): readonly Sample[] => {
  if (!present) return [];
  const path = new URL(`${folder}/`, SAMPLES);
  return readdirSync(path)
    .filter((name) => name.startsWith(prefix) && name.endsWith(".expect.json"))
    .map((name) => ({
      name: name.replace(".expect.json", ""),
      text: readFileSync(new URL(name.replace(".expect.json", ""), path), "utf8"),
      expected: JSON.parse(readFileSync(new URL(name, path), "utf8")) as Expected,
    }));
};

/** The note says that the text does not tell where it was taken: then the user must. */
const hintOf = ({ vantage, vantageNote }: Expected): VantageHint | null =>
  vantageNote === undefined ? null : ((vantage?.role ?? null) as VantageHint | null);

const read = ({ name, text, expected }: Sample): Evidence => readEvidence(text, name, { vantage: hintOf(expected) });

const claimsOf = ({ observations }: Evidence): readonly Observation[] =>
  observations.filter(({ strength, seen }) => strength !== "none" && seen.source !== null);

const strongest = ({ observations }: Evidence): string =>
  STRENGTHS.find((strength) => observations.some((observation) => observation.strength === strength)) ?? "none";

function expectClaims(evidence: Evidence, { claims, mustNotClaim, strength, masked }: Expected): void {
  const made = claimsOf(evidence);
  if (strength !== undefined) expect(strongest(evidence)).toBe(strength);
  for (const { address } of mustNotClaim ?? [])
    expect(made.map(({ seen }) => seen.source?.text)).not.toContain(address);
  for (const token of masked ?? []) expect(parseObserved(token)).toMatchObject({ ip: null, masked: true });
  if (claims === undefined) return;
  expect(new Set(made.map(({ seen }) => seen.source?.text))).toEqual(new Set(claims.map(({ address }) => address)));
  for (const claim of claims) expect(made.some((observation) => makes(observation, claim))).toBe(true);
}

/** Fields the expectation leaves out, or sets to null for "not shown", are not compared. */
function makes({ seen, before, strength }: Observation, claim: Claim): boolean {
  return (
    seen.source?.text === claim.address &&
    strength === claim.strength &&
    (claim.masked === undefined || seen.source.masked === claim.masked) &&
    (claim.destination ?? seen.destination?.text) === seen.destination?.text &&
    (claim.dport ?? seen.destinationPort) === seen.destinationPort &&
    (claim.before ?? before?.text) === before?.text &&
    (claim.time ?? seen.at) === seen.at
  );
}

describe.skipIf(!present)("samples of traceroute", () => {
  test.for(samplesIn("traceroute"))("$name", (sample) => {
    const { expected } = sample;
    const evidence = read(sample);
    expect(evidence.kind).toBe("traceroute");
    expect(recogniseEvidence(sample.text)).toBe("traceroute");
    expect(evidence.paths).toHaveLength(1);
    const [path] = evidence.paths;
    const [parsed] = parseTraceroutes(linesOf(sample.text));
    expect({ name: path?.destinationName, address: path?.destination }).toEqual(expected.destination);
    expect(path?.hops.map(hopAsExpected)).toEqual(expected.hops.map(withoutNothing));
    expect(path?.reached).toBe(expected.reached);
    expect(parsed?.maxHops).toBe(expected.maxHops ?? null);
    expect(parsed?.probeBytes).toBe(expected.probeBytes ?? null);
    for (const { type, ttl, ttls } of expected.hintsExpected ?? []) {
      const hint = path?.hints.find(({ kind }) => kind === type);
      expect(hint?.ttls).toEqual(expect.arrayContaining(ttls ?? [ttl]));
    }
    expectClaims(evidence, expected);
    expect(evidence.observations.every(({ seen }) => seen.source === null)).toBe(true);
  });
});

type Hop = Evidence["paths"][number]["hops"][number];

const hopAsExpected = (hop: Hop) => {
  const names = Object.fromEntries(
    hop.replies.flatMap(({ address, name }) => (name === null ? [] : [[address, name]])),
  );
  return withoutNothing({
    ttl: hop.ttl,
    addresses: addressesOf(hop),
    rttsMs: hop.replies.flatMap(({ rttMs }) => rttMs ?? []),
    timeouts: hop.lost,
    names,
    annotations: hop.annotations,
  });
};

/** A name that is the address again, and empty lists of what few hops have, count as left out. */
const withoutNothing = ({ names = {}, annotations = [], ...rest }: Record<string, unknown>) => ({
  ...rest,
  ...(Object.keys(names as object).length > 0 ? { names } : {}),
  ...((annotations as readonly string[]).length > 0 ? { annotations } : {}),
});

describe.skipIf(!present)("samples of SMTP transcripts", () => {
  test.for(samplesIn("smtp-transcripts"))("$name", (sample) => {
    const { expected, text } = sample;
    const evidence = read(sample);
    expect(evidence.kind).toBe("smtp-transcript");
    const sessions = parseSmtp(linesOf(text));
    expect(sessions).toHaveLength(1);
    const [session] = sessions;
    const echo = session?.echoes[0]?.reading;
    // What the tool was is not in the text when only the server's lines are.
    if (session?.client !== null || namesItsClient(text)) expect(session?.client ?? null).toBe(expected.client);
    if (!(expected.serverOptional && session?.server === null))
      expect(session?.server?.id ?? null).toBe(expected.server);
    expect(session?.heloArgument ?? null).toBe(expected.heloArgument);
    expect(echo?.style ?? "none").toBe(expected.echoStyle);
    expect(echo?.peer?.text ?? null).toBe(expected.peerAddressSeenByServer);
    expect(session?.bannerHost ?? null).toBe(expected.bannerHost ?? null);
    if (expected.heloEcho !== undefined) expect(echo?.heloEcho).toBe(expected.heloEcho);
    if (expected.peerNameSeenByServer !== undefined) expect(echo?.peerName).toBe(expected.peerNameSeenByServer);
    if (expected.candidateAddresses !== undefined) expect([echo?.candidate?.text]).toEqual(expected.candidateAddresses);
    // openssl s_client sends STARTTLS itself and prints nothing of it.
    if (expected.starttls !== undefined && expected.client !== "openssl-s_client")
      expect(session?.startTls).toBe(expected.starttls);
    if (expected.connectedTo !== null) expectConnected(session?.connectedTo ?? null, expected.connectedTo, text);
    if (expected.sourceKnownPrefix !== undefined) expect(maskedDigits(echo?.peer?.text ?? "")).toBe(2);
    expectClaims(evidence, expected);
  });
});

const namesItsClient = (text: string): boolean => /^\* |^===|^Trying |^Connection to |telnet |nc /m.test(text);

type Connected = ReturnType<typeof parseSmtp>[number]["connectedTo"];

/** telnet prints no port: without its command line, 25 would be a guess. */
function expectConnected(found: Connected, expected: Exclude<Connected, null>, text: string): void {
  if (expected.name !== undefined) expect(found?.name).toBe(expected.name);
  expect(found?.address ?? null).toBe(expected.address);
  const shown = !text.startsWith("Trying ") || text.includes("telnet ");
  expect(found?.port ?? null).toBe(shown ? expected.port : null);
}

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

const readAny = ({ name, text, expected }: Sample): Promise<Evidence> =>
  readAnyEvidence(text, name, { vantage: hintOf(expected) });

/** Samples of the kinds whose readers are loaded on demand, and what each is recognised as. */
const ON_DEMAND: readonly (readonly [folder: string, prefix: string, kind: string])[] = [
  ["mail-logs", "exchange", "exchange-log"],
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

describe.skipIf(!present)("samples of paths that are loaded on demand", () => {
  const folders = ["tracert-windows", "tracepath", "mtr", "trace-json"] as const;
  const all = folders.flatMap((folder) => samplesIn(folder).map((sample) => ({ ...sample, folder })));
  // mtr's raw form is optional, and has no sign that others do not have as well.
  test.for(all.filter(({ name }) => !name.startsWith("raw")))("$folder/$name", async (sample) => {
    const { expected, folder, text } = sample;
    const evidence = await readAny(sample);
    const kinds = { "tracert-windows": "tracert", tracepath: "tracepath", mtr: "mtr", "trace-json": "scamper" };
    expect(evidence.kind).toBe(sample.name.startsWith("dublin") ? "traceroute" : kinds[folder]);
    expect(evidence.problems).toEqual([]);
    expectClaims(evidence, expected);
    expect(evidence.observations.every(({ seen }) => seen.source === null)).toBe(true);
    const flows = expected.flows as
      | Record<string, readonly { readonly ttl: number; readonly address: string | null }[]>
      | undefined;
    if (flows !== undefined)
      return expect(
        evidence.paths.map(({ hops }) => hops.map((hop) => ({ ttl: hop.ttl, address: addressesOf(hop)[0] ?? null }))),
      ).toEqual(Object.values(flows).map((hops) => hops.map(({ ttl, address }) => ({ ttl, address }))));
    expect(evidence.paths).toHaveLength(1);
    const [path] = evidence.paths;
    expect(path?.reached).toBe(expected.reached);
    expect(path?.hops.map((hop) => addressesOf(hop).toSorted())).toEqual(
      expected.hops.map(({ addresses }: { readonly addresses: readonly string[] }) => addresses.toSorted()),
    );
    for (const { type, ttl, ttls, betweenTtls } of expected.hintsExpected ?? [])
      expect(path?.hints.find(({ kind }) => kind === type)?.ttls).toEqual(
        expect.arrayContaining(ttls ?? betweenTtls ?? [ttl]),
      );
    if (folder === "tracert-windows") {
      expect({ name: path?.destinationName, address: path?.destination }).toEqual(expected.destination);
      expect(parseTracert(linesOf(text))[0]?.maxHops).toBe(expected.maxHops);
      expect(path?.hops.map(hopAsExpected)).toEqual(
        expected.hops.map(({ subMillisecond: _, rttsMs, ...hop }: Record<string, unknown>) =>
          withoutNothing({ ...hop, rttsMs: rttsMs }),
        ),
      );
    }
    if (folder === "tracepath")
      expect([...(parseTracepath(linesOf(text))[0]?.rttsMs.values() ?? [])]).toEqual(
        expected.hops.map(({ rttsMs }: { readonly rttsMs: readonly number[] }) => rttsMs),
      );
    if (folder === "mtr") {
      expect(path?.destinationName === expected.destination || path?.destination === expected.destination).toBe(true);
      const counted =
        evidence.kind === "mtr" && text.startsWith("{")
          ? parseMtrJson(readJsonDocuments(text, "x").value)
          : parseMtr(linesOf(text));
      expect(
        counted[0]?.counted.map(({ ttl, lossPct, sent, lastMs, avgMs, bestMs, worstMs }) => ({
          ttl,
          lossPct,
          sent,
          lastMs,
          avgMs,
          bestMs,
          worstMs,
        })),
      ).toEqual(expected.hops.map(({ addresses: _a, names: _n, ...numbers }: Record<string, unknown>) => numbers));
    }
  });
});

describe.skipIf(!present)("samples that are no evidence here", () => {
  const folders = ["azure-config", "gcp-config", "host-config", "terraform-state"];
  const servers = samplesIn("mail-logs").filter(({ name }) => /^(?:courier|haraka|opensmtpd)/.test(name));
  const others = samplesIn("mtr", "raw");
  test.for([...folders.flatMap((folder) => samplesIn(folder)), ...servers, ...others])(
    "$name is refused, not misread",
    async (sample) => {
      const evidence = await readAny(sample);
      expect(evidence.observations).toEqual([]);
      expect(evidence.problems.map(({ level }) => level)).toContain("error");
    },
  );
});
