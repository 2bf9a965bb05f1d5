import type { Text } from "@seenas/core";
import { type ReactElement, useEffect, useState } from "react";
import type { Backend } from "../backend.ts";
import type { Excerpt, Place, RuleView } from "../protocol.ts";
import { useSay } from "../words/say.tsx";

const MARK: Record<RuleView["mark"], Text> = {
  read: { en: "source read", zh: "已读原文" },
  partly: { en: "source read in part", zh: "部分读过原文" },
  derived: { en: "follows from other rules", zh: "由其他规则推出" },
  unsourced: { en: "no source: never decides alone", zh: "无来源：不会单独作出决定" },
};

const SOURCE: Text = { en: "source", zh: "来源" };
const PAGE_OF: Text = { en: "page of", zh: "页面日期" };
const LINES_OF: Text = { en: "Lines of", zh: "文件内容" };

/** What a rule says, and where that is documented. The link is the only one that leaves the page, and only when it is followed. */
export function RuleLine({ rule }: { readonly rule: RuleView }): ReactElement {
  const say = useSay();
  return (
    <p className="rule">
      <span className="rule-says">{say(rule.says)}</span>
      <span className="rule-meta">
        <code>{rule.id}</code>
        <span>{say(MARK[rule.mark])}</span>
        {rule.pageDate !== null && (
          <span>
            {say(PAGE_OF)} {rule.pageDate}
          </span>
        )}
        <a href={rule.source} target="_blank" rel="noreferrer noopener" title={rule.source}>
          {say(SOURCE)} ↗
        </a>
      </span>
    </p>
  );
}

export const placeText = ({ file, line }: Place): string => `${file}${line === null ? "" : `:${line}`}`;

/** The very lines of the export, opened on demand. */
export function ExcerptOf({
  backend,
  place,
  isOpen = false,
}: {
  readonly backend: Backend;
  readonly place: Place;
  readonly isOpen?: boolean;
}): ReactElement {
  const say = useSay();
  const [wanted, setWanted] = useState(isOpen);
  const [excerpt, setExcerpt] = useState<Excerpt | null>(null);
  const { file, line } = place;
  useEffect(() => {
    if (!wanted) return;
    let isStale = false;
    void backend.excerpt(file, line).then((found) => {
      if (!isStale) setExcerpt(found);
    });
    return () => {
      isStale = true;
    };
  }, [backend, file, line, wanted]);
  return (
    <details className="excerpt" open={wanted} onToggle={(event) => setWanted(event.currentTarget.open)}>
      <summary>
        <span className="offscreen">{say(LINES_OF)} </span>
        <code>{placeText(place)}</code>
      </summary>
      {excerpt?.problem !== null && excerpt !== null && <p className="note">{say(excerpt.problem)}</p>}
      {excerpt !== null && excerpt.lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key.
        <pre className="code" tabIndex={0}>
          {excerpt.lines.map((text, index) => {
            const number = excerpt.first + index;
            const isMeant = number >= excerpt.from && number <= excerpt.until;
            return (
              <span key={number} className={isMeant ? "line meant" : "line"}>
                <span className="number">{number}</span>
                {text}
                {"\n"}
              </span>
            );
          })}
        </pre>
      )}
    </details>
  );
}
