import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Provider, typed } from "./command.ts";
import { PROVIDERS } from "./providers.ts";

// docs/collect.md lists commands and rights. `UPDATE=1` rewrites the tables; read the diff.

const page = fileURLToPath(new URL("../../../../docs/collect.md", import.meta.url));

const tableOf = ({ program, commands }: Provider): string =>
  [
    "| command | needs | without it nobody knows |",
    "| --- | --- | --- |",
    ...commands.map(
      ({ argv, rights, unknown }) =>
        `| \`${typed([program, ...argv]).replaceAll("|", "\\|")}\` | ${rights.map((right) => `\`${right}\``).join(", ")} | ${unknown.en} |`,
    ),
  ].join("\n");

const WAYS = Object.entries(PROVIDERS).flatMap(([name, [first, ...others]]) => [
  [name, first] as const,
  // A folder is asked about as an organisation is.
  ...others.filter(({ scope }) => scope.flag !== "folder").map((way) => [`${name} ${way.scope.flag}`, way] as const),
]);

test.each(WAYS)("docs/collect.md has the commands and rights of %s", (name, provider) => {
  const text = readFileSync(page, "utf8");
  const marks = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`);
  expect(text).toMatch(marks);
  const written = text.replace(marks, (_, start: string, end: string) => `${start}\n${tableOf(provider)}\n${end}`);
  if (process.env["UPDATE"] === "1") writeFileSync(page, written);
  else expect(text).toBe(written);
});
