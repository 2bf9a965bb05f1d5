import type { Ask, Assumption } from "../model/outcome.ts";
import type { Text } from "../problem.ts";
import { uniqueById } from "../resolve/combine.ts";
import { sightingsOf } from "./sightings.ts";
import type { JudgedOutcome, NextStep, Question, StepResult, Verdict } from "./verdict.ts";
import { sentenceOf, shortly } from "./words.ts";

type SoFar = Pick<Verdict, "certainty" | "outcomes" | "observations" | "answer" | "conflicts">;

/** What to do to be certain, the most telling first. Empty when the destination itself was heard. */
export function nextOf(question: Question, verdict: SoFar): readonly NextStep[] {
  if (verdict.certainty === "observed" && verdict.conflicts.length === 0) return [];
  const standing = verdict.outcomes.flatMap((outcome, index) => (outcome.standing ? [{ outcome, index }] : []));
  const ofAnswer = standing.filter(({ outcome }) => outcome.answers);
  const splitting = stepsOf(standing, "open");
  const confirming = stepsOf(ofAnswer, "default");
  const sighting = sightingsOf(question).map((ask) => withResults(ask, resultsOfSighting(standing)));
  const vantage = vantageAsks(verdict).map((ask) => withResults(ask, []));
  const isOpen = verdict.certainty === "possible" || verdict.certainty === "unknown";
  // What an older sighting leaves in doubt, only a newer one clears up.
  const lookAgain = verdict.observations.some(({ moment }) => moment === "unsettled");
  const steps = isOpen
    ? [...vantage, ...(lookAgain ? sighting : []), ...mostTelling(splitting, sighting), ...confirming]
    : [...vantage, ...sighting, ...splitting, ...confirming];
  return [...new Map(steps.map((step) => [step.command ?? step.text.en, step])).values()];
}

interface Standing {
  readonly outcome: JudgedOutcome;
  /** In the verdict's list. */
  readonly index: number;
}

/** A step whose results are all the same tells nothing apart. */
const withResults = (ask: Ask, results: readonly StepResult[]): NextStep => ({
  ...ask,
  results: results.length > 1 ? results : [],
});

/**
 * First what leaves fewest outcomes whatever comes of it; of equal ones first what a closed network can do. Where all of
 * the answer is open in the same way, that must be known whichever of its outcomes holds.
 */
function mostTelling(asked: readonly NextStep[], sightings: readonly NextStep[]): readonly NextStep[] {
  const leaves = (step: NextStep): number =>
    step.results.reduce((most, { outcomes }) => Math.max(most, outcomes.length), asked.includes(step) ? 0 : 1);
  return [...asked, ...sightings].sort((a, b) => leaves(a) - leaves(b) || reachOf(a) - reachOf(b));
}

const reachOf = ({ inside }: NextStep): number => (inside === true ? 0 : 1);

/** What would settle the assumptions, each with what holds if it is so and if it is not. */
const stepsOf = (among: readonly Standing[], basis: Assumption["basis"]): readonly NextStep[] =>
  uniqueById(among.flatMap(({ outcome }) => outcome.assumptions)).flatMap((assumption) =>
    assumption.basis === basis && assumption.ask !== null
      ? [withResults(assumption.ask, basis === "open" ? resultsOfAssumption(assumption, among) : [])]
      : [],
  );

function resultsOfAssumption({ id, text }: Assumption, among: readonly Standing[]): readonly StepResult[] {
  const rests = ({ outcome }: Standing): boolean => outcome.assumptions.some((one) => one.id === id);
  // What holds against a default is no other way for this to be.
  const others = among.filter((one) => one.outcome.answers && !rests(one));
  if (others.length === 0) return [];
  return [
    { when: text, ...identitiesOf(among.filter(rests)) },
    { when: { en: "otherwise", zh: "否则" }, ...identitiesOf(others) },
  ];
}

function identitiesOf(among: readonly Standing[]): Pick<StepResult, "means" | "outcomes"> {
  const words = among.map(({ outcome }) => shortly(outcome));
  return { means: joined(words, { en: " or ", zh: "，或 " }), outcomes: among.map(({ index }) => index) };
}

/** One result for each identity; those that name no address are told apart only from those that do. */
function resultsOfSighting(among: readonly Standing[]): readonly StepResult[] {
  const byWords = new Map<string, Standing[]>();
  for (const one of among) {
    const words = arrives(one).en;
    const same = byWords.get(words);
    if (same === undefined) byWords.set(words, [one]);
    else same.push(one);
  }
  return [...byWords.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const open = uniqueById(same.flatMap(({ outcome }) => outcome.assumptions)).filter(
      ({ id, basis }) =>
        basis === "open" && !among.every(({ outcome }) => outcome.assumptions.some((one) => one.id === id)),
    );
    const means =
      open.length === 0
        ? AS_CONFIGURED
        : joined(
            open.map(({ text }) => text),
            { en: "; ", zh: "；" },
          );
    return [{ when: arrives(first), means, outcomes: same.map(({ index }) => index) }];
  });
}

const AS_CONFIGURED: Text = { en: "as the configuration has it", zh: "与配置相符" };

function arrives({ outcome: { identity } }: Standing): Text {
  if (identity.kind === "blocked") return { en: "nothing arrives", zh: "没有任何流量到达" };
  const addresses = sentenceOf(identity);
  return addresses === null
    ? { en: "an address that is not named here arrives", zh: "到达的是此处未列出的地址" }
    : { en: `${addresses.en} arrives`, zh: `到达的是 ${addresses.zh}` };
}

const joined = (texts: readonly Text[], by: Text): Text => ({
  en: [...new Set(texts.map(({ en }) => en))].join(by.en),
  zh: [...new Set(texts.map(({ zh }) => zh))].join(by.zh),
});

/** A transcript is the client's whatever anybody says of it. */
function vantageAsks({ observations }: SoFar): readonly Ask[] {
  const files = new Set(
    observations
      .filter(({ kind, vantage, seen }) => kind !== "smtp-transcript" && vantage === "unknown" && seen.source !== null)
      .map(({ file }) => file),
  );
  return [...files].map((file) => ({
    text: {
      en: `say where ${file} was taken: add --vantage ${file}=destination if at the destination`,
      zh: `请说明 ${file} 在哪里采集：若在目的端，请加 --vantage ${file}=destination`,
    },
    command: `--vantage ${file}=destination`,
    settles: {
      en: "whether it shows the source before or after translation",
      zh: "它显示的是转换之前还是之后的源地址",
    },
  }));
}
