import type { Text } from "@seenas/core";
import { Controls, type Edge, MarkerType, MiniMap, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type ReactElement, useEffect, useMemo, useState } from "react";
import type { Spot } from "../layout.ts";
import type { PathElement, Picture as PictureOf } from "../protocol.ts";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";
import { BOX, ElementBox, type ElementNode } from "./nodes.tsx";
import { Panel } from "./panel.tsx";
import { openedBy, shownOf } from "./shown.ts";
import { KIND, partOf } from "./words.ts";

const TITLE: Text = { en: "The path", zh: "路径" };
const OTHERS: Text = { en: "Show what was ruled out, and what is possible", zh: "显示已排除和其他可能的路径" };
const HINT: Text = {
  en: "Open an element for its rule, its source and its lines",
  zh: "点开元素可查看其规则、来源与原始行",
};
const NODE_TYPES = { element: ElementBox };
const NARROW_PX = 720;
/** More than these are seen better with a map of them. */
const SMALL = 14;
const MOST_DRAWN_AT_ONCE = 60;

interface Props {
  readonly page: Page;
  readonly picture: PictureOf;
}

export function Picture(props: Props): ReactElement {
  return (
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  );
}

function Drawn({ page, picture }: Props): ReactElement {
  const say = useSay();
  const [withOthers, setOthers] = useState(() => innerWidth >= NARROW_PX);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string | null>(null);
  const [spots, setSpots] = useState<ReadonlyMap<string, Spot>>(new Map());
  const direction = useDirection();
  const mostContenders = direction === "TB" ? 1 : 4;
  const shown = useMemo(
    () => shownOf(picture, { withOthers, mostContenders, expanded }),
    [picture, withOthers, mostContenders, expanded],
  );
  const { fitView } = useReactFlow();
  const { backend } = page;
  useEffect(() => {
    let isStale = false;
    const boxes = shown.elements.map(({ id }) => ({ id, ...BOX }));
    const joins = shown.edges.map(({ from, to, standing }) => ({ from, to, weight: standing === "answer" ? 8 : 1 }));
    void backend.layout({ boxes, joins, direction }).then((found) => {
      if (!isStale) setSpots(new Map(found.map((spot) => [spot.id, spot])));
    });
    return () => {
      isStale = true;
    };
  }, [backend, shown, direction]);
  const tall = heightOf(spots, direction);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height, another fit.
  useEffect(() => {
    if (spots.size === 0) return;
    // After the picture has taken its new size.
    const timer = setTimeout(() => void fitView({ padding: 0.05, maxZoom: 1 }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [spots, fitView, tall]);
  const nodes = useMemo(() => nodesOf(shown, spots, direction, selected), [shown, spots, direction, selected]);
  const edges = useMemo(() => edgesOf(shown), [shown]);
  const chosen = shown.elements.find(({ id }) => id === selected);
  const open = (id: string): void => {
    const element = shown.elements.find((one) => one.id === id);
    if (element?.kind === "more") setExpanded(new Set([...expanded, openedBy(id)]));
    else setSelected(id);
  };
  const hasOthers = picture.elements.some(({ standing }) => standing !== "answer");
  const names = useLabels();
  return (
    <section className="path" aria-label={say(TITLE)} data-testid="picture">
      <header className="section-head">
        <h2>{say(TITLE)}</h2>
        <span className="facts no-print">{say(HINT)}</span>
        {hasOthers && (
          <label className="check no-print">
            <input type="checkbox" checked={withOthers} onChange={(event) => setOthers(event.currentTarget.checked)} />
            {say(OTHERS)}
          </label>
        )}
      </header>
      <div className={`canvas ${direction}`} ref={(canvas) => canvas?.style.setProperty("--tall", `${tall}px`)}>
        <div className="drawing">
          <ReactFlow<ElementNode>
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            nodesDraggable={false}
            nodesConnectable={false}
            edgesFocusable={false}
            elementsSelectable
            onlyRenderVisibleElements={shown.elements.length > MOST_DRAWN_AT_ONCE}
            minZoom={0.08}
            maxZoom={1.6}
            zoomOnScroll={false}
            preventScrolling={false}
            proOptions={{ hideAttribution: false }}
            ariaLabelConfig={names}
            onNodeClick={(_, { id }) => open(id)}
            onNodesChange={(changes) => {
              // By the keyboard; a click is told above.
              for (const change of changes) if (change.type === "select" && change.selected) open(change.id);
            }}
          >
            <Controls showInteractive={false} orientation="horizontal" />
            {shown.elements.length > SMALL && <MiniMap pannable zoomable />}
          </ReactFlow>
        </div>
        {chosen !== undefined && (
          <Panel key={chosen.id} element={chosen} backend={backend} close={() => setSelected(null)} />
        )}
      </div>
      <Outline picture={shown} open={open} />
    </section>
  );
}

const LEAST_PX = 170;
const MOST_PX = 560;
/** For the controls under it. */
const ROOM_PX = 64;
const SETTLED_MS = 40;

/** As tall as what it shows, where that fits. */
function heightOf(spots: ReadonlyMap<string, Spot>, direction: "LR" | "TB"): number {
  const bottom = Math.max(0, ...[...spots.values()].map(({ y }) => y + BOX.height));
  return Math.max(LEAST_PX, Math.min(MOST_PX + (direction === "TB" ? 80 : 0), bottom + ROOM_PX));
}

function useDirection(): "LR" | "TB" {
  const [direction, setDirection] = useState<"LR" | "TB">(() => (innerWidth < NARROW_PX ? "TB" : "LR"));
  useEffect(() => {
    const look = (): void => setDirection(innerWidth < NARROW_PX ? "TB" : "LR");
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  }, []);
  return direction;
}

function useLabels() {
  const say = useSay();
  return {
    "controls.ariaLabel": say({ en: "Zoom", zh: "缩放" }),
    "controls.zoomIn.ariaLabel": say({ en: "Zoom in", zh: "放大" }),
    "controls.zoomOut.ariaLabel": say({ en: "Zoom out", zh: "缩小" }),
    "controls.fitView.ariaLabel": say({ en: "Fit the picture", zh: "适应窗口" }),
    "minimap.ariaLabel": say({ en: "Overview", zh: "缩略图" }),
    "node.a11yDescription.default": say({ en: "Press Enter to open", zh: "按回车键打开" }),
    "node.a11yDescription.keyboardDisabled": say({ en: "Press Enter to open", zh: "按回车键打开" }),
  };
}

function nodesOf(
  { elements, edges }: PictureOf,
  spots: ReadonlyMap<string, Spot>,
  direction: "LR" | "TB",
  selected: string | null,
): ElementNode[] {
  const lost = new Set(edges.filter(({ isContender }) => isContender).map(({ to }) => to));
  for (const { to, isContender } of edges) if (!isContender) lost.delete(to);
  return elements.flatMap((element): ElementNode[] => {
    const spot = spots.get(element.id);
    if (spot === undefined) return [];
    return [
      {
        id: element.id,
        type: "element",
        position: { x: spot.x, y: spot.y },
        ...BOX,
        data: { element, isLost: lost.has(element.id), direction },
        selected: element.id === selected,
      },
    ];
  });
}

const edgesOf = ({ edges }: PictureOf): Edge[] =>
  edges.map(({ from, to, standing, isContender }) => ({
    id: `${from}\n${to}`,
    source: from,
    target: to,
    className: isContender ? "contender" : standing,
    ...(isContender
      ? {}
      : { markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: "context-stroke" } }),
    zIndex: standing === "answer" && !isContender ? 2 : 1,
  }));

const OUTLINE: Text = { en: "The same as a list", zh: "以列表显示" };

/** What the picture shows, in order: for those who do not see it, and for paper. */
function Outline({
  picture,
  open,
}: {
  readonly picture: PictureOf;
  readonly open: (id: string) => void;
}): ReactElement {
  const say = useSay();
  const line = (element: PathElement): string => {
    const { kind, title, detail } = element;
    return `${say(KIND[kind])}: ${say(title)}${detail === null ? "" : `, ${say(detail)}`} (${say(partOf(element))})`;
  };
  return (
    <details className="outline">
      <summary>{say(OUTLINE)}</summary>
      <ol>
        {picture.elements.map((element) => (
          <li key={element.id}>
            <button type="button" className="link" onClick={() => open(element.id)}>
              {line(element)}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
