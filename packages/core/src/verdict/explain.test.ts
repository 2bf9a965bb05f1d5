import { expect, test } from "vitest";
import { compileGcp } from "../clouds/gcp/compile.ts";
import { parseTarget } from "../model/target.ts";
import { address, base, docs, nat, router, vm } from "../testing/gcp.ts";
import { explain } from "./explain.ts";

const estate = compileGcp(
  docs(
    ...base.filter((value) => value !== base[2]),
    vm("vm1", undefined, { creationTimestamp: "2024-12-20T10:00:00.000-08:00" }),
    router("rtr-a", { nats: [nat()] }),
    address("nat-10", "203.0.113.10"),
  ),
).value;

const certaintyAt = (at: string | null) => {
  const given = { estate, guests: [], evidence: [], from: "vm1", source: null, resolved: [], problems: [] };
  const explained = explain({ ...given, to: parseTarget("198.51.100.25:443") ?? null, at });
  return explained.kind === "verdict" ? explained.verdict.certainty : explained.kind;
};

// An export shows one moment: nothing in it is of a time when its sender was not there yet.
test.each([
  [null, "predicted"],
  ["2024-12-20T18:00:01Z", "predicted"],
  ["2024-12-20T17:59:59Z", "possible"],
])("asked for %s, a sender made at 18:00 UTC is %s", (at, certainty) => {
  expect(certaintyAt(at)).toBe(certainty);
});
