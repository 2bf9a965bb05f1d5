import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listOf, NO_ADDRESSES, setOf } from "../address/address-set.ts";
import { cidrs } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import { parseObserved } from "../evidence/masked.ts";
import type { Observation, Strength, Vantage } from "../evidence/observation.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Assumption } from "../model/outcome.ts";
import { parseTarget } from "../model/target.ts";
import { same } from "../problem.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import { judge } from "./judge.ts";
import { exitStatusOf, type Question } from "./verdict.ts";

const ip = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

const OWN = ip("10.20.0.5");
const identity = (kind: EgressIdentity["kind"], ...addresses: readonly string[]): EgressIdentity => ({
  kind,
  addresses: addresses.length === 0 ? NO_ADDRESSES : setOf(...addresses.map(ip)),
  complete: kind !== "unpredictable" && kind !== "unknown",
  translator: kind === "translated" ? "nat-gateway" : null,
  resource: null,
  stability: "static",
  draining: NO_ADDRESSES,
});
const assume = (id: string, basis: Assumption["basis"]): Assumption => ({ id, basis, text: same(id), ask: null });
const outcome = (of: EgressIdentity, ...assumptions: readonly Assumption[]): FlowOutcome => ({
  identity: of,
  assumptions,
  steps: [],
  againstDefault: false,
  interface: null,
  source: OWN,
});

interface Saw {
  readonly strength?: Strength;
  readonly vantage?: Vantage;
  readonly to?: string;
  readonly toName?: string;
  readonly port?: number;
  readonly before?: string;
  readonly claimed?: string;
  readonly kind?: Observation["kind"];
}
const saw = (source: string, more: Saw = {}): Observation => ({
  file: "evidence.txt",
  line: 1,
  kind: more.kind ?? "tcpdump",
  quote: source,
  says: same("says"),
  proves: same("proves"),
  strength: more.strength ?? "destination-observed",
  seen: {
    source: parseObserved(source),
    sourcePort: null,
    destination: more.toName === undefined ? parseObserved(more.to ?? "198.51.100.25") : null,
    destinationName: more.toName ?? null,
    destinationPort: more.port ?? 443,
    protocol: "tcp",
    at: null,
  },
  before: more.before === undefined ? null : parseObserved(more.before),
  claimed: more.claimed ?? null,
  vantage: more.vantage ?? "destination",
});

const asked = (
  outcomes: readonly FlowOutcome[],
  observations: readonly Observation[] = [],
  more: Partial<Question> = {},
): Question => ({
  flow: {
    from: { host: "vm1", interface: "nic0", address: OWN, resource: "vm1" },
    to: { address: ip("198.51.100.25"), port: 443, protocol: "tcp", name: null },
    at: null,
  },
  ownAddresses: cidrs("10.20.0.5/32", "10.30.0.5/32"),
  outcomes,
  observations,
  names: [],
  problems: [],
  spoiled: false,
  asOf: null,
  senderMadeAt: null,
  ...more,
});
const short = (question: Question) => {
  const verdict = judge(question);
  return {
    kind: verdict.answer.kind,
    addresses: listOf(verdict.answer.addresses),
    certainty: verdict.certainty,
    effects: verdict.observations.map(({ effect }) => effect),
    exit: exitStatusOf(verdict),
  };
};

const POOL = outcome(identity("translated", "203.0.113.10", "203.0.113.11", "203.0.113.12"));
const ONE = outcome(identity("translated", "203.0.113.10"));

