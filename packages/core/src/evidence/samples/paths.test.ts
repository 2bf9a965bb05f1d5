import { describe, expect, test } from "vitest";
import { readJsonDocuments } from "../../documents/json.ts";
import {
  expectClaims,
  hopAsExpected,
  present,
  read,
  readAny,
  samplesIn,
  withoutNothing,
} from "../../testing/evidence-samples.ts";
import { linesOf } from "../lines.ts";
import { parseMtr, parseMtrJson } from "../on-demand/paths/mtr.ts";
import { parseTracepath } from "../on-demand/paths/tracepath.ts";
import { parseTracert } from "../on-demand/paths/tracert.ts";
import { recogniseEvidence } from "../recognise.ts";
import { addressesOf } from "../traceroute/hints.ts";
import { parseTraceroutes } from "../traceroute/parse.ts";

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

describe.skipIf(!present)("samples of paths that are loaded on demand", () => {
  const folders = ["tracert-windows", "tracepath", "mtr", "trace-json"] as const;
  const all = folders.flatMap((folder) => samplesIn(folder).map((sample) => ({ ...sample, folder })));
  test.for(all)("$folder/$name", async (sample) => {
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
    // Its raw form counts nothing.
    if (folder === "mtr" && expected.variant !== "raw") {
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
