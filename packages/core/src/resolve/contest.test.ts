import { expect, test } from "vitest";
import { readEstate } from "../clouds/read-estate.ts";
import { base, docs, INTERNET, ip, route } from "../testing/gcp.ts";
import { contendersOf } from "./contest.ts";
import { findSender } from "./find-sender.ts";
import { outcomesAt } from "./resolve.ts";

// https://docs.cloud.google.com/vpc/docs/routes#routeselection: the longest prefix, then the lowest priority.
test("who competed for a route, and by which rule each won or lost", async () => {
  const { value: estate } = await readEstate(
    docs(
      ...base,
      route("narrow", "198.51.100.0/24", INTERNET, { priority: 100 }),
      route("narrow-2", "198.51.100.0/24", INTERNET, { priority: 200 }),
      route("elsewhere", "203.0.113.0/24", INTERNET),
    ),
  );
  const found = findSender(estate, "vm1");
  if (found.kind !== "sender") throw new Error("vm1 is there");
  const [outcome] = outcomesAt({ sender: found.sender, protocol: "tcp", port: 443, guest: null }, ip("198.51.100.7"));
  const contest = outcome?.steps.find((step) => step.contest !== undefined)?.contest;
  if (contest === undefined) throw new Error("a route was looked up");
  const told = contendersOf(contest).map(({ route: { name }, fate, rule }) => [name, fate, rule === null]);
  expect(told).toEqual([
    ["narrow", "taken", false],
    ["narrow-2", "less-preferred", false],
    ["default-route", "less-specific", false],
  ]);
});
