import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import type { EvidenceFileView, NoteView } from "../protocol.ts";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";
import { ObservationNote } from "./note.tsx";

const PAGE_LINES = 200;
const LINE_PX = 24;
const NOTE_PX = 150;
/** A short text is drawn whole, so that it prints. */
const SHORT = 400;

/** Lines of any number: asked for in pages, and only those that are looked at are drawn. */
export function AnnotatedText({
  page,
  file,
  lines,
}: {
  readonly page: Page;
  readonly file: EvidenceFileView;
  readonly lines: number;
}): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const notes = useMemo(() => notesByLine(file.notes), [file.notes]);
  const texts = usePages(page, file.file, lines);
  const isShort = lines <= SHORT;
  const virtual = useVirtualizer({
    count: isShort ? 0 : lines,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (hasSighting(notes.get(index + 1)) ? NOTE_PX : LINE_PX),
    overscan: 20,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const { want } = texts;
  useEffect(() => want(isShort ? 0 : first, isShort ? lines : last), [want, first, last, isShort, lines]);
  if (isShort)
    return (
      <div className="annotated" data-testid="annotated">
        {Array.from({ length: lines }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
          <Line key={index} number={index + 1} text={texts.at(index)} notes={notes.get(index + 1)} />
        ))}
      </div>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key.
    <div className="annotated scrolled" ref={scroller} tabIndex={0} data-testid="annotated">
      <div className="virtual" ref={(space) => space?.style.setProperty("height", `${virtual.getTotalSize()}px`)}>
        {items.map(({ index, start, key }) => (
          <div
            key={key}
            data-index={index}
            className="virtual-item"
            ref={(item) => {
              item?.style.setProperty("transform", `translateY(${start}px)`);
              virtual.measureElement(item);
            }}
          >
            <Line number={index + 1} text={texts.at(index)} notes={notes.get(index + 1)} />
          </div>
        ))}
      </div>
    </div>
  );
}

const hasSighting = (notes: readonly NoteView[] | undefined): boolean =>
  notes?.some(({ observation }) => observation !== null) === true;

const LONGEST = 2000;
const MOST_NOTES = 4;

function Line({
  number,
  text,
  notes = [],
}: {
  readonly number: number;
  readonly text: string;
  readonly notes?: readonly NoteView[] | undefined;
}): ReactElement {
  const say = useSay();
  const effects = notes.map(({ observation }) => observation?.effect ?? "none");
  const marked = hasSighting(notes) ? ` marked effect-${effects.find((one) => one !== "none") ?? "none"}` : "";
  return (
    <div className={`annotated-line${marked}`} id={`line-${number}`}>
      <span className="number">{number}</span>
      <code className="line-text">{text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text}</code>
      <div className="margin">
        {notes.slice(0, MOST_NOTES).map(({ observation, text: words }) =>
          observation === null ? (
            <span key={words?.en} className="aside">
              {words === null ? "" : say(words)}
            </span>
          ) : (
            <ObservationNote key={`${observation.says.en} ${observation.source}`} observation={observation} />
          ),
        )}
        {notes.length > MOST_NOTES && <span className="aside">+{notes.length - MOST_NOTES}</span>}
      </div>
    </div>
  );
}

function notesByLine(notes: readonly NoteView[]): ReadonlyMap<number, readonly NoteView[]> {
  const byLine = new Map<number, NoteView[]>();
  for (const note of notes) {
    const here = byLine.get(note.line);
    if (here === undefined) byLine.set(note.line, [note]);
    else here.push(note);
  }
  return byLine;
}

/** Lines that were asked for, a page at a time. */
function usePages({ backend }: Page, file: string, lines: number) {
  const [pages, setPages] = useState<ReadonlyMap<number, readonly string[]>>(new Map());
  const asked = useRef(new Set<number>());
  const want = useMemo(
    () => (first: number, last: number) => {
      for (let at = Math.floor(first / PAGE_LINES); at <= Math.floor(Math.min(last, lines - 1) / PAGE_LINES); at += 1) {
        if (asked.current.has(at)) continue;
        asked.current.add(at);
        void backend
          .lines(file, at * PAGE_LINES + 1, PAGE_LINES)
          .then((found) => setPages((known) => new Map(known).set(at, found)));
      }
    },
    [backend, file, lines],
  );
  return {
    want,
    at: (index: number): string => pages.get(Math.floor(index / PAGE_LINES))?.[index % PAGE_LINES] ?? "",
  };
}
