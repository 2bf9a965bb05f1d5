import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { gzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { shownOf } from "../src/path/shown.ts";
import type { PathEdge, PathElement, Standing } from "../src/protocol.ts";
import { readPlace, usualLanguage, writePlace } from "../src/state/url.ts";
import { excerptOf } from "../src/worker/excerpt.ts";
import { twoExportsIn } from "../src/worker/inventory.ts";
import { inPageWords, pageText } from "../src/worker/page-words.ts";
import { placesText } from "../src/worker/places.ts";
import { linesOf, load } from "../src/worker/reading.ts";
import { Session } from "../src/worker/session.ts";
import { root } from "./browser.mjs";

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
  test("a text that cannot be read is a problem, never a fault", async () => {
    const gone = { size: 4, type: "", slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) };
    const loaded = await load({ name: "x", side: "now", content: gone as unknown as Blob }, () => undefined);
    expect(loaded).toMatchObject([{ input: null, problems: [{ code: "files/unreadable", file: "x" }] }]);
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

describe("what core says of the command's flags", () => {
  const FLAG =
    /(?<![\w-])--(?:config|evidence|to|from|at|vantage|partners|store|before|after|flows|experimental|allow-unstable)\b/;
  const core = join(root, "packages/core/src");
  const sources = readdirSync(core, { recursive: true, encoding: "utf8" }).filter((name) =>
    // The terminal's own page, and a pattern of iptables.
    /(?<!\.test|output\/text|nat-rules)\.ts$/.test(name),
  );
  const sentences = sources.flatMap((name) =>
    readFileSync(join(core, name), "utf8")
      .split("\n")
      .filter((line) => !/^\s*(?:\/?\*|\/\/)/.test(line))
      .flatMap((line) => [...line.matchAll(/"[^"]*"|`[^`]*`/g)].map(([literal]) => literal.slice(1, -1)))
      .filter((literal) => FLAG.test(literal) && !literal.startsWith("--vantage ")),
  );

  test("is said of the page's fields, in both languages", () => {
    expect(sentences.length).toBeGreaterThan(50);
    const left = sentences.map((said) =>
      /\p{Script=Han}/u.test(said) ? pageText({ en: "", zh: said }).zh : pageText({ en: said, zh: "" }).en,
    );
    expect(left.filter((said) => FLAG.test(said))).toEqual([]);
  });

  test("deep inside what goes to the page, and nowhere else", () => {
    const ask = {
      text: { en: "add it with --config", zh: "并用 --config 加入" },
      command: "--vantage a$1.txt=destination",
    };
    expect(
      inPageWords({ quote: "x with --config", next: [ask, { text: { en: "say --from $1 if it is", zh: "" } }] }),
    ).toEqual({
      quote: "x with --config",
      next: [
        { text: { en: "drop it on this page", zh: "并放入本页面" }, command: null },
        { text: { en: "write $1 in From if it is", zh: "" } },
      ],
    });
  });
});

describe("an archive", () => {
  const text = (of: string) => new TextEncoder().encode(of);
  const given = (name: string, bytes: Uint8Array) => ({
    name,
    side: "now" as const,
    content: new Blob([bytes.slice()]),
  });
  const archive = (): Uint8Array =>
    zipSync({
      "export/smtp.txt": text("220 mx1 ESMTP\r\n250 mx1 Hello [10.0.0.4]\r\n"),
      "export/log.txt.gz": gzipSync(text("a note\n")),
      "export/README.md": text("for people"),
      "export/photo.png": Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13]),
    });

  test("its members are files, and the archive is told beside them", async () => {
    const session = new Session(() => undefined);
    const { files } = await session.add([given("mail.zip", archive())]);
    expect(files.map(({ name, as }) => [name, as])).toEqual([
      ["mail.zip", "archive"],
      ["mail.zip!export/photo.png", "unread"],
      ["mail.zip!export/smtp.txt", "evidence"],
      ["mail.zip!export/log.txt.gz", "evidence"],
    ]);
    expect(await session.lines("mail.zip!export/log.txt.gz", 1, 5)).toEqual(["a note", ""]);
    expect((await session.excerpt("mail.zip!export/smtp.txt", 1)).lines[0]).toBe("220 mx1 ESMTP");
    // Given again it takes the place of the first; taken away it takes its members with it.
    expect((await session.add([given("mail.zip", zipSync({ "a.txt": text("a") }))])).files).toHaveLength(2);
    expect((await session.remove("mail.zip", "now")).files).toEqual([]);
  });

  test("one that is cut: what came before is read, and the cut is an error", async () => {
    const session = new Session(() => undefined);
    const { files } = await session.add([given("mail.zip", archive().subarray(0, 150))]);
    expect(files.flatMap(({ problems }) => problems.map(({ level, code }) => `${level} ${code}`))).toContain(
      "error files/archive-cut",
    );
    const lines = Array.from({ length: 4000 }, (_, index) => `${index * 7919} to 192.0.2.1\n`).join("");
    const packed = gzipSync(text(`220 mx1 ESMTP\r\n250 mx1 Hello [10.0.0.4]\r\n${lines}`));
    const [log] = (await session.add([given("log.gz", packed.subarray(0, packed.length >> 1))])).files.filter(
      ({ name }) => name === "log.gz",
    );
    expect(log).toMatchObject({ as: "evidence", problems: [{ code: "files/archive-cut" }] });
  });
});

/** On a disk, as Firefox hands it out: after it was written to, what it holds by now. */
class FileOnDisk extends File {
  now: Blob;

  constructor(content: string) {
    super([content], "smtp.txt");
    this.now = new Blob([content]);
  }

  override slice(from?: number, to?: number): Blob {
    return this.now.slice(from, to);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.now.arrayBuffer();
  }
}

test("a file that changed is said to have changed, where the browser hands out what it holds by now", async () => {
  const session = new Session(() => undefined);
  const content = new FileOnDisk("220 mx1 ESMTP\r\n250 mx1 Hello [10.0.0.4]\r\n");
  await session.add([{ name: "smtp.txt", side: "now", content }]);
  expect(await session.excerpt("smtp.txt", 2)).toMatchObject({
    lines: ["220 mx1 ESMTP", "250 mx1 Hello [10.0.0.4]", ""],
    problem: null,
  });
  content.now = new Blob(["220 mx1 ESMTP\r\n250 mx1 Hello [10.0.0.9]\r\n"]);
  const { lines, problem } = await session.excerpt("smtp.txt", 2);
  expect(lines).toEqual([]);
  expect(problem?.en).toBe("the file has changed or is gone since it was read");
  await expect(session.lines("smtp.txt", 1, 2)).rejects.toThrow("changed");
});

describe("two exports of one estate", () => {
  const held = (...names: readonly string[]) =>
    names.map((name) => ({
      name,
      side: "now" as const,
      content: new Blob(),
      input: null,
      problems: [],
      members: null,
    }));
  const files = ["routes.json", "vms.json", "nics.json"];
  const inside = (folder: string) => files.map((name) => `${folder}/${name}`);

  test.each([
    [["export", "export-after"], { now: "export", after: "export-after" }],
    [["new", "old"], { now: "old", after: "new" }],
    [["monday", "tuesday"], { now: "monday", after: "tuesday" }],
    [["1.tar.gz!export", "2.tar.gz!export"], { now: "1.tar.gz", after: "2.tar.gz" }],
    [["was.zip!./old", "now/new.zip!new"], { now: "was.zip", after: "now/new.zip" }],
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
  const all = { withOthers: true, mostContenders: 4, expanded: new Set<string>() };

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
