import type { Text } from "@seenas/core";
import { type ReactElement, useEffect, useState } from "react";
import type { ChangeView, Diffed } from "../estate-protocol.ts";
import { GiveButtons } from "../files/give.tsx";
import { CopyButton } from "../parts/copy.tsx";
import { Problems } from "../parts/problems.tsx";
import type { Page } from "../state/use-page.ts";
import { useLanguage, useSay } from "../words/say.tsx";

const TITLE: Text = { en: "Before and after", zh: "变更前后" };
const GIVE: Text = {
  en: "Drop the export after a change here, or a Terraform plan: what changes for whom is shown.",
  zh: "将变更后的导出或 Terraform 计划放到这里，即可看到谁会受到什么影响。",
};
const NONE: Text = { en: "No destination sees another source address.", zh: "没有任何目的端看到的源地址发生变化。" };
const CHANGE: Readonly<Record<ChangeView["change"], Text>> = {
  new: { en: "new", zh: "新增" },
  gone: { en: "gone", zh: "消失" },
  identity: { en: "address", zh: "地址" },
  stability: { en: "stability", zh: "稳定性" },
  certainty: { en: "certainty", zh: "确定程度" },
};
const MARKDOWN: Text = { en: "the change as Markdown", zh: "Markdown 格式的变更说明" };
const TELL: Text = { en: "Partners to tell", zh: "需要通知的合作方" };
const OVERLAP: Text = { en: "allow until the change is done:", zh: "变更完成前请同时放行：" };
const OTHERS: Text = { en: "and others that are not known", zh: "以及其他尚不清楚的地址" };
const SHOWN = 200;
const SENDERS = 5;

/** What changes between two exports. */
export function Changes({ page, partners }: { readonly page: Page; readonly partners: string }): ReactElement {
  const say = useSay();
  const language = useLanguage();
  const [diffed, setDiffed] = useState<Diffed | null>(null);
  const { backend, inventory } = page;
  const hasAfter = inventory.files.some(({ side }) => side === "after");
  // biome-ignore lint/correctness/useExhaustiveDependencies: other files, another comparison.
  useEffect(() => {
    let isStale = false;
    setDiffed(null);
    if (hasAfter)
      void backend.diff(partners, language).then((found) => {
        if (!isStale) setDiffed(found);
      });
    return () => {
      isStale = true;
    };
  }, [backend, partners, hasAfter, language, page.revision]);
  return (
    <section className="card changes" data-side="after" data-testid="changes">
      <header className="card-head">
        <h2>{say(TITLE)}</h2>
        {diffed?.kind === "diff" && diffed.total > 0 && <CopyButton text={diffed.markdown} what={MARKDOWN} />}
      </header>
      {!hasAfter && (
        <>
          <p>{say(GIVE)}</p>
          <GiveButtons side="after" give={(files) => void page.give(files)} />
        </>
      )}
      {diffed?.kind === "refused" && <Problems problems={diffed.problems} />}
      {diffed?.kind === "diff" && diffed.total === 0 && <p>{say(NONE)}</p>}
      {diffed?.kind === "diff" && diffed.total > 0 && (
        <ul className="plain change-list">
          {diffed.changes.slice(0, SHOWN).map((change) => (
            <Change
              key={`${change.senders.join()} ${change.towards.en} ${change.traffic.en} ${change.change} ${change.after?.en}`}
              change={change}
            />
          ))}
          {diffed.total > SHOWN && <li className="facts">+{diffed.total - SHOWN}</li>}
        </ul>
      )}
      {diffed?.kind === "diff" && diffed.toTell.length > 0 && (
        <>
          <h3>{say(TELL)}</h3>
          <ul className="plain">
            {diffed.toTell.map(({ partner, overlap, incomplete }) => (
              <li key={partner}>
                <strong>{partner}</strong>: {say(OVERLAP)} <code>{overlap.join(", ")}</code>{" "}
                {incomplete ? say(OTHERS) : ""}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Change({ change }: { readonly change: ChangeView }): ReactElement {
  const say = useSay();
  const { senders, senderCount, towards, traffic, before, after, open } = change;
  return (
    <li>
      <span className="change-who">
        <span className={`badge change-${change.change}`}>{say(CHANGE[change.change])}</span>{" "}
        <strong>{senders.slice(0, SENDERS).join(", ")}</strong>
        {senderCount > SENDERS ? ` +${senderCount - SENDERS}` : ""} → <code>{say(towards)}</code> {say(traffic)}
      </span>
      <span className="change-what">
        <span className="before">{before === null ? "–" : say(before)}</span>
        <span aria-hidden="true">→</span>
        <span className="after">{after === null ? "–" : say(after)}</span>
      </span>
      {open.map((text) => (
        <span key={text.en} className="facts">
          {say(text)}
        </span>
      ))}
    </li>
  );
}
