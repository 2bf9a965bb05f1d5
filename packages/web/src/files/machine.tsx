import type { Text } from "@seenas/core";
import { type ReactElement, useEffect, useState } from "react";
import { addFromServer, askLogs, collect, type LogsAsked, offersOf, type ServerOffers } from "../server-backend.ts";
import { serverBase } from "../state/server.ts";
import type { Page } from "../state/use-page.ts";
import { useLanguage, useSay } from "../words/say.tsx";

const COLLECT: Text = { en: "Collect with the command line of this machine", zh: "用本机的命令行采集" };
const SCOPES: Text = {
  en: "Projects, subscriptions or regions; empty: all that it finds",
  zh: "项目、订阅或区域；留空为全部",
};
const START: Text = { en: "Collect", zh: "采集" };
const CLOUD: Text = { en: "Cloud", zh: "云" };
const LOGS: Text = { en: "Ask the log store", zh: "查询日志库" };
const FROM: Text = { en: "From", zh: "发送方" };
const TO: Text = { en: "To", zh: "目的地" };
const USED: Text = { en: "Which addresses did it show there?", zh: "它在那里显示过哪些地址？" };
const NOTHING: Text = { en: "No row. None in the log is not “was not”.", zh: "没有记录。日志中没有并不表示没有发生。" };

/** What only a server can do: the clouds' own clients, and a store of logs. Nothing where the page is by itself. */
export function Machine({ page }: { readonly page: Page }): ReactElement | null {
  const base = serverBase();
  const [offers, setOffers] = useState<ServerOffers | null>(null);
  useEffect(() => {
    if (base !== null) void offersOf(base).then(setOffers);
  }, [base]);
  if (base === null || offers === null) return null;
  return (
    <>
      {offers.collect.length > 0 && <Collect base={base} clouds={offers.collect} page={page} />}
      {offers.store !== null && <Logs base={base} page={page} />}
    </>
  );
}

const NAMES: Readonly<Record<string, string>> = { gcp: "Google Cloud (gcloud)", azure: "Azure (az)", aws: "AWS (aws)" };

function Collect({
  base,
  clouds,
  page,
}: {
  readonly base: string;
  readonly clouds: readonly string[];
  readonly page: Page;
}): ReactElement {
  const say = useSay();
  const lang = useLanguage();
  const [provider, setProvider] = useState(clouds[0] ?? "");
  const [scopes, setScopes] = useState("");
  const [lines, setLines] = useState<readonly string[]>([]);
  const [isRunning, setRunning] = useState(false);
  const run = async (): Promise<void> => {
    setRunning(true);
    setLines([]);
    try {
      for await (const told of collect(base, { provider, lang, scopes: scopes.split(/[\s,]+/).filter(Boolean) })) {
        if (told.progress !== undefined) setLines((known) => [...known, told.progress ?? ""]);
        const files = (told.files ?? []).map((file) => ({ ...file, side: "now" as const }));
        if (files.length > 0) await addFromServer(base, files, () => undefined);
      }
      await page.refresh();
    } catch (error) {
      setLines((known) => [...known, error instanceof Error ? error.message : String(error)]);
    } finally {
      setRunning(false);
    }
  };
  return (
    <details className="machine">
      <summary>{say(COLLECT)}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <select aria-label={say(CLOUD)} value={provider} onChange={({ target }) => setProvider(target.value)}>
          {clouds.map((cloud) => (
            <option key={cloud} value={cloud}>
              {NAMES[cloud] ?? cloud}
            </option>
          ))}
        </select>
        <input
          aria-label={say(SCOPES)}
          placeholder={say(SCOPES)}
          value={scopes}
          onChange={({ target }) => setScopes(target.value)}
        />
        <button type="submit" className="button" disabled={isRunning}>
          {say(START)}
        </button>
      </form>
      {lines.length > 0 && <pre aria-live="polite">{lines.join("\n")}</pre>}
    </details>
  );
}

const COLUMNS = ["address", "first", "last", "count"] as const;
const HEADS: Readonly<Record<(typeof COLUMNS)[number], Text>> = {
  address: { en: "Address", zh: "地址" },
  first: { en: "First", zh: "最早" },
  last: { en: "Last", zh: "最近" },
  count: { en: "Rows", zh: "记录数" },
};

function Logs({ base, page }: { readonly base: string; readonly page: Page }): ReactElement {
  const say = useSay();
  const lang = useLanguage();
  const [question, setQuestion] = useState<{ readonly from: string; readonly to: string } | null>(null);
  const [asked, setAsked] = useState<LogsAsked | null>(null);
  const { from, to } = page.question;
  // In another language it is asked again: what the log cannot show is said by the store.
  useEffect(() => {
    if (question === null) return;
    const words = { question: "used", lang, from: question.from, ...(question.to === "" ? {} : { to: question.to }) };
    void askLogs(base, words).then(setAsked);
  }, [base, lang, question]);
  const rows = asked?.answer?.rows ?? [];
  return (
    <details className="machine">
      <summary>{say(LOGS)}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setQuestion({ from, to });
        }}
      >
        <input
          aria-label={say(FROM)}
          placeholder={say(FROM)}
          value={from}
          onChange={({ target }) => page.put({ ...page.question, from: target.value })}
        />
        <input
          aria-label={say(TO)}
          placeholder={say(TO)}
          value={to}
          onChange={({ target }) => page.put({ ...page.question, to: target.value })}
        />
        <button type="submit" className="button" disabled={from === ""}>
          {say(USED)}
        </button>
      </form>
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {say(HEADS[column])}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={String(row["address"])}>
                {COLUMNS.map((column) => (
                  <td key={column}>{String(row[column] ?? "")}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {asked?.answer != null && rows.length === 0 && <p>{say(NOTHING)}</p>}
      {(asked?.answer?.limits ?? []).map(({ id, text }) => (
        <p key={id} className="facts">
          {text}
        </p>
      ))}
      {asked !== null && asked.answer === null && asked.messages !== "" && <pre>{asked.messages}</pre>}
    </details>
  );
}
