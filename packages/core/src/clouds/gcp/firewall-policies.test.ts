import { describe, expect, test } from "vitest";
import {
  address,
  base,
  doc,
  docs,
  egressRule,
  nat,
  network,
  P,
  problemsOf,
  router,
  seenBy,
} from "../../testing/gcp.ts";
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

  const all = { destIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] };
  const deny = { ...DENY, match: all };
  const only = (more: object) => ({ ...DENY, match: { ...all, ...more } });
  const own = egressRule("own", { allowed: [{ IPProtocol: "all" }] });
  const ownDeny = egressRule("own-deny", { denied: [{ IPProtocol: "all" }] });
  const after = policy([deny]);
  const hierarchy = (name: string, ...rules: readonly object[]) => ({ name, type: "HIERARCHY", rules });
  const inEffect = (...policies: readonly object[]) => ({ firewallPolicys: policies, firewalls: [own] });
  const DENIED = ["blocked", "translated"];

  test.each([
    ["a denial", [after], DENIED],
    ["of other destinations", [policy([only({ destIpRanges: ["192.0.2.0/24"] })])], CLOSED],
    [
      "of another port",
      [policy([only({ layer4Configs: [{ ipProtocol: "tcp", ports: ["80", "8000-9000"] }] })])],
      CLOSED,
    ],
    ["of this port", [policy([only({ layer4Configs: [{ ipProtocol: "tcp", ports: ["440-450"] }] })])], DENIED],
    ["from other sources", [policy([only({ srcIpRanges: ["10.99.0.0/16"] })])], CLOSED],
    ["after an allowance of its own", [policy([{ ...deny, action: "allow", priority: 1 }, deny])], CLOSED],
    ["after a rule that hands on", [policy([{ ...deny, action: "goto_next", priority: 1 }, deny])], CLOSED],
    ["by number, not by place", [policy([deny, { ...deny, action: "goto_next", priority: 1 }])], CLOSED],
    ["after an allowance of the network", [own, after], CLOSED],
    ["for other service accounts", [policy([{ ...deny, targetServiceAccounts: ["x@p"] }])], CLOSED],
    ["for other networks", [policy([{ ...deny, targetResources: [`${P}/global/networks/net-b`] }])], CLOSED],
    ["for this network", [policy([{ ...deny, targetResources: [`${P}/global/networks/net-a`] }])], DENIED],
    ["for a tag that nobody shows", [policy([{ ...deny, targetSecureTags: [{ name: "tagValues/1" }] }])], OPEN],
    ["for a name that nobody resolves", [policy([only({ destFqdns: ["x.example"] })])], OPEN],
    ["of a region", [policy([deny], { region: `${P}/regions/r1` })], DENIED],
    ["of another region", [policy([deny], { region: `${P}/regions/r2` })], CLOSED],
    ["with a protocol that was cut off", [policy([only({ layer4Configs: [{ ports: ["445"] }] })])], OPEN],
    ["with a range that cannot be read", [policy([only({ destIpRanges: ["anything"] })])], OPEN],
    ["of a folder, in effect, before the network's own allowance", [own, inEffect(hierarchy("1", deny))], DENIED],
    ["of two folders, which only deny", [inEffect(hierarchy("1", deny), hierarchy("2", deny))], DENIED],
    [
      "a folder's allowance before the network's denial",
      [ownDeny, inEffect(hierarchy("1", { ...deny, action: "allow" }))],
      CLOSED,
    ],
    [
      "two folders, one allows: which is first is not shown",
      [inEffect(hierarchy("1", deny), hierarchy("2", { ...deny, action: "allow" }))],
      OPEN,
    ],
    ["twice, alike", [after, { ...after }], DENIED],
    ["twice, and only one denies", [after, policy([NEXT])], OPEN],
    ["a folder's that is not in effect here", [policy([deny], folder), inEffect()], CLOSED],
    [
      "a folder that may allow first, and a denial of the network",
      [ownDeny, policy([{ ...deny, action: "allow" }], folder)],
      DENIED,
    ],
  ])("evaluated: %s", (_, more, expected) => {
    const seen = seenBy(docs(...base, ...NAT10, ...more), { port: 445 });
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(expected));
  });

  test("what may be allowed first is no certain denial", () => {
    const [first] = seenBy(docs(...base, ...NAT10, ownDeny, policy([{ ...deny, action: "allow" }], folder)));
    expect(first?.assumptions).toEqual(["open gcp/no-firewall-policy-allows-first"]);
  });

  test.each([
    ["before its rules: no certain denial", "BEFORE_CLASSIC_FIREWALL", ["open gcp/no-firewall-policy-allows-first"]],
    ["after its rules: a certain one", "AFTER_CLASSIC_FIREWALL", []],
  ])("a policy that the network names and nothing shows, %s", (_, order, expected) => {
    const more = { firewallPolicy: LINK, networkFirewallPolicyEnforcementOrder: order };
    const [first] = seenBy(docs(...base.slice(1), ...NAT10, ownDeny, network("net-a", more)));
    expect([first?.kind, first?.assumptions]).toEqual(["blocked", expected]);
  });

  test("what is evaluated is no problem", () =>
    expect(problemsOf(docs(...base, ...NAT10, after, inEffect(hierarchy("1", deny))))).toEqual([]));

  test("a folder's policy beside what is in effect needs no word", () =>
    expect(problemsOf(docs(...base, ...NAT10, policy([deny], folder), inEffect()))).toEqual([]));

  test("of a network of which that is not shown, it does", () =>
    expect(
      problemsOf(docs(...base, ...NAT10, network("net-b", {}), policy([deny], folder), inEffect())).map(
        ({ code }) => code,
      ),
    ).toEqual(["gcp/firewall-policies-not-read"]));

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
