import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownOf } from "../src/path/shown.ts";
import type { PathEdge, PathElement, Standing } from "../src/protocol.ts";
import { readPlace, usualLanguage, writePlace } from "../src/state/url.ts";
import { decode, foreignOf } from "../src/worker/decode.ts";
import { excerptOf } from "../src/worker/excerpt.ts";
import { twoExportsIn } from "../src/worker/inventory.ts";
import { placesText } from "../src/worker/places.ts";
import { linesOf, load } from "../src/worker/reading.ts";

// What the page does apart from the browser.

describe("the address bar", () => {
  const word = fc.string({ maxLength: 40 }).map((text) => text.trim());
  test("what is written is read", () =>
    fc.assert(
      fc.property(
        fc.record({
          question: fc.record({
            from: word,
            to: word,
            at: word,
            vantage: fc.constantFrom("" as const, "client" as const, "destination" as const),
          }),
          view: fc.constantFrom("answer" as const, "evidence" as const, "estate" as const, "files" as const),
          language: fc.constantFrom(null, "en" as const, "zh" as const),
          theme: fc.constantFrom("auto" as const, "light" as const, "dark" as const),
        }),
        (place) => {
          expect(readPlace(writePlace(place))).toEqual(place);
        },
      ),
    ));

  test("what is no place is the usual one", () =>
    expect(readPlace("#view=x&lang=fr&theme=%&vantage=me&from")).toEqual(readPlace("")));

  test.each([
    [["zh-TW", "en"], "zh"],
    [["de", "en-GB"], "en"],
    [["fr"], "en"],
  ])("%j speaks %s", (languages, expected) => expect(usualLanguage(languages)).toBe(expected));
});

describe("reading", () => {
  const bytes = (...numbers: readonly number[]): Uint8Array => Uint8Array.from(numbers);
  test.each([
    ["UTF-16 of PowerShell", bytes(0xff, 0xfe, 0x7b, 0, 0x7d, 0), "{}"],
    ["UTF-8 with a mark", bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d), "{}"],
    ["GB 18030", bytes(0xd6, 0xd0, 0xb9, 0xfa, 0x41, 0xc2, 0xb7, 0xd3, 0xc9), "中国A路由"],
    ["binary", bytes(0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2, 9), null],
  ])("%s", (_, given, text) => expect(decode(given, "f").text).toBe(text));

  test("a picture and an archive are named", () => {
    expect(foreignOf(bytes(0x89, 0x50, 0x4e, 0x47), "a")?.text.en).toContain("a picture");
    expect(foreignOf(bytes(0x1f, 0x8b), "a")?.text.en).toContain("gzip");
    expect(foreignOf(new TextEncoder().encode("[]"), "a")).toBeNull();
  });

  test("a text that cannot be read is a problem, never a fault", async () => {
    const gone = { size: 4, type: "", slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) };
    const loaded = await load({ name: "x", side: "now", content: gone as unknown as Blob }, () => undefined);
    expect(loaded).toMatchObject({ input: null, problem: { code: "files/unreadable", file: "x" } });
  });

  test("lines of a long text are found without the whole", async () => {
    const lines = Array.from({ length: 400_000 }, (_, index) => `line ${index + 1}`);
    const content = new Blob([lines.join("\n")]);
    expect(content.size).toBeGreaterThan(4_000_000);
    expect(await linesOf(content, 399_999, 5)).toEqual(["line 399999", "line 400000"]);
    expect(await linesOf(content, 123_456, 2)).toEqual(["line 123456", "line 123457"]);
  });

  test("an excerpt is the element that begins on the line", async () => {
    const text = '[\n  {\n    "a": "}]",\n    "b": [1]\n  },\n  {}\n]\n';
    const { first, from, until, lines } = await excerptOf(new Blob([text]), 2);
    expect([first, from, until]).toEqual([1, 2, 5]);
    expect(lines.slice(0, 5).join("\n")).toBe(text.split("\n").slice(0, 5).join("\n"));
  });
});

describe("two exports of one estate", () => {
  const held = (...names: readonly string[]) =>
    names.map((name) => ({ name, side: "now" as const, content: new Blob(), input: null, problem: null }));
  const files = ["routes.json", "vms.json", "nics.json"];
  const inside = (folder: string) => files.map((name) => `${folder}/${name}`);

  test.each([
    [["export", "export-after"], { now: "export", after: "export-after" }],
    [["new", "old"], { now: "old", after: "new" }],
    [["monday", "tuesday"], { now: "monday", after: "tuesday" }],
  ])("%j", (folders, pair) => expect(twoExportsIn(held(...folders.flatMap(inside)))).toEqual(pair));

  test("two projects, or a folder beside another kind of folder, are one estate", () => {
    expect(twoExportsIn(held(...inside("a"), "b/smtp.txt", "b/log.txt"))).toBeNull();
    expect(twoExportsIn(held(...inside("a"), ...inside("b"), ...inside("c")))).toBeNull();
    expect(twoExportsIn(held(...files))).toBeNull();
  });
});

test("nearly everything is told as such", () => {
  expect(placesText(["0.0.0.0/1", "203.0.113.0/24"] as never, 3).en).toBe("everywhere else");
  expect(placesText(["203.0.113.0/24", "198.51.100.0/24"] as never, 1).en).toBe("203.0.113.0/24 +1");
});

describe("what of a picture is drawn", () => {
  const element = (id: string, kind: PathElement["kind"], standing: Standing = "answer"): PathElement => ({
    id,
    kind,
    title: { en: id, zh: id },
    detail: null,
    standing,
    steps: [],
    fate: null,
    resource: null,
    place: null,
    ruledOutBy: null,
    members: [],
  });
  const edge = (from: string, to: string, standing: Standing = "answer", isContender = false): PathEdge => ({
    from,
    to,
    standing,
    isContender,
  });
  const all = { withOthers: true, expanded: new Set<string>() };

  test("three elements as they are", () => {
    const picture = {
      elements: ["h", "n", "d"].map((id) => element(id, id === "h" ? "host" : "network")),
      edges: [edge("h", "n"), edge("n", "d")],
    };
    expect(shownOf(picture, all)).toEqual(picture);
  });

  test("three hundred senders and forty routes: few, until one asks for more", () => {
    const hosts = Array.from({ length: 300 }, (_, index) => element(`h${index}`, "host"));
    const lost = Array.from({ length: 40 }, (_, index) => element(`r${index}`, "route"));
    const picture = {
      elements: [...hosts, element("n", "network"), element("d", "destination"), ...lost],
      edges: [
        ...hosts.map(({ id }) => edge(id, "n")),
        edge("n", "d"),
        ...lost.map(({ id }) => edge("n", id, "answer", true)),
      ],
    };
    const few = shownOf(picture, all);
    expect(few.elements.length).toBeLessThan(25);
    expect(few.elements.filter(({ kind }) => kind === "more").map(({ title }) => title.en)).toEqual([
      "288 more senders",
      "37 more routes",
    ]);
    expect(shownOf(picture, { ...all, expanded: new Set(["senders", "n"]) }).elements.length).toBe(342);
  });

  test("without what was ruled out, nothing hangs in the air", () => {
    const picture = {
      elements: [
        element("h", "host"),
        element("a", "interface"),
        element("x", "interface", "eliminated"),
        element("y", "network", "eliminated"),
      ],
      edges: [edge("h", "a"), edge("h", "x", "eliminated"), edge("x", "y", "eliminated")],
    };
    expect(shownOf(picture, { ...all, withOthers: false }).elements.map(({ id }) => id)).toEqual(["h", "a"]);
  });
});
