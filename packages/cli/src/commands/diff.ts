import {
  DIFF_CSV_HEADER,
  type DiffPiece,
  diffCsv,
  diffJson,
  diffMarkdown,
  diffOf,
  diffText,
  type Language,
  type Problem,
  problemsJson,
} from "@seenas/core";
import { languageOf } from "../language.ts";
import { print, printJson, printLines, tellProblems, textOptions } from "../output.ts";
import { mapFrom, partnersOf } from "./estates.ts";
import { DIFF_OPTIONS, parse } from "./options.ts";
import { usageText } from "./usage.ts";
import { badUsage, wrongFormat } from "./usage-problems.ts";

const FORMATS = ["text", "json", "csv", "markdown"] as const;

/** `seenas diff`: what changes for whom between two estates. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, DIFF_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], false, language);
  const { values, words } = parsed;
  const { before = [], after = [], from = [], to = [], partners, quiet = false } = values;
  if (values.help === true || before.length === 0 || after.length === 0) {
    await print(usageText("diff", language));
    return values.help === true ? 0 : 2;
  }
  const format = FORMATS.find((one) => one === (values.json === true ? "json" : (values.format ?? "text")));
  const towards = await partnersOf({ from, to, partners });
  const wrong = [...towards.problems];
  if (format === undefined) wrong.push(wrongFormat(values.format ?? "", FORMATS));
  if (words.length > 0) wrong.push(badUsage(`unexpected ${JSON.stringify(words[0])}`));
  if (format === undefined || wrong.length > 0) return refuse(wrong, values.json === true, language);
  const old = await mapFrom(before, from, quiet, language);
  const now = await mapFrom(after, from, quiet, language);
  const refused = [old, now].flatMap((one) => (one.kind === "refused" ? one.problems : []));
  if (old.kind === "refused" || now.kind === "refused") return refuse(refused, format === "json", language);
  // What is new or gone stands on one side alone.
  const nowhere = old.mapped.missing.filter((one) => now.mapped.missing.some(({ text }) => text.en === one.text.en));
  if (nowhere.length > 0) return refuse(nowhere, format === "json", language);
  const problems = [...old.mapped.problems, ...now.mapped.problems];
  if (!quiet) await tellProblems(problems, values, language);
  const pieces = new Counted(diffOf(old.mapped.map, now.mapped.map, towards.value));
  if (format === "json" || format === "csv") await printLines(machineLines(pieces, format, language));
  else if (format === "markdown") await print(diffMarkdown(pieces, language));
  else await print(diffText(pieces, textOptions(values, language, "stdout")));
  return pieces.count > 0 || problems.some(({ level }) => level === "error") ? 3 : 0;
}

/** Told as they are found: of a large estate there are more than memory holds. */
class Counted implements Iterable<DiffPiece> {
  readonly #pieces: Iterable<DiffPiece>;
  count = 0;

  constructor(pieces: Iterable<DiffPiece>) {
    this.#pieces = pieces;
  }

  *[Symbol.iterator](): Generator<DiffPiece> {
    for (const piece of this.#pieces) {
      this.count += 1;
      yield piece;
    }
  }
}

function* machineLines(pieces: Iterable<DiffPiece>, format: "json" | "csv", language: Language): Generator<string> {
  if (format === "csv") yield DIFF_CSV_HEADER;
  for (const piece of pieces) yield format === "csv" ? diffCsv(piece) : JSON.stringify(diffJson(piece, language));
}

async function refuse(problems: readonly Problem[], json: boolean, language: Language): Promise<number> {
  if (json) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, {}, language);
  return 2;
}
