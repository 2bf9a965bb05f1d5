import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { company } from "../../../../bench/company.mjs";
import { reducer } from "../clouds/reduce.ts";
import { openList } from "../intake/long-list.ts";
import { isMembers } from "./alike.ts";
import { ListReader } from "./list-reader.ts";
import { inPieces, textsOf } from "./testing.ts";

const told = (documents: ReturnType<typeof inPieces>) => documents?.map(({ value, origin }) => ({ value, origin }));

/** Each element parsed and reduced by itself. */
const oneByOne = (text: string) => {
  const { reduce } = reducer();
  const kept = (value: unknown) => (isMembers(value) ? reduce(value) : value);
  return told(inPieces(new ListReader("f.json", { textsOf, kept }), text, text.length));
};

const alike = (text: string, letters = text.length) => told(inPieces(openList("f.json", textsOf), text, letters));

const LAYOUTS = {
  "an element a line": (elements: readonly unknown[]) =>
    `[\n${elements.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`,
  "as gcloud prints it": (elements: readonly unknown[]) => JSON.stringify(elements, null, 2),
  "all on one line": (elements: readonly unknown[]) => JSON.stringify(elements),
  NDJSON: (elements: readonly unknown[]) => elements.map((one) => JSON.stringify(one)).join("\n"),
};

const some = [...company({ vms: 40, subnets: 8, networks: 4, routes: 20, seed: 1 })];

const vm = {
  kind: "compute#instance",
  description: 'a "quoted" word, 网络',
  name: "vm1",
  zone: "z",
  metadata: { items: [{ key: "startup-script", value: "echo" }] },
  networkInterfaces: [{ name: "nic0", networkIP: "10.0.0.1", fingerprint: "x=" }],
  tags: { items: ["edge"] },
};

const CHANGES: Readonly<Record<string, readonly object[]>> = {
  "texts of any length": [{ name: "" }, { name: "vm123" }, { name: "vm" }],
  "escapes and other letters": [{ name: "a\\" }, { name: 'b"c' }, { name: "\u0001" }, { name: "界" }, { name: "é" }],
  "what is left out": [{ description: "" }, { description: "}\\" }, { labels: { a: "1" } }, { labels: { b: "1" } }],
  "fewer and more": [{ tags: { items: [] } }, { tags: { items: ["a", "b"] } }, { tags: {} }, { networkInterfaces: [] }],
  "of the wrong type": [{ name: 7 }, { name: null }, { tags: "edge" }, { tags: "other" }, { zone: ["z"] }],
  "who made it": ["created-by", "created-by ", "startup-script"].flatMap((key) =>
    ["g/m1", "g/m2", ""].map((value) => ({ metadata: { items: [{ key, value }] } })),
  ),
  "another kind": ["compute#route", "compute#router", 7, undefined, "compute#address"].map((kind) => ({ kind })),
  "names of objects' own members": [{ toString: "a" }, { constructor: { name: "b" } }, { valueOf: "c" }],
};

describe.each(Object.entries(LAYOUTS))("%s", (_, laidOut) => {
  const reads = (elements: readonly unknown[], pieces: readonly number[] = []) => {
    const text = laidOut(elements);
    const expected = oneByOne(text);
    expect(expected).toHaveLength(elements.length);
    for (const letters of [...pieces, text.length]) expect(alike(text, letters)).toEqual(expected);
  };

  test("a company reads as if each element were parsed", () => reads(some, [991, 5000]));

  test.each(Object.entries(CHANGES))("%s", (_name, changes) =>
    reads([vm, vm, ...changes.flatMap((change) => [{ ...vm, ...change }, vm])]),
  );
});

test("a key that stands twice, or is written otherwise: what JSON says of it", () => {
  const line = JSON.stringify(vm);
  for (const other of [
    line.replace('"zone":"z"', '"zone":"z","zone":"y"'),
    line.replace('"zone":"z"', '"zone":"z","kind":"compute#router"'),
    line.replace('"zone"', '"z\\u006fne"'),
    line.replace('"kind":"compute#instance",', ""),
    line.replace('"networkIP"', '"network\\u0049P"'),
  ]) {
    const text = [line, other, line, other, line].join("\n");
    expect(alike(text)).toEqual(oneByOne(text));
  }
});

test("deeper than anything that is read, in what is left out", () => {
  const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
  const line = JSON.stringify(vm).replace('"zone"', `"labels":${deep},"zone"`);
  const text = [line, line].join("\n");
  expect(alike(text)).toEqual(oneByOne(text));
});

test("damaged anywhere: what is not sound is never taken for what it was like", () => {
  const line = JSON.stringify(vm);
  const damage = fc.constantFrom("", "}", '"', ",", "\\", "\n", "\u0000", "x", "[", "1", "\\u12", ":");
  fc.assert(
    fc.property(fc.nat(line.length), fc.nat(3), damage, (at, taken, put) => {
      const text = [line, line, line.slice(0, at) + put + line.slice(at + taken), line].join("\n");
      const expected = oneByOne(text);
      expect(alike(text)).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});
