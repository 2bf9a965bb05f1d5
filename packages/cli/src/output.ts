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
export function textOptions(flags: OutputFlags, language: Language, stream: NodeJS.WriteStream): TextOptions {
  const coloured =
    stream.isTTY === true && flags["no-color"] !== true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return {
    language,
    paint: coloured ? PAINTED : PLAIN,
    width: Math.min(Math.max(stream.columns ?? 100, 60), 120),
    verbose: flags.verbose === true,
  };
}

/** Standard output, waiting for a slow reader so that nothing is cut at exit. */
export const print = (text: string): Promise<void> => written(process.stdout, text);

export const printJson = (value: object): Promise<void> => print(`${JSON.stringify(value, null, 2)}\n`);

export const tellProblems = (problems: readonly Problem[], flags: OutputFlags, language: Language): Promise<void> =>
  problems.length === 0
    ? Promise.resolve()
    : written(process.stderr, problemsText(problems, textOptions(flags, language, process.stderr)));

const written = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
