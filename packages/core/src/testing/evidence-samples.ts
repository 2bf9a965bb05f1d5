import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { parseObserved } from "../evidence/masked.ts";
import { type Evidence, type Observation, STRENGTHS, type VantageHint } from "../evidence/observation.ts";
import { readAnyEvidence, readEvidence } from "../evidence/read.ts";
import { addressesOf } from "../evidence/traceroute/hints.ts";

/**
 * Every sample that a reader exists for, against the facts a correct reader must extract from it. The samples lie
 * beside the checkout, not in it: some are public texts without a licence.
 */
export const SAMPLES = new URL("../../../../../shared/samples/", import.meta.url);
export const present = existsSync(SAMPLES);
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
export interface Expected {
  readonly claims?: readonly Claim[];
  readonly mustNotClaim?: readonly { readonly address: string }[];
  readonly masked?: readonly string[];
  readonly strength?: string;
  readonly vantage?: { readonly role?: string } | null;
  readonly vantageNote?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the rest differs by kind and is only compared, never used
  readonly [field: string]: any;
}

export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly expected: Expected;
}

export const samplesIn = (folder: string, prefix = ""): readonly Sample[] => {
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
export const hintOf = ({ vantage, vantageNote }: Expected): VantageHint | null =>
  vantageNote === undefined ? null : ((vantage?.role ?? null) as VantageHint | null);

export const read = ({ name, text, expected }: Sample): Evidence =>
  readEvidence(text, name, { vantage: hintOf(expected) });

export const claimsOf = ({ observations }: Evidence): readonly Observation[] =>
  observations.filter(({ strength, seen }) => strength !== "none" && seen.source !== null);

const strongest = ({ observations }: Evidence): string =>
  STRENGTHS.find((strength) => observations.some((observation) => observation.strength === strength)) ?? "none";

export function expectClaims(evidence: Evidence, { claims, mustNotClaim, strength, masked }: Expected): void {
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

type Hop = Evidence["paths"][number]["hops"][number];

export const hopAsExpected = (hop: Hop) => {
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
export const withoutNothing = ({ names = {}, annotations = [], ...rest }: Record<string, unknown>) => ({
  ...rest,
  ...(Object.keys(names as object).length > 0 ? { names } : {}),
  ...((annotations as readonly string[]).length > 0 ? { annotations } : {}),
});

export const readAny = ({ name, text, expected }: Sample): Promise<Evidence> =>
  readAnyEvidence(text, name, { vantage: hintOf(expected) });
