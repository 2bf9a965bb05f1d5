import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonDocuments } from "./json.ts";
import { ListReader } from "./list-reader.ts";
import { inPieces as piecesInto, textsOf } from "./testing.ts";

const inPieces = (text: string, length: number) =>
  piecesInto(new ListReader("f.json", { textsOf, kept: (value) => value }), text, length);

const told = (documents: ReturnType<typeof inPieces>) => documents?.map(({ value, origin }) => ({ value, origin }));

const elements = [
  { name: "vm1", tags: ["a"], note: "a } and a ] in a string\n" },
  { nested: [{ a: [] }, {}] },
  { name: "界" },
];
const indented = JSON.stringify(elements, null, 2);
const byLine = elements.map((element) => JSON.stringify(element));

const SOUND = {
  "a list as gcloud prints it": indented,
  "a list that is itself indented": indented.replace(/^/gm, "    "),
  "an element a line": `[\n${byLine.join(",\n")}\n]\n`,
  NDJSON: `${byLine.join("\n")}\n`,
  "all on one line": `[${byLine.join(", ")}]`,
  "lists one after another": `${indented}\n${indented}`,
  "carriage returns": indented.replaceAll("\n", "\r\n"),
};

describe.each(Object.entries(SOUND))("%s", (_, text) => {
  test("reads as the whole does, whatever the pieces", () => {
    const whole = readJsonDocuments(text, "f.json");
    expect(whole.problems).toEqual([]);
    for (const length of [1, 2, 7, 30, text.length]) expect(told(inPieces(text, length))).toEqual(told(whole.value));
  });

  test("cut anywhere: never taken for whole", () => {
    for (let end = 0; end < text.trimEnd().length; end += 1) {
      const { value, problems } = readJsonDocuments(text.slice(0, end), "f.json");
      const read = inPieces(text.slice(0, end), 16);
      if (read !== null) expect({ problems, value: told(read) }).toEqual({ problems: [], value: told(value) });
    }
  });
});

describe("left to be read as a whole", () => {
  test.each([
    ["an element with an error", '[\n  {\n    "a" 1\n  }\n]'],
    ["talk before it", "WARNING: something\n[\n{}\n]"],
    ["talk after it", "[\n{}\n]\nUpdates are available."],
    ["colours", '[\n{"a": "\u001b[0m"}\n]'],
    ["a comma too many", "[\n{},\n]"],
    ["a comma too few", "[\n{}\n{}\n]"],
    ["elements that are no objects", '["a"]'],
    ["an empty list", "[]"],
    ["nothing", ""],
    ["brackets without end", `[${'{"a":'.repeat(300)}1${"}".repeat(300)}]`],
  ])("%s", (_, text) => expect(inPieces(text, 5)).toBeNull());
});

test("whatever the text, it reads as the whole does or not at all", () => {
  const part = fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', "1", "\n", "  ", '{"b": 2}', "\\", '"');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (parts, length) => {
      const read = inPieces(parts.join(""), length);
      if (read === null) return;
      const whole = readJsonDocuments(parts.join(""), "f.json");
      expect({ problems: whole.problems, value: told(whole.value) }).toEqual({ problems: [], value: told(read) });
    }),
    { numRuns: 2000 },
  );
});
