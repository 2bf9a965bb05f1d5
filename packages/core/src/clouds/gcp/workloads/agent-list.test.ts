import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nonMasqueradeList } from "./agent-list.ts";

// The forms of https://github.com/kubernetes-sigs/ip-masq-agent/blob/master/README.md and of GKE's page.
describe("nonMasqueradeList", () => {
  test.each([
    [
      "a block",
      "nonMasqueradeCIDRs:\n  - 10.0.0.0/8\n  - 172.16.0.0/12\nmasqLinkLocal: false\n",
      ["10.0.0.0/8", "172.16.0.0/12"],
    ],
    [
      "a block at the margin",
      "masqLinkLocal: true\nnonMasqueradeCIDRs:\n- 10.0.0.0/8\nresyncInterval: 60s",
      ["10.0.0.0/8"],
    ],
    ["brackets", 'nonMasqueradeCIDRs: ["10.0.0.0/8", 192.168.0.0/16]\n', ["10.0.0.0/8", "192.168.0.0/16"]],
    [
      "brackets over lines",
      "nonMasqueradeCIDRs: [\n  10.0.0.0/8,\n  192.168.0.0/16\n]\n",
      ["10.0.0.0/8", "192.168.0.0/16"],
    ],
    ["comments", "# ours\nnonMasqueradeCIDRs: # all private\n  - 10.0.0.0/8 # offices\n", ["10.0.0.0/8"]],
    ["JSON", '{"nonMasqueradeCIDRs":["10.0.0.0/8"],"masqLinkLocal":false}', ["10.0.0.0/8"]],
    ["an empty list", "nonMasqueradeCIDRs: []\n", []],
    ["no list", "masqLinkLocal: false\nresyncInterval: 60s\n", "absent"],
    ["nothing", "\n", "absent"],
    ["a list cut short", "nonMasqueradeCIDRs: [10.0.0.0/8,", "unreadable"],
    ["an anchor", "nonMasqueradeCIDRs: *ours\n", "unreadable"],
    ["a map", "nonMasqueradeCIDRs:\n  ten: 10.0.0.0/8\n", "unreadable"],
    ["JSON cut short", '{"nonMasqueradeCIDRs":["10.0.0.0/8"', "unreadable"],
    ["prose", "this is no configuration", "unreadable"],
  ])("%s", (_, text, expected) => expect(nonMasqueradeList(text)).toEqual(expected));

  test("no text throws, and what is printed is read back", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("nonMasqueradeCIDRs:", "\n", "- ", "[", "]", "{", '"', ",", "#", "1") }),
        (text) => {
          nonMasqueradeList(text);
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.ipV4().map((ip) => `${ip}/32`),
          { minLength: 1 },
        ),
        (list) => {
          expect(nonMasqueradeList(`nonMasqueradeCIDRs:\n${list.map((one) => `  - ${one}\n`).join("")}`)).toEqual(list);
        },
      ),
    );
  });
});
