import { EFFECT, type Text } from "@seenas/core";
import type { ReactElement } from "react";
import { CopyButton } from "../parts/copy.tsx";
import { ExcerptOf, RuleLine } from "../parts/place.tsx";
import type { ObservationView, OutcomeView, VerdictView } from "../protocol.ts";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";

const WHY: Text = { en: "Why", zh: "依据" };
const WHY_CONFLICT: Text = { en: "Why, by the configuration", zh: "按配置的依据" };
const ASSUMED: Text = { en: "Taken without being told", zh: "未获说明的假定" };
const OPEN: Text = { en: "open", zh: "未定" };

interface Props {
  readonly page: Page;
  readonly verdict: VerdictView;
}

export function Why({ page, verdict }: Props): ReactElement | null {
  const say = useSay();
  if (verdict.steps.length === 0) return null;
  return (
    <section className="card">
      <h2>{say(verdict.conflicts.length > 0 ? WHY_CONFLICT : WHY)}</h2>
      <ol className="steps">
        {verdict.steps.map((step) => (
          <li key={`${step.rule.id} ${step.text.en}`}>
            <p className="step-text">{say(step.text)}</p>
            <RuleLine rule={step.rule} />
            {step.place !== null && <ExcerptOf backend={page.backend} place={step.place} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Assumed({ verdict }: { readonly verdict: VerdictView }): ReactElement | null {
  const say = useSay();
  if (verdict.assumptions.length === 0) return null;
  return (
    <section className="card">
      <h2>{say(ASSUMED)}</h2>
      <ul className="plain">
        {verdict.assumptions.map(({ id, text, basis }) => (
          <li key={id}>
            {say(text)} {basis === "open" && <span className="badge doubtful">{say(OPEN)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const OUTCOMES: Text = { en: "What else was considered", zh: "考虑过的其他可能" };
const DEPENDS: Text = { en: "It depends", zh: "取决于" };
const UNLESS: Text = { en: "Unless", zh: "除非" };
const RULED_OUT: Text = { en: "Ruled out", zh: "已排除" };
const BY_LINE: Text = { en: "ruled out by", zh: "排除依据：" };

/** What stands beside the answer, and what the evidence removed. */
export function Outcomes({ verdict }: { readonly verdict: VerdictView }): ReactElement | null {
  const say = useSay();
  const { outcomes, observations } = verdict;
  // Of a group, each member's are told with it.
  const ways = verdict.group === null ? outcomes.filter(({ standing }) => standing === "answer") : [];
  const groups = [
    { title: DEPENDS, list: ways.length > 1 ? ways : [] },
    { title: UNLESS, list: outcomes.filter(({ standing }) => standing === "standing") },
    { title: RULED_OUT, list: outcomes.filter(({ standing }) => standing === "eliminated") },
  ]
    .map(({ title, list }) => ({ title, list: distinct(list) }))
    .filter(({ list }) => list.length > 0);
  if (groups.length === 0) return null;
  return (
    <section className="card outcomes" data-testid="outcomes">
      <h2>{say(OUTCOMES)}</h2>
      {groups.map(({ title, list }) => (
        <div key={title.en}>
          <h3>{say(title)}</h3>
          <ul className="plain">
            {list.slice(0, OUTCOMES_SHOWN).map((outcome, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: outcomes have no names, and their order is theirs.
              <li key={index}>
                <OutcomeLine outcome={outcome} by={observations[outcome.eliminatedBy ?? -1]} />
              </li>
            ))}
            {list.length > OUTCOMES_SHOWN && <li className="facts">+{list.length - OUTCOMES_SHOWN}</li>}
          </ul>
        </div>
      ))}
    </section>
  );
}

const OUTCOMES_SHOWN = 12;

const distinct = (outcomes: readonly OutcomeView[]): readonly OutcomeView[] => [
  ...new Map(
    outcomes.map((one) => [`${one.words.en} ${one.conditions.map(({ text }) => text.en).join()}`, one]),
  ).values(),
];

function OutcomeLine({
  outcome,
  by,
}: {
  readonly outcome: OutcomeView;
  readonly by: ObservationView | undefined;
}): ReactElement {
  const say = useSay();
  const conditions = outcome.conditions.map(({ text }) => say(text)).join(say({ en: "; ", zh: "；" }));
  return (
    <>
      {outcome.standing === "eliminated" ? (
        <s className="outcome-words">{say(outcome.words)}</s>
      ) : (
        <span className="outcome-words">{say(outcome.words)}</span>
      )}
      {conditions !== "" && <span className="condition"> {conditions}</span>}
      {by !== undefined && (
        <span className="by">
          {say(BY_LINE)} <code>{`${by.file}${by.line === null ? "" : `:${by.line}`}`}</code> <q>{by.quote}</q>
        </span>
      )}
    </>
  );
}

const EVIDENCE: Text = { en: "Evidence", zh: "证据" };
const SHOWN = 6;
const RANK = { contradicts: 0, supports: 1, eliminates: 2, none: 3 } as const;
const ALL: Text = { en: "Read all of it in context", zh: "在原文中查看全部" };

export function EvidenceList({ page, verdict }: Props): ReactElement | null {
  const say = useSay();
  const { observations } = verdict;
  if (observations.length === 0) return null;
  const sorted = [...observations].sort((a, b) => RANK[a.effect] - RANK[b.effect]);
  return (
    <section className="card" data-testid="evidence">
      <header className="card-head">
        <h2>{say(EVIDENCE)}</h2>
        <button type="button" className="button quiet" onClick={() => page.show("evidence")}>
          {say(ALL)}
        </button>
      </header>
      <ul className="plain evidence-list">
        {sorted.slice(0, SHOWN).map((one) => (
          <li key={`${one.file} ${one.line} ${one.quote} ${one.source}`} className={`effect-${one.effect}`}>
            <code className="quote">{one.quote}</code>
            <p>
              <strong>{say(EFFECT[one.effect])}</strong> · {say(one.because ?? one.proves)}
            </p>
            <p className="facts">
              <code>{`${one.file}${one.line === null ? "" : `:${one.line}`}`}</code> · {say(one.strength)}
            </p>
          </li>
        ))}
        {sorted.length > SHOWN && <li className="facts">+{sorted.length - SHOWN}</li>}
      </ul>
    </section>
  );
}

const CERTAIN: Text = { en: "To be certain", zh: "如何确定" };
const SETTLES: Text = { en: "settles", zh: "可确定" };
const COMMAND: Text = { en: "the command", zh: "命令" };
const ASKS_SHOWN = 4;

export function Next({ verdict }: { readonly verdict: VerdictView }): ReactElement | null {
  const say = useSay();
  if (verdict.next.length === 0) return null;
  return (
    <section className="card next">
      <h2>{say(CERTAIN)}</h2>
      <ol className="steps">
        {verdict.next.slice(0, ASKS_SHOWN).map(({ text, command, settles }) => (
          <li key={`${command} ${text.en}`}>
            <p className="step-text">{say(text)}</p>
            {command !== null && (
              <div className="command">
                <code>{command}</code>
                <CopyButton text={command} what={COMMAND} />
              </div>
            )}
            <p className="facts">
              {say(SETTLES)}: {say(settles)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const CONTRADICTION: Text = { en: "Contradiction", zh: "矛盾" };
const LIKELY: Text = { en: "Likely wrong:", zh: "较可能有误的是：" };
const CONFIGURED: Text = { en: "By the configuration", zh: "按配置" };
const SEEN: Text = { en: "By the evidence", zh: "按证据" };

/** What cannot both be true, side by side. */
export function Conflicts({ verdict }: { readonly verdict: VerdictView }): ReactElement | null {
  const say = useSay();
  const { conflicts, observations, outcomes } = verdict;
  if (conflicts.length === 0) return null;
  return (
    <section className="card conflict" data-testid="conflicts">
      <h2>{say(CONTRADICTION)}</h2>
      {conflicts.map(({ text, likely, observations: indexes }) => (
        <div key={text.en}>
          <p>{say(text)}</p>
          <div className="sides">
            <div>
              <h3>{say(CONFIGURED)}</h3>
              <ul className="plain">
                {outcomes.slice(0, 4).map((outcome, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: outcomes have no names, and their order is theirs.
                  <li key={index}>
                    <code>{say(outcome.words)}</code>
                  </li>
                ))}
              </ul>
            </div>
            <div>
              <h3>{say(SEEN)}</h3>
              <ul className="plain">
                {indexes.slice(0, 4).flatMap((index) => {
                  const one = observations[index];
                  return one === undefined
                    ? []
                    : [
                        <li key={index}>
                          <code className="quote">{one.quote}</code>
                          <span className="facts">{`${one.file}${one.line === null ? "" : `:${one.line}`}`}</span>
                        </li>,
                      ];
                })}
              </ul>
            </div>
          </div>
          <p>
            <strong>{say(LIKELY)}</strong> {say(likely)}
          </p>
        </div>
      ))}
    </section>
  );
}

const MEMBERS: Text = { en: "Who shows what", zh: "各成员的结果" };

export function Members({ verdict }: { readonly verdict: VerdictView }): ReactElement | null {
  const say = useSay();
  if (verdict.members.length === 0) return null;
  return (
    <section className="card">
      <h2>
        {say(MEMBERS)} <span className="facts">{verdict.memberCount.toLocaleString("en")}</span>
      </h2>
      <ul className="plain members">
        {verdict.members.map(({ from, words }) => (
          <li key={from}>
            <strong>{from}</strong> → {say(words)}
          </li>
        ))}
        {verdict.memberCount > verdict.members.length && <li>+{verdict.memberCount - verdict.members.length}</li>}
      </ul>
    </section>
  );
}
