import type { Text } from "@seenas/core";
import { type ReactElement, useEffect, useRef } from "react";
import type { Backend } from "../backend.ts";
import { Icon } from "../parts/icons.tsx";
import { ExcerptOf, RuleLine } from "../parts/place.tsx";
import type { PathElement } from "../protocol.ts";
import { useSay } from "../words/say.tsx";
import { FATE, KIND, partOf } from "./words.ts";

const CLOSE: Text = { en: "Close", zh: "关闭" };
const RESOURCE: Text = { en: "Resource", zh: "资源" };
const MEMBERS: Text = { en: "Senders", zh: "发送方" };
const WON_OR_LOST: Text = { en: "In the route table", zh: "在路由表中" };
const NOTHING: Text = { en: "Nothing more is known of it.", zh: "没有更多信息。" };
const BY_LINE: Text = { en: "Ruled out by", zh: "排除依据：" };
const MEMBERS_SHOWN = 100;

/** What is known of one element: its rules with their sources, and the very lines of the export. */
export function Panel({
  element,
  backend,
  close,
}: {
  readonly element: PathElement;
  readonly backend: Backend;
  readonly close: () => void;
}): ReactElement {
  const say = useSay();
  const { kind, title, detail, steps, fate, resource, place, members, ruledOutBy } = element;
  const self = useRef<HTMLElement>(null);
  useEffect(() => {
    // What it returns is no clean-up.
    void self.current?.scrollIntoView({ block: "nearest" });
  }, []);
  // The route's own place is told with its step.
  const isTold =
    place !== null && steps.some((step) => step.place?.file === place.file && step.place.line === place.line);
  return (
    <aside ref={self} className="panel" aria-label={`${say(KIND[kind])} ${say(title)}`} data-testid="panel">
      <header>
        <span className="element-kind">
          <Icon name={kind} /> {say(KIND[kind])} · {say(partOf(element))}
        </span>
        <button type="button" className="icon-button" onClick={close} aria-label={say(CLOSE)}>
          <Icon name="close" />
        </button>
      </header>
      <h3>{say(title)}</h3>
      {detail !== null && steps.length === 0 && <p>{say(detail)}</p>}
      {members.length > 0 && (
        <p className="facts">
          {say(MEMBERS)}: {members.slice(0, MEMBERS_SHOWN).join(", ")}
          {members.length > MEMBERS_SHOWN ? ` +${members.length - MEMBERS_SHOWN}` : ""}
        </p>
      )}
      {ruledOutBy !== null && (
        <p className="ruled-out">
          {say(BY_LINE)} <code>{`${ruledOutBy.file}${ruledOutBy.line === null ? "" : `:${ruledOutBy.line}`}`}</code>{" "}
          <q>{ruledOutBy.quote}</q>
        </p>
      )}
      {fate !== null && (
        <p className="fate-line">
          {say(WON_OR_LOST)}: <strong>{say(FATE[fate.fate])}</strong>
        </p>
      )}
      {fate !== null && fate.rule !== null && <RuleLine rule={fate.rule} />}
      {steps.map((step) => (
        <div key={`${step.rule.id} ${step.text.en}`} className="panel-step">
          <p className="step-text">{say(step.text)}</p>
          {step.rule.id !== fate?.rule?.id && <RuleLine rule={step.rule} />}
          {step.place !== null && (
            <ExcerptOf key={`${step.place.file}${step.place.line}`} backend={backend} place={step.place} isOpen />
          )}
        </div>
      ))}
      {place !== null && !isTold && (
        <ExcerptOf key={`${place.file}${place.line}`} backend={backend} place={place} isOpen />
      )}
      {resource !== null && (
        <p className="facts">
          {say(RESOURCE)}: <code className="resource">{resource}</code>
        </p>
      )}
      {steps.length === 0 && place === null && fate === null && resource === null && (
        <p className="facts">{say(NOTHING)}</p>
      )}
    </aside>
  );
}
