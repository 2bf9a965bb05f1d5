import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { ConfigDocument } from "../document.ts";
import { readEstate } from "../read-estate.ts";
import { translateTerraform } from "./index.ts";

/** Real states, kept beside the repository. */
const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../../../../shared/samples/terraform-state");
const absent = !existsSync(folder);
if (absent) console.warn(`skipped: no samples at ${folder}`);

const textOf = (name: string): string => readFileSync(join(folder, name), "utf8");
const documentOf = (name: string): ConfigDocument => ({
  origin: { file: name, line: null },
  value: JSON.parse(textOf(name)),
  linesOf: () => [],
});

describe.skipIf(absent)("samples", () => {
  test.each([
    {
      // natIps 203.0.113.40 on vnet1/subnet3: the association resources tie them together
      name: "azurerm-nat-gateway-constructed.tfstate.json",
      holds: ["203.0.113.40", "subnet3", "ngw"],
    },
    {
      // natIps null: automatic addresses are never in a state
      name: "google-router-nat-auto.tfstate.json",
      holds: ["AUTO_ONLY", "ALL_SUBNETWORKS_ALL_IP_RANGES", "cloud-nat-ramnm4", "northamerica-northeast1"],
    },
  ])("$name: the translator and its addresses arrive in the shape of the cloud's export", ({ name, holds }) => {
    const { value } = translateTerraform([documentOf(name)], []);
    const translated = JSON.stringify(value.documents.map((document) => document.value));
    for (const word of holds) expect(translated).toContain(word);
  });

  test("a state without addresses brings none", () => {
    const { value } = translateTerraform([documentOf("google-router-nat-auto.tfstate.json")], []);
    expect(JSON.stringify(value.documents.map((document) => document.value))).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  });

  test.each(["azurerm-nat-gateway-constructed.tfstate.json", "google-router-nat-auto.tfstate.json"])(
    "%s: read without an error, though it holds no VM",
    async (name) => {
      const { value, problems } = await readEstate([documentOf(name)]);
      expect(problems.filter(({ level }) => level === "error")).toEqual([]);
      expect(value.hosts).toEqual([]);
    },
  );
});
