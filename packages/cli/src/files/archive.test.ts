import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { archiveLimits, type Gunzip, loadArchive, only, packingOf } from "@seenas/core";
import fc from "fast-check";
import { Zip, ZipDeflate, ZipPassThrough, zipSync } from "fflate";
import { packTar, type TarHeader } from "modern-tar";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gunzip as coreGunzip } from "../../../core/src/files/gunzip.ts";
import { gunzip } from "./gunzip.ts";
import { loadFiles } from "./load.ts";
import { texts } from "./texts.ts";

// A busy machine starts a program, or writes a file, in seconds.
vi.setConfig({ testTimeout: 60_000 });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-archive-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const FILES: Readonly<Record<string, string>> = {
  "export/p1/networks.json": "[1]\n",
  "export/p1/routes.json": `["${"r".repeat(3000)}"]\n`,
  "export/p1/.part/routers.json": "[3]\n",
  "export/README.md": "for people\n",
  "export/网络.json": "[4]\n",
};
/** What of it is for the program. */
const WANTED = Object.entries(FILES).filter(([path]) => !path.includes(".part") && !path.endsWith(".md"));

interface Member extends Partial<TarHeader> {
  readonly name: string;
  readonly body?: string;
}

const tarOf = (members: readonly Member[]): Promise<Uint8Array> =>
  packTar(
    members.map(({ body = "", ...header }) => ({
      header: { type: "file", ...header, size: bytesOf(body).length },
      body,
    })),
  );

const plainTar = (): Promise<Uint8Array> => tarOf(Object.entries(FILES).map(([name, body]) => ({ name, body })));

const zipped = (): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(FILES).map(([name, body]) => [name, bytesOf(body)])));

/** As a program writes it that does not know sizes beforehand: they stand behind each member. */
function zippedToPipe(): Uint8Array {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((_, piece) => void pieces.push(piece));
  for (const [index, [name, body]] of Object.entries(FILES).entries()) {
    const member = index === 0 ? new ZipPassThrough(name) : new ZipDeflate(name);
    zip.add(member);
    member.push(bytesOf(body), true);
  }
  zip.end();
  return Buffer.concat(pieces);
}

async function load(bytes: Uint8Array, options: { maxBytes?: number; name?: string } = {}) {
  const path = join(folder, options.name ?? "export.bin");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return shown(await loadFiles([path], options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }));
}

const shown = ({ value, problems }: Awaited<ReturnType<typeof loadFiles>>) => ({
  files: value.map((file) => [
    file.name.replace(`${folder}/`, ""),
    "text" in file ? file.text : "capture" in file ? file.capture.tally.packets : null,
  ]),
  problems: problems.map(({ level, code, file }) => `${level} ${code} ${file?.replace(`${folder}/`, "")}`),
});

const members = (archive: string) => WANTED.map(([path, text]) => [`${archive}!${path}`, text]);

