import { CERTAINTY_WORD, STABILITY_WORD, type Text } from "@seenas/core";
import { type ReactElement, useEffect, useState } from "react";
import type { Estated, EstateView as Seen, SeenView } from "../estate-protocol.ts";
import { Problems } from "../parts/problems.tsx";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";
import { Changes } from "./changes.tsx";
import { FlowPicture } from "./flow-picture.tsx";
import { PartnersBox } from "./partners-box.tsx";
import { EstateTable } from "./table.tsx";

const TITLE: Text = { en: "What the estate can be seen as", zh: "整个资产可能显示的地址" };
const HALF: Text = {
  en: "A part of the input could not be used: nothing here is more than possible.",
  zh: "部分输入无法使用：此处的结果最多只是“可能”。",
};

/** Who can be seen as what, towards where; and what changes. */
export function EstateView({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const [partners, setPartners] = useState("");
  const [estated, setEstated] = useState<Estated | null>(null);
  const { backend } = page;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other files, another estate.
  useEffect(() => {
    let isStale = false;
    setEstated(null);
    void backend.estate(partners).then((found) => {
      if (!isStale) setEstated(found);
    });
    return () => {
      isStale = true;
    };
  }, [backend, partners, page.revision]);
  return (
    <section className="estate" data-testid="estate">
      <header className="section-head">
        <h1>{say(TITLE)}</h1>
      </header>
      <PartnersBox partners={partners} put={setPartners} />
      {estated === null && <div className="loading" />}
      {estated?.kind === "refused" && <Problems problems={estated.problems} />}
      {estated?.kind === "estate" && (
        <>
          {estated.estate.problems.length > 0 && (
            <div className="refusal">
              <p>{say(HALF)}</p>
              <Problems problems={estated.estate.problems} />
            </div>
          )}
          <Summary estate={estated.estate} />
          <FlowPicture flow={estated.estate.flow} />
          <Changes page={page} partners={partners} />
          <EstateTable key={`${page.revision} ${partners}`} backend={backend} total={estated.estate.rows} />
        </>
      )}
    </section>
  );
}

const MORE_USERS = 5;
const NAMED_SHOWN = 60;

function Summary({ estate }: { readonly estate: Seen }): ReactElement {
  const say = useSay();
  const { interfaces, maps, addresses, named, uncertain, kept, silent } = estate;
  const facts: readonly { readonly value: number; readonly words: Text }[] = [
    { value: interfaces, words: { en: "interfaces", zh: "个网卡" } },
    { value: addresses, words: { en: "addresses outside", zh: "个外部可见地址" } },
    { value: maps, words: { en: "different maps", zh: "种不同的映射" } },
    { value: silent, words: { en: "send nothing", zh: "个无流量发出" } },
  ];
  return (
    <>
      <ul className="figures">
        {facts.map(({ value, words }) => (
          <li key={words.en}>
            <strong>{value.toLocaleString("en")}</strong> {say(words)}
          </li>
        ))}
      </ul>
      <div className="columns">
        <section className="card">
          <h2>{say({ en: "Addresses", zh: "地址" })}</h2>
          <ul className="plain seen">
            {named.slice(0, NAMED_SHOWN).map((one) => (
              <Seen1 key={`${one.words.en} ${one.resource} ${one.stability}`} seen={one} />
            ))}
            {named.length > NAMED_SHOWN && <li className="facts">+{named.length - NAMED_SHOWN}</li>}
          </ul>
        </section>
        <div>
          {kept.length > 0 && (
            <section className="card">
              <h2>{say({ en: "Seen as their own", zh: "保留自身地址" })}</h2>
              <ul className="plain">
                {kept.slice(0, NAMED_SHOWN).map(({ network, addresses: count, towards }) => (
                  <li key={network}>
                    <strong>{network}</strong> · {count} → <code>{towards.join(", ")}</code>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {uncertain.length > 0 && (
            <section className="card">
              <h2>{say({ en: "Not certain", zh: "不确定" })}</h2>
              <ul className="plain">
                {uncertain.slice(0, NAMED_SHOWN).map(({ words, towards, users }) => (
                  <li key={`${words.en} ${towards.en}`}>
                    {say(words)} → {say(towards)} <span className="facts">×{users}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </>
  );
}

function Seen1({ seen }: { readonly seen: SeenView }): ReactElement {
  const say = useSay();
  const { words, resource, stability, certainty, users, userCount, towards } = seen;
  return (
    <li>
      <span className="seen-words">{say(words)}</span>
      <span className="seen-facts">
        <span className={stability === "static" ? "badge good" : "badge doubtful"}>
          {say(STABILITY_WORD[stability])}
        </span>
        <span className="badge">{say(CERTAINTY_WORD[certainty])}</span>
        {resource !== null && <code className="resource">{resource.slice(resource.lastIndexOf("/") + 1)}</code>}
      </span>
      <span className="facts">
        {users.slice(0, MORE_USERS).join(", ")}
        {userCount > MORE_USERS ? ` +${userCount - MORE_USERS}` : ""} → {say(towards)}
      </span>
    </li>
  );
}
