import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { listOf } from "../address/address-set.ts";
import { parseTarget } from "../model/target.ts";
import { type Explained, explain } from "../verdict/explain.ts";
import { type InputText, takeIn } from "./intake.ts";

const examples = fileURLToPath(new URL("../../../../examples/", import.meta.url));

const filesOf = (example: string): readonly InputText[] =>
  readdirSync(join(examples, example, "export"), { recursive: true }).flatMap((name) => {
    const path = join(examples, example, "export", String(name));
    return statSync(path).isFile()
      ? [{ name: String(name), text: readFileSync(path, "utf8"), role: "config" as const }]
      : [];
  });

async function answer(files: readonly InputText[], from: string, to: string): Promise<Explained> {
  const taken = await takeIn(files, () => null);
  return explain({ ...taken, from, source: null, to: parseTarget(to) ?? null, at: null, resolved: [] });
}

const factsOf = (explained: Explained) =>
  explained.kind === "verdict"
    ? { kind: explained.verdict.answer.kind, addresses: listOf(explained.verdict.answer.addresses) }
    : null;

const isCertain = (explained: Explained): boolean =>
  explained.kind === "verdict" && !["possible", "unknown"].includes(explained.verdict.certainty);

describe.each([
  { example: "gcp-mail-config-only", from: "l3-proxy", to: "198.51.100.25:25" },
  { example: "gcp-cloud-nat-manual", from: "l3-proxy", to: "192.0.2.80:443" },
  { example: "azure-1-public-ip", from: "vm1", to: "192.0.2.50:80" },
  { example: "azure-2-load-balancer", from: "vm1", to: "192.0.2.50:80" },
  { example: "azure-3-two-nics", from: "vm1", to: "192.0.2.50:80" },
  { example: "azure-4-third-nic", from: "vm1", to: "192.0.2.50:80" },
])("a file cut short, examples/$example", ({ example, from, to }) => {
  const files = filesOf(example);

  test.each(files.map(({ name }) => name))("%s: never a certain answer that the whole does not give", async (name) => {
    const whole = factsOf(await answer(files, from, to));
    const { text } = files.find((file) => file.name === name) ?? { text: "" };
    // Forty places, spread over the file and around its end.
    const cuts = Array.from({ length: 36 }, (_, index) => Math.floor((text.length * index) / 36));
    for (const at of [...cuts, text.length - 2, text.length - 3, text.length - 4, text.length - 5]) {
      const cut = files.map((file) => (file.name === name ? { ...file, text: text.slice(0, Math.max(at, 0)) } : file));
      const explained = await answer(cut, from, to);
      if (isCertain(explained)) expect(factsOf(explained), `cut at ${at}`).toEqual(whole);
    }
  });

  test.each(files.map(({ name }) => name))("%s left out: the same", async (name) => {
    const whole = factsOf(await answer(files, from, to));
    const explained = await answer(
      files.filter((file) => file.name !== name),
      from,
      to,
    );
    // Without the guest's own tables the documented default is assumed, and printed: that is another question.
    if (isCertain(explained) && !name.endsWith(".txt")) expect(factsOf(explained)).toEqual(whole);
  });
});

test("nothing given, empty files, other text: no answer, and no crash", async () => {
  for (const text of [
    "",
    " \n",
    "{}",
    "[]",
    "null",
    "hello",
    "<html></html>",
    "- a\n- b",
    '{"kind":"compute#instance"}',
  ]) {
    const explained = await answer([{ name: "x", text, role: "config" }], "vm1", "192.0.2.50:80");
    expect(isCertain(explained)).toBe(false);
  }
});

test.each(['{"a":1}', '[{"srcaddr":"192.0.2.1"}]', '{"instances":[]}'])(
  "%s given as evidence is not passed over",
  async (text) => {
    const taken = await takeIn([{ name: "x.json", text, role: "evidence" }], () => null);
    expect(taken.evidence.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual(["evidence/unknown"]);
  },
);
