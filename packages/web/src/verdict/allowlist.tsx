import type { AllowFormat, Text } from "@seenas/core";
import { type ReactElement, useEffect, useId, useState } from "react";
import { CopyButton } from "../parts/copy.tsx";
import { Problems } from "../parts/problems.tsx";
import type { AllowView } from "../protocol.ts";
import type { Page } from "../state/use-page.ts";
import { FORMATS } from "../words/formats.ts";
import { useLanguage, useSay } from "../words/say.tsx";

const TITLE: Text = { en: "Allowlist to hand over", zh: "可交付的白名单" };
const FORMAT: Text = { en: "Format", zh: "格式" };
const THE_LIST: Text = { en: "the allowlist", zh: "白名单" };
const REFUSED: Text = { en: "Not handed over as it is, because:", zh: "不宜直接交付，原因：" };
const OVERRIDE: Text = { en: "List it all the same", zh: "仍然列出" };
const WARNED: Text = { en: "Listed although:", zh: "已列出，但请注意：" };
const REFUSALS_SHOWN = 5;
const SAVE: Text = { en: "Save", zh: "保存" };

/** The list in the receiver's own format; refused when it would not hold, as the command refuses it. */
export function Allowlist({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const id = useId();
  const language = useLanguage();
  const [format, setFormat] = useState<AllowFormat>("text");
  const [unstable, setUnstable] = useState(false);
  const [view, setView] = useState<AllowView | null>(null);
  const { backend, asked } = page;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another verdict, another list.
  useEffect(() => {
    let isStale = false;
    void backend.allow({ format, unstable, internal: false, language }).then((found) => {
      if (!isStale) setView(found);
    });
    return () => {
      isStale = true;
    };
  }, [backend, asked, format, unstable, language]);
  return (
    <section className="card allowlist" aria-labelledby={`${id}-title`} data-testid="allowlist">
      <header className="card-head">
        <h2 id={`${id}-title`}>{say(TITLE)}</h2>
        <label className="inline">
          <span className="offscreen">{say(FORMAT)}</span>
          <select
            value={format}
            onChange={(event) => {
              const found = FORMATS.find((one) => one === event.currentTarget.value);
              if (found !== undefined) setFormat(found);
            }}
          >
            {FORMATS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      </header>
      {view !== null && view.refusals.length > 0 && (
        <div className={view.text === null ? "refusal" : "refusal soft"}>
          <p>{say(view.text === null ? REFUSED : WARNED)}</p>
          <Problems problems={view.refusals} most={REFUSALS_SHOWN} />
        </div>
      )}
      {view?.canOverride === true && view.refusals.length > 0 && (
        <label className="check">
          <input type="checkbox" checked={unstable} onChange={(event) => setUnstable(event.currentTarget.checked)} />
          {say(OVERRIDE)}
        </label>
      )}
      {view !== null && view.text !== null && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key. */}
          <pre className="code" tabIndex={0} data-testid="allow-text">
            {view.text}
          </pre>
          <div className="row">
            <CopyButton text={view.text} what={THE_LIST} isPrimary />
            <SaveLink text={view.text} name={`seenas-${format}.txt`} words={say(SAVE)} />
          </div>
        </>
      )}
    </section>
  );
}

function SaveLink({
  text,
  name,
  words,
}: {
  readonly text: string;
  readonly name: string;
  readonly words: string;
}): ReactElement {
  return (
    <button
      type="button"
      className="button quiet"
      onClick={() => {
        const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
        const link = document.createElement("a");
        link.href = url;
        link.download = name;
        link.click();
        URL.revokeObjectURL(url);
      }}
    >
      {words}
    </button>
  );
}
