import { describe, expect, test } from "vitest";
import { listOf, NO_ADDRESSES, setOf } from "../address/address-set.ts";
import { cidrs } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import { parseObserved } from "../evidence/masked.ts";
import type { Observation, Strength } from "../evidence/observation.ts";
import type { EgressIdentity, Stability } from "../model/identity.ts";
import { same } from "../problem.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import { judge } from "./judge.ts";
import { exitStatusOf, type Question } from "./verdict.ts";

const ip = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

const OWN = ip("10.0.3.4");
const PLATFORM = "192.0.2.200";
const BALANCER = "203.0.113.21";

const seenAs = (stability: Stability, ...addresses: readonly string[]): EgressIdentity => ({
  kind: addresses.length === 0 ? "unpredictable" : "translated",
  addresses: addresses.length === 0 ? NO_ADDRESSES : setOf(...addresses.map(ip)),
  complete: addresses.length > 0,
  translator: addresses.length === 0 ? "default-outbound" : "load-balancer",
  resource: null,
  stability,
  draining: NO_ADDRESSES,
});

const outcome = (identity: EgressIdentity, open?: string): FlowOutcome => ({
  identity,
  assumptions: open === undefined ? [] : [{ id: open, basis: "open", text: same(open), ask: null }],
  steps: [],
  againstDefault: false,
  interface: null,
  source: OWN,
});

const saw = (source: string, at: string | null, strength: Strength = "destination-observed"): Observation => ({
  file: "evidence.txt",
  line: 1,
  kind: "tcpdump",
  quote: source,
  says: same("says"),
  proves: same("proves"),
  strength,
  seen: {
    source: parseObserved(source),
    sourcePort: null,
    destination: parseObserved("198.51.100.80"),
    destinationName: null,
    destinationPort: 80,
    protocol: "tcp",
    at,
  },
  before: parseObserved(OWN),
  claimed: null,
  vantage: strength === "translator-logged" ? "translator" : "path",
});

const asked = (
  outcomes: readonly FlowOutcome[],
  observations: readonly Observation[],
  more: Partial<Question> & { readonly at?: string } = {},
): Question => ({
  flow: {
    from: { host: "vm1", interface: "nic3", address: OWN, resource: "vm1" },
    to: { address: ip("198.51.100.80"), port: 80, protocol: "tcp", name: null },
    at: more.at ?? null,
  },
  ownAddresses: cidrs("10.0.3.4/32"),
  outcomes,
  observations,
  names: [],
  problems: [],
  spoiled: false,
  asOf: more.asOf ?? null,
  senderMadeAt: more.senderMadeAt ?? null,
});

const short = (question: Question) => {
  const verdict = judge(question);
  return {
    addresses: listOf(verdict.answer.addresses),
    certainty: verdict.certainty,
    effects: verdict.observations.map(({ effect }) => effect),
    moments: verdict.observations.map(({ moment }) => moment),
    timeline: verdict.timeline.map(({ source, current }) => `${source} ${current ? "counts" : "then"}`),
    exit: exitStatusOf(verdict),
  };
};

const EITHER = [
  outcome(seenAs("changing"), "still-default"),
  outcome(seenAs("changing", BALANCER), "moved-to-sibling"),
];
const ONE = [outcome(seenAs("static", BALANCER))];

// reference: founding Azure scenario 4. 17:43 a platform address, four and a half minutes later the balancer's.
describe("two sightings of different sources", () => {
  const first = saw(PLATFORM, "2024-12-20T17:43:00+08:00");
  const later = saw(BALANCER, "2024-12-20T09:47:30Z");
  test("are a timeline where the configuration allows both: the newest stands", () =>
    expect(short(asked(EITHER, [first, later]))).toEqual({
      addresses: [BALANCER],
      certainty: "observed",
      effects: ["none", "supports"],
      moments: ["then", null],
      timeline: [`${PLATFORM} then`, `${BALANCER} counts`],
      exit: 0,
    }));
  test("are a timeline where it allows only the newer", () =>
    expect(short(asked(ONE, [first, later]))).toMatchObject({ addresses: [BALANCER], certainty: "observed", exit: 0 }));
  test("are a contradiction when the newer is the one it does not allow", () =>
    expect(
      short(asked(ONE, [saw(BALANCER, "2024-12-20T09:43:00Z"), saw(PLATFORM, "2024-12-20T09:47:30Z")])),
    ).toMatchObject({
      effects: ["supports", "contradicts"],
      exit: 4,
    }));
  test("stay one when the older source came back", () =>
    expect(short(asked(ONE, [first, later, saw(PLATFORM, "2024-12-20T09:50:00Z")]))).toMatchObject({
      effects: ["contradicts", "supports", "contradicts"],
      exit: 4,
    }));
  test("stay one when a record tells no time: nothing is guessed", () =>
    expect(short(asked(ONE, [saw(PLATFORM, null), later]))).toMatchObject({
      effects: ["contradicts", "supports"],
      exit: 4,
    }));
  test("stay one when the newer is the weaker record", () =>
    expect(short(asked(ONE, [first, saw(BALANCER, "2024-12-20T09:47:30Z", "translator-logged")]))).toMatchObject({
      exit: 4,
    }));
  test("at one and the same time stay one", () =>
    expect(short(asked(ONE, [first, saw(BALANCER, "2024-12-20T09:43:00Z")]))).toMatchObject({ exit: 4 }));
  test("without a configuration are both the answer: a pool may have both", () =>
    expect(short(asked([], [first, later]))).toMatchObject({
      addresses: [PLATFORM, BALANCER],
      moments: [null, null],
      timeline: [`${PLATFORM} counts`, `${BALANCER} counts`],
    }));
  test("asked for the time between, the earlier counts", () =>
    expect(short(asked(EITHER, [first, later], { at: "2024-12-20T09:45:00Z" }))).toMatchObject({
      addresses: [PLATFORM],
      effects: ["supports", "none"],
      timeline: [`${PLATFORM} counts`, `${BALANCER} then`],
    }));
});

