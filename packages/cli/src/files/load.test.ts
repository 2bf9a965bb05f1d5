import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadFiles } from "./load.ts";
import { unreadable } from "./problems.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-files-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, content = path): string => {
  const whole = join(folder, path);
  mkdirSync(join(whole, ".."), { recursive: true });
  writeFileSync(whole, content);
  return whole;
};

const load = async (paths: readonly string[], options: Parameters<typeof loadFiles>[1] = {}) => {
  const { value, problems } = await loadFiles(paths, options);
  const relative = (name: string | null): string => (name ?? "").replace(`${folder}/`, "");
  return {
    files: value.map((file) => [relative(file.name), "text" in file ? file.text : "capture"]),
    problems: problems.map(({ level, code, file }) => `${level} ${code} ${relative(file)}`),
  };
};

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(1000);
}

describe("found", () => {
  test("a file, named as the user named it", async () =>
    expect(await load([write("one.json", "[]")])).toEqual({ files: [["one.json", "[]"]], problems: [] }));

  test("a folder: in order of names, without what is hidden or for people", async () => {
    for (const name of ["b.json", "a.json", "sub/c.yaml", ".git/x", ".hidden", "node_modules/x/y.json", "README.md"])
      write(`export/${name}`, name);
    expect(await load([join(folder, "export")])).toEqual({
      files: [
        ["export/a.json", "a.json"],
        ["export/b.json", "b.json"],
        ["export/sub/c.yaml", "sub/c.yaml"],
      ],
      problems: [],
    });
  });

  test("a note that is named itself", async () =>
    expect((await load([write("case/README.md", "x")])).files).toEqual([["case/README.md", "x"]]));

  test("the same file by two names is read once", async () => {
    const path = write("twice/a.json");
    symlinkSync("a.json", join(folder, "twice/b.json"));
    expect(await load([join(folder, "twice"), path])).toEqual({
      files: [["twice/a.json", "twice/a.json"]],
      problems: [],
    });
  });

  test("standard input, once", async () =>
    expect(await load(["-", "-"], { stdin: Readable.from([Buffer.from("[]")]) })).toEqual({
      files: [["-", "[]"]],
      problems: [],
    }));
});

describe("not found, not readable", () => {
  test("missing: named, and the others are read", async () =>
    expect(await load([join(folder, "nowhere"), write("here.json", "x")])).toEqual({
      files: [["here.json", "x"]],
      problems: ["error files/missing nowhere"],
    }));

  test("an empty folder", async () => {
    mkdirSync(join(folder, "empty"));
    expect(await load([join(folder, "empty")])).toEqual({ files: [], problems: ["error files/empty-folder empty"] });
  });

  test("no permission", () => expect(unreadable("f", "EACCES").code).toBe("files/no-permission"));

  test("an error nobody thought of", () => expect(unreadable("f", "EIO").text.en).toBe("it cannot be read (EIO)"));

  test("a named pipe: not opened, for it may never be written", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(await load([pipe])).toEqual({ files: [], problems: ["error files/not-a-file pipe"] });
  });

  test("a device", async () =>
    expect((await load(["/dev/zero"])).problems).toEqual(["error files/not-a-file /dev/zero"]));

  test("a binary file", async () =>
    expect((await load([write("a.bin", "\0\u0001\u0002")])).problems).toEqual(["error files/binary a.bin"]));
});

describe("links", () => {
  test("a folder that holds a link to itself", async () => {
    write("loop/sub/a.json", "x");
    symlinkSync("..", join(folder, "loop/sub/up"));
    expect(await load([join(folder, "loop")])).toEqual({
      files: [["loop/sub/a.json", "x"]],
      problems: ["warning files/loop loop/sub/up"],
    });
  });

  test("links that point at each other", async () => {
    mkdirSync(join(folder, "ring"));
    symlinkSync("b", join(folder, "ring/a"));
    symlinkSync("a", join(folder, "ring/b"));
    expect((await load([join(folder, "ring")])).problems).toEqual([
      "error files/loop ring/a",
      "error files/loop ring/b",
    ]);
  });

  test("a link that leads nowhere", async () => {
    mkdirSync(join(folder, "broken"));
    symlinkSync("gone", join(folder, "broken/a"));
    expect((await load([join(folder, "broken")])).problems).toEqual(["warning files/broken-link broken/a"]);
  });
});

describe("limits", () => {
  test("standard input without end", async () =>
    expect(await load(["-"], { stdin: endless(), maxBytes: 50_000 })).toEqual({
      files: [],
      problems: ["error files/too-large -"],
    }));

  test("a file of 600 MB is not opened", async () => {
    const path = write("large.json", "");
    truncateSync(path, 600_000_000);
    expect((await load([path])).problems).toEqual(["error files/too-large large.json"]);
  });
});

test("progress is told after a second", async () => {
  async function* slow(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < 4; index += 1) {
      yield Buffer.from("1\n");
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  }
  const told: number[] = [];
  await load(["-"], { stdin: slow(), onProgress: ({ readBytes }) => told.push(readBytes) });
  expect(told).toEqual([8]);
});

describe("long exports", () => {
  const network = { kind: "compute#network", name: "n1", description: "网络".repeat(500) };
  const text = JSON.stringify(
    Array.from({ length: 2000 }, () => network),
    null,
    2,
  );
  const contentOf = async (name: string, content: string, lists = true) => {
    const { value } = await loadFiles([write(name, content)], { lists });
    return value.map((file) =>
      "documents" in file ? file.documents.length : "text" in file ? file.text === content : 0,
    );
  };

  test("of resources are read element by element", async () =>
    expect(await contentOf("long.json", text)).toEqual([2000]));

  test("only where asked for", async () => expect(await contentOf("evidence.json", text, false)).toEqual([true]));

  test("cut short: as a whole, which tells where", async () =>
    expect(await contentOf("cut.json", text.slice(0, -10))).toEqual([true]));

  test("of anything else", async () => {
    const entries = text.replaceAll("compute#network", "a log entry");
    expect(await contentOf("entries.json", entries)).toEqual([true]);
  });
});

describe("packet captures", () => {
  /** The header of pcap in little-endian order, for Ethernet; a capture without a packet. */
  const header = Buffer.from("d4c3b2a1020004000000000000000000000004000100000001", "hex").subarray(0, 24);
  const packet = Buffer.concat([Buffer.alloc(8), Buffer.from([60, 0, 0, 0, 60, 0, 0, 0]), Buffer.alloc(60)]);
  const bytes = Buffer.concat([header, ...Array.from({ length: 1000 }, () => packet)]);
  const packetsOf = async (paths: readonly string[], options: Parameters<typeof loadFiles>[1] = {}) =>
    (await loadFiles(paths, options)).value.map((file) => ("capture" in file ? file.capture.tally.packets : null));

  test("known by their first bytes, whatever the name", async () => {
    const path = join(folder, "evidence.txt");
    writeFileSync(path, bytes);
    expect(await packetsOf([path])).toEqual([1000]);
  });

  test("from a pipe, in pieces of any size, beyond what a text may have", async () => {
    const pieces = Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1));
    expect(await packetsOf(["-"], { stdin: Readable.from(pieces), maxBytes: 100 })).toEqual([1000]);
  });

  test("a file beyond what a text may have", async () => {
    const path = join(folder, "large.pcap");
    writeFileSync(path, Buffer.concat([bytes, ...Array.from({ length: 60_000 }, () => packet)]));
    expect(await packetsOf([path], { maxBytes: 1000 })).toEqual([61_000]);
  });
});