describe("from outcomes to the answer", () => {
  test("one outcome on facts is predicted", () =>
    expect(short(asked([ONE]))).toMatchObject({ kind: "translated", certainty: "predicted", exit: 0 }));
  test("a pool is one outcome: the whole set, predicted", () =>
    expect(short(asked([POOL]))).toMatchObject({
      addresses: ["203.0.113.10", "203.0.113.11", "203.0.113.12"],
      certainty: "predicted",
    }));
  test("defaults go before what is open", () => {
    const blocked = outcome(identity("blocked"), assume("not-exempt", "default"));
    const exempt = outcome(identity("translated", "203.0.113.10"), assume("exempt", "open"));
    expect(short(asked([blocked, exempt]))).toMatchObject({
      kind: "blocked",
      addresses: [],
      certainty: "predicted",
      exit: 0,
    });
  });
  test("only open ones: their union, possible", () => {
    const outcomes = [
      outcome(identity("translated", "203.0.113.10"), assume("a", "open")),
      outcome(identity("translated", "203.0.113.30"), assume("b", "open")),
    ];
    expect(short(asked(outcomes))).toMatchObject({
      kind: "translated",
      addresses: ["203.0.113.10", "203.0.113.30"],
      certainty: "possible",
      exit: 3,
    });
  });
  test("different kinds in one answer are unpredictable", () => {
    const outcomes = [
      outcome(identity("translated", "203.0.113.10"), assume("a", "open")),
      outcome(identity("unknown"), assume("b", "open")),
    ];
    expect(short(asked(outcomes))).toMatchObject({
      kind: "unpredictable",
      addresses: ["203.0.113.10"],
      certainty: "possible",
      exit: 3,
    });
  });
  test("an error in a configuration file caps the certainty", () =>
    expect(short(asked([ONE], [], { spoiled: true }))).toMatchObject({ certainty: "possible", exit: 3 }));
  test("nothing given: unknown", () =>
    expect(short(asked([]))).toMatchObject({ kind: "unknown", certainty: "unknown", exit: 3 }));
});

describe("evidence eliminates", () => {
  test("a sighting of the one address confirms it", () =>
    expect(short(asked([ONE], [saw("203.0.113.10")]))).toMatchObject({ certainty: "observed", effects: ["supports"] }));
  test("a sighting of one of a pool leaves the whole pool, predicted", () =>
    expect(short(asked([POOL], [saw("203.0.113.11")]))).toMatchObject({
      addresses: ["203.0.113.10", "203.0.113.11", "203.0.113.12"],
      certainty: "predicted",
    }));
  test("a sighting removes the default outcome it contradicts", () => {
    const usual = outcome(identity("translated", "203.0.113.10"), assume("guest-route-default", "default"));
    const other = outcome(identity("translated", "203.0.113.7"), assume("guest-sends-by:nic1", "open"));
    const verdict = judge(asked([usual, other], [saw("203.0.113.7")]));
    expect(listOf(verdict.answer.addresses)).toEqual(["203.0.113.7"]);
    expect(verdict.certainty).toBe("observed");
    expect(verdict.outcomes.map(({ standing, eliminatedBy }) => [standing, eliminatedBy])).toEqual([
      [false, 0],
      [true, null],
    ]);
  });
  test("an outcome that cannot be named absorbs what was seen", () => {
    const unknown = outcome(identity("unpredictable"), assume("appliance", "open"));
    expect(short(asked([unknown], [saw("192.0.2.77")]))).toMatchObject({
      kind: "translated",
      addresses: ["192.0.2.77"],
      certainty: "observed",
    });
    expect(short(asked([unknown], [saw(OWN)]))).toMatchObject({
      kind: "preserved",
      addresses: [OWN],
      certainty: "observed",
    });
  });
  test("a named outcome is believed before one that cannot exclude it", () => {
    const platform = outcome(identity("unpredictable"), assume("platform", "open"));
    const frontend = outcome(identity("translated", "203.0.113.21"), assume("sibling", "open"));
    expect(short(asked([platform, frontend], [saw("203.0.113.21")]))).toMatchObject({
      addresses: ["203.0.113.21"],
      certainty: "observed",
    });
  });
  test("the translator's own log is logged, and weaker than a sighting", () =>
    expect(
      short(asked([ONE], [saw("203.0.113.10", { strength: "translator-logged", vantage: "translator", before: OWN })])),
    ).toMatchObject({
      certainty: "logged",
    }));
  test("an address that drains counts: an old connection shows it", () => {
    const draining = outcome({ ...identity("translated", "203.0.113.10"), draining: setOf(ip("203.0.113.12")) });
    expect(short(asked([draining], [saw("203.0.113.12")]))).toMatchObject({
      addresses: ["203.0.113.10"],
      certainty: "predicted",
      exit: 0,
    });
  });
});

