import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { piecesOf } from "./pieces.ts";

const MEGABYTE = 1024 * 1024;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-pieces-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytesOf = (length: number): Buffer => Buffer.from(Uint32Array.from({ length: length / 4 }, (_, at) => at).buffer);

test.each([0, 4, MEGABYTE - 4, MEGABYTE, MEGABYTE + 4, 3 * MEGABYTE, 7 * MEGABYTE + 8])(
  "a file of %d bytes comes as it is, in order",
  async (length) => {
    const name = join(folder, "f");
    const whole = bytesOf(length);
    writeFileSync(name, whole);
    const read: Buffer[] = [];
    for await (const piece of piecesOf({ name, kind: "file", sizeBytes: length })) read.push(Buffer.from(piece));
    expect(Buffer.concat(read).equals(whole)).toBe(true);
  },
);

test("what is added while it is read comes too", async () => {
  const name = join(folder, "f");
  const [first, more] = [bytesOf(4096), bytesOf(5 * MEGABYTE)];
  writeFileSync(name, first);
  const read: Buffer[] = [];
  for await (const piece of piecesOf({ name, kind: "file", sizeBytes: first.length })) {
    if (read.length === 0) writeFileSync(name, more, { flag: "a" });
    read.push(Buffer.from(piece));
  }
  expect(Buffer.concat(read).equals(Buffer.concat([first, more]))).toBe(true);
});

test("whoever stops early is followed by others that read what is theirs", async () => {
  const [one, other] = ["one", "other"].map((name) => join(folder, name));
  writeFileSync(one ?? "", bytesOf(6 * MEGABYTE));
  writeFileSync(other ?? "", "other");
  for (let again = 0; again < 20; again += 1) {
    for await (const _ of piecesOf({ name: one ?? "", kind: "file", sizeBytes: 6 * MEGABYTE })) break;
    for await (const piece of piecesOf({ name: other ?? "", kind: "file", sizeBytes: 5 }))
      expect(Buffer.from(piece).toString()).toBe("other");
  }
});
