import type { Problem, Text } from "@seenas/core";
import type { ReactElement } from "react";
import { useSay } from "../words/say.tsx";

const LEVEL: Record<Problem["level"], Text> = {
  error: { en: "error", zh: "错误" },
  warning: { en: "warning", zh: "警告" },
};

const MOST = 20;

/** Where, what was expected and found, and what to do. */
export function Problems({
  problems,
  most = MOST,
}: {
  readonly problems: readonly Problem[];
  readonly most?: number;
}): ReactElement | null {
  const say = useSay();
  if (problems.length === 0) return null;
  return (
    <ul className="problems">
      {problems.slice(0, most).map((problem) => (
        <li key={`${problem.code} ${problem.file} ${problem.line} ${problem.text.en}`} className={problem.level}>
          <span className="level">{say(LEVEL[problem.level])}</span>{" "}
          {problem.file !== null && (
            <code>
              {problem.file}
              {problem.line === null ? "" : `:${problem.line}`}
            </code>
          )}{" "}
          {say(problem.text)}
          <span className="fix">→ {say(problem.fix)}</span>
        </li>
      ))}
      {problems.length > most && <li className="facts">+{problems.length - most}</li>}
    </ul>
  );
}