describe("found, whatever the file is called", () => {
  test.each([
    ["tar", plainTar],
    ["tar.gz", async () => gzipSync(await plainTar())],
    ["tar.gz in two parts", async () => twoParts(await plainTar())],
    ["zip", zipped],
    ["zip with sizes behind", zippedToPipe],
  ])("%s", async (_, pack) => expect(await load(await pack())).toEqual({ files: members("export.bin"), problems: [] }));

  test("a file packed by itself keeps its name", async () =>
    expect(await load(gzipSync("220 mx\n"), { name: "smtp.txt.gz" })).toEqual({
      files: [["smtp.txt.gz", "220 mx\n"]],
      problems: [],
    }));

  test("as tar and zip of the system pack it", async () => {
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(join(folder, "tree", dirname(path)), { recursive: true });
      writeFileSync(join(folder, "tree", path), text);
    }
    const run = (program: string, ...words: readonly string[]) =>
      spawnSync(program, words, { cwd: join(folder, "tree") }).status === 0;
    const packed = [
      ["a.tgz", run("tar", "-czf", "../a.tgz", "export")],
      ["b.tar", run("tar", "-cf", "../b.tar", "--format=pax", "./export")],
      ["c.zip", run("python3", "-m", "zipfile", "-c", "../c.zip", "export")],
    ] as const;
    expect(packed[0][1]).toBe(true);
    for (const [name] of packed.filter(([, done]) => done)) {
      const { files, problems } = shown(await loadFiles([join(folder, name)]));
      expect(problems).toEqual([]);
      const wanted = members(name).map(([path, text]) => [path?.replace("!", name === "b.tar" ? "!./" : "!"), text]);
      expect(files.toSorted()).toEqual(wanted.toSorted());
    }
  });

  test("from a pipe, byte by byte", async () => {
    const archive = gzipSync(await plainTar());
    async function* bytewise(): AsyncGenerator<Uint8Array> {
      for (const byte of archive) yield Uint8Array.of(byte);
    }
    expect(shown(await loadFiles(["-"], { stdin: bytewise() }))).toEqual({ files: members("-"), problems: [] });
  });

  test("in a folder, and an archive in an archive; one in that is refused", async () => {
    const log = gzipSync("a log\n");
    const inner = zipSync({ "deep.log.gz": log, "x.txt": bytesOf("x") });
    expect(await load(zipSync({ "a.log.gz": log, "inner.zip": inner }), { name: "folder/outer.zip" })).toEqual({
      files: [
        ["folder/outer.zip!a.log.gz", "a log\n"],
        ["folder/outer.zip!inner.zip!x.txt", "x"],
      ],
      problems: ["error files/packed folder/outer.zip!inner.zip!deep.log.gz"],
    });
  });

  test("captures are counted, not kept", async () => {
    const header = Buffer.from("d4c3b2a102000400000000000000000000000400010000000000", "hex").subarray(0, 24);
    const packet = Buffer.concat([Buffer.alloc(8), Buffer.from([60, 0, 0, 0, 60, 0, 0, 0]), Buffer.alloc(60)]);
    const capture = Buffer.concat([header, ...Array.from({ length: 5000 }, () => packet)]);
    const archive = zipSync({ "cap.pcap": capture });
    expect((await load(archive, { maxBytes: 20_000 })).files).toEqual([["export.bin!cap.pcap", 5000]]);
  });

  test("a tar that was added to: the newer of two", async () => {
    const archive = await tarOf([
      { name: "a.json", body: "[1]" },
      { name: "a.json", body: "[2]" },
    ]);
    expect((await load(archive)).files).toEqual([["export.bin!a.json", "[2]"]]);
  });

  test("links lead nowhere, and paths out of the archive are only names", async () => {
    const archive = await tarOf([
      { name: "up.json", type: "symlink", linkname: "/etc/passwd" },
      { name: "hard.json", type: "link", linkname: "../../etc/passwd" },
      { name: "../../etc/seenas.json", body: "[1]" },
      { name: "/tmp/seenas.json", body: "[2]" },
    ]);
    expect(await load(archive)).toEqual({
      files: [
        ["export.bin!../../etc/seenas.json", "[1]"],
        ["export.bin!/tmp/seenas.json", "[2]"],
      ],
      problems: [],
    });
  });
});

/** As the page reads it, which has no zlib. */
describe("without zlib", () => {
  const read = async (packed: Uint8Array, by: Gunzip, cutIn = 1000) => {
    const faults: string[] = [];
    const parts: Uint8Array[] = [];
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < packed.length; at += cutIn) yield packed.subarray(at, at + cutIn);
    }
    for await (const part of by(pieces(), (fault) => void faults.push(fault))) parts.push(part);
    return { text: Buffer.concat(parts).toString("latin1"), faults };
  };
  const bytes = fc.uint8Array({ maxLength: 60_000 });

  test("the same is expanded, of one and of several in a file, wherever the pieces end", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 70_000 }),
        async (parts, cutIn) => {
          const packed = Buffer.concat(parts.map((part) => gzipSync(part)));
          const expected = { text: Buffer.concat(parts).toString("latin1"), faults: [] };
          expect(await read(packed, coreGunzip, Math.max(cutIn, packed.length >> 6))).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    ));

  test("what is cut or changed is told, where zlib tells it", () =>
    fc.assert(
      // Of an empty one that lacks the end of its checksum there is nothing to lose.
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 60_000 }),
        fc.nat(),
        fc.boolean(),
        async (part, where, isCut) => {
          const packed = Buffer.concat([gzipSync("before"), gzipSync(part)]);
          const second = gzipSync("before").length;
          const at = second + 10 + (where % (packed.length - second - 10));
          const damaged = isCut ? packed.subarray(0, at) : Buffer.from(packed);
          if (!isCut) damaged[at] = (damaged[at] ?? 0) ^ 0xff;
          const own = await read(damaged, coreGunzip);
          expect(own.faults.length > 0).toBe((await read(damaged, gunzip)).faults.length > 0);
        },
      ),
    ));
});

