import type { Text } from "@seenas/core";
import { lazy, type ReactElement, Suspense } from "react";
import { DropTarget } from "./files/drop-target.tsx";
import { FileList, TwoExports } from "./files/file-list.tsx";
import { Landing } from "./files/landing.tsx";
import { Problems } from "./parts/problems.tsx";
import { QuestionBar } from "./question/question-bar.tsx";
import { ServerGone } from "./server-backend.ts";
import { type Page, usePage } from "./state/use-page.ts";
import { TopBar } from "./top-bar.tsx";
import { Answer } from "./verdict/answer.tsx";
import { LanguageContext, useSay } from "./words/say.tsx";

const Evidence = lazy(() => import("./evidence/evidence.tsx").then(({ EvidenceView }) => ({ default: EvidenceView })));
const Estate = lazy(() => import("./estate/estate.tsx").then(({ EstateView }) => ({ default: EstateView })));

/** The whole page. */
export function App(): ReactElement {
  const page = usePage();
  return (
    <LanguageContext value={page.language}>
      <DropTarget page={page}>
        <TopBar page={page} />
        <main id="main">
          <Failure page={page} />
          {page.inventory.files.length === 0 ? <Landing page={page} /> : <Given page={page} />}
        </main>
        <Status page={page} />
      </DropTarget>
    </LanguageContext>
  );
}

function Given({ page }: { readonly page: Page }): ReactElement {
  return (
    <>
      <TwoExports page={page} />
      {page.view === "answer" && <QuestionBar page={page} />}
      <Suspense fallback={<div className="loading" />}>
        <View page={page} />
      </Suspense>
    </>
  );
}

function View({ page }: { readonly page: Page }): ReactElement {
  switch (page.view) {
    case "answer":
      return <Answer page={page} />;
    case "evidence":
      return <Evidence page={page} />;
    case "estate":
      return <Estate page={page} />;
    case "files":
      return <FileList page={page} />;
    default:
      return page.view satisfies never;
  }
}

const READING: Text = { en: "Reading", zh: "正在读取" };

/** What is being read: said to screen readers too. */
function Status({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const { progress, isBusy } = page;
  const share =
    progress === null ? "" : ` ${progress.file} ${Math.round((progress.readBytes / progress.totalBytes) * 100)}%`;
  return (
    <div role="status" className={isBusy && progress !== null ? "status shown" : "status"} data-busy={isBusy}>
      {isBusy && progress !== null ? `${say(READING)}${share}` : ""}
    </div>
  );
}

const BUG: Text = {
  en: "This page failed, which is a fault of its own: nothing it shows now is an answer. Reload it.",
  zh: "页面出错，这是页面自身的缺陷：当前显示的内容都不是答案。请重新加载。",
};

const GONE: Text = {
  en: "The server does not answer any more: what is shown is the last that it said.",
  zh: "服务器不再应答：显示的是它最后给出的内容。",
};

const START: Text = {
  en: "start seenas serve again, and open the link that it prints",
  zh: "请重新运行 seenas serve，并打开它显示的链接",
};

function Failure({ page }: { readonly page: Page }): ReactElement | null {
  const { failure } = page;
  if (failure === null) return null;
  const isGone = failure instanceof ServerGone;
  return (
    <Problems
      problems={[
        {
          level: "error",
          code: isGone ? "page/server-gone" : "page/failed",
          file: null,
          line: null,
          text: isGone ? GONE : BUG,
          fix: isGone ? START : { en: failure.message, zh: failure.message },
        },
      ]}
    />
  );
}