describe("evidence of something else has no effect", () => {
  test.each([
    { when: "another destination", observation: saw("203.0.113.99", { to: "192.0.2.9" }) },
    { when: "another port", observation: saw("203.0.113.99", { port: 80 }) },
    {
      when: "another sender",
      observation: saw("203.0.113.99", { strength: "translator-logged", vantage: "translator", before: "10.20.0.77" }),
    },
    {
      // https://cloud.google.com/nat/docs/monitoring#log-fields: endpoint.vm_name; networks may number their hosts alike.
      when: "another host with the same address in another network",
      observation: {
        ...saw("203.0.113.99", { strength: "translator-logged", vantage: "translator", before: OWN }),
        sender: "vm2",
      },
    },
    { when: "an unknown vantage", observation: saw("203.0.113.99", { strength: "none", vantage: "unknown" }) },
    { when: "a name only", observation: saw("egress-11.nat.cloud.example") },
  ])("$when", ({ observation }) => {
    expect(short(asked([ONE], [observation]))).toMatchObject({
      addresses: ["203.0.113.10"],
      certainty: "predicted",
      effects: ["none"],
      exit: 0,
    });
  });
  test("no evidence at all removes nothing", () =>
    expect(short(asked([ONE], []))).toMatchObject({ certainty: "predicted" }));
  test("a server known by another name may be another server", () => {
    const named = saw("192.0.2.77", { kind: "smtp-transcript", toName: "mx.other.example" });
    expect(short(asked([ONE], [named]))).toMatchObject({ certainty: "predicted", effects: ["none"], exit: 0 });
    const names = [{ name: "MX.other.example.", address: ip("198.51.100.25") }];
    expect(short(asked([ONE], [named], { names }))).toMatchObject({ effects: ["contradicts"], exit: 4 });
  });
  test("a busy server's log: only the line this flow can have is its own", () =>
    expect(short(asked([ONE], [saw("192.0.2.1"), saw("203.0.113.10"), saw("192.0.2.2")]))).toMatchObject({
      certainty: "observed",
      effects: ["none", "supports", "none"],
    }));
  test("what is not told apart keeps the outcome it may be: an answer that changes with time", () => {
    const platform = outcome(identity("unpredictable"), assume("platform", "open"));
    const frontend = outcome(identity("translated", "203.0.113.21"), assume("sibling", "open"));
    expect(short(asked([platform, frontend], [saw("192.0.2.50"), saw("203.0.113.21")]))).toMatchObject({
      kind: "unpredictable",
      addresses: ["203.0.113.21"],
      certainty: "possible",
      effects: ["none", "supports"],
    });
  });
  test("a busy server's log without such a line proves nothing", () =>
    expect(short(asked([ONE], [saw("192.0.2.1"), saw("192.0.2.2")]))).toMatchObject({
      certainty: "predicted",
      effects: ["none", "none"],
      exit: 0,
    }));
});

