import { describe, expect, test } from "vitest";
import { absentMember } from "./needed.ts";

const at = "projects/p/global/networks/n";
const nat = {
  name: "nat-a",
  natIpAllocateOption: "MANUAL_ONLY",
  natIps: ["projects/p/regions/r/addresses/a"],
  sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
  subnetworks: [{ name: "projects/p/regions/r/subnetworks/s", sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
  rules: [{ ruleNumber: 1, match: "destination.ip == '203.0.113.5'", action: { sourceNatActiveIps: ["x"] } }],
};
const router = (members: object) => ({ network: at, region: "r", nats: [{ ...nat, ...members }] });

// https://docs.cloud.google.com/compute/docs/reference/rest/v1: what each resource always holds
describe("what a resource of the API always has", () => {
  test.each([
    ["instance", { networkInterfaces: [{ network: at, networkIP: "10.0.0.5" }] }],
    ["instance", { networkInterfaces: [{ network: at, stackType: "IPV6_ONLY" }] }],
    ["subnetwork", { network: at, ipCidrRange: "10.0.0.0/24" }],
    ["subnetwork", { network: at, stackType: "IPV6_ONLY" }],
    ["firewall", { network: at, direction: "EGRESS", denied: [{ IPProtocol: "all" }] }],
    ["route", { network: at, destRange: "0.0.0.0/0", nextHopGateway: "default-internet-gateway" }],
    ["route", { network: at, destRange: "10.0.0.0/8", nextHopAddedLater: "x" }],
    ["router", { network: at, region: "r" }],
    ["router", router({})],
    ["router", router({ natIps: [] })],
    ["router", router({ natIpAllocateOption: "AUTO_ONLY", natIps: undefined })],
  ] as const)("%s %#: whole", (kind, value) => {
    expect(absentMember({ kind, value })).toBeUndefined();
  });

  test.each([
    ["instance", { networkInterfaces: [{ network: at }] }, "networkInterfaces[].networkIP"],
    ["subnetwork", { network: at }, "ipCidrRange"],
    ["firewall", { network: at, direction: "EGRESS" }, "allowed or denied"],
    ["firewall", { network: at, denied: [{ IPProtocol: "all" }] }, "direction"],
    ["router", router({ natIps: undefined }), "nats[].natIps"],
    ["router", router({ subnetworks: undefined }), "nats[].subnetworks"],
    ["router", router({ subnetworks: [{}] }), "nats[].subnetworks[].name"],
    ["router", router({ rules: [{ ruleNumber: 1, match: "x" }] }), "nats[].rules[].action"],
    ["route", { network: at, destRange: "0.0.0.0/0", nextHopGateway: null }, "nextHop…"],
    ["forwarding-rule", { network: at }, "IPAddress"],
    ["policy-route", { network: at }, "filter"],
  ] as const)("%s %#: without %3$s", (kind, value, member) => {
    expect(absentMember({ kind, value })).toBe(member);
  });
});