describe("a sighting before", () => {
  const old = saw(PLATFORM, "2024-12-20T09:43:00Z");
  test("the export that it contradicts decides nothing, and nothing is certain until somebody looks again", () =>
    expect(short(asked(ONE, [old], { asOf: "2024-12-21T00:00:00Z" }))).toEqual({
      addresses: [BALANCER],
      certainty: "possible",
      effects: ["none"],
      moments: ["unsettled"],
      timeline: [],
      exit: 3,
    }));
  test("the export that it agrees with supports it", () =>
    expect(short(asked(ONE, [saw(BALANCER, "2024-12-20T09:43:00Z")], { asOf: "2024-12-21T00:00:00Z" }))).toMatchObject({
      certainty: "observed",
      effects: ["supports"],
    }));
  test("after the export stays a contradiction, and the export is said to be older", () => {
    const { conflicts } = judge(asked(ONE, [old], { asOf: "2024-12-19T00:00:00Z" }));
    expect(conflicts.map(({ likely }) => likely.en).join()).toContain("was made at 2024-12-19T00:00:00Z, the sighting");
  });
  test("beside an export that tells no time stays a contradiction, and that is said", () => {
    const { conflicts } = judge(asked(ONE, [old]));
    expect(conflicts.map(({ likely }) => likely.en).join()).toContain("which of the two is older is not known");
  });
  test("the sender was made is another's", () =>
    expect(short(asked(ONE, [old], { senderMadeAt: "2024-12-20T10:00:00Z" }))).toMatchObject({
      effects: ["none"],
      certainty: "predicted",
    }));
});

describe("long before the time asked", () => {
  const old = saw(BALANCER, "2024-12-01T00:00:00Z");
  test("a sighting of an address that nobody reserved proves nothing of it", () =>
    expect(short(asked([outcome(seenAs("changing", BALANCER))], [old], { at: "2024-12-20T00:00:00Z" }))).toMatchObject({
      certainty: "predicted",
      effects: ["supports"],
      moments: ["old"],
    }));
  test("and names no address that the configuration does not name", () =>
    expect(short(asked([outcome(seenAs("changing"))], [old], { at: "2024-12-20T00:00:00Z" }))).toMatchObject({
      addresses: [],
    }));
  test("of a reserved one counts", () =>
    expect(short(asked(ONE, [old], { at: "2024-12-20T00:00:00Z" }))).toMatchObject({ certainty: "observed" }));
});

// reference, 11: the same, for who asks for now: that is no time before the export.
describe("long before the export", () => {
  const old = saw(BALANCER, "2024-12-01T00:00:00Z");
  const asOf = "2024-12-20T00:00:00Z";
  test("a sighting of an address that nobody reserved proves nothing of it, and that is said", () => {
    const question = asked([outcome(seenAs("changing", BALANCER))], [old], { asOf });
    expect(short(question)).toMatchObject({ certainty: "predicted", effects: ["supports"], moments: ["old"] });
    expect(judge(question).observations[0]?.because?.en).toContain("19 days before the configuration was exported");
  });
  test("and names no address that the configuration does not name", () =>
    expect(short(asked([outcome(seenAs("changing"))], [old], { asOf }))).toMatchObject({ addresses: [] }));
  test("of a reserved one counts", () =>
    expect(short(asked(ONE, [old], { asOf }))).toMatchObject({ certainty: "observed" }));
  test("a few days before it, or whenever after it, counts", () => {
    for (const at of ["2024-12-15T00:00:00Z", "2025-03-01T00:00:00Z"])
      expect(short(asked([outcome(seenAs("changing", BALANCER))], [saw(BALANCER, at)], { asOf }))).toMatchObject({
        certainty: "observed",
      });
  });
});

// reference, 11: an address that nobody reserved is checked again after 7 days at most, forwards as well as backwards.
describe("long after the time asked", () => {
  const late = saw(BALANCER, "2024-12-31T00:00:00Z");
  test("a sighting of an address that nobody reserved proves nothing of it, and that is said", () => {
    const question = asked([outcome(seenAs("changing", BALANCER))], [late], { at: "2024-12-20T00:00:00Z" });
    expect(short(question)).toMatchObject({ certainty: "predicted", effects: ["supports"], moments: ["old"] });
    expect(judge(question).observations[0]?.because?.en).toContain("11 days after the time asked");
  });
  test("and names no address that the configuration does not name", () =>
    expect(short(asked([outcome(seenAs("changing"))], [late], { at: "2024-12-20T00:00:00Z" }))).toMatchObject({
      addresses: [],
    }));
  test("of a reserved one counts", () =>
    expect(short(asked(ONE, [late], { at: "2024-12-20T00:00:00Z" }))).toMatchObject({ certainty: "observed" }));
  test("a few days after it counts", () =>
    expect(
      short(
        asked([outcome(seenAs("changing", BALANCER))], [saw(BALANCER, "2024-12-26T00:00:00Z")], {
          at: "2024-12-20T00:00:00Z",
        }),
      ),
    ).toMatchObject({ certainty: "observed" }));
});
