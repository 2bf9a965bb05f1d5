import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnyEvidence } from "../../read.ts";

const read = (text: string) => readAnyEvidence(text, "trip.json", { vantage: null });

/** As serde writes them, numbers with a fraction as texts: crates/trippy-tui/src/report/types.rs */
const hop = (ttl: number, hosts: readonly string[], more: object = {}) => ({
  ttl,
  hosts: hosts.map((ip) => ({ ip, hostname: ip })),
  extensions: [],
  ...{ loss_pct: hosts.length === 0 ? "100.00" : "0.00", sent: 3, last: "1.20", recv: hosts.length === 0 ? 0 : 3 },
  ...{ avg: "1.10", best: "1.00", worst: "1.20", stddev: "0.10", jitter: "0.10", javg: "0.10", jmax: "0.10" },
  ...{ jinta: "0.30", nat: null, tos: 0 },
  ...more,
});
const report = (...hops: readonly object[]) =>
  JSON.stringify(
    {
      info: {
        target: { ip: "198.51.100.25", hostname: "mx.partner.example" },
        ...{ start_timestamp: "2024-12-20T11:00:00Z", end_timestamp: "2024-12-20T11:00:30Z" },
      },
      hops,
    },
    null,
    2,
  );

describe("a report of trippy", () => {
  test("found: a path, and no source", async () => {
    const evidence = await read(
      report(
        hop(1, []),
        hop(2, ["10.72.2.1"], { nat: false }),
        hop(3, ["203.0.113.14", "203.0.113.15"], {
          nat: true,
          extensions: [{ mpls: { members: [{ label: 24_010, exp: 0, bos: 1, ttl: 1 }] } }],
        }),
        hop(4, ["198.51.100.25"], { nat: false }),
      ),
    );
    expect(evidence.kind).toBe("traceroute");
    expect(evidence.problems).toEqual([]);
    expect(evidence.observations.every(({ seen }) => seen.source === null)).toBe(true);
    const [path] = evidence.paths;
    expect(path).toMatchObject({
      destination: "198.51.100.25",
      destinationName: "mx.partner.example",
      reached: true,
    });
    expect(path?.hops.map(({ ttl, replies, lost }) => [ttl, replies.map(({ address }) => address), lost])).toEqual([
      [1, [], 3],
      [2, ["10.72.2.1"], 0],
      [3, ["203.0.113.14", "203.0.113.15"], 0],
      [4, ["198.51.100.25"], 0],
    ]);
    expect(path?.hops.map(({ replies }) => replies[0]?.rttMs)).toEqual([undefined, 1.1, null, 1.1]);
    const hints = new Map(path?.hints.map(({ kind, ttls }) => [kind, ttls]));
    expect([hints.get("nat-sign"), hints.get("mpls"), hints.get("multipath"), hints.get("private-to-public")]).toEqual([
      [3],
      [3],
      [3],
      [2, 3],
    ]);
  });
  test("without a word on translation there is no sign of one", async () => {
    const { paths } = await read(report(hop(1, ["10.72.2.1"]), hop(2, ["203.0.113.14"], { nat: false })));
    expect(paths[0]?.hints.map(({ kind }) => kind)).not.toContain("nat-sign");
  });
  test("hosts that it hides are no hosts", async () => {
    const hidden = { hosts: [{ ip: null, hostname: "**hidden**" }] };
    const { paths } = await read(report(hop(1, [], hidden), hop(2, ["203.0.113.14"])));
    expect(paths[0]?.hops.map(({ replies }) => replies.length)).toEqual([0, 1]);
  });
  test("truncated: told, and nothing invented", async () => {
    const text = report(hop(1, ["10.72.2.1"]), hop(2, ["203.0.113.14"]));
    const { problems, observations } = await read(text.slice(0, -60));
    expect(problems.length).toBeGreaterThan(0);
    expect(observations.every(({ seen }) => seen.source === null)).toBe(true);
  });
  test("any value anywhere", () =>
    fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom("ttl", "hosts", "extensions", "sent", "avg", "nat"),
        async (value, at) => {
          const { observations } = await read(report(hop(1, ["10.72.2.1"], { [at]: value })));
          expect(observations.every(({ seen }) => seen.source === null)).toBe(true);
        },
      ),
    ));
});