describe("contradictions", () => {
  test("the only client seen is not the predicted one: the sighting is kept, the conflict told", () => {
    const verdict = judge(asked([ONE], [saw("192.0.2.99")]));
    expect(listOf(verdict.answer.addresses)).toEqual(["192.0.2.99"]);
    expect(verdict.certainty).toBe("possible");
    expect(verdict.conflicts).toHaveLength(1);
    expect(exitStatusOf(verdict)).toBe(4);
  });
  test("what the destination saw goes before what a translator logged", () => {
    const logged = saw("203.0.113.99", { strength: "translator-logged", vantage: "translator" });
    const verdict = short(asked([POOL], [saw("203.0.113.10"), logged]));
    expect(verdict).toMatchObject({ certainty: "possible", effects: ["supports", "contradicts"], exit: 4 });
    expect(verdict.addresses).toContain("203.0.113.10");
    expect(verdict.addresses).not.toContain("203.0.113.99");
  });
  test("one flow seen with two sources: both, and never observed", () => {
    const beyond = outcome({ ...identity("translated"), complete: false }, assume("translated-beyond", "open"));
    const kept = outcome(identity("preserved", "10.20.0.5"));
    const transcripts = [saw("10.20.0.5", { kind: "smtp-transcript" }), saw("192.0.2.77", { kind: "smtp-transcript" })];
    expect(short(asked([kept, beyond], transcripts))).toMatchObject({
      addresses: ["10.20.0.5", "192.0.2.77"],
      certainty: "possible",
      exit: 4,
    });
    const logged = saw("192.0.2.77", { strength: "translator-logged", vantage: "translator" });
    expect(short(asked([kept, beyond], [saw("10.20.0.5", { kind: "smtp-transcript" }), logged]))).toMatchObject({
      addresses: ["10.20.0.5"],
      certainty: "possible",
      exit: 4,
    });
  });
  test("another address of the same host is no translation of this one", () => {
    const beyond = outcome({ ...identity("translated"), complete: false }, assume("translated-beyond", "open"));
    const kept = outcome(identity("preserved", "10.20.0.5"));
    expect(short(asked([kept, beyond], [saw("10.30.0.5", { kind: "smtp-transcript" })]))).toMatchObject({
      kind: "preserved",
      addresses: ["10.30.0.5"],
      certainty: "possible",
      exit: 4,
    });
  });
  test("a client that calls itself as the host does, among others: never observed", () => {
    const beyond = outcome({ ...identity("translated"), complete: false }, assume("translated-beyond", "open"));
    const kept = outcome(identity("preserved", "10.20.0.5"));
    const spoofed = [saw("192.0.2.99", { claimed: "vm1" }), saw("192.0.2.1")];
    expect(short(asked([kept, beyond], spoofed))).toMatchObject({
      addresses: ["10.20.0.5", "192.0.2.99"],
      certainty: "possible",
      exit: 3,
    });
  });
  test("a line that carries the host's name is its own among many", () =>
    expect(short(asked([ONE], [saw("192.0.2.99", { claimed: "VM1.corp.example" }), saw("192.0.2.1")]))).toMatchObject({
      effects: ["contradicts", "none"],
      exit: 4,
    }));
  test("the sender's own address was seen where a translation was predicted: nobody translated", () =>
    expect(short(asked([ONE], [saw("10.20.0.5")]))).toMatchObject({
      kind: "preserved",
      addresses: ["10.20.0.5"],
      certainty: "possible",
      exit: 4,
    }));
  test("what arrives although nothing leaves contradicts", () =>
    expect(short(asked([outcome(identity("blocked"))], [saw("203.0.113.10")]))).toMatchObject({ exit: 4 }));
});

describe("masked digits", () => {
  test("support what they fit and remove what they do not", () => {
    const outcomes = [
      outcome(identity("translated", "139.219.7.9"), assume("a", "open")),
      outcome(identity("translated", "42.159.1.1"), assume("b", "open")),
    ];
    expect(short(asked(outcomes, [saw("139.219.xxx.xx")]))).toMatchObject({
      addresses: ["139.219.7.9"],
      certainty: "predicted",
    });
  });
  test("alone they name no address", () =>
    expect(short(asked([], [saw("139.219.xxx.xx")]))).toMatchObject({ addresses: [], certainty: "possible", exit: 3 }));
});

describe("evidence alone", () => {
  const alone = (observations: readonly Observation[]) => ({ ...asked([], observations), ownAddresses: [] });
  const unknownSender = { from: { host: null, interface: null, address: null, resource: null } };
  test("a private source that a mail server printed is preserved, observed", () => {
    const question = alone([saw("10.72.2.222", { kind: "smtp-transcript" })]);
    expect(short({ ...question, flow: { ...question.flow, ...unknownSender } })).toMatchObject({
      kind: "preserved",
      addresses: ["10.72.2.222"],
      certainty: "observed",
      exit: 0,
    });
  });
  test("a public one is somebody's translation", () => {
    const question = alone([saw("203.0.113.11", { kind: "smtp-transcript" })]);
    expect(short({ ...question, flow: { ...question.flow, ...unknownSender } })).toMatchObject({
      kind: "translated",
      certainty: "observed",
    });
  });
  test("a busy server's log and nothing to tell its clients apart: unknown, not a list of everybody", () => {
    const clients = Array.from({ length: 20_000 }, (_, index) => saw(`10.${index >> 8}.${index & 255}.1`));
    expect(short(alone(clients))).toMatchObject({ kind: "unknown", addresses: [], certainty: "unknown", exit: 3 });
  });
  test("two clients in a log and nothing to tell them apart: both possible, never observed", () =>
    expect(short(alone([saw("203.0.113.11"), saw("192.0.2.77")]))).toMatchObject({
      addresses: ["192.0.2.77", "203.0.113.11"],
      certainty: "possible",
      exit: 3,
    }));
});

