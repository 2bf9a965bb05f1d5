import type { Estate, JudgedOutcome, Text, Verdict } from "@seenas/core";
import type { PathEdge, PathElement, Picture, Standing } from "../protocol.ts";
import { standingOf } from "./views.ts";
import { type Senders, wayOf } from "./way.ts";

const MOST_NAMES = 200;
const RANK: Record<Standing, number> = { answer: 0, standing: 1, eliminated: 2 };
const better = (one: Standing, other: Standing): Standing => (RANK[one] <= RANK[other] ? one : other);

/** All ways of all senders in one graph: what several pass is drawn once, with the best standing of any of them. */
export function pictureOf(verdicts: readonly Verdict[], estate: Estate | null): Picture {
  const elements = new Map<string, PathElement>();
  const edges = new Map<string, PathEdge>();
  const put = (element: PathElement): void => {
    const known = elements.get(element.id);
    elements.set(element.id, known === undefined ? element : merged(known, element));
  };
  const join = (from: string, to: string, standing: Standing, isContender: boolean): void => {
    const key = `${from}\n${to}`;
    const known = edges.get(key);
    edges.set(key, {
      from,
      to,
      standing: known === undefined ? standing : better(known.standing, standing),
      isContender: isContender && known?.isContender !== false,
    });
  };
  for (const { sender, ways } of alike(verdicts)) {
    for (const { verdict, outcome } of ways) {
      const standing = standingOf(outcome);
      const { chain, contenders } = wayOf(verdict, outcome, standing, estate, sender);
      for (const element of chain) put(element);
      for (const [index, element] of chain.entries()) {
        const next = chain[index + 1];
        if (next !== undefined) join(element.id, next.id, standing, false);
      }
      for (const { element, from } of contenders) {
        put(element);
        join(from, element.id, standing, true);
      }
    }
  }
  return { elements: [...elements.values()], edges: [...edges.values()] };
}

interface Alike {
  /** Those that are drawn as one; null: the one sender by its name. */
  readonly sender: Senders | null;
  readonly ways: readonly { readonly verdict: Verdict; readonly outcome: JudgedOutcome }[];
}

/** Senders whose outcomes take the same steps are drawn as one. */
function alike(verdicts: readonly Verdict[]): readonly Alike[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const key = verdicts.length === 1 ? "" : keyOf(verdict);
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.values()].map((members) => {
    const [first] = members;
    const seen = new Set(
      members.map(({ outcomes }) => outcomes.map(({ identity }) => identity.addresses.join()).join("|")),
    );
    const names = members.map(({ flow }) => flow.from.host ?? flow.from.address ?? "?");
    return {
      sender:
        members.length === 1
          ? null
          : { count: members.length, names: names.slice(0, MOST_NAMES), isSeenAlike: seen.size === 1 },
      ways: (first?.outcomes ?? []).flatMap((outcome) => (first === undefined ? [] : [{ verdict: first, outcome }])),
    };
  });
}

const keyOf = ({ outcomes }: Verdict): string =>
  outcomes
    .map((outcome) => {
      const { kind, resource, translator } = outcome.identity;
      const steps = outcome.steps.map(({ rule, contest }) => `${rule.id} ${contest?.winners[0]?.name ?? ""}`);
      return [
        standingOf(outcome),
        kind,
        translator,
        translator === "instance-public-ip" ? "" : resource,
        ...steps,
      ].join();
    })
    .join("\n");

function merged(one: PathElement, other: PathElement): PathElement {
  const known = new Set(one.steps.map(({ text }) => text.en));
  const standing = better(one.standing, other.standing);
  return {
    ...one,
    standing,
    detail: one.kind === "destination" ? seenBy(one, other) : one.detail,
    ruledOutBy: standing === "eliminated" ? (one.ruledOutBy ?? other.ruledOutBy) : null,
    steps: [...one.steps, ...other.steps.filter(({ text }) => !known.has(text.en))],
    fate: one.fate?.fate === "taken" || one.fate?.fate === "shared" ? one.fate : (other.fate ?? one.fate),
  };
}

/** What arrives in several ways is seen as each of them; what was ruled out is not told beside what was not. */
function seenBy(one: PathElement, other: PathElement): Text | null {
  if (one.standing !== other.standing || other.detail === null)
    return RANK[one.standing] <= RANK[other.standing] ? one.detail : other.detail;
  if (one.detail === null || one.detail.en.split(OR.en).includes(other.detail.en)) return one.detail;
  return { en: `${one.detail.en}${OR.en}${other.detail.en}`, zh: `${one.detail.zh}${OR.zh}${other.detail.zh}` };
}

const OR: Text = { en: ", or ", zh: "，或" };
