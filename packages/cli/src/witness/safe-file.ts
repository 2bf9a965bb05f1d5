import { close, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, writeSync } from "node:fs";
import { errnoOf } from "../files/list.ts";

/** How long everybody may be kept waiting for the disk. */
const SLOW_MS = 10;

/** A file that grows by lines, which are whole and safe on the disk once it has said so. */
export class SafeFile {
  private readonly file: number;
  private readonly slowMs: number;
  /** What is safe: everything before it. */
  private bytes: number;
  /** The disk was, the last time. */
  private isSlow = false;

  /** @param file open for appending, and at the beginning of a line */
  constructor(file: number, slowMs: number = SLOW_MS) {
    this.file = file;
    this.slowMs = slowMs;
    this.bytes = fstatSync(file).size;
  }

  /**
   * @param lines letters of ASCII, so that each is a byte
   * @param done called once, at once or later: null, or why nothing of it is kept. Nothing may be appended before.
   */
  append(lines: string, done: (failed: string | null) => void): void {
    let written = 0;
    // Into memory of the kernel, which takes microseconds.
    const failed = failureOf(() => {
      written = writeSync(this.file, lines, null, "latin1");
    });
    if (failed !== null || written < lines.length) done(this.takenBack(failed ?? "ENOSPC"));
    else
      this.untilSafe((unsafe) => {
        if (unsafe === null) this.bytes += written;
        done(unsafe === null ? null : this.takenBack(unsafe));
      });
  }

  close(): void {
    close(this.file);
  }

  /** A quick disk is waited for here, since another thread costs more than the wait; a slow one keeps nobody else waiting. */
  private untilSafe(done: (failed: string | null) => void): void {
    const begun = performance.now();
    const isOver = (failed: string | null): void => {
      this.isSlow = performance.now() - begun > this.slowMs;
      done(failed);
    };
    if (this.isSlow) fdatasync(this.file, (error) => isOver(error === null ? null : errnoOf(error)));
    else isOver(failureOf(() => fdatasyncSync(this.file)));
  }

  /** So that the file holds what was acknowledged and nothing else. */
  private takenBack(code: string): string {
    // Where that fails too, the next line begins behind a torn one, which readers tell apart.
    failureOf(() => ftruncateSync(this.file, this.bytes));
    return code;
  }
}

function failureOf(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return errnoOf(error);
  }
}
