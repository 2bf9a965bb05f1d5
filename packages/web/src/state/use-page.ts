import type { Language } from "@seenas/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Backend } from "../backend.ts";
import type { Asked, GivenFile, Inventory, Progress, Question, Side } from "../protocol.ts";
import { startBackend } from "./start-backend.ts";
import { type Place, readPlace, type Theme, usualLanguage, type View, writePlace } from "./url.ts";

const NOTHING: Inventory = {
  files: [],
  problems: [],
  hosts: 0,
  interfaces: 0,
  hostsAfter: 0,
  onlyHost: null,
  twoExports: null,
};

export interface Page {
  readonly backend: Backend;
  readonly inventory: Inventory;
  readonly asked: Asked;
  readonly question: Question;
  readonly view: View;
  readonly language: Language;
  readonly theme: Theme;
  /** Counts what was given: what looks at it starts anew. */
  readonly revision: number;
  readonly isBusy: boolean;
  readonly progress: Progress | null;
  /** What went wrong in the worker, a fault of the page and never of the input; or the server that is gone. */
  readonly failure: Error | null;
  give(files: readonly GivenFile[], question?: Question): Promise<void>;
  /** Looks again at what is there: something beside the page may have given files. */
  refresh(): Promise<void>;
  remove(name: string, side: Side): Promise<void>;
  clear(): Promise<void>;
  join(isOne: boolean): Promise<void>;
  put(question: Question): void;
  show(view: View): void;
  speak(language: Language): void;
  paint(theme: Theme): void;
}

const QUIET_MS = 120;

/** Everything the page knows, and what can be done with it. */
export function usePage(): Page {
  const [place, setPlace] = useState<Place>(() => readPlace(location.hash));
  const [inventory, setInventory] = useState(NOTHING);
  const [asked, setAsked] = useState<Asked>({ kind: "nothing" });
  const [revision, setRevision] = useState(0);
  const [busy, setBusy] = useState(0);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const backend = useMemo(() => startBackend(setProgress), []);
  const latest = useRef(0);
  const language = place.language ?? usualLanguage(navigator.languages);

  const during = useCallback(async (work: () => Promise<void>): Promise<void> => {
    setBusy((count) => count + 1);
    try {
      await work();
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy((count) => count - 1);
      setProgress(null);
    }
  }, []);

  const ask = useCallback(
    async (question: Question): Promise<void> => {
      latest.current += 1;
      const mine = latest.current;
      const found = await backend.ask(question);
      // An answer to what is no longer asked is none.
      if (mine === latest.current) setAsked(found);
    },
    [backend],
  );

  const taking = useCallback(
    (work: () => Promise<Inventory>, question: Question): Promise<void> =>
      during(async () => {
        const taken = await work();
        setInventory(taken);
        setRevision((count) => count + 1);
        await ask(question);
      }),
    [ask, during],
  );

  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void taking(() => backend.start(), readPlace(location.hash).question);
  }, [backend, taking]);

  useEffect(() => {
    const hash = writePlace(place);
    if (hash !== location.hash)
      history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
  }, [place]);

  useEffect(() => {
    const follow = (): void => {
      const next = readPlace(location.hash);
      setPlace(next);
      void during(() => ask(next.question));
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [ask, during]);

  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.documentElement.dataset["theme"] = place.theme;
  }, [language, place.theme]);

  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  return {
    backend,
    inventory,
    asked,
    question: place.question,
    view: place.view,
    language,
    theme: place.theme,
    revision,
    isBusy: busy > 0,
    progress,
    failure,
    give: (files, question = place.question) => {
      if (question !== place.question) setPlace({ ...place, question });
      return taking(() => backend.add(files), question);
    },
    refresh: () => taking(() => backend.start(), place.question),
    remove: (name, side) => taking(() => backend.remove(name, side), place.question),
    clear: () => taking(() => backend.clear(), place.question),
    join: (isOne) => taking(() => backend.join(isOne), place.question),
    put: (question) => {
      setPlace({ ...place, question });
      clearTimeout(typing.current);
      typing.current = setTimeout(() => void during(() => ask(question)), QUIET_MS);
    },
    show: (view) => setPlace({ ...place, view }),
    speak: (spoken) => setPlace({ ...place, language: spoken }),
    paint: (theme) => setPlace({ ...place, theme }),
  };
}
