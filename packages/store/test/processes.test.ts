import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EmbeddedStore } from "../src/embedded/store.ts";
import { openStore } from "../src/open.ts";
import { ip, natRow } from "../src/testing/rows.ts";

// Several processes at one store: kills, writers side by side, readers meanwhile.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));
const TIMEOUT_MS = 300_000;
const KILLS = 50;
const ROWS = 50;

let folder = "";

/** `npm test` has just built; a run of this file alone may not have. */
beforeAll(() => {
  const check = `import { isStale } from ${JSON.stringify(`${root}scripts/stale.mjs`)}; process.exitCode = isStale() ? 1 : 0;`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", check]);
  if (status !== 0) execFileSync("npm", ["run", "-s", "build"], { cwd: root });
}, TIMEOUT_MS);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-processes-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const child = (...args: readonly (string | number)[]): ChildProcess =>
  spawn(process.execPath, [CHILD, ...args.map(String)], { stdio: ["ignore", "pipe", "inherit"] });

interface Ended {
  readonly lines: readonly string[];
  readonly status: number | null;
}

async function ended(process: ChildProcess): Promise<Ended> {
  let said = "";
  process.stdout?.on("data", (piece) => {
    said += piece;
  });
  const [status] = await once(process, "close");
  // A last line without an end was not told.
  return { lines: said.split("\n").slice(0, -1), status };
}

const rowsIn = async (where: string): Promise<number> => (await held(where)).rows;

/** How many rows there are, and the time of the last, in microseconds. */
async function held(where: string): Promise<{ readonly rows: number; readonly untilUs: number }> {
  const store = new EmbeddedStore(where);
  const { rows, untilUs } = (await store.coverage()) ?? { rows: 0, untilUs: 0 };
  const answered = await store.used(
    {
      question: "used",
      from: { names: [], addresses: [natRow().before?.address].flatMap((ip) => ip ?? []) },
      to: [],
      port: null,
      protocol: null,
      period: { sinceUs: null, untilUs: null },
    },
    10,
  );
  expect(answered.missing).toEqual([]);
  await store.close();
  return { rows, untilUs };
}

test(
  `killed ${KILLS} times while it writes: nothing that was told is lost, nothing counts twice, and it opens at once`,
  async () => {
    const where = join(folder, "store");
    let told = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Each run sends again what the one before had begun with: a writer that was killed cannot know.
      const from = Math.max(0, told - 1);
      const writer = child("blocks", where, from, from + 1000, ROWS);
      const end = ended(writer);
      await Promise.race([once(writer.stdout ?? writer, "data"), end]);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
      writer.kill("SIGKILL");
      const { lines } = await end;
      told = Math.max(told, Number(lines.at(-1) ?? -1) + 1);
      const rows = await rowsIn(where);
      expect(rows % ROWS).toBe(0);
      expect(rows).toBeGreaterThanOrEqual(told * ROWS);
      expect(rows).toBeLessThanOrEqual((told + 1) * ROWS);
    }
    const last = await ended(child("blocks", where, 0, told + 2, ROWS));
    expect(last.status).toBe(0);
    expect(await rowsIn(where)).toBe((told + 2) * ROWS);
    // What a killed writer left behind is gone.
    const { seen, used, retired } = new EmbeddedStore(where).manifest();
    const named = [...seen, ...used, ...retired].map(({ file }) => file);
    expect(readdirSync(join(where, "segments")).filter((name) => !named.includes(name))).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "killed 20 times while one thread reads and another writes: each row once",
  async () => {
    const where = join(folder, "store");
    const file = join(folder, "nat.jsonl");
    const count = 40_000;
    const timeOf = (index: number): number => Date.UTC(2026, 10, 22) + index * 997;
    let before = 0;
    const lines = Array.from({ length: count }, (_, index) => {
      const timestamp = new Date(timeOf(index)).toISOString();
      const connection = `"src_ip":"10.0.0.5","src_port":${index % 60_000},"nat_ip":"203.0.113.7","nat_port":1024,"dest_ip":"198.51.100.25","dest_port":25`;
      return `{"jsonPayload":{"allocation_status":"OK","connection":{${connection}}},"logName":"nat_flows","timestamp":"${timestamp}"}`;
    });
    const broken = [7, 777, 12_345, 39_990];
    for (const place of broken) lines.splice(place, 0, "{broken}");
    writeFileSync(file, `${lines.join("\n")}\n`);
    for (let kill = 0; kill < 20; kill += 1) {
      const reader = child("read", where, 500, file);
      const end = ended(reader);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 900));
      reader.kill("SIGKILL");
      await end;
      const { rows, untilUs } = await held(where);
      expect(rows).toBeGreaterThanOrEqual(before);
      before = rows;
      // The first lines of the file, without a gap and none twice.
      if (rows > 0) expect(untilUs).toBe(timeOf(rows - 1) * 1000);
    }
    const last = await ended(child("read", where, 500, file));
    expect(last.status).toBe(0);
    expect(await rowsIn(where)).toBe(count);
    const { seen, used, retired, rejected } = new EmbeddedStore(where).manifest();
    expect(rejected).toBe(broken.length);
    const rejects = readdirSync(join(where, "rejects")).sort();
    const lineOf = (text: string): number => JSON.parse(text).line;
    const inFiles = rejects.flatMap((name) =>
      readFileSync(join(where, "rejects", name), "utf8")
        .trim()
        .split("\n"),
    );
    expect(inFiles.map(lineOf)).toEqual(broken.map((place) => place + 1));
    const named = [...seen, ...used, ...retired].map(({ file }) => file);
    expect(readdirSync(join(where, "segments")).filter((name) => !named.includes(name))).toEqual([]);
    const again = await ended(child("read", join(folder, "other"), 500, file));
    expect(again.lines).toEqual([`${count} ${count} ${broken.length}`]);
  },
  TIMEOUT_MS,
);

