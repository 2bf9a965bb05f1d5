import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonDocuments } from "./json.ts";

const read = (text: string) => {
  const { value, problems } = readJsonDocuments(text, "f.json");
  return {
    values: value.map((document) => document.value),
    lines: value.map(({ origin }) => origin.line),
    problems: problems.map(({ level, code, line }) => `${level} ${code} ${line}`),
    texts: problems.map(({ text }) => text.en),
  };
};

const LIST = `[
  {
    "name": "vm1",
    "note": "a } in a string, a \\" too"
  },
  {
    "name": "vm2"
  }
]
`;

const vm1 = { name: "vm1", note: 'a } in a string, a " too' };
const vm2 = { name: "vm2" };

describe("found", () => {
  test("a list: each element with its line", () =>
    expect(read(LIST)).toMatchObject({ values: [vm1, vm2], lines: [2, 6], problems: [] }));

  test("one object", () =>
    expect(read('\n{"name": "vm2"}')).toMatchObject({ values: [vm2], lines: [2], problems: [] }));

  test("NDJSON, with a blank line and a last line without an end", () =>
    expect(read('{"a":1}\n\n{"a":2}\r\n{"a":3}')).toMatchObject({
      values: [{ a: 1 }, { a: 2 }, { a: 3 }],
      lines: [1, 3, 4],
      problems: [],
    }));

  test("objects and lists one after another", () =>
    expect(read('{"a":1}{"a":2} [{"a":3},{"a":4}]\n[]').values).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, []]));

  test("a list of lists, as joined exports are", () =>
    expect(read('[[{"a":1}],[],[{"a":2}]]').values).toEqual([{ a: 1 }, [], { a: 2 }]));

  test("scalars in a list", () => expect(read('["x", 1, null, -1.5e3]').values).toEqual(["x", 1, null, -1500]));

  test("a byte order mark", () => expect(read(`\uFEFF${LIST}`)).toMatchObject({ values: [vm1, vm2], problems: [] }));

  test("colours", () => expect(read('\u001b[1;39m{\u001b[0m\u001b[34;1m"a"\u001b[0m: 1}').values).toEqual([{ a: 1 }]));

  test("a key named __proto__ is a plain member", () => {
    const [value] = read('{"__proto__": {"polluted": true}}').values;
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("lines of the elements inside an object", () => {
  const [document] = readJsonDocuments('{\n "kind": "x",\n "items": [\n  {"a": 1},\n\n  {"a": 2}\n ]\n}', "f").value;
  test("items", () => expect(document?.linesOf("items")).toEqual([4, 6]));
  test("a key that is no list", () => expect(document?.linesOf("kind")).toEqual([]));
  test("a key that is not there", () => expect(document?.linesOf("value")).toEqual([]));
});

describe("empty", () => {
  test("an empty list is one document", () =>
    expect(read(" [ ]\n")).toMatchObject({ values: [[]], lines: [1], problems: [] }));
  test.each(["", "  \n", "\uFEFF"])("nothing at all: %j", (text) =>
    expect(read(text)).toMatchObject({ values: [], problems: ["error json/not-json 1"] }),
  );
});

describe("talk around it", () => {
  test("a warning before it is skipped, and said", () =>
    expect(read(`WARNING: a new version [2.1] is there\n${LIST}`)).toMatchObject({
      values: [vm1, vm2],
      lines: [3, 7],
      problems: ["warning json/other-text 1"],
    }));
  test("a spinner", () => expect(read(` - Finished ..\r${LIST}`).values).toEqual([vm1, vm2]));
  test("words after it", () =>
    expect(read(`${LIST}Updates are available.\n`)).toMatchObject({
      values: [vm1, vm2],
      problems: ["warning json/other-text 10"],
    }));
});

describe("malformed", () => {
  test("an element with an error is named, the others stay", () =>
    expect(read('[\n  {\n    "a": 1\n  },\n  {\n    "a" 2\n  },\n  {\n    "a": 3\n  }\n]')).toMatchObject({
      values: [{ a: 1 }, { a: 3 }],
      problems: ["error json/malformed 6"],
      texts: ['expected ":", found "2"'],
    }));

  test("a line of NDJSON with an error", () =>
    expect(read('{"a":1}\n{"a":\n{"a":3}\n')).toMatchObject({
      values: [{ a: 1 }, { a: 3 }],
      problems: ["error json/malformed 3"],
    }));

  test("a list inside an object: the other elements stay", () =>
    expect(read('{\n  "items": [\n    {"a": 1},\n    {"a": nope},\n    {"a": 3}\n  ]\n}\n')).toMatchObject({
      values: [{ a: 1 }, { a: 3 }],
      problems: ["error json/malformed 4"],
    }));

  test.each([
    ["a comma before the end of an object", '[{"a": 1,}]'],
    ["a comma before the end of a list", '[{"a": [1,]}]'],
    ["a comment", '[{"a": 1 /* one */}]'],
    ["single quotes", "[{'a': 1}]"],
    ["NaN", '[{"a": NaN}]'],
    ["a leading zero", '[{"a": 010}]'],
    ["an unquoted address", '[{"a": 10.0.0.1}]'],
    ["a tab in a string", '[{"a": "\t"}]'],
    ["an unknown escape", '[{"a": "\\x41"}]'],
    ["a quote left open", '[{"a": "b\n}]'],
    ["the wrong bracket", '[{"a": 1]'],
  ])("%s", (_, text) => expect(read(text)).toMatchObject({ values: [], problems: ["error json/malformed 1"] }));

  test("elements on the line of an error cannot be told apart, and that is said", () =>
    expect(read('[{"a":1},{"a" 2},{"a":3}]')).toMatchObject({
      values: [{ a: 1 }],
      problems: ["error json/malformed 1", "error json/rest-unread 1"],
    }));

  test("a missing comma", () =>
    expect(read('[{"a":1} {"a":2}]')).toMatchObject({
      values: [{ a: 1 }, { a: 2 }],
      problems: ["error json/malformed 1"],
    }));

  test("lines that are not indented are not taken apart: half of a resource is no resource", () =>
    expect(read('[\n{\n"a" 1,\n"b":\n{\n"c": 1\n}\n}\n]')).toMatchObject({
      values: [],
      problems: ["error json/malformed 3", "error json/rest-unread 3"],
    }));

  test("errors without end are not listed without end", () => {
    const { problems } = read('{"a"}\n'.repeat(1000));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toMatch("error json/too-many-errors");
  });
});

describe("not what it claims", () => {
  test("a web page", () => {
    const { values, problems, texts } = read("<!DOCTYPE html>\n<html><body>Sign in</body></html>");
    expect({ values, problems }).toEqual({ values: [], problems: ["error json/not-json 1"] });
    expect(texts[0]).toBe("expected JSON, found a web page (HTML)");
  });
  test("YAML", () => expect(read("name: vm1\nid: '1'\n").problems).toEqual(["error json/not-json 1"]));
});

describe("truncated", () => {
  const lengthOfFirst = LIST.indexOf("},") + 1;
  test.each(Array.from(LIST.trimEnd(), (_, length) => length).slice(2))("at %i", (length) => {
    const { values, problems } = read(LIST.slice(0, length));
    const complete = length > LIST.lastIndexOf("}") ? [vm1, vm2] : length >= lengthOfFirst ? [vm1] : [];
    expect(values).toEqual(complete);
    expect(problems).toEqual([expect.stringMatching(/^error json\/truncated \d+$/)]);
  });

  test("a list inside an object gives its complete elements", () => {
    const text = '{"kind": "list", "items": [\n{"a": 1},\n{"a": 2}\n], "next": "x"}';
    expect(read(text.slice(0, text.indexOf('": 2')))).toMatchObject({
      values: [{ a: 1 }],
      problems: ["error json/truncated 3"],
    });
    expect(read(text.slice(0, -3))).toMatchObject({
      values: [{ a: 1 }, { a: 2 }],
      problems: ["error json/truncated 1"],
    });
  });

  test("one object alone gives nothing: half of a resource is no resource", () =>
    expect(read('{"name": "vm1", "networkInterfaces": [{"name": "nic0"}, {"na')).toMatchObject({
      values: [],
      problems: ["error json/truncated 1"],
    }));

  test("the last line of NDJSON", () =>
    expect(read('{"a":1}\n{"a":2')).toMatchObject({ values: [{ a: 1 }], problems: ["error json/truncated 2"] }));
});

describe("limits", () => {
  test.each(["[", '{"a":', '[{"a":'])("100,000 times %j", (open) => {
    const { values, problems } = read(open.repeat(100_000));
    expect(values).toEqual([]);
    expect(problems[0]).toMatch(/^error json\/too-deep/);
  });

  test("one element too deep leaves the others", () => {
    const deep = `{"a":${"[".repeat(300)}${"]".repeat(300)}}`;
    expect(read(`[\n{"b":1},\n${deep},\n{"c":1}\n]`)).toMatchObject({
      values: [{ b: 1 }, { c: 1 }],
      problems: ["error json/too-deep 3"],
    });
  });

  test.each(["\n", ""])("20 MB in elements joined by %j are read", (separator) => {
    const element = JSON.stringify({ name: "vm", note: "x".repeat(200), nics: [{ name: "nic0" }] });
    const text = `[${Array.from({ length: 80_000 }, () => element).join(`,${separator}`)}]`;
    expect(readJsonDocuments(text, "f").value).toHaveLength(80_000);
  });
});

describe("any input", () => {
  const noise = fc.array(
    fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "\\", "\n", " ", "a", "1", "-", "\u001b[0m"),
  );
  test("nothing throws", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          noise.map((parts) => parts.join("")),
        ),
        (text) => {
          readJsonDocuments(text, "f");
        },
      ),
    ));

  test("a list that was printed is read back, however it is indented", () =>
    fc.assert(
      fc.property(fc.array(fc.object({ maxDepth: 3 }), { minLength: 1 }), fc.constantFrom(0, 1, 2), (list, indent) => {
        const expected: unknown = JSON.parse(JSON.stringify(list));
        expect(read(JSON.stringify(list, null, indent))).toMatchObject({ values: expected, problems: [] });
      }),
    ));

  test("cut anywhere, a prefix of the elements is read and the cut is an error", () =>
    fc.assert(
      fc.property(fc.array(fc.object({ maxDepth: 2 }), { minLength: 1 }), fc.nat(), (list, at) => {
        const text = JSON.stringify(list);
        const cut = text.slice(0, 1 + (at % (text.length - 1)));
        const { values, problems } = read(cut);
        expect(values).toEqual((JSON.parse(text) as unknown[]).slice(0, values.length));
        expect(problems.some((problem) => problem.startsWith("error"))).toBe(true);
      }),
    ));
});
