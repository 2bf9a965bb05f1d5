import type { Text } from "@seenas/core";
import { type ReactElement, useEffect, useState } from "react";
import { useSay } from "../words/say.tsx";
import { Icon } from "./icons.tsx";

const SHOWN_MS = 1600;
const COPY: Text = { en: "Copy", zh: "复制" };
const COPIED: Text = { en: "Copied", zh: "已复制" };

/** Copies a text; from a page that was opened from a disk too, where some browsers have no clipboard to ask. */
export function CopyButton({
  text,
  what,
  isPrimary = false,
}: {
  readonly text: string;
  readonly what: Text;
  readonly isPrimary?: boolean;
}): ReactElement {
  const say = useSay();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      className={isPrimary ? "button primary" : "button quiet"}
      onClick={() => void copy(text).then(setCopied)}
      aria-label={`${say(COPY)}: ${say(what)}`}
    >
      <Icon name={isCopied ? "check" : "copy"} />
      <span aria-live="polite">{say(isCopied ? COPIED : COPY)}</span>
    </button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "offscreen";
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}
