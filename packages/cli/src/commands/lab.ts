import type { ScenarioResult } from "../lab/run.ts";
import { isInside, missingHere, runInside, settleInside } from "../lab/sandbox.ts";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems, textOptions } from "../output.ts";
import { LAB_OPTIONS, parse } from "./options.ts";
import { usageText } from "./usage.ts";
import { badUsage } from "./usage-problems.ts";

/** `seenas lab run|fuzz`: predictions against real packets. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  if (argv[0] === "worker")
    return (await import("../lab/worker.ts")).work(argv[1] === "sender" ? "sender" : "destination");
  const parsed = parse(argv, LAB_OPTIONS);
  if (parsed.kind === "wrong") {
    await tellProblems([badUsage(parsed.message, parsed.option)], {}, language);
    return 2;
  }
  const { values, words } = parsed;
  const [what, ...names] = words;
  if (values.help === true || (what !== "run" && what !== "fuzz")) {
    await print(usageText("lab", language));
    return values.help === true ? 0 : 2;
  }
  if (what === "fuzz") {
    if (!isInside()) return runInside(argv);
    settleInside();
    const { fuzz } = await import("../lab/fuzz.ts");
    const start = performance.now();
    const found = await fuzz(
      Number(values.seed ?? 1),
      Number(values.count ?? 100),
      Number(values.jobs ?? 4),
      values.keep ?? "lab-fuzz",
    );
    await printJson({ ...found, ms: performance.now() - start });
    return found.differing.length + found.failed.length > 0 ? 1 : 0;
  }
  const { scenarioFolder, scenariosAt, selected } = await import("../lab/scenarios.ts");
  const folder = scenarioFolder();
  const files = selected(folder === null ? [] : scenariosAt(folder), names);
  if (typeof files === "string") {
    await tellProblems([badUsage(`no scenario is named ${files}`)], values, language);
    return 2;
  }
  const missing = isInside() ? [] : missingHere();
  if (missing.length > 0) {
    await print(`skipped, ${files.length} scenarios not checked: missing ${missing.join(", ")}\n`);
    return 3;
  }
  if (!isInside()) return runInside(argv);
  settleInside();
  const { runAll } = await import("../lab/run.ts");
  const results: ScenarioResult[] = [];
  const start = performance.now();
  for await (const result of runAll(files, Number(values.jobs ?? 4))) {
    results.push(result);
    if (values.json !== true && result.state === "differs") await print(`${JSON.stringify(result, null, 1)}\n`);
  }
  const counts = (state: string): number => results.filter((result) => result.state === state).length;
  if (values.json === true) await printJson({ schema: "seenas/lab@1", results });
  await print(
    `${counts("agrees")} agree, ${counts("differs")} differ, ${counts("skipped")} skipped ${performance.now() - start}\n`,
  );
  void textOptions;
  return counts("differs") > 0 ? 1 : 0;
}
