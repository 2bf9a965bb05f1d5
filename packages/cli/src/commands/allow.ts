import {
  ALLOW_FORMATS,
  type Allowlist,
  type AllowSource,
  allowlistFrom,
  type Destination,
  destinationOfFlow,
  destinationOfPartners,
  isAllowFormat,
  type Language,
  nothingToAllow,
  type Partner,
  type Problem,
  problemsJson,
  refusalsOf,
  sourcesOfMap,
  sourcesOfVerdicts,
  type Verdict,
} from "@seenas/core";
import { languageOf } from "../language.ts";
import { print, printJson, printLines, tellProblems } from "../output.ts";
import { isTime } from "../time.ts";
import { allowUsage } from "./allow-usage.ts";
import { isOneFlow, mapFrom, partnersOf } from "./estates.ts";
import { flowsIn } from "./flows.ts";
import { ALLOW_OPTIONS, type Parsed, parse } from "./options.ts";
import { ask } from "./question.ts";
import { badUsage, evidenceOfMany, flowsAlone, noPlace, wrongAt, wrongFormat } from "./usage-problems.ts";

type Values = Extract<Parsed<typeof ALLOW_OPTIONS>, { readonly kind: "ok" }>["values"];

/** What is known of everybody who may reach the partner, or why nothing is. */
type Gathered =
  | {
      readonly kind: "gathered";
      readonly sources: readonly AllowSource[];
      readonly to: Destination;
      readonly problems: readonly Problem[];
      readonly isHalfRead: boolean;
    }
  | { readonly kind: "refused"; readonly problems: readonly Problem[]; readonly status: 2 | 4 };

/** `seenas allow`: the allowlist for a set of flows, in the receiver's own format. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, ALLOW_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], false, language);
  const { values, words } = parsed;
  if (values.help === true || (values.config === undefined && values.evidence === undefined)) {
    await print(allowUsage(language));
    return values.help === true ? 0 : 2;
  }
  const format = values.json === true ? "json" : (values.format ?? "text");
  const wrong: Problem[] = [];
  if (!isAllowFormat(format)) wrong.push(wrongFormat(format, Object.keys(ALLOW_FORMATS)));
  if (words.length > 0) wrong.push(badUsage(`unexpected ${JSON.stringify(words[0])}`));
  const narrowed = [values.from, values.to, values.partners, values.evidence].some((value) => value !== undefined);
  if (values.flows !== undefined && narrowed) wrong.push(flowsAlone());
  if (values.flows === undefined && values.to === undefined && values.partners === undefined) wrong.push(noPlace());
  if (values.at !== undefined && !isTime(values.at)) wrong.push(wrongAt(values.at));
  if (!isAllowFormat(format) || wrong.length > 0) return refuse(wrong, values.json === true, language);
  const gathered = await gather(values, language);
  if (gathered.kind === "refused") return refuse(gathered.problems, format === "json", language, gathered.status);
  const { sources, to, problems, isHalfRead } = gathered;
  const list = allowlistFrom(sources, to, { asOf: values.at ?? null, isHalfRead });
  const refusals = refusalsOf(list.doubts);
  const isRefused = refusals.length > 0 && values["allow-unstable"] !== true;
  if (list.entries.length === 0 || isRefused) {
    const nothing = list.entries.length === 0 ? [nothingToAllow(list)] : [];
    return refuse([...problems, ...refusals, ...nothing], format === "json", language, 3);
  }
  if (values.quiet !== true) await tellProblems([...problems, ...refusals.map(asWarning)], values, language);
  const options = { name: values.name ?? "seenas", language, isInternal: values.internal === true };
  await printLines(ALLOW_FORMATS[format](list, options));
  return statusOf(list);
}

const asWarning = (problem: Problem): Problem => ({ ...problem, level: "warning" });

/** What is known and will not last is an answer; what is not known is none, printed or not. */
const statusOf = ({ doubts }: Allowlist): 0 | 3 => (doubts.some(({ kind }) => kind !== "unstable") ? 3 : 0);