test(
  "two ingests into one store, each with names of its own: no row has another's name",
  async () => {
    const lineOf = (second: number, vm: string): string =>
      `{"jsonPayload":{"allocation_status":"OK","connection":{"src_ip":"10.0.0.5","nat_ip":"203.0.113.7","dest_ip":"198.51.100.25"},"endpoint":{"vm_name":"${vm}"}},"timestamp":"${new Date(Date.UTC(2026, 10, 22) + second * 1000).toISOString()}"}\n`;
    const names = (of: string, from: number): string =>
      Array.from({ length: 100 }, (_, index) => lineOf(from + index, `${of}-${index}`)).join("");
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    writeFileSync(one, names("web", 0));
    writeFileSync(two, names("mail", 100));
    const where = join(folder, "store");
    expect((await ended(child("read", where, 30, one, two))).lines).toEqual(["100 100 0", "100 100 0"]);
    const store = new EmbeddedStore(where);
    for (const [second, name] of [
      [7, "web-7"],
      [107, "mail-7"],
      [199, "mail-99"],
    ] as const) {
      const atUs = (Date.UTC(2026, 10, 22) + second * 1000) * 1000;
      const asked = { address: ip("203.0.113.7"), port: null, atUs, toleranceUs: 0, to: null };
      const { rows } = await store.who({ question: "who", ...asked }, 9);
      expect(rows.map(({ workload }) => workload)).toEqual([name]);
    }
    await store.close();
  },
  TIMEOUT_MS,
);

