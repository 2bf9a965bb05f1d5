import { expect, test } from "vitest";
import { answersOf } from "../../../../bench/answers.mjs";
import { company } from "../../../../bench/company.mjs";
import { randomNumbers } from "../../../../bench/estate.mjs";
import { oracleOf, wrongProbes } from "../../../../bench/oracle.mjs";
import { readEstate } from "../clouds/read-estate.ts";
import { readJsonDocuments } from "../documents/json.ts";
import { textsOf } from "../documents/testing.ts";
import { openList } from "../intake/long-list.ts";
import { mapEstate } from "./estate-map.ts";

const SHAPE = { vms: 2000, subnets: 40, networks: 4, routes: 300, seed: 20241220 };
const PROBES = 3000;

const documentsOf = (resources: Iterable<object>) => {
  const text = `[\n${[...resources].map((one) => JSON.stringify(one)).join(",\n")}\n]\n`;
  const list = openList("company.json", textsOf);
  list.push(Buffer.from(text));
  return { whole: readJsonDocuments(text, "company.json").value, reduced: list.end() ?? [] };
};

test("what is seen of a company is what the pages of the provider say, one destination at a time", {
  timeout: 60_000,
}, async () => {
  const { whole, reduced } = documentsOf(company(SHAPE));
  const oracle = oracleOf(company(SHAPE));
  for (const documents of [whole, reduced]) {
    const { value, problems } = await readEstate(documents);
    expect(problems).toEqual([]);
    const map = mapEstate(value, { spoiled: false });
    expect(map.interfaces.length).toBe(SHAPE.vms);
    expect([...wrongProbes(oracle, answersOf(map), randomNumbers(7), PROBES)]).toEqual([]);
  }
});
