import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const examples = join(root, "examples");

/** A console block of a README: the command, and what it printed. */
interface Transcript {
  readonly command: string;
  readonly printed: string;
}

const BLOCK = /```console\n\$ (npx seenas [^\n]*)\n([\s\S]*?)```/g;

const transcriptsOf = (readme: string): readonly Transcript[] =>
  [...readme.matchAll(BLOCK)].map(([, command = "", printed = ""]) => ({ command, printed }));

interface Run {
  readonly status: number;
  readonly output: string;
}

function run(command: string, ...more: readonly string[]): Promise<Run> {
  const words = command.split(/\s+/).slice(2);
  const env = { ...process.env, LANG: "C.UTF-8", LC_ALL: "", LC_MESSAGES: "", NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, "packages/cli/bin/seenas.js"), ...words, ...more],
      { cwd: root, env },
      (error, output) => {
        resolve({ status: typeof error?.code === "number" ? error.code : 0, output });
      },
    );
  });
}

interface Expected {
  readonly exit: number;
  /** Of `explain`. */
  readonly verdict?: object;
  /** Lines that must stand in the answer of `map` or `diff`; `lines` of them in all. */
  readonly pieces?: readonly object[];
  readonly lines?: number;
}

const names = readdirSync(examples, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe.each(names)("examples/%s", (name) => {
  const readme = join(examples, name, "README.md");
  const expected = JSON.parse(readFileSync(join(examples, name, "answer.json"), "utf8")) as readonly Expected[];
  const transcripts = transcriptsOf(readFileSync(readme, "utf8"));

  test("has an expected answer for each command of its README", () => {
    expect(transcripts.length).toBeGreaterThan(0);
    expect(transcripts.length).toBe(expected.length);
  });

  test.each(transcripts.map((transcript, index) => ({ ...transcript, ...expected[index] })))(
    "$command",
    async ({ command, printed, exit, verdict, pieces, lines }) => {
      const json = await run(command, "--json", "--lang", "en");
      expect(json.status).toBe(exit);
      if (verdict !== undefined) expect(JSON.parse(json.output)).toMatchObject(verdict);
      const said = json.output.trim().split("\n");
      if (lines !== undefined) expect(said.length).toBe(lines);
      const answered = pieces === undefined ? [] : said.map((line) => JSON.parse(line));
      for (const piece of pieces ?? [])
        expect(
          answered.some((one) => contains(one, piece)),
          JSON.stringify(piece),
        ).toBe(true);
      const text = await run(command, "--lang", "en");
      if (process.env.UPDATE === "1") rewrite(readme, command, text.output);
      else expect(text.output).toBe(printed);
    },
  );
});

test("the README shows what npm start prints", async () => {
  const readme = join(root, "README.md");
  const text = readFileSync(readme, "utf8");
  const { output } = await run("npx seenas explain --example");
  const block = /```console\n\$ npm start\n([\s\S]*?)```/;
  if (process.env.UPDATE === "1")
    writeFileSync(
      readme,
      text.replace(block, () => `\`\`\`console\n$ npm start\n${output}\`\`\``),
    );
  else expect(block.exec(text)?.[1]).toBe(output);
});

/** Every member that is named is there, and equal. */
function contains(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted))
    return JSON.stringify(found) === JSON.stringify(wanted);
  return (
    typeof found === "object" &&
    found !== null &&
    Object.entries(wanted).every(([key, value]) => contains((found as Record<string, unknown>)[key], value))
  );
}

/** Golden transcripts are rewritten with one flag and read in review. */
function rewrite(readme: string, command: string, output: string): void {
  const updated = readFileSync(readme, "utf8").replace(BLOCK, (block, found) =>
    found === command ? `\`\`\`console\n$ ${command}\n${output}\`\`\`` : block,
  );
  writeFileSync(readme, updated);
}
