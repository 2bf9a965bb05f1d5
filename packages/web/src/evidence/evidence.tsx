import type { Text } from "@seenas/core";
import { type ReactElement, useEffect, useState } from "react";
import type { EvidenceFileView } from "../protocol.ts";
import type { Page } from "../state/use-page.ts";
import { Conflicts } from "../verdict/reasons.tsx";
import { useSay } from "../words/say.tsx";
import { ObservationNote } from "./note.tsx";
import { AnnotatedText } from "./text.tsx";
import { Timeline } from "./timeline.tsx";

const TITLE: Text = { en: "Evidence", zh: "证据" };
const NONE: Text = {
  en: "Nothing that was given is evidence. Drop or paste a log, a capture, a traceroute, an SMTP session.",
  zh: "已给出的内容中没有证据。请放入或粘贴日志、抓包、traceroute 或 SMTP 会话。",
};
const FILE: Text = { en: "File", zh: "文件" };

/** The text as it was given, with what each line says and proves beside it. */
export function EvidenceView({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const [files, setFiles] = useState<readonly EvidenceFileView[] | null>(null);
  const [chosen, setChosen] = useState(0);
  const { backend, asked } = page;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another verdict judges the same evidence anew.
  useEffect(() => {
    let isStale = false;
    void backend.evidence().then((found) => {
      if (!isStale) setFiles(found);
    });
    return () => {
      isStale = true;
    };
  }, [backend, asked, page.revision]);
  if (files === null) return <div className="loading" />;
  if (files.length === 0) return <p className="empty">{say(NONE)}</p>;
  const file = files[chosen] ?? files[0];
  return (
    <section className="evidence-view" data-testid="evidence-view">
      <header className="section-head">
        <h1>{say(TITLE)}</h1>
        {files.length > 1 && (
          <label className="inline">
            <span className="offscreen">{say(FILE)}</span>
            <select value={chosen} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
              {files.map((one, index) => (
                <option key={one.file} value={index}>
                  {one.file} ({one.notes.length + one.loose.length})
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {asked.kind === "verdict" && <Conflicts verdict={asked.verdict} />}
      <Timeline files={files} />
      {file !== undefined && (
        <article key={`${page.revision} ${file.file}`} className="evidence-file">
          <header className="card-head">
            <h2>
              <code>{file.file}</code>
            </h2>
            <span className="badge">{file.kind}</span>
          </header>
          {file.hints.length > 0 && (
            <ul className="plain hints">
              {file.hints.map((hint) => (
                <li key={hint.en}>{say(hint)}</li>
              ))}
            </ul>
          )}
          {file.lines === null ? null : <AnnotatedText page={page} file={file} lines={file.lines} />}
          {file.loose.length > 0 && (
            <ul className="plain">
              {file.loose.slice(0, 200).map((one) => (
                <li key={`${one.quote} ${one.source} ${one.at}`}>
                  <code className="quote">{one.quote}</code>
                  <ObservationNote observation={one} />
                </li>
              ))}
            </ul>
          )}
        </article>
      )}
    </section>
  );
}
