import { describe, expect, test } from "vitest";
import { address, base, doc, docs, nat, network, P, problemsOf, router, seenBy } from "../../testing/gcp.ts";
import { compileGcp } from "./compile.ts";

const NAT10 = [router("rtr-a", { nats: [nat()] }), address("nat-10", "203.0.113.10")];
const LINK = `${P}/global/firewallPolicies/fp1`;
const DENY = { priority: 1000, action: "deny", direction: "EGRESS" };
const NEXT = { priority: 2147483647, action: "goto_next", direction: "EGRESS" };
const OPEN = ["translated", "blocked"];
const CLOSED = ["translated"];

const policy = (rules: unknown, more: object = {}) => ({
  kind: "compute#firewallPolicy",
  name: "fp1",
  selfLink: LINK,
  associations: [{ name: "x", attachmentTarget: `${P}/global/networks/net-a` }],
  rules,
  ...more,
});
const effective = (...rules: readonly object[]) => ({
  firewallPolicys: [{ name: "fp1", type: "NETWORK", rules }],
  firewalls: [],
});
const named = network("net-a", { firewallPolicy: LINK });
const folder = { associations: [{ name: "x", attachmentTarget: "folders/123" }], selfLink: "locations/global/x" };
const other = { associations: [{ name: "x", attachmentTarget: `${P}/global/networks/net-b` }] };

// https://docs.cloud.google.com/firewall/docs/firewall-policies-rule-eval-order
describe("firewall policies", () => {
  test.each([
    ["one that denies egress", [policy([DENY, NEXT])], OPEN],
    ["in a list", [{ kind: "compute#firewallPolicyList", items: [policy([DENY])] }], OPEN],
    ["a folder's", [policy([DENY], folder)], OPEN],
    ["of nobody knows what", [policy([DENY], { associations: undefined })], OPEN],
    ["another network's", [policy([DENY], other)], CLOSED],
    ["without a denial", [policy([NEXT, { ...DENY, direction: "INGRESS" }, { ...NEXT, action: "allow" }])], CLOSED],
    ["with a denial that is disabled", [policy([NEXT, { ...DENY, disabled: true }])], CLOSED],
    ["with a security profile", [policy([{ ...DENY, action: "apply_security_profile_group" }])], OPEN],
    ["without its rules", [policy(undefined)], OPEN],
    ["named by the network alone", [named], OPEN],
    ["named by the network, shown, without a denial", [named, policy([NEXT])], CLOSED],
    ["in effect", [effective(DENY)], OPEN],
    ["in effect, without a denial", [named, effective(NEXT)], CLOSED],
  ])("%s", (_, more, expected) => {
    expect(seenBy(docs(...base, ...NAT10, ...more)).map(({ kind }) => kind)).toEqual(expected);
  });

  test.each([[policy([DENY])], [named], [effective(DENY)]])(
    "that they are not read is told, and what to ask: %#",
    (one) => {
      const documents = docs(...base, ...NAT10, one);
      expect(problemsOf(documents).map(({ code }) => code)).toContain("gcp/firewall-policies-not-read");
      expect(seenBy(documents)[1]?.commands).toContain(
        "gcloud compute networks get-effective-firewalls net-a --project=p --format=json",
      );
    },
  );

  test("a file that was cut short may have held one", () => {
    const documents = [...docs(...base, ...NAT10), doc(policy([NEXT]), "firewall-policies.json")];
    const gapsOf = (damaged: ReadonlySet<string>) =>
      compileGcp(documents, damaged).value.hosts[0]?.interfaces[0].egress.routes.stages.flatMap(({ gaps }) =>
        gaps.filter(({ harmless }) => harmless.id.startsWith("gcp/firewall-policies")),
      ).length;
    expect(gapsOf(new Set())).toBe(0);
    expect(gapsOf(new Set(["firewall-policies.json"]))).toBe(1);
  });
});
