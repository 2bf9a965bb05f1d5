// biome-ignore-all lint/a11y/useSemanticElements: rows that are not drawn would leave holes in a real table.
// biome-ignore-all lint/a11y/useFocusableInteractive: what can be pressed is inside the headers.
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key.
import { CERTAINTY_WORD, STABILITY_WORD, type Text } from "@seenas/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { Backend } from "../backend.ts";
import { COLUMNS, type Column, type RowsView, type RowView } from "../estate-protocol.ts";
import { type Say, useSay } from "../words/say.tsx";

const ROW_PX = 34;
const WINDOW = 120;
const WAIT_MS = 60;
const TITLE: Text = { en: "Every interface, and what it is seen as", zh: "每个网卡及其显示的地址" };
const SEARCH: Text = { en: "Search: a name, an address, a network …", zh: "搜索：名称、地址、网络……" };
const OF: Text = { en: "of", zh: "/" };
const SORT: Text = { en: "Sort by", zh: "排序：" };

const COLUMN: Readonly<Record<Column, Text>> = {
  sender: { en: "Sender", zh: "发送方" },
  network: { en: "Network", zh: "网络" },
  towards: { en: "Towards", zh: "去往" },
  traffic: { en: "Traffic", zh: "流量" },
  sees: { en: "Seen as", zh: "显示为" },
  by: { en: "Set by", zh: "设置者" },
  stability: { en: "Stability", zh: "稳定性" },
  certainty: { en: "Certainty", zh: "确定程度" },
};

/** Any number of rows: the other side filters and sorts, and only those that are looked at come here. */
export function EstateTable({ backend, total }: { readonly backend: Backend; readonly total: number }): ReactElement {
  const say = useSay();
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<Column>("sender");
  const [descending, setDescending] = useState(false);
  const [view, setView] = useState<RowsView>({ first: 0, total, matched: total, rows: [] });
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: view.matched,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = Math.max(0, (items[0]?.index ?? 0) - WINDOW / 4);
  const wanted = Math.floor(first / (WINDOW / 4)) * (WINDOW / 4);
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(() => {
      void backend.rows({ search, sort, descending, first: wanted, count: WINDOW + WINDOW / 2 }).then((found) => {
        if (!isStale) setView(found);
      });
    }, WAIT_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [backend, search, sort, descending, wanted]);
  const sortBy = (column: Column): void => {
    setDescending(column === sort ? !descending : false);
    setSort(column);
    scroller.current?.scrollTo(0, 0);
  };
  return (
    <section className="table-view">
      <header className="section-head">
        <h2>{say(TITLE)}</h2>
        <span className="facts" data-testid="matched" role="status">
          {view.matched.toLocaleString("en")} {say(OF)} {view.total.toLocaleString("en")}
        </span>
      </header>
      <input
        type="search"
        className="search no-print"
        aria-label={say(SEARCH)}
        placeholder={say(SEARCH)}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          scroller.current?.scrollTo(0, 0);
        }}
      />
      <div
        className="grid"
        ref={scroller}
        tabIndex={0}
        role="table"
        aria-label={say(TITLE)}
        aria-rowcount={view.matched + 1}
      >
        <div className="grid-row grid-head" role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <div
              key={column}
              role="columnheader"
              className={`cell-${column}`}
              aria-sort={sort !== column ? "none" : descending ? "descending" : "ascending"}
            >
              <button type="button" onClick={() => sortBy(column)} aria-label={`${say(SORT)} ${say(COLUMN[column])}`}>
                {say(COLUMN[column])}
                <span aria-hidden="true">{sort === column ? (descending ? " ↓" : " ↑") : ""}</span>
              </button>
            </div>
          ))}
        </div>
        <div
          className="virtual"
          role="rowgroup"
          ref={(space) => space?.style.setProperty("height", `${virtual.getTotalSize()}px`)}
        >
          {items.map(({ index, start, key }) => (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              className="grid-row virtual-item"
              ref={(item) => item?.style.setProperty("transform", `translateY(${start}px)`)}
            >
              <Cells row={view.rows[index - view.first]} say={say} />
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

function Cells({ row, say }: { readonly row: RowView | undefined; readonly say: Say }): ReactElement {
  return (
    <>
      {COLUMNS.map((column) => {
        const words = row === undefined ? "" : wordsOf(row, column, say);
        return (
          <div key={column} role="cell" className={`cell-${column}`} title={words}>
            {words}
          </div>
        );
      })}
    </>
  );
}

function wordsOf(row: RowView, column: Column, say: Say): string {
  if (column === "stability") return row.stability === null ? "" : say(STABILITY_WORD[row.stability]);
  if (column === "certainty") return say(CERTAINTY_WORD[row.certainty]);
  const cell = row[column];
  return typeof cell === "string" ? cell : cell === null ? "" : say(cell);
}