describe("names and sizes of tar", () => {
  const namesIn = async (archive: Uint8Array) => (await load(archive, { name: "n.tar" })).files.map(([name]) => name);
  const long = `export/${"d".repeat(90)}/${"网".repeat(60)}/routes.json`;

  test("longer than a header holds, in pax and in ustar", async () => {
    const inPrefix = `${"p".repeat(120)}/${"n".repeat(80)}.json`;
    const archive = await tarOf([
      { name: long, body: "[]" },
      { name: inPrefix, body: "[]" },
      { name: "a.json", body: "[]" },
    ]);
    expect(await namesIn(archive)).toEqual([`n.tar!${long}`, `n.tar!${inPrefix}`, "n.tar!a.json"]);
  });

  test.each(["gnu", "pax", "ustar"])("as GNU tar writes them: %s", async (format) => {
    const name = `${"e".repeat(90)}/${"f".repeat(format === "ustar" ? 40 : 120)}.json`;
    mkdirSync(join(folder, format, dirname(name)), { recursive: true });
    writeFileSync(join(folder, format, name), "[]");
    const packed = spawnSync("tar", ["-cf", "-", `--format=${format}`, dirname(name)], { cwd: join(folder, format) });
    expect(packed.status).toBe(0);
    expect(await namesIn(packed.stdout)).toEqual([`n.tar!${name}`]);
  });

  test("any members are read as they were packed", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3000), fc.stringMatching(/^[a-z0-9]{1,90}$/)), { minLength: 1, maxLength: 8 }),
        async (drawn) => {
          const packed = drawn.map(([size, name], index) => ({ name: `${index}/${name}`, body: "x".repeat(size) }));
          const { files, problems } = await load(await tarOf(packed), { name: "n.tar" });
          expect(problems).toEqual([]);
          expect(files).toEqual(packed.map(({ name, body }) => [`n.tar!${name}`, body]));
        },
      ),
      { numRuns: 40 },
    ));
});

const twoParts = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([gzipSync(bytes.subarray(0, 1000)), gzipSync(bytes.subarray(1000))]);