test("an address that neither configuration nor evidence names is never the answer", () => {
  const address = fc.constantFrom("203.0.113.1", "203.0.113.2", "10.20.0.5", "192.0.2.9");
  const someOutcome = fc
    .tuple(
      fc.constantFrom("translated" as const, "blocked" as const, "unpredictable" as const),
      address,
      fc.constantFrom("default" as const, "open" as const, null),
    )
    .map(([kind, at, basis]) =>
      outcome(identity(kind, ...(kind === "translated" ? [at] : [])), ...(basis === null ? [] : [assume(at, basis)])),
    );
  fc.assert(
    fc.property(fc.array(someOutcome, { maxLength: 4 }), fc.array(address, { maxLength: 4 }), (outcomes, sightings) => {
      const verdict = judge(
        asked(
          outcomes,
          sightings.map((at) => saw(at)),
        ),
      );
      const named = new Set([...outcomes.flatMap((one) => listOf(one.identity.addresses)), ...sightings]);
      for (const at of listOf(verdict.answer.addresses)) expect(named.has(at)).toBe(true);
      if (verdict.answer.kind === "blocked" || verdict.answer.kind === "unknown")
        expect(verdict.answer.addresses).toEqual([]);
    }),
  );
});

describe("what to do next", () => {
  const ask = (command: string, inside: boolean): Assumption["ask"] => ({
    text: same(command),
    command,
    settles: same(command),
    ...(inside ? { inside: true as const } : {}),
  });
  const open = (id: string, inside: boolean): Assumption => ({ ...assume(id, "open"), ask: ask(id, inside) });
  const three = [
    outcome(identity("translated", "203.0.113.10"), open("pool-a", false)),
    outcome(identity("translated", "203.0.113.11"), open("pool-b", false)),
    outcome(identity("preserved", "10.20.0.5"), open("guest", true)),
  ];
  const next = judge(asked(three)).next;
  test("first what leaves one outcome whatever comes of it, with what each result means", () =>
    expect(next[0]).toMatchObject({
      command: "tcpdump -nn -tttt 'tcp port 443'",
      results: [
        { when: { en: "203.0.113.10 arrives" }, means: { en: "pool-a" }, outcomes: [0] },
        { when: { en: "203.0.113.11 arrives" }, means: { en: "pool-b" }, outcomes: [1] },
        { when: { en: "10.20.0.5 arrives" }, means: { en: "guest" }, outcomes: [2] },
      ],
    }));
  test("of two that split alike, first what a closed network can do", () =>
    expect(next.map(({ command }) => command)).toEqual([
      "tcpdump -nn -tttt 'tcp port 443'",
      "guest",
      "pool-a",
      "pool-b",
    ]));
  test("what the whole answer leaves open goes before any sighting", () => {
    const unnamed = outcome(identity("unknown"), open("status", false));
    expect(judge(asked([unnamed])).next.map(({ command }) => command)[0]).toBe("status");
  });
});

describe("what the destination tells the sender itself", () => {
  const first = (text: string): string | null => {
    const to = parseTarget(text);
    if (to === undefined) throw new Error(text);
    const question = asked([ONE]);
    return judge({ ...question, flow: { ...question.flow, to } }).next[0]?.command ?? null;
  };
  test.each([
    ["198.51.100.25:25", "curl -v --max-time 20 smtp://198.51.100.25"],
    ["[2001:db8::25]:587", "curl -v --max-time 20 smtp://[2001:db8::25]:587"],
    ["sftp.partner.example:22", "ssh -o ConnectTimeout=20 sftp.partner.example 'env | grep ^SSH_CLIENT='"],
    ["198.51.100.25:5432", `psql "host=198.51.100.25 connect_timeout=20" -c 'SELECT inet_client_addr()'`],
    ["[2001:db8::25]:3306", "mysql --protocol=TCP --connect-timeout=20 -u seenas -h 2001:db8::25"],
    ["db.database.windows.net:1433", "sqlcmd -l 20 -S tcp:db.database.windows.net,1433 -U seenas -P x"],
    ["198.51.100.25:1433/udp", "tcpdump -nn -tttt 'udp port 1433'"],
    ["198.51.100.25", "tcpdump -nn -tttt 'tcp'"],
  ])("%s", (to, command) => expect(first(to)).toBe(command));
});

