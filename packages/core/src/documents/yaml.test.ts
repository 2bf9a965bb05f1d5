import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readYamlDocuments } from "./yaml.ts";

const read = (text: string) => {
  const { value, problems } = readYamlDocuments(text, "f.yaml");
  return {
    values: value.map((document) => document.value),
    lines: value.map(({ origin }) => origin.line),
    problems: problems.map(({ level, code, line }) => `${level} ${code} ${line}`),
  };
};

const AS_GCLOUD_PRINTS = `---
name: vm1
networkInterfaces:
- name: nic0
  networkIP: 10.0.0.1
- name: nic1
---
name: vm2
id: '4734315867648565453'
`;

const vm1 = { name: "vm1", networkInterfaces: [{ name: "nic0", networkIP: "10.0.0.1" }, { name: "nic1" }] };

describe("found", () => {
  test("documents, with lists at the margin inside them", () =>
    expect(read(AS_GCLOUD_PRINTS)).toMatchObject({
      values: [vm1, { name: "vm2", id: "4734315867648565453" }],
      lines: [2, 8],
      problems: [],
    }));
  test("a list is its elements", () =>
    expect(read("- a: 1\n  b: |\n    - not an element\n- a: 2\n-\n  a: 3\n")).toMatchObject({
      values: [{ a: 1, b: "- not an element\n" }, { a: 2 }, { a: 3 }],
      lines: [1, 4, 6],
      problems: [],
    }));
  test("lines of a list inside", () =>
    expect(readYamlDocuments(AS_GCLOUD_PRINTS, "f").value[0]?.linesOf("networkInterfaces")).toEqual([4, 6]));
  test("after a version, a comment, a warning of a command", () => {
    expect(read("%YAML 1.2\n# x\n---\na: 1\n...\n")).toMatchObject({ values: [{ a: 1 }], lines: [4], problems: [] });
    expect(read("WARNING: old\na: 1\n")).toMatchObject({ values: [{ a: 1 }], lines: [2], problems: [] });
  });
  test("CRLF", () =>
    expect(read("- a: 1\r\n- a: 2\r\n")).toMatchObject({ values: [{ a: 1 }, { a: 2 }], problems: [] }));
  test("addresses stay text", () =>
    expect(read("a: 10.0.0.0/8\nb: 1.10\nc: 2001:db8::1\n").values).toEqual([
      { a: "10.0.0.0/8", b: 1.1, c: "2001:db8::1" },
    ]));
});

describe("empty", () => {
  test("an empty list is one document", () => expect(read("[]\n")).toMatchObject({ values: [[]], problems: [] }));
  test.each(["", "\n\n", "---\n", "# x\n"])("nothing: %j", (text) =>
    expect(read(text)).toMatchObject({ values: [], problems: [expect.stringMatching("^error yaml/not-yaml")] }),
  );
});

describe("malformed", () => {
  test("an element with an error, the others stay", () =>
    expect(read("- a: 1\n- b: [1\n- c: 2\n")).toMatchObject({
      values: [{ a: 1 }, { c: 2 }],
      problems: ["error yaml/malformed 3"],
    }));
  test("a key twice", () =>
    expect(read("- a:\n    b: 1\n    b: 2\n- c: 2\n")).toMatchObject({
      values: [{ c: 2 }],
      problems: ["error yaml/duplicate-key 3"],
    }));
  test("tabs", () => expect(read("a:\n\tb: 1\n").problems).toEqual(["error yaml/malformed 2"]));
  test("an alias of nothing", () => expect(read("a: *x\n").problems).toEqual(["error yaml/aliases 1"]));
  test("an unknown tag is read, and said", () =>
    expect(read("a: !x b\n")).toMatchObject({ values: [{ a: "b" }], problems: ["warning yaml/warning 1"] }));
  test.each(["<!DOCTYPE html>\n<p>x: y</p>\n", "plain words\n", "]\n"])("not YAML: %j", (text) =>
    expect(read(text)).toMatchObject({ values: [], problems: [expect.stringMatching("^error yaml/")] }),
  );
});

test("cut: a last line without an end is a warning", () =>
  expect(read(AS_GCLOUD_PRINTS.slice(0, -5)).problems).toContain("warning yaml/maybe-truncated 7"));

describe("limits", () => {
  const laughs = ["a: &a [1,1,1,1,1,1,1,1,1,1]"];
  for (const [from, to] of ["ab", "bc", "cd", "de", "ef"]) laughs.push(`${to}: &${to} [${`*${from},`.repeat(10)}]`);

  test.each([
    ["too large", "a: 1\n".repeat(4_000_000), "yaml/too-large"],
    ["one part too large", "&a ".repeat(1_000_000), "yaml/too-large"],
    ["brackets", "[".repeat(100_000), "yaml/too-deep"],
    ["dashes", "- ".repeat(100_000), "yaml/too-deep"],
    ["indents", Array.from({ length: 1500 }, (_, index) => `${" ".repeat(index)}a:`).join("\n"), "yaml/too-deep"],
    ["aliases of aliases", `${laughs.join("\n")}\n`, "yaml/aliases"],
    ["errors", "- ]\n".repeat(1000), "yaml/malformed"],
  ])("%s", (_, text, code) => {
    const { value, problems } = readYamlDocuments(text, "f");
    expect(value).toEqual([]);
    expect(problems[0]?.code).toBe(code);
    expect(problems.length).toBeLessThan(25);
  });

  test("50,000 keys in one object are read", () => {
    expect(read(Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join("")).values).toHaveLength(1);
  });
});

describe("any input", () => {
  const noise = fc.array(
    fc.constantFrom(
      "- ",
      "a: ",
      "---\n",
      "\n",
      "[",
      "]",
      "{",
      "}",
      '"',
      "'",
      "&x ",
      "*x",
      "? ",
      "| ",
      "! ",
      "  ",
      "\t",
      "#",
    ),
  );
  test("nothing throws", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          noise.map((parts) => parts.join("")),
        ),
        (text) => {
          readYamlDocuments(text, "f");
        },
      ),
    ));
  test("a list that was printed is read back", () =>
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { minLength: 1 }), (written) => {
        // As JSON holds it: there is no -0 in it.
        const list: unknown = JSON.parse(JSON.stringify(written));
        expect(read(stringify(list))).toMatchObject({ problems: [], values: list });
      }),
    ));
});
