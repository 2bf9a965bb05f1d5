import { CERTAINTY, STABILITY, type Text, TRANSLATOR } from "@seenas/core";
import type { ReactElement } from "react";
import { CopyButton } from "../parts/copy.tsx";
import type { VerdictView } from "../protocol.ts";
import { useSay } from "../words/say.tsx";

const INCOMPLETE: Text = { en: "there may be others", zh: "可能还有其他地址" };
const SET_BY: Text = { en: "set by the", zh: "设置者：" };
const FROM: Text = { en: "from", zh: "发送方" };
const ADDRESSES: Text = { en: "the addresses", zh: "地址" };
const MORE_SHOWN = 12;

/** The answer, as a person would say it. */
export function VerdictHead({ verdict }: { readonly verdict: VerdictView }): ReactElement {
  const say = useSay();
  const { answer, certainty, conflicts, flow } = verdict;
  const tone = conflicts.length > 0 ? "bad" : certainty === "possible" || certainty === "unknown" ? "doubt" : "good";
  return (
    <section className={`verdict ${tone}`} aria-live="polite" data-testid="verdict">
      <h1 className="headline">
        <span className="place">{verdict.place}</span>{" "}
        <Headline words={say(verdict.headline)} addresses={answer.addresses} />
      </h1>
      <ul className="chips">
        <li className={`chip certainty ${tone}`} data-certainty={certainty}>
          <span className="dot" aria-hidden="true" /> {say(CERTAINTY[certainty])}
        </li>
        {answer.kind !== "blocked" && answer.kind !== "unknown" && (
          <li className={`chip ${answer.stability === "static" ? "" : "doubtful"}`} data-stability={answer.stability}>
            {say(STABILITY[answer.stability])}
          </li>
        )}
        {!answer.complete && answer.kind !== "unknown" && <li className="chip doubtful">{say(INCOMPLETE)}</li>}
        {answer.translator !== null && answer.kind !== "blocked" && (
          <li className="chip" title={answer.resource ?? undefined}>
            {say(SET_BY)} {say(TRANSLATOR[answer.translator])}
            {answer.resource !== null && (
              <code className="resource">{answer.resource.slice(answer.resource.lastIndexOf("/") + 1)}</code>
            )}
          </li>
        )}
      </ul>
      <p className="from">
        {say(FROM)} <FromText verdict={verdict} />
        {flow.to.name !== null && flow.to.address !== null && (
          <>
            {" → "}
            <code>{flow.to.address}</code>
          </>
        )}
        {flow.at !== null && <> · {flow.at}</>}
      </p>
      {answer.size > 1 && (
        <ul className="addresses">
          {answer.addresses.slice(0, MORE_SHOWN).map((address) => (
            <li key={address}>
              <code>{address}</code>
            </li>
          ))}
          {answer.size > MORE_SHOWN && <li>+{answer.size - MORE_SHOWN}</li>}
        </ul>
      )}
      {answer.addresses.length > 0 && <CopyButton text={answer.addresses.join("\n")} what={ADDRESSES} />}
    </section>
  );
}

/** The addresses inside the sentence stand out. */
function Headline({
  words,
  addresses,
}: {
  readonly words: string;
  readonly addresses: readonly string[];
}): ReactElement {
  const [address] = addresses;
  const at = address === undefined ? -1 : words.indexOf(address);
  if (address === undefined || addresses.length !== 1 || at < 0) return <>{words}</>;
  return (
    <>
      {words.slice(0, at)}
      <span className="address">{address}</span>
      {words.slice(at + address.length)}
    </>
  );
}

function FromText({ verdict }: { readonly verdict: VerdictView }): ReactElement {
  const { from } = verdict.flow;
  const name = verdict.group ?? [from.host, from.interface].filter((part) => part !== null).join("/");
  return (
    <>
      <strong>{name === "" ? (from.address ?? "?") : name}</strong>
      {from.address !== null && name !== "" && verdict.group === null && (
        <>
          {" "}
          <code>{from.address}</code>
        </>
      )}
    </>
  );
}
