import { openScenario } from "@seenas/core";
import { describe, expect, test } from "vitest";
import { casesOf } from "../cases.ts";
import type { Draft } from "./draft.ts";
import { draftOf, scenariosOf } from "./generate.ts";

const SEEDS = Array.from({ length: 150 }, (_, index) => index);

test("a seed is one network", () => expect(draftOf(7)).toEqual(draftOf(7)));

describe.each(["aws", "azure", "gcp"] as const)("%s", (cloud) => {
  const drafts = SEEDS.map(draftOf).filter((draft) => draft.cloud === cloud);

  test("what is drawn is read without a word of complaint, and can be built", async () => {
    for (const draft of drafts.slice(0, 15)) {
      const [first] = scenariosOf(draft);
      const opened = await openScenario(first, []);
      expect(opened.problems).toEqual([]);
      expect(opened.found.kind).toBe("sender");
      for (const { plans } of casesOf(first, opened, [draft.pool])) expect(plans).not.toHaveProperty("why");
    }
  });

  // A generator that draws too little finds nothing: everything a cloud has to decide about is to be seen among its answers.
  test("every translator is drawn", { timeout: 60_000 }, async () => {
    const seen = new Set<string>();
    for (const draft of drafts) for (const kind of await answersOf(draft)) seen.add(kind);
    expect([...seen]).toEqual(expect.arrayContaining(EXPECTED[cloud]));
  });
});

const EXPECTED = {
  aws: ["blocked", "preserved", "instance-public-ip", "nat-gateway"],
  azure: ["blocked", "instance-public-ip", "nat-gateway", "load-balancer", "firewall"],
  gcp: ["blocked", "preserved", "instance-public-ip", "nat-gateway"],
};

async function answersOf(draft: Draft): Promise<readonly string[]> {
  const scenarios = scenariosOf(draft);
  const opened = await openScenario(scenarios[0], []);
  return scenarios
    .flatMap((scenario) => casesOf(scenario, opened, [draft.pool]))
    .flatMap(({ expected }) => expected.map(({ identity }) => identity.translator ?? identity.kind));
}
