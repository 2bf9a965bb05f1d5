import { expect, test } from "vitest";
import { base, docs, egressRule, nat, nic, P, router, seenBy, vm } from "../../testing/gcp.ts";

const deny = (more: object = {}) => egressRule("deny", { denied: [{ IPProtocol: "all" }], ...more });
const NAT = router("rtr-a", { nats: [nat("nat-a", { natIps: ["203.0.113.10"] })] });
const first = (values: readonly object[]) => seenBy(docs(...base, NAT, ...values), { port: 443 })[0]?.kind;

// https://docs.cloud.google.com/firewall/docs/firewalls
test.each([
  ["a denial of everything", [deny()], "blocked"],
  ["a disabled one", [deny({ disabled: true })], "translated"],
  ["one for incoming traffic", [deny({ direction: "INGRESS" })], "translated"],
  ["one of another network", [deny({ network: `${P}/global/networks/net-b` })], "translated"],
  ["one for other destinations", [deny({ destinationRanges: ["192.0.2.0/24"] })], "translated"],
  ["one for another protocol by number", [deny({ denied: [{ IPProtocol: "17" }] })], "translated"],
  ["one for this protocol by number", [deny({ denied: [{ IPProtocol: "6", ports: ["440-450"] }] })], "blocked"],
  ["one for ESP", [deny({ denied: [{ IPProtocol: "esp" }] })], "translated"],
  ["one for other ports", [deny({ denied: [{ IPProtocol: "tcp", ports: ["80", "8000-9000"] }] })], "translated"],
  [
    "an allowance before it",
    [deny(), egressRule("allow", { priority: 10, allowed: [{ IPProtocol: "tcp", ports: ["443"] }] })],
    "translated",
  ],
  [
    "an allowance after it",
    [deny({ priority: 10 }), egressRule("allow", { allowed: [{ IPProtocol: "tcp" }] })],
    "blocked",
  ],
  ["one for other service accounts", [deny({ targetServiceAccounts: ["x@p.iam.gserviceaccount.com"] })], "translated"],
  ["one for other sources", [deny({ sourceRanges: ["10.99.0.0/16"] })], "translated"],
  ["an unreadable range", [deny({ destinationRanges: ["anything"] })], "blocked"],
])("%s", (_, values, kind) => expect(first(values)).toBe(kind));

test("a service account is a target", () => {
  const values = base.map((value) =>
    value === base[2] ? vm("vm1", [nic()], { serviceAccounts: [{ email: "a@p" }] }) : value,
  );
  expect(seenBy(docs(...values, NAT, deny({ targetServiceAccounts: ["a@p"] })))[0]?.kind).toBe("blocked");
});

test("a rule without destination ranges means IPv4 alone", () => {
  const six = vm("vm1", [nic({ ipv6AccessConfigs: [{ externalIpv6: "2001:db8::", externalIpv6PrefixLength: 96 }] })]);
  const route6 = {
    kind: "compute#route",
    name: "six",
    selfLink: `${P}/global/routes/six`,
    network: `${P}/global/networks/net-a`,
    destRange: "::/0",
    nextHopGateway: "x",
  };
  const values = base.map((value) => (value === base[2] ? six : value));
  expect(seenBy(docs(...values, route6, deny()), { to: "2001:db8:ffff::1" })[0]?.kind).toBe("preserved");
});

test("a denied flow shows what would be seen if the rule changed", () => {
  expect(seenBy(docs(...base, NAT, deny())).map(({ kind, assumptions }) => [kind, assumptions])).toEqual([
    ["blocked", []],
    ["translated", ["open gcp/firewall-rule-lifted:deny"]],
  ]);
});
