import type { Problem, Text } from "@seenas/core";
import { lazy, type ReactElement, Suspense } from "react";
import { Problems } from "../parts/problems.tsx";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";
import { Allowlist } from "./allowlist.tsx";
import { Assumed, Conflicts, EvidenceList, Members, Next, Outcomes, Why } from "./reasons.tsx";
import { VerdictHead } from "./verdict.tsx";

// The picture's library is as large as the rest of the page: the words stand first.
const Picture = lazy(() => import("../path/picture.tsx").then(({ Picture: Drawn }) => ({ default: Drawn })));

/** The verdict, the path, and everything under them. */
export function Answer({ page }: { readonly page: Page }): ReactElement | null {
  const { asked } = page;
  switch (asked.kind) {
    case "nothing":
      return null;
    case "refused":
      return (
        <>
          <Refused page={page} problems={asked.problems} />
          <FileProblems page={page} />
        </>
      );
    case "verdict": {
      const { verdict } = asked;
      return (
        <>
          <VerdictHead verdict={verdict} />
          <Conflicts verdict={verdict} />
          {verdict.picture.elements.length > 2 && (
            <Suspense fallback={<div className="path loading" />}>
              <Picture key={`${page.revision} ${verdict.place}`} page={page} picture={verdict.picture} />
            </Suspense>
          )}
          <div className="columns">
            <div>
              <Why page={page} verdict={verdict} />
              <EvidenceList page={page} verdict={verdict} />
              <Members verdict={verdict} />
            </div>
            <div>
              <Allowlist page={page} />
              <Outcomes verdict={verdict} />
              <Next verdict={verdict} />
              <Assumed verdict={verdict} />
            </div>
          </div>
          <FileProblems page={page} />
        </>
      );
    }
    default:
      return asked satisfies never;
  }
}

const ASK: Text = { en: "Who sends, and where to?", zh: "谁发送，发往哪里？" };
const ASK_MORE: Text = {
  en: "Fill in the question above: the fields offer what was found.",
  zh: "请填写上方的问题：输入框会列出已找到的对象。",
};
const ESTATE_INSTEAD: Text = { en: "Or see the whole estate", zh: "或查看整个资产" };

/** What the question still needs, said of the fields and not of the command's flags. */
const IN_FIELDS: Readonly<Record<string, Text>> = {
  "question/no-destination": {
    en: "fill in To: an address or a name, and the port",
    zh: "请填写“目的地”：地址或名称，以及端口",
  },
  "question/no-sender": { en: "choose one in From", zh: "请在“发送方”中选择" },
  "question/name-unknown": {
    en: "this page asks no resolver: look the name up on the sender (getent ahosts NAME) and write its address in To",
    zh: "本页面不做域名解析：请在发送方查询（getent ahosts 名称），把地址填入“目的地”",
  },
};

function Refused({ page, problems }: { readonly page: Page; readonly problems: readonly Problem[] }): ReactElement {
  const say = useSay();
  const worded = problems.map((problem) => ({ ...problem, fix: IN_FIELDS[problem.code] ?? problem.fix }));
  return (
    <section className="verdict pending" data-testid="refused">
      <h1 className="headline">{say(ASK)}</h1>
      <p>{say(ASK_MORE)}</p>
      <Problems problems={worded} />
      {page.inventory.interfaces > 0 && (
        <button type="button" className="button" onClick={() => page.show("estate")}>
          {say(ESTATE_INSTEAD)}
        </button>
      )}
    </section>
  );
}

const NOT_READ: Text = { en: "What was not read, or not in full", zh: "未读取或未完全读取的内容" };

function FileProblems({ page }: { readonly page: Page }): ReactElement | null {
  const say = useSay();
  const problems = [...page.inventory.problems, ...page.inventory.files.flatMap((file) => file.problems)];
  if (problems.length === 0) return null;
  return (
    <section className="card">
      <h2>{say(NOT_READ)}</h2>
      <Problems problems={problems} />
    </section>
  );
}
