import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Files that the page sent because they are too large for it. They are gone when the server is. */
export interface Uploads {
  /** Commands run here. */
  readonly folder: string;
  readonly keep: (name: string, body: ReadableStream<Uint8Array> | null) => Promise<Kept>;
  /** A folder that a command may write to, by its path. */
  readonly newFolder: (name: string) => Promise<string>;
  /** The files of such a folder, as if the page had sent them. */
  readonly adopt: (folder: string) => Promise<readonly { readonly name: string; readonly id: string }[]>;
  /** @returns null: there is no such file. */
  readonly pathOf: (id: string) => string | null;
  readonly drop: (id: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

export type Kept =
  | { readonly kind: "kept"; readonly id: string; readonly name: string; readonly bytes: number }
  | { readonly kind: "too-large"; readonly limit: number }
  | { readonly kind: "no-space" }
  | { readonly kind: "cut" };

/** @param limitBytes of all files together */
export async function openUploads(limitBytes: number): Promise<Uploads> {
  const folder = await mkdtemp(join(tmpdir(), "seenas-serve-"));
  const kept = new Map<string, { readonly path: string; readonly bytes: number }>();
  let used = 0;
  let last = 0;
  const place = (name: string): { readonly id: string; readonly path: string } => {
    last += 1;
    return { id: `file:${last}`, path: join(String(last), ...segmentsOf(name)) };
  };
  return {
    folder,
    keep: async (name, body) => {
      const { id, path } = place(name);
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      let bytes = 0;
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          used += chunk.length;
          done(used > limitBytes ? new TooLarge() : null, chunk);
        },
      });
      const source =
        body === null ? Readable.from([]) : Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
      try {
        await pipeline(source, counted, createWriteStream(target, { mode: 0o600 }));
      } catch (error) {
        used -= bytes;
        await rm(join(folder, path.split("/")[0] ?? ""), { recursive: true, force: true });
        if (error instanceof TooLarge) return { kind: "too-large", limit: limitBytes };
        if ((error as NodeJS.ErrnoException).code === "ENOSPC") return { kind: "no-space" };
        return { kind: "cut" };
      }
      kept.set(id, { path: target, bytes });
      return { kind: "kept", id, name: segmentsOf(name).join("/"), bytes };
    },
    newFolder: async (name) => {
      const path = join(folder, place(name).path);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return path;
    },
    adopt: async (path) => {
      const names = await readdir(path, { recursive: true }).catch(() => []);
      const files: { name: string; id: string }[] = [];
      for (const name of names.sort()) {
        const found = await stat(join(path, name));
        if (!found.isFile() || basename(name) === "manifest.json") continue;
        last += 1;
        used += found.size;
        kept.set(`file:${last}`, { path: join(path, name), bytes: found.size });
        files.push({ name: `${basename(path)}/${name}`, id: `file:${last}` });
      }
      return files;
    },
    pathOf: (id) => kept.get(id)?.path ?? null,
    drop: async (id) => {
      const one = kept.get(id);
      if (one === undefined) return false;
      kept.delete(id);
      used -= one.bytes;
      await rm(one.path, { recursive: true, force: true });
      return true;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

class TooLarge extends Error {}

const DEEPEST = 12;
const LONGEST = 120;

/** The name of a file, and of the folders that it was in, which may say whose it is; never a way out of the folder. */
function segmentsOf(name: string): readonly string[] {
  const segments = name
    .split(/[/\\]/)
    .map((segment) => segment.replace(/[^\p{L}\p{N}._ @=+()-]/gu, "_").slice(0, LONGEST))
    .filter((segment) => !/^\.*$/.test(segment) && !segment.startsWith("-"))
    .slice(-DEEPEST);
  return segments.length === 0 ? ["unnamed"] : segments;
}
