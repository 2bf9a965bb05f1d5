import type { Text } from "@seenas/core";
import { type ReactElement, useState } from "react";
import type { FlowPicture as Flow } from "../estate-protocol.ts";
import { useSay } from "../words/say.tsx";
import { arrangedFlow, FLOW_WIDTH } from "./sankey.ts";

const TITLE: Text = { en: "Who is seen as what, towards where", zh: "谁以什么地址去往哪里" };
const COLUMNS: readonly Text[] = [
  { en: "Senders", zh: "发送方" },
  { en: "Seen as", zh: "显示为" },
  { en: "Towards", zh: "去往" },
];
const LABEL_CHARACTERS = 30;

/** Bands as wide as there are interfaces; pointing at one shows what it belongs to. */
export function FlowPicture({ flow }: { readonly flow: Flow }): ReactElement | null {
  const say = useSay();
  const [chosen, setChosen] = useState<string | null>(null);
  if (flow.links.length === 0) return null;
  const { nodes, bands, height } = arrangedFlow(flow);
  const labels = new Map(nodes.map(({ id, label }) => [id, say(label)]));
  const list = bands.map(({ from, to, weight }) => `${labels.get(from)} → ${labels.get(to)}: ${weight}`).join("; ");
  return (
    <figure className="flow" data-testid="flow">
      <figcaption>{say(TITLE)}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key. */}
      <div className="scroll-x" tabIndex={0}>
        <svg viewBox={`0 0 ${FLOW_WIDTH} ${height}`} role="img" aria-label={`${say(TITLE)}. ${list}`}>
          {COLUMNS.map((words, column) => (
            <text
              key={words.en}
              className={`flow-column column-${column}`}
              x={[0, FLOW_WIDTH / 2, FLOW_WIDTH][column]}
              y="12"
            >
              {say(words)}
            </text>
          ))}
          {bands.map(({ from, to, d, width }) => (
            <path
              key={`${from}\n${to}`}
              className={chosen === null || chosen === from || chosen === to ? "band" : "band faded"}
              d={d}
              strokeWidth={width}
            />
          ))}
          {nodes.map(({ id, label, column, x, y, height: tall, weight }) => {
            const words = say(label);
            return (
              <g key={id} onPointerEnter={() => setChosen(id)} onPointerLeave={() => setChosen(null)}>
                <title>{`${words} (${weight})`}</title>
                <rect className={`flow-node column-${column}`} x={x} y={y} width="9" height={tall} rx="2" />
                <text className={`flow-label column-${column}`} x={column === 2 ? x - 7 : x + 16} y={y + tall / 2 + 4}>
                  {words.length > LABEL_CHARACTERS ? `${words.slice(0, LABEL_CHARACTERS - 1)}…` : words}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
    </figure>
  );
}
