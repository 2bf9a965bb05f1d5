import { fstatSync, writeSync } from "node:fs";
import { styleText } from "node:util";
import type { Language, Paint, Problem, TextOptions } from "@seenas/core";
import { PLAIN, problemsText } from "@seenas/core";

export interface OutputFlags {
  readonly "no-color"?: boolean | undefined;
  readonly verbose?: boolean | undefined;
}

const PAINTED: Paint = {
  bold: (words) => styleText("bold", words),
  dim: (words) => styleText("dim", words),
  good: (words) => styleText("green", words),
  doubt: (words) => styleText("yellow", words),
  bad: (words) => styleText("red", words),
};

/** Colour only on a terminal, and not where https://no-color.org or a dumb terminal says otherwise. */
export function textOptions(flags: OutputFlags, language: Language, output: "stdout" | "stderr"): TextOptions {
  // Setting up a stream takes longer than a whole answer; only a terminal needs to be asked anything.
  const terminal = mayBeTerminal(DESCRIPTORS[output]) && process[output].isTTY === true ? process[output] : null;
  const coloured =
    terminal !== null && flags["no-color"] !== true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return {
    language,
    paint: coloured ? PAINTED : PLAIN,
    width: Math.min(Math.max(terminal?.columns ?? 100, 60), 120),
    verbose: flags.verbose === true,
  };
}

/** A pipe, a file and /dev/null (major number 1: memory) are none; loading what knows terminals takes milliseconds. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev >> 8 !== 1;
  } catch {
    return false;
  }
}

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

/** Standard output, waiting for a slow reader so that nothing is cut at exit. */
export const print = (text: string): Promise<void> => written("stdout", text);

const CHUNK = 1 << 16;

/** Line after line, without ever holding all of them. */
export async function printLines(lines: Iterable<string>): Promise<void> {
  let chunk = "";
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    await print(chunk);
    chunk = "";
  }
  await print(chunk);
}

export const printJson = (value: object): Promise<void> => print(`${JSON.stringify(value, null, 2)}\n`);

export const tellProblems = (problems: readonly Problem[], flags: OutputFlags, language: Language): Promise<void> =>
  problems.length === 0
    ? Promise.resolve()
    : written("stderr", problemsText(problems, textOptions(flags, language, "stderr")));

/** Writes all of it before it returns, so that nothing is cut at exit; a full disk is thrown, a closed pipe is not. */
async function written(output: "stdout" | "stderr", text: string): Promise<void> {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(DESCRIPTORS[output], bytes, done);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      // A reader that is slower than we are: the stream knows how to wait for it.
      return new Promise((resolve, reject) => {
        process[output].write(bytes.subarray(done), (failed) => (failed ? reject(failed) : resolve()));
      });
    }
  }
}
