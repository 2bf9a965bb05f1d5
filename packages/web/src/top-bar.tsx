import type { Text } from "@seenas/core";
import type { ReactElement } from "react";
import { Icon } from "./parts/icons.tsx";
import { THEMES, type Theme, VIEWS, type View } from "./state/url.ts";
import type { Page } from "./state/use-page.ts";
import { useSay } from "./words/say.tsx";

const VIEW: Readonly<Record<View, Text>> = {
  answer: { en: "Answer", zh: "答案" },
  evidence: { en: "Evidence", zh: "证据" },
  estate: { en: "Estate", zh: "资产" },
  files: { en: "Files", zh: "文件" },
};
const VIEWS_NAME: Text = { en: "Views", zh: "视图" };
const THEME: Readonly<Record<Theme, Text>> = {
  auto: { en: "Colours as the system has them", zh: "配色跟随系统" },
  light: { en: "Light colours", zh: "浅色" },
  dark: { en: "Dark colours", zh: "深色" },
};
const THEME_ICON = { auto: "auto", light: "sun", dark: "moon" } as const;
const SKIP: Text = { en: "To the content", zh: "跳到内容" };

export function TopBar({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const { inventory, language, theme } = page;
  const hasFiles = inventory.files.length > 0;
  const nextTheme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
  const wrong = inventory.files.some(({ problems }) => problems.some(({ level }) => level === "error"));
  return (
    <header className="top">
      <button type="button" className="skip" onClick={skip}>
        {say(SKIP)}
      </button>
      <span className="brand">
        <Mark /> seenas
      </span>
      {hasFiles && (
        <nav aria-label={say(VIEWS_NAME)}>
          {VIEWS.map((view) => (
            <button
              key={view}
              type="button"
              className="tab"
              aria-current={page.view === view ? "page" : undefined}
              onClick={() => page.show(view)}
            >
              {say(VIEW[view])}
              {view === "files" && <span className={wrong ? "count wrong" : "count"}>{inventory.files.length}</span>}
            </button>
          ))}
        </nav>
      )}
      <span className="spacer" />
      <button
        type="button"
        className="icon-button"
        onClick={() => page.paint(nextTheme)}
        aria-label={say(THEME[theme])}
        title={say(THEME[theme])}
      >
        <Icon name={THEME_ICON[theme]} />
      </button>
      <button
        type="button"
        className="button quiet language"
        lang={language === "en" ? "zh-CN" : "en"}
        onClick={() => page.speak(language === "en" ? "zh" : "en")}
      >
        {language === "en" ? "中文" : "English"}
      </button>
    </header>
  );
}

/** The fragment is the page's state: no link may write it. */
function skip(): void {
  const main = document.getElementById("main");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
}

const Mark = (): ReactElement => (
  <svg className="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
    <path d="M2 12h6.500M15.500 12H22" />
    <circle cx="12" cy="12" r="3.500" />
    <path d="M5.500 5.500A9.200 9.200 0 0 1 18.500 5.500M5.500 18.500a9.200 9.200 0 0 0 13 0" />
  </svg>
);
