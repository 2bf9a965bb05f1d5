import { jqCleaner } from "./clean-jq.ts";
import { type Command, type Each, filled, type Provider, type ProviderName } from "./command.ts";
import { PROVIDERS } from "./providers.ts";
import { taskOf } from "./tasks.ts";

export interface ScriptWanted {
  readonly provider: ProviderName;
  readonly scopes: readonly string[];
  readonly dropTags: boolean;
  readonly language: "en" | "zh";
}

/** A POSIX shell script for Cloud Shell that runs the same commands, to be read by the one who runs it. Needs jq. */
export function cloudScript({ provider: name, scopes, dropTags, language }: ScriptWanted): string {
  const provider = PROVIDERS[name];
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
  return `take "${file}" ${quoted(command.unknown[language])} \\\n  ${program} ${words.join(" ")}`;
}

const onceLine = (provider: Provider, command: Command, language: "en" | "zh"): string =>
  takeLine(provider, command, `$scope/${command.file}`, language);

function eachLines(provider: Provider, command: Command, each: Each, language: "en" | "zh"): string {
  const names = Object.keys(each.fields);
  const columns = Object.values(each.fields).map((member) => `(.${member} | split("/") | last)`);
  const list = each.list === null ? ".[]" : `.${each.list}[]`;
  const needs = each.needs === null ? "" : ` | select(.${each.needs})`;
  const source = `$out/$scope/${taskOf(provider, commandOf(provider, each.of), "s").file.slice(2)}`;
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
  scopes.length > 0
    ? `scopes='${scopes.join(" ")}'`
    : `scopes=$(${provider.program} ${provider.scope.ask.join(" ")} 2>/dev/null </dev/null | tail -n 1)
[ -n "$scopes" ] || { echo "no ${provider.scope.flag} is set: print the script again with --${provider.scope.flag} ID" >&2; exit 2; }`;

/** A rate limit is waited for. What ends with an error is no answer, even if something was printed. */
const TAKE = String.raw`# take FILE WHAT-IS-NOT-KNOWN-WITHOUT-IT COMMAND...
take() {
  file=$1 unknown=$2
  shift 2
  attempt=1
  while :; do
    at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    { "$@" 2>"$out/.errors" </dev/null; echo $? >"$out/.status"; } |
      sed -n '/^[[:space:]]*[[{]/,$p' | jq "$clean" >"$out/.answer" 2>/dev/null
    cleaned=$? status=$(cat "$out/.status") result=written
    reason=$(tail -n 3 "$out/.errors" | cut -c 1-400 | jq -R . | jq -s "join(\" \") | $clean")
    if grep -qiE 'rate.?limit|RequestLimitExceeded|Throttling|too ?many ?requests' "$out/.errors" &&
      [ "$status" -ne 0 ] && [ "$attempt" -lt 5 ]; then
      sleep $((attempt * attempt))
      attempt=$((attempt + 1))
      continue
    fi
    break
  done
  if [ "$status" -ne 0 ] || [ "$cleaned" -ne 0 ] || [ ! -s "$out/.answer" ]; then
    result=failed
    grep -qiE 'permission|forbidden|not authorized|Unauthorized|AccessDenied|AuthorizationFailed' "$out/.errors" &&
      result=refused
  elif grep -qiE 'some requests did not succeed|unreachable|partial result' "$out/.errors"; then
    result=part
  fi
  if [ "$result" = written ]; then mv "$out/.answer" "$out/$file"; else rm -f "$out/.answer"; fi
  [ "$result" != written ] || unknown=
  echo "$result $*" >&2
  jq -n --arg file "$file" --arg command "$*" --arg scope "$scope" --arg at "$at" --arg result "$result" \
    --arg unknown "$unknown" --argjson attempts "$attempt" --argjson reason "$reason" \
    '{$file, $command, $scope, $at, $result, elements: null, $attempts,
      reason: (if $result == "written" then null else $reason end),
      unknown: (if $unknown == "" then null else $unknown end), rights: []}' >>"$out/.entries"
}

# merge SOURCE LIST FILE: one list of all answers, only if every one of them came
merge() {
  asked=$(jq "[$2] | length" "$1")
  set -- "$3" "$out/$scope"/.part/*-"$3"
  [ "$asked" -gt 0 ] || { echo '[]' >"$out/$scope/$1"; return; }
  name=$1
  shift
  [ "$#" -eq "$asked" ] && [ -e "$1" ] && jq -s add "$@" >"$out/$scope/$name"
}
`;

const TAIL = String.raw`jq -s --arg provider "$provider" --arg scopes "$scopes" --arg startedAt "$started" \
  --arg finishedAt "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
  '{schema: "seenas/collected@1", $provider, scopes: ($scopes | split(" ")), $startedAt, $finishedAt, entries: .}' \
  "$out/.entries" >"$out/manifest.json"
rm -f "$out/.entries" "$out/.errors" "$out/.status"
tar -czf "$out.tar.gz" "$out" && echo "send back $out.tar.gz" >&2
`;
