import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnyEvidence } from "../../read.ts";
import { isConnectivityTest, readConnectivityTests } from "./connectivity-test.ts";

const step = (state: string, more: object = {}) => ({ state, ...more });
const masquerade = step("NAT", {
  nat: { type: "GKE_POD_IP_MASQUERADING", oldSourceIp: "10.60.1.7", newSourceIp: "10.20.0.21" },
});
const cloudNat = step("NAT", { nat: { type: "CLOUD_NAT", oldSourceIp: "10.20.0.21", newSourceIp: "203.0.113.10" } });
const trace = (...steps: readonly object[]) => ({
  endpointInfo: { sourceIp: "10.60.1.7", destinationIp: "198.51.100.25", destinationPort: 443, protocol: "TCP" },
  steps,
});
const tested = (...traces: readonly object[]) =>
  JSON.stringify({
    name: "projects/p/locations/global/connectivityTests/t",
    reachabilityDetails: { result: "REACHABLE", verifyTime: "2026-03-01T10:00:00Z", traces },
  });

// https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto
describe("Connectivity Tests", () => {
  test("the last translation is the source, the first tells the sender", async () => {
    const text = tested(trace(step("START_FROM_GKE_POD"), masquerade, cloudNat, step("DELIVER")));
    expect(isConnectivityTest(text)).toBe(true);
    expect(await readAnyEvidence(text, "t.json", { vantage: null })).toMatchObject({
      kind: "path-analysis",
      problems: [],
      observations: [
        {
          strength: "config-predicted",
          vantage: "provider",
          before: { text: "10.60.1.7" },
          seen: { source: { text: "203.0.113.10" }, destinationPort: 443, protocol: "tcp", at: "2026-03-01T10:00:00Z" },
        },
      ],
    });
  });

  test.each([
    ["kept where nothing translates", [step("START_FROM_INSTANCE"), step("DELIVER")], ["10.60.1.7"]],
    ["forwarded into a tunnel", [step("START_FROM_INSTANCE"), masquerade, step("FORWARD")], ["10.20.0.21"]],
    ["dropped", [step("START_FROM_INSTANCE"), cloudNat, step("DROP", { causesDrop: true })], []],
    ["aborted", [step("START_FROM_INSTANCE"), step("ABORT")], []],
    ["a step hidden", [step("VIEWER_PERMISSION_MISSING"), cloudNat, step("DELIVER")], []],
    ["a state added later", [step("SOMETHING_NEW"), cloudNat, step("DELIVER")], ["203.0.113.10"]],
  ])("%s", (_, steps, sources) => {
    const { observations, problems } = readConnectivityTests(tested(trace(...steps)), "t.json");
    expect(observations.map(({ seen }) => seen.source?.text)).toEqual(sources);
    expect(problems.map(({ code }) => code)).toEqual(sources.length > 0 ? [] : ["path-analysis/nothing-arrives"]);
  });

  test("cut short: what came before the cut, and a problem", () => {
    const text = tested(trace(cloudNat, step("DELIVER"))).slice(0, -40);
    expect(readConnectivityTests(text, "t.json").problems.some(({ level }) => level === "error")).toBe(true);
  });

  test("no JSON throws", () => {
    const damaged = fc.letrec((tie) => ({
      any: fc.oneof(fc.constantFrom("NAT", "DELIVER", "10.0.0.1", "", null, 7), fc.array(tie("any")), tie("fields")),
      fields: fc.dictionary(
        fc.constantFrom("steps", "state", "nat", "newSourceIp", "endpointInfo", "reachabilityDetails", "traces"),
        tie("any"),
      ),
    }));
    fc.assert(fc.property(damaged.any, (value) => void readConnectivityTests(JSON.stringify(value), "t.json")));
  });
});
