import type { Text } from "@seenas/core";
import { type ReactElement, useId, useRef, useState } from "react";
import { Icon } from "../parts/icons.tsx";
import type { GivenFile, Side } from "../protocol.ts";
import { useSay } from "../words/say.tsx";
import { fileOfText, filesOfList } from "./collect-drop.ts";

const FILES: Text = { en: "Choose files", zh: "选择文件" };
const FOLDER: Text = { en: "Choose a folder", zh: "选择文件夹" };
const PASTE: Text = { en: "Paste text", zh: "粘贴文本" };
const PASTE_HERE: Text = {
  en: "An export, a log, a traceroute, an SMTP session …",
  zh: "配置导出、日志、traceroute、SMTP 会话……",
};
const READ: Text = { en: "Read it", zh: "读取" };

export type Give = (files: readonly GivenFile[]) => void;

/** Ways to give something without dragging it. */
export function GiveButtons({ side, give }: { readonly side: Side; readonly give: Give }): ReactElement {
  const say = useSay();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [isPasting, setPasting] = useState(false);
  const pasteId = useId();
  const take = (input: HTMLInputElement): void => {
    if (input.files !== null && input.files.length > 0) give(filesOfList(input.files, side));
    // The same file again is a change too.
    input.value = "";
  };
  return (
    <div className="give">
      <div className="row">
        <button type="button" className="button" onClick={() => files.current?.click()}>
          <Icon name="file" /> {say(FILES)}
        </button>
        <button type="button" className="button" onClick={() => folder.current?.click()}>
          <Icon name="folder" /> {say(FOLDER)}
        </button>
        <button
          type="button"
          className="button"
          aria-expanded={isPasting}
          aria-controls={pasteId}
          onClick={() => setPasting(!isPasting)}
        >
          <Icon name="copy" /> {say(PASTE)}
        </button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={say(FILES)}
        data-testid={`files-${side}`}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={(input) => {
          folder.current = input;
          // React has no name for it.
          input?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        multiple
        hidden
        aria-label={say(FOLDER)}
        data-testid={`folder-${side}`}
        onChange={(event) => take(event.currentTarget)}
      />
      <div id={pasteId}>{isPasting && <PasteBox side={side} give={give} />}</div>
    </div>
  );
}

let pasted = 0;

function PasteBox({ side, give }: { readonly side: Side; readonly give: Give }): ReactElement {
  const say = useSay();
  const [text, setText] = useState("");
  return (
    <form
      className="paste"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") return;
        pasted += 1;
        give([fileOfText(text, `pasted-${pasted}.txt`, side)]);
        setText("");
      }}
    >
      <textarea
        aria-label={say(PASTE)}
        placeholder={say(PASTE_HERE)}
        rows={7}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" className="button primary" disabled={text.trim() === ""}>
        {say(READ)}
      </button>
    </form>
  );
}