describe("which side is likely wrong", () => {
  const likely = (predicted: FlowOutcome, seen: Observation): string =>
    judge(asked([predicted], [seen]))
      .conflicts.map((one) => one.likely.en)
      .join();
  test("the source is kept, but a public one arrives: something behind the link translates", () =>
    expect(likely(outcome(identity("preserved", "10.20.0.5")), saw("203.0.113.99"))).toContain(
      "something there translates",
    ));
  test("translated, but a private one of nobody here arrives: a proxy in front of the server", () =>
    expect(likely(ONE, saw("10.99.0.8"))).toContain("a proxy or load balancer in front of the server"));
  test("a header of the mail: it can be forged", () =>
    expect(likely(ONE, saw("203.0.113.99", { kind: "mail-headers" }))).toContain("can be forged"));
  test("an echo of another service: it saw another path", () =>
    expect(likely(ONE, saw("203.0.113.99", { strength: "third-party-observed", vantage: "third-party" }))).toContain(
      "it saw another destination or path",
    ));
});

describe("what nobody saw", () => {
  const predicted = { strength: "config-predicted", vantage: "provider", before: OWN } as const;
  test("another model may choose between what is open, and makes none of it certain", () => {
    const either = [
      outcome(identity("translated", "203.0.113.10"), assume("pool-a", "open")),
      outcome(identity("translated", "203.0.113.11"), assume("pool-b", "open")),
    ];
    expect(short(asked(either, [saw("203.0.113.10", predicted)]))).toMatchObject({
      addresses: ["203.0.113.10"],
      certainty: "possible",
      effects: ["supports"],
    });
  });
  test("one that disagrees is told, and the answer stays", () =>
    expect(short(asked([ONE], [saw("203.0.113.99", predicted)]))).toMatchObject({
      addresses: ["203.0.113.10"],
      certainty: "possible",
      effects: ["contradicts"],
      exit: 4,
    }));
  test("a transcript from another host's shell is about that host", () =>
    expect(short(asked([ONE], [{ ...saw("203.0.113.99"), ranOn: "vm2" }]))).toMatchObject({ effects: ["none"] }));
  test("and from the sender's own is its", () =>
    expect(short(asked([ONE], [{ ...saw("203.0.113.10"), ranOn: "vm1.zone.example" }]))).toMatchObject({
      effects: ["supports"],
    }));
});

// reference, 5: an echoed private address that is not the client's own means a translator or a proxy inside either network.
describe("one line with a private address that no outcome names", () => {
  const anything = outcome({ ...identity("unpredictable"), complete: false });
  const foreign = saw("10.9.9.9", { vantage: "destination" });
  test("is not taken for what the destination sees", () =>
    expect(short(asked([anything], [foreign]))).toMatchObject({ addresses: [], effects: ["none"] }));
  test("counts where an outcome names it", () =>
    expect(short(asked([outcome(identity("translated", "10.9.9.9"))], [foreign]))).toMatchObject({
      addresses: ["10.9.9.9"],
      certainty: "observed",
    }));
  test("counts where the flow's own client wrote it down", () =>
    expect(short(asked([anything], [{ ...foreign, kind: "smtp-transcript" }]))).toMatchObject({
      addresses: ["10.9.9.9"],
      effects: ["supports"],
    }));
  test("a public one counts", () =>
    expect(short(asked([anything], [saw("198.51.100.77", { vantage: "destination" })]))).toMatchObject({
      addresses: ["198.51.100.77"],
      certainty: "observed",
    }));
});
