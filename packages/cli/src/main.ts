import { EXPLAIN_OPTIONS } from "./commands/options.ts";
import { languageOf } from "./language.ts";
import { print } from "./output.ts";

/** One loader a command: a command's code is read only when it is the one that runs. */
const COMMANDS: Readonly<Record<string, () => Promise<{ readonly run: Command }>>> = {
  explain: () => import("./commands/explain.ts"),
  map: () => import("./commands/map.ts"),
  diff: () => import("./commands/diff.ts"),
  allow: () => import("./commands/allow.ts"),
  read: () => import("./commands/read.ts"),
  rules: () => import("./commands/rules.ts"),
  collect: () => import("./commands/collect.ts"),
  lab: () => import("./commands/lab.ts"),
  serve: () => import("./commands/serve.ts"),
  probe: () => import("./commands/probe.ts"),
  witness: () => import("./commands/witness.ts"),
  logs: () => import("./commands/logs.ts"),
};

/** Promised by the contract, not here yet. */
const LATER = ["watch"];

export type Command = (argv: readonly string[]) => Promise<number>;

/** @returns the exit status that the contract promises. */
export async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  const language = languageOf(argv);
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    const { usageText } = await import("./commands/usage.ts");
    await print(usageText(first === "help" ? rest[0] : undefined, language));
    return 0;
  }
  const load = COMMANDS[first];
  if (Object.hasOwn(COMMANDS, first) && load !== undefined) return (await load()).run(rest);
  if (LATER.includes(first)) return unknownCommand(first, language, true);
  // `seenas --from … --to …` is `seenas explain`.
  if (first.startsWith("-") && isExplainOption(first)) return (await import("./commands/explain.ts")).run(argv);
  return unknownCommand(first, language, false);
}

const isExplainOption = (word: string): boolean => {
  const name = word.replace(/^--?/, "").split("=")[0] ?? "";
  return Object.hasOwn(EXPLAIN_OPTIONS, name);
};

function unknownCommand(word: string, language: "en" | "zh", later: boolean): number {
  const words = {
    en: later
      ? `seenas ${word} is not in this version. There are: ${Object.keys(COMMANDS).join(", ")}.`
      : `expected a command or --from … --to …, found ${JSON.stringify(word)}. There are: ${Object.keys(COMMANDS).join(", ")}. Try: seenas --help`,
    zh: later
      ? `此版本尚无 seenas ${word}。现有命令：${Object.keys(COMMANDS).join("、")}。`
      : `应为命令或 --from … --to …，实为 ${JSON.stringify(word)}。现有命令：${Object.keys(COMMANDS).join("、")}。请试：seenas --help`,
  };
  process.stderr.write(`${words[language]}\n`);
  return 2;
}
