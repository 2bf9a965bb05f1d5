import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ip, natRow } from "../testing/rows.ts";
import { EmbeddedStore } from "./store.ts";

const DAY_US = 86_400e6;
let folder = "";
let store = new EmbeddedStore("");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-compact-"));
  store = new EmbeddedStore(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const { atUs } = natRow();
/** Rows a second apart, in a commit of their own. */
const commit = async (day: number, from: number, count: number): Promise<void> => {
  const rows = Array.from({ length: count }, (_, index) => {
    const at = atUs + day * DAY_US + (from + index) * 1e6;
    return natRow({ atUs: at, untilUs: at });
  });
  await store.ingest({ id: `${day} ${from}`, rows });
};

const usedFiles = (): readonly string[] => store.manifest().used.map(({ file }) => file);
const counted = async (): Promise<number | undefined> => {
  const from = { names: [natRow().workload], addresses: [] };
  const period = { sinceUs: null, untilUs: null };
  return (await store.used({ question: "used", from, to: [], port: null, protocol: null, period }, 9)).rows[0]?.count;
};

test("what one sender used is put together once the next day has begun", async () => {
  for (let part = 0; part < 4; part += 1) await commit(0, part * 100, 100);
  await store.compact();
  expect(usedFiles()).toHaveLength(4);
  await commit(1, 0, 100);
  await store.compact();
  expect(
    usedFiles()
      .map((file) => file.slice(0, 10))
      .sort(),
  ).toEqual(["2026-11-22", "2026-11-23"]);
  expect(await counted()).toBe(500);
});

test("a few late rows do not write a whole day anew", async () => {
  for (let part = 0; part < 4; part += 1) await commit(0, part * 100, 100);
  await commit(1, 0, 1);
  await store.compact();
  const [whole = ""] = usedFiles().filter((file) => file.startsWith("2026-11-22"));
  for (let late = 0; late < 4; late += 1) await commit(0, 1000 + late, 1);
  await store.compact();
  expect(usedFiles().filter((file) => file.startsWith("2026-11-22"))).toHaveLength(2);
  expect(usedFiles()).toContain(whole);
  expect(await counted()).toBe(405);
});

test("a store of the first format answers, and is added to", async () => {
  await commit(0, 0, 10);
  const { seen, used, ...rest } = store.manifest();
  const [ofSeen, ofUsed] = [seen[0], used[0]];
  if (ofSeen === undefined || ofUsed === undefined) throw new Error("no segments");
  const { span, file, ...summary } = ofSeen;
  const first = { ...rest, format: 1, segments: [{ ...summary, hour: span, seen: file, used: ofUsed.file }] };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(first));
  expect(await counted()).toBe(10);
  await commit(0, 5, 10);
  expect(await counted()).toBe(15);
  expect(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))).toMatchObject({ format: 2 });
  expect(readdirSync(join(folder, "segments"))).toContain(file);
  const asked = { address: ip("203.0.113.7"), port: null, atUs: atUs + 3e6, toleranceUs: 0, to: null };
  const who = await store.who({ question: "who", ...asked }, 9);
  expect(who.rows).toHaveLength(1);
});
