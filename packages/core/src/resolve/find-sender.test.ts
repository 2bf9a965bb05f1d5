import { describe, expect, test } from "vitest";
import { type Cidr, parseCidr } from "../address/cidr.ts";
import type { Egress } from "../model/egress.ts";
import type { Estate, Host, Interface } from "../model/estate.ts";
import type { Rule } from "../model/rule.ts";
import { same } from "../problem.ts";
import { findSender } from "./find-sender.ts";

const rule: Rule = {
  id: "x",
  ref: "x",
  says: same("x"),
  source: "https://example.org/",
  pageDate: null,
  mark: "read",
  cases: [],
};
const egress: Egress = {
  filters: [],
  routes: { id: "t", stages: [], none: { rule, resource: null, text: same("none"), origin: null } },
  internet: { filters: [], offers: [], none: [] },
};
const nic = (host: string, name: string, address: string): Interface => ({
  id: `${host}/${name}`,
  name,
  resource: `projects/p/${host}/${name}`,
  network: "n",
  mac: null,
  addresses: [{ cidr: parseCidr(address) as Cidr, role: "primary" }],
  connected: [],
  foreignSources: { allowed: false, rule },
  egress,
  origin: null,
});
const host = (project: string, name: string, address: string): Host => ({
  id: `projects/${project}/zones/z/instances/${name}`,
  name,
  interfaces: [nic(`${project}-${name}`, "nic0", `${address}/32`), nic(`${project}-${name}`, "nic1", "10.9.0.0/24")],
  defaultInterface: { interface: `${project}-${name}/nic0`, rule },
  origin: null,
});
const estate: Estate = {
  hosts: [host("a", "web", "10.0.0.1"), host("b", "web", "10.0.0.2"), host("a", "l3-proxy", "10.0.0.3")],
  groups: [
    { id: "projects/a/subnetworks/front", name: "front", kind: "subnet", members: ["a-web/nic0", "b-web/nic0"] },
  ],
};

const named = (text: string) => {
  const found = findSender(estate, text);
  return found.kind === "sender"
    ? [found.sender.host.id, found.sender.interface?.name ?? null, found.sender.source]
    : found;
};

describe("findSender", () => {
  const proxy = "projects/a/zones/z/instances/l3-proxy";
  test.each([
    ["l3-proxy", [proxy, null, null]],
    ["L3-Proxy", [proxy, null, null]],
    ["l3-proxy/nic1", [proxy, "nic1", null]],
    [proxy, [proxy, null, null]],
    [`https://www.googleapis.com/compute/v1/${proxy}`, [proxy, null, null]],
    ["projects/p/a-l3-proxy/nic1", [proxy, "nic1", null]],
    ["10.0.0.3", [proxy, "nic0", "10.0.0.3"]],
  ])("%s", (text, expected) => expect(named(text)).toEqual(expected));

  test("a name of two hosts lists both", () =>
    expect(named("web")).toEqual({
      kind: "several",
      candidates: ["projects/a/zones/z/instances/web", "projects/b/zones/z/instances/web"],
    }));
  test("an address of several interfaces lists them", () =>
    expect(named("10.9.0.7")).toMatchObject({ kind: "several" }));
  test("a group is its members", () =>
    expect(named("front")).toMatchObject({ kind: "group", members: [{ source: null }, { source: null }] }));
  test("a mistyped name gets the nearest", () =>
    expect(named("l3-porxy")).toMatchObject({ kind: "none", nearest: expect.arrayContaining(["l3-proxy"]) }));
  test.each(["__proto__", "constructor", "", "10.0.0.300"])("%j is nobody", (text) =>
    expect(named(text)).toMatchObject({ kind: "none" }),
  );
});
