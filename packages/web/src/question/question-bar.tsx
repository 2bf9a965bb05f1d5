import type { Text } from "@seenas/core";
import { type ReactElement, useId } from "react";
import type { Question } from "../protocol.ts";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";
import { SenderBox } from "./sender-box.tsx";

const QUESTION: Text = { en: "The question", zh: "问题" };
const TO: Text = { en: "To", zh: "目的地" };
const TO_HINT: Text = { en: "198.51.100.25:25 or host:443/tcp", zh: "198.51.100.25:25 或 主机:443/tcp" };
const AT: Text = { en: "At", zh: "时间" };
const AT_HINT: Text = { en: "now", zh: "现在" };
const VANTAGE: Text = { en: "Evidence taken at", zh: "证据采集位置" };
const VANTAGES: readonly { readonly value: Question["vantage"]; readonly words: Text }[] = [
  { value: "", words: { en: "not said", zh: "未说明" } },
  { value: "client", words: { en: "the client", zh: "客户端" } },
  { value: "translator", words: { en: "the translator", zh: "转换设备" } },
  { value: "destination", words: { en: "the destination", zh: "目的端" } },
];

/** Who sends where: one row on a wide screen. */
export function QuestionBar({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const id = useId();
  const { question } = page;
  const put = (part: Partial<Question>): void => page.put({ ...question, ...part });
  return (
    <form className="question" aria-label={say(QUESTION)} onSubmit={(event) => event.preventDefault()}>
      <SenderBox
        backend={page.backend}
        revision={page.revision}
        value={question.from}
        onChange={(from) => put({ from })}
      />
      <div className="field to">
        <label htmlFor={`${id}-to`}>{say(TO)}</label>
        <input
          id={`${id}-to`}
          value={question.to}
          placeholder={say(TO_HINT)}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => put({ to: event.currentTarget.value })}
        />
      </div>
      <div className="field at">
        <label htmlFor={`${id}-at`}>{say(AT)}</label>
        <input
          id={`${id}-at`}
          value={question.at}
          placeholder={say(AT_HINT)}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => put({ at: event.currentTarget.value })}
        />
      </div>
      <div className="field vantage">
        <label htmlFor={`${id}-vantage`}>{say(VANTAGE)}</label>
        <select
          id={`${id}-vantage`}
          value={question.vantage}
          onChange={(event) => {
            const found = VANTAGES.find(({ value }) => value === event.currentTarget.value);
            if (found !== undefined) put({ vantage: found.value });
          }}
        >
          {VANTAGES.map(({ value, words }) => (
            <option key={value} value={value}>
              {say(words)}
            </option>
          ))}
        </select>
      </div>
    </form>
  );
}