describe("not found", () => {
  test.each([
    ["a tar", async () => tarOf([{ name: "README.md", body: "x" }])],
    ["a tar without members, packed", async () => gzipSync(Buffer.alloc(1024))],
    ["a zip", () => zipSync({ ".hidden": bytesOf("x") })],
    ["a zip without members", () => zipSync({})],
  ])("%s with nothing to read", async (_, pack) => {
    const { files, problems } = await load(await pack());
    expect(files).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  test("a plan of Terraform is no archive: the state in it is the one before", async () => {
    const archive = zipSync({ tfplan: bytesOf("x"), tfstate: bytesOf("{}") });
    expect(await load(archive)).toEqual({ files: [], problems: ["error files/plan-file export.bin"] });
  });
});

describe("cut short", () => {
  test.each([
    ["tar", plainTar],
    ["tar.gz", async () => gzipSync(await plainTar(), { level: 0 })],
    ["zip", zipped],
    ["zip with sizes behind", zippedToPipe],
  ])("%s: what came before is read, and the cut is said", async (_, pack) => {
    const whole = await pack();
    let most = 0;
    for (let at = 600; at < whole.length; at += 97) {
      const { files, problems } = await load(whole.subarray(0, at));
      // In the zeros at its end a tar may be shorter than tar makes it.
      expect(problems.filter((said) => said.includes("archive-")).length, `cut at ${at}`).toBe(1);
      const known = new Map(members("export.bin").map(([name = "", text = ""]) => [name, text]));
      for (const [name, text] of files) expect(known.get(String(name))?.startsWith(String(text)), `${name}`).toBe(true);
      // All but the last are whole.
      for (const [name, text] of files.slice(0, -1)) expect(text).toBe(known.get(String(name)));
      most = Math.max(most, files.length);
    }
    expect(most).toBe(WANTED.length);
  });

  test("tar.gz cut in the packing alone, when all of its members have come", async () => {
    const whole = gzipSync(await plainTar());
    for (const left of [1, 8, 12]) {
      const { files, problems } = await load(whole.subarray(0, -left));
      expect(files).toHaveLength(WANTED.length);
      expect(problems).toEqual(["error files/archive-cut export.bin"]);
    }
  });

  test("a text packed by itself", async () => {
    const packed = gzipSync("line\n".repeat(1000), { level: 0 });
    const { files, problems } = await load(packed.subarray(0, 2000), { name: "log.gz" });
    expect(String(files[0]?.[1]).length).toBeGreaterThan(1900);
    expect(problems).toEqual(["error files/archive-cut log.gz"]);
  });
});

describe("damaged", () => {
  test("a header of a tar", async () => {
    const archive = await plainTar();
    archive[1024 + 200] = 0x7f;
    expect((await load(archive)).problems).toEqual(["error files/archive-damaged export.bin"]);
  });

  test("a checksum of gzip: what came with it is not taken", async () => {
    const packed = gzipSync("[1]");
    packed[packed.length - 6] = (packed.at(-6) ?? 0) ^ 1;
    expect(await load(packed)).toEqual({ files: [], problems: ["error files/archive-damaged export.bin"] });
  });

  test("any bytes after a sign: no throw, and never in silence", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom("zlib", "core"),
        fc.constantFrom("gzip", "zip", "tar"),
        fc.uint8Array({ maxLength: 2000 }),
        async (unpackedBy, packing, rest) => {
          const sign = packing === "zip" ? [0x50, 0x4b, 3, 4] : packing === "gzip" ? [0x1f, 0x8b] : [];
          const { problems } = await loadArchive("f", packing, only(Uint8Array.from([...sign, ...rest])), {
            limits: archiveLimits(1_000_000),
            reading: { texts },
            ...(unpackedBy === "zlib" ? { gunzip } : {}),
          });
          expect(problems.length).toBeGreaterThan(0);
        },
      ),
    ));
});

describe("limits", () => {
  const MEGABYTE = 1_000_000;

  test("a bomb in one file: stopped, and said; nothing of it is kept", async () => {
    const bomb = gzipSync(Buffer.alloc(300 * MEGABYTE));
    const before = process.memoryUsage().rss;
    const { files, problems } = await load(bomb, { maxBytes: 10 * MEGABYTE });
    expect(files).toEqual([]);
    expect(problems).toEqual(["error files/too-large export.bin"]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEGABYTE);
  });

  test("a bomb in many members: what came before is read", async () => {
    const member = Buffer.alloc(MEGABYTE, "a");
    const archive = zipSync(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}.txt`, member])));
    const { files, problems } = await load(archive, { maxBytes: 10 * MEGABYTE });
    expect(files.length).toBe(20);
    expect(problems).toEqual(["error files/archive-too-large export.bin"]);
  });

  test("too much to expand, and too many members", async () => {
    const limits = { ...archiveLimits(MEGABYTE), expandedBytes: 5000, members: 3 };
    const run = async (files: Record<string, Uint8Array>) =>
      (await loadArchive("f", "zip", only(zipSync(files)), { limits, reading: { texts } })).problems.map(
        ({ code }) => code,
      );
    expect(await run({ ".hidden": new Uint8Array(9000) })).toEqual(["files/archive-too-large"]);
    const four = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, bytesOf("x")]));
    expect(await run(four)).toEqual(["files/archive-too-many-files"]);
  });
});

test("a sign needs all of its bytes", () => {
  expect(packingOf(Uint8Array.of(0x50, 0x4b))).toBe(null);
  expect(packingOf(Uint8Array.of(0x50, 0x4b, 1, 2))).toBe(null);
  expect(packingOf(bytesOf("PK is a country code"))).toBe(null);
  expect(packingOf(new Uint8Array())).toBe(null);
});

test("links in a folder to an archive", async () => {
  writeFileSync(join(folder, "real.gz"), gzipSync("x"));
  symlinkSync("real.gz", join(folder, "named.gz"));
  expect(shown(await loadFiles([join(folder, "named.gz")])).files).toEqual([["named.gz", "x"]]);
  expect(readFileSync(join(folder, "real.gz")).length).toBeGreaterThan(10);
});