async function gather(values: Values, language: Language): Promise<Gathered> {
  const { config = [], evidence = [], from = [], to = [], partners, flows, quiet = false } = values;
  if (flows !== undefined) return gatherFlows(config, flows, quiet, language);
  const [place] = to;
  const isOne = to.length === 1 && partners === undefined && isOneFlow(place ?? "");
  if (isOne && from.length < 2 && (from.length === 1 || evidence.length > 0))
    return gatherFlow({ ...values, from: from[0], to: place }, language);
  if (evidence.length > 0) return { kind: "refused", problems: [evidenceOfMany()], status: 2 };
  const towards = await partnersOf({ from, to, partners });
  if (towards.problems.length > 0 || towards.value === null)
    return { kind: "refused", problems: towards.problems, status: 2 };
  return gatherMap(config, from, towards.value, quiet, language);
}

/** Each sender with its own targets alone: all with all would admit more. */
async function gatherFlows(
  config: readonly string[],
  file: string,
  quiet: boolean,
  language: Language,
): Promise<Gathered> {
  const flows = flowsIn(file);
  if (flows.problems.length > 0) return { kind: "refused", problems: flows.problems, status: 2 };
  const mapping = await mapFrom(config, [...new Set(flows.value.map(({ from }) => from))], quiet, language);
  if (mapping.kind === "refused") return { kind: "refused", problems: mapping.problems, status: 2 };
  const { map, problems, sendersOf, missing } = mapping.mapped;
  if (missing.length > 0) return { kind: "refused", problems: [...problems, ...missing], status: 2 };
  const sources = flows.value.flatMap(({ from, partner }) => {
    const own = map.interfaces.filter((one) => sendersOf.get(from)?.has(one.interface.id));
    return sourcesOfMap({ ...map, interfaces: own }, [partner]);
  });
  const partners = new Map(flows.value.map(({ partner }) => [JSON.stringify(partner), partner]));
  return {
    kind: "gathered",
    sources,
    to: destinationOfPartners([...partners.values()]),
    problems,
    isHalfRead: problems.some(({ level }) => level === "error"),
  };
}

async function gatherMap(
  config: readonly string[],
  from: readonly string[],
  partners: readonly Partner[],
  quiet: boolean,
  language: Language,
): Promise<Gathered> {
  const mapping = await mapFrom(config, from, quiet, language);
  if (mapping.kind === "refused") return { kind: "refused", problems: mapping.problems, status: 2 };
  const { map, problems, missing } = mapping.mapped;
  if (missing.length > 0) return { kind: "refused", problems: [...problems, ...missing], status: 2 };
  return {
    kind: "gathered",
    sources: sourcesOfMap(map, partners),
    to: destinationOfPartners(partners),
    problems,
    isHalfRead: problems.some(({ level }) => level === "error"),
  };
}

async function gatherFlow(flags: Parameters<typeof ask>[0], language: Language): Promise<Gathered> {
  const asked = await ask(flags, language);
  if (asked.kind === "refused") return { ...asked, status: 2 };
  const { explained, problems } = asked;
  if (explained.kind === "refused")
    return { kind: "refused", problems: [...problems, ...explained.problems], status: 2 };
  const { verdict } = explained;
  if (verdict.conflicts.length > 0)
    return { kind: "refused", problems: [...verdict.problems, ...contradictions(verdict)], status: 4 };
  return {
    kind: "gathered",
    sources: sourcesOfVerdicts(explained.kind === "group" ? explained.verdict.members : [verdict]),
    to: destinationOfFlow(verdict.flow),
    problems: verdict.problems,
    // The verdict has taken that into account, and evidence may have settled it.
    isHalfRead: false,
  };
}

/** No list is made of what cannot be: not with --allow-unstable either. */
const contradictions = ({ conflicts }: Verdict): readonly Problem[] =>
  conflicts.map(({ text, likely }) => ({
    level: "error",
    code: "allow/contradiction",
    file: null,
    line: null,
    text,
    fix: { en: `likely wrong: ${likely.en}`, zh: `较可能有误的是：${likely.zh}` },
  }));

async function refuse(
  problems: readonly Problem[],
  json: boolean,
  language: Language,
  status: 2 | 3 | 4 = 2,
): Promise<number> {
  if (json) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, {}, language);
  return status;
}
