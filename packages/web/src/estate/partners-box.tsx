import type { Text } from "@seenas/core";
import { type ReactElement, useEffect, useId, useState } from "react";
import { useSay } from "../words/say.tsx";

const TOWARDS: Text = { en: "Towards whom", zh: "去往哪些合作方" };
const HINT: Text = {
  en: "One a line: an address or prefix, and a name. Empty: everywhere.\n198.51.100.7:443 Bank",
  zh: "每行一个：地址或前缀，加名称。留空表示所有目的地。\n198.51.100.7:443 银行",
};
const WAIT_MS = 400;

/** Partners as lines or YAML; narrows everything below. */
export function PartnersBox({
  partners,
  put,
}: {
  readonly partners: string;
  readonly put: (text: string) => void;
}): ReactElement {
  const say = useSay();
  const id = useId();
  const [text, setText] = useState(partners);
  useEffect(() => {
    if (text === partners) return;
    const timer = setTimeout(() => put(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text, partners, put]);
  return (
    <details className="partners no-print">
      <summary>{say(TOWARDS)}</summary>
      <textarea
        id={id}
        aria-label={say(TOWARDS)}
        rows={4}
        spellCheck={false}
        placeholder={say(HINT)}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </details>
  );
}
