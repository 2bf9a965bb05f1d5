import type { InputFile, Language, Problem, VantageHint, Wanted } from "@seenas/core";
import { loadFiles, type Progress } from "./files/load.ts";

export interface Loaded {
  readonly files: readonly InputFile[];
  /** A path that the user named and that cannot be read: there is nothing to answer from. */
  readonly fatal: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** Reads what `--config` and `--evidence` name; a file given as both is read once, as configuration. */
export async function loadInputs(
  config: readonly string[],
  evidence: readonly string[],
  quiet: boolean,
  language: Language,
  vantageOf: (file: string) => VantageHint | null = () => null,
  wanted: Wanted | null = null,
): Promise<Loaded> {
  const meter = quiet ? null : progressMeter(language);
  const options = meter === null ? { vantageOf, wanted } : { vantageOf, wanted, onProgress: meter.show };
  const asConfig = await loadFiles(config, { ...options, lists: true });
  const asEvidence = await loadFiles(evidence, options);
  meter?.clear();
  const seen = new Set(asConfig.value.map(({ name }) => name));
  const problems = [...asConfig.problems, ...asEvidence.problems];
  const named = new Set([...config, ...evidence]);
  // Of an archive that is cut short what came before is read.
  const isUnread = (path: string): boolean =>
    [...asConfig.value, ...asEvidence.value].every(({ name }) => name !== path && !name.startsWith(`${path}!`));
  return {
    files: [
      ...asConfig.value.map((file): InputFile => ({ ...file, role: "config" })),
      ...asEvidence.value
        .filter(({ name }) => !seen.has(name))
        .map((file): InputFile => ({ ...file, role: "evidence" })),
    ],
    fatal: problems.filter(
      ({ level, file }) => level === "error" && file !== null && named.has(file) && isUnread(file),
    ),
    problems,
  };
}

/** A line on standard error that rewrites itself, on a terminal only. */
function progressMeter(language: Language) {
  let shown = false;
  return {
    show: ({ file, readBytes, totalBytes }: Progress): void => {
      const out = process.stderr;
      if (!out.isTTY) return;
      const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
      const of = totalBytes === null ? "" : ` / ${megabytes(totalBytes)}`;
      out.write(`\r\u001b[K${language === "zh" ? "正在读取" : "reading"} ${file}: ${megabytes(readBytes)}${of}`);
      shown = true;
    },
    clear: (): void => {
      if (shown) process.stderr.write("\r\u001b[K");
    },
  };
}
