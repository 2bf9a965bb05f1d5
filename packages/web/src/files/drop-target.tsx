import type { Text } from "@seenas/core";
import { type DragEvent, type ReactElement, type ReactNode, useEffect, useRef, useState } from "react";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";
import { fileOfText, filesOfDrop } from "./collect-drop.ts";

const HERE: Text = { en: "Let go to read it here", zh: "松开即可在此读取" };
let pasted = 0;

/** The whole page takes what is dropped on it or pasted into it. */
export function DropTarget({ page, children }: { readonly page: Page; readonly children: ReactNode }): ReactElement {
  const say = useSay();
  const [depth, setDepth] = useState(0);
  const current = useRef(page);
  current.current = page;
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const { target, clipboardData } = event;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || clipboardData === null) return;
      const text = clipboardData.getData("text/plain");
      if (text.trim() !== "") {
        pasted += 1;
        void current.current.give([fileOfText(text, `clipboard-${pasted}.txt`, "now")]);
      } else if (clipboardData.files.length > 0)
        void filesOfDrop(clipboardData, "now").then((files) => current.current.give(files));
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, []);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setDepth(0);
    const text = event.dataTransfer.getData("text/plain");
    if (event.dataTransfer.types.includes("Files"))
      void filesOfDrop(event.dataTransfer, sideAt(event.target)).then((files) => page.give(files));
    else if (text.trim() !== "") {
      pasted += 1;
      void page.give([fileOfText(text, `dropped-${pasted}.txt`, "now")]);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging has its buttons beside it.
    <div
      className="page"
      // Refused here, what slides under the pointer just before the drop would lose it.
      onDragEnter={(event) => {
        event.preventDefault();
        setDepth((now) => now + 1);
      }}
      onDragLeave={() => setDepth((now) => Math.max(0, now - 1))}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {depth > 0 && <div className="dropping">{say(HERE)}</div>}
    </div>
  );
}

const sideAt = (target: EventTarget): "now" | "after" =>
  target instanceof Element && target.closest("[data-side=after]") !== null ? "after" : "now";
