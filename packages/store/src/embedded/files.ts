import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A file's content, and that it has a name, are two things to a disk: both are waited for. */
export function moveDurably(from: string, to: string): void {
  syncFile(from);
  renameSync(from, to);
}

export function writeDurably(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  const descriptor = openSync(temporary, "w");
  try {
    writeAll(descriptor, Buffer.from(text));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

function syncFile(path: string): void {
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function syncFolder(path: string): void {
  // Windows has no such call for a folder, and needs none.
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export const remove = (path: string): void => rmSync(path, { recursive: true, force: true });
