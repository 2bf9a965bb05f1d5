import { jqCleaner } from "./clean-jq.ts";
import { type Command, type Each, filled, type Provider, type ProviderName } from "./command.ts";
import { TAIL, TAKE } from "./script-shell.ts";

export interface ScriptWanted {
  readonly provider: ProviderName;
  readonly way: Provider;
  readonly scopes: readonly string[];
  readonly dropTags: boolean;
  readonly language: "en" | "zh";
}

/** A POSIX shell script for Cloud Shell that runs the same commands, to be read by the one who runs it. Needs jq. */
export function cloudScript({ provider: name, way: provider, scopes, dropTags, language }: ScriptWanted): string {
  const once = provider.commands
    .filter(({ each }) => each === null)
    .map((command) => onceLine(provider, command, language));
  const each = provider.commands.flatMap((command) =>
    command.each === null ? [] : [eachLines(provider, command, command.each, language)],
  );
  return `${head(name, provider, language)}
# What removes secrets before anything is written: metadata values, keys, settings, signatures.
clean=${quoted(jqCleaner(dropTags))}

${TAKE}
${scopesLines(provider, scopes)}
for scope in $scopes; do
mkdir -p "$out/$scope/.part"
${once.join("\n")}

${each.join("\n\n")}
${provider.leftOut.map((command) => leftOutLine(provider, command, language)).join("\n")}
done

${TAIL}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A word of a command, with the shell's variables for what is put in. */
const word = (template: string): string =>
  /\{\w+\}/.test(template)
    ? `"${template.replace(/\{(\w+)\}/g, (_, name: string) => `$${name}`)}"`
    : /^[\w@%+=:,./-]+$/.test(template)
      ? template
      : quoted(template);

function takeLine(provider: Provider, command: Command, file: string, language: "en" | "zh"): string {
  const { program, scope, always } = provider;
  const words = [...command.argv, ...scope.argv, ...always].map(word);
  const take =
    command.pages === null
      ? "take"
      : `take_pages ${command.pages.list} ${command.pages.token} ${quoted(command.pages.argv.replace("{token}", ""))}`;
  return `${take} "${file}" ${quoted(command.unknown[language])} \\\n  ${program} ${words.join(" ")}`;
}

const leftOutLine = ({ program }: Provider, { argv, unknown }: Command, language: "en" | "zh"): string =>
  `left_out ${quoted([program, ...argv].join(" "))} ${quoted(unknown[language])}`;

const onceLine = (provider: Provider, command: Command, language: "en" | "zh"): string =>
  takeLine(provider, command, `$scope/${command.file}`, language);

function eachLines(provider: Provider, command: Command, each: Each, language: "en" | "zh"): string {
  const names = Object.keys(each.fields);
  const columns = Object.values(each.fields).map(columnOf);
  const list = each.list === null ? ".[]" : `.${each.list}[]`;
  const where = each.where === null ? "" : ` | select(.${each.where.member} == "${each.where.is}")`;
  const needs = where + (each.needs === null ? "" : ` | select(.${each.needs})`);
  const source = `$out/$scope/${commandOf(provider, each.of).file}`;
  const file = each.merged
    ? `$scope/.part/$n-${command.file}`
    : filled(`$scope/${command.file}`, Object.fromEntries(names.map((name) => [name, `\${${name}}`])));
  const loop = `  n=0
  jq -r '${list}${needs} | [${columns.join(", ")}] | @tsv' "${source}" | while IFS="$tab" read -r ${names.join(" ")}; do
  n=$((n + 1))
  ${takeLine(provider, command, file, language)}
  done`;
  const merge = each.merged ? `\n  merge "${source}" ${quoted(list)} "${command.file}"` : "";
  return `if [ -s "${source}" ]; then\n${loop}${merge}\nfi`;
}

function columnOf(field: string): string {
  const [path = "", behind] = field.split("@");
  const part = behind === undefined ? "last" : `.[index("${behind}") + 1]`;
  return `(.${path} | split("/") | ${part})`;
}

const commandOf = (provider: Provider, id: string): Command => {
  const found = provider.commands.find((command) => command.id === id);
  if (found === undefined) throw new Error(`no command ${id}`);
  return found;
};

function head(name: ProviderName, { program, environment }: Provider, language: "en" | "zh"): string {
  const about = {
    en: `# Gathers what seenas needs from ${name}, with read-only commands of ${program} alone. Read it, run it in Cloud Shell
# (sh FILE), and send back seenas-export-${name}.tar.gz. It changes nothing and needs jq, which Cloud Shell has.`,
    zh: `# 仅用 ${program} 的只读命令收集 seenas 所需的 ${name} 配置。请先阅读，在 Cloud Shell 中运行（sh 文件名），
# 然后发回 seenas-export-${name}.tar.gz。它不做任何更改；需要 jq，Cloud Shell 自带。`,
  };
  const variables = Object.entries(environment).map(([variable, value]) => `export ${variable}=${quoted(value)}`);
  return `#!/bin/sh
${about[language]}
set -u
umask 077
out=seenas-export-${name}
provider=${name}
tab=$(printf '\\t')
${variables.join("\n")}
for program in ${program} jq; do
  command -v "$program" >/dev/null 2>&1 || { echo "$program was not found" >&2; exit 2; }
done
mkdir "$out" || { echo "$out is there already: move it away first" >&2; exit 2; }
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
`;
}

const scopesLines = (provider: Provider, scopes: readonly string[]): string =>
  scopes.length > 0 || provider.scope.ask === null
    ? `scopes='${scopes.join(" ")}'`
    : `scopes=$(${provider.program} ${provider.scope.ask.join(" ")} 2>/dev/null </dev/null | tail -n 1)
[ -n "$scopes" ] || { echo "no ${provider.scope.flag} is set: print the script again with --${provider.scope.flag} ID" >&2; exit 2; }`;