describe("side by side", () => {
  test(
    "two writers of the same blocks and two of others: each row once",
    async () => {
      const where = join(folder, "store");
      const writers = [
        child("blocks", where, 0, 15, ROWS),
        child("blocks", where, 0, 15, ROWS),
        child("blocks", where, 10, 25, ROWS),
      ];
      const all = await Promise.all(writers.map(ended));
      expect(all.map(({ status }) => status)).toEqual([0, 0, 0]);
      expect(await rowsIn(where)).toBe(25 * ROWS);
    },
    TIMEOUT_MS,
  );

  test(
    "1,000 questions while one writes: each answer is of one commit, and none fails",
    async () => {
      const where = join(folder, "store");
      await ended(child("blocks", where, 0, 1, ROWS));
      const writer = ended(child("blocks", where, 1, 40, ROWS));
      const readers = await Promise.all(Array.from({ length: 2 }, () => ended(child("ask", where, 500))));
      for (const { lines, status } of readers) {
        expect([status, lines.length]).toEqual([0, 500]);
        let last = 0;
        for (const line of lines) {
          const [found = 0, held = 0] = line.split(" ").map(Number);
          expect(found).toBe(held);
          expect(found % ROWS).toBe(0);
          expect(found).toBeGreaterThanOrEqual(last);
          last = found;
        }
      }
      expect((await writer).status).toBe(0);
      expect(await rowsIn(where)).toBe(40 * ROWS);
    },
    TIMEOUT_MS,
  );
});

describe("a folder that is no store of ours", () => {
  test("one that a newer seenas wrote is refused, and not touched", async () => {
    const where = join(folder, "store");
    const store = new EmbeddedStore(where);
    await store.ingest({ id: "a", rows: [natRow()] });
    await store.close();
    const path = join(where, "manifest.json");
    const newer = JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), format: 99, unheard: true });
    writeFileSync(path, newer);
    const opened = await openStore(where);
    expect(opened).toMatchObject({ kind: "refused", problem: { code: "store/newer" } });
    await expect(new EmbeddedStore(where).ingest({ id: "b", rows: [natRow()] })).rejects.toThrow();
    expect(readFileSync(path, "utf8")).toBe(newer);
  });

  test("a folder of other things, a file, half a manifest", async () => {
    mkdirSync(join(folder, "photos"));
    writeFileSync(join(folder, "photos/a.jpg"), "");
    expect(await openStore(join(folder, "photos"))).toMatchObject({ problem: { code: "store/not-a-store" } });
    expect(await openStore(join(folder, "photos/a.jpg"))).toMatchObject({ problem: { code: "store/not-a-folder" } });
    mkdirSync(join(folder, "damaged"));
    writeFileSync(join(folder, "damaged/manifest.json"), '{"format":1,"seg');
    expect(await openStore(join(folder, "damaged"))).toMatchObject({ problem: { code: "store/damaged" } });
  });

  test("a folder that is not there is made by the first row, not by a question", async () => {
    const opened = await openStore(join(folder, "new"));
    if (opened.kind !== "open") throw new Error("refused");
    expect(await opened.store.coverage()).toBeNull();
    expect(existsSync(join(folder, "new"))).toBe(false);
    await opened.store.close();
  });
});

const canMount = process.platform === "linux" && process.getuid?.() === 0 && canMountHere();

function canMountHere(): boolean {
  const place = mkdtempSync(join(tmpdir(), "seenas-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place]).status === 0;
  if (mounted) spawnSync("umount", [place]);
  rmSync(place, { recursive: true, force: true });
  return mounted;
}

// Needs root, to mount a small disk.
test.skipIf(!canMount)(
  "a full disk: what was durable stays, and it goes on where there is room again",
  async () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
    try {
      const where = join(disk, "store");
      const store = new EmbeddedStore(where);
      const blockOf = (block: number) =>
        Array.from({ length: 2000 }, (_, index) =>
          natRow({
            atUs: natRow().atUs + (block * 2000 + index) * 977,
            workload: `vm-${Math.imul(index, 0x9e3779b1) >>> 0}`,
          }),
        );
      let kept = 0;
      const fill = async (): Promise<void> => {
        for (; kept < 100; kept += 1) await store.ingest({ id: `${kept}`, rows: blockOf(kept) });
      };
      await expect(fill()).rejects.toThrow(/space/i);
      expect((await store.coverage())?.rows).toBe(kept * 2000);
      execFileSync("mount", ["-o", "remount,size=64m", disk]);
      await store.ingest({ id: "next", rows: blockOf(kept) });
      expect((await store.coverage())?.rows).toBe((kept + 1) * 2000);
      await store.close();
    } finally {
      spawnSync("umount", [disk]);
    }
  },
  TIMEOUT_MS,
);
