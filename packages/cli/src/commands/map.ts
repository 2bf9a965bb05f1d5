import {
  type EstateMap,
  type Language,
  MAP_CSV_HEADER,
  mapPiecesOf,
  mapText,
  type Partner,
  type Problem,
  pieceCsv,
  pieceJson,
  problemsJson,
  summaryText,
} from "@seenas/core";
import { languageOf } from "../language.ts";
import { print, printJson, printLines, tellProblems, textOptions } from "../output.ts";
import { mapFrom, partnersOf } from "./estates.ts";
import { MAP_OPTIONS, parse } from "./options.ts";
import { usageText } from "./usage.ts";
import { badUsage, wrongFormat } from "./usage-problems.ts";

const FORMATS = ["table", "summary", "json", "csv"] as const;

/** `seenas map`: the egress map of every interface in the estate. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, MAP_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], false, language);
  const { values, words } = parsed;
  const { config = [], from = [], to = [], partners, quiet = false } = values;
  if (values.help === true || config.length === 0) {
    await print(usageText("map", language));
    return values.help === true ? 0 : 2;
  }
  const format = FORMATS.find((one) => one === (values.json === true ? "json" : (values.format ?? "table")));
  const towards = await partnersOf({ from, to, partners });
  const wrong = [...towards.problems];
  if (format === undefined) wrong.push(wrongFormat(values.format ?? "", FORMATS));
  if (words.length > 0) wrong.push(badUsage(`unexpected ${JSON.stringify(words[0])}`));
  if (format === undefined || wrong.length > 0) return refuse(wrong, values.json === true, language);
  const mapping = await mapFrom(config, from, quiet, language);
  if (mapping.kind === "refused") return refuse(mapping.problems, format === "json", language);
  const { map, problems, missing } = mapping.mapped;
  if (missing.length > 0) return refuse([...problems, ...missing], format === "json", language);
  if (!quiet || format === "json" || format === "csv") await tellProblems(problems, values, language);
  const options = textOptions(values, language, "stdout");
  if (format === "table") await print(mapText(map, towards.value, options));
  else if (format === "summary") await print(summaryText(map, towards.value, options));
  else await printLines(machineLines(map, towards.value, format, language));
  return problems.some(({ level }) => level === "error") ? 3 : 0;
}

function* machineLines(
  map: EstateMap,
  partners: readonly Partner[] | null,
  format: "json" | "csv",
  language: Language,
): Generator<string> {
  if (format === "csv") yield MAP_CSV_HEADER;
  for (const one of map.interfaces)
    for (const piece of mapPiecesOf(one, partners))
      yield format === "csv" ? pieceCsv(piece) : JSON.stringify(pieceJson(piece, language));
}

async function refuse(problems: readonly Problem[], json: boolean, language: Language): Promise<number> {
  if (json) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, {}, language);
  return 2;
}
