import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import type { ReactElement } from "react";
import { Icon } from "../parts/icons.tsx";
import type { PathElement } from "../protocol.ts";
import { useSay } from "../words/say.tsx";
import { FATE, KIND } from "./words.ts";

export const BOX = { width: 178, height: 70 } as const;

export type ElementNode = Node<
  { readonly element: PathElement; readonly isLost: boolean; readonly direction: "LR" | "TB" },
  "element"
>;

/** One thing on the way. The whole of it is a button that opens what is known of it. */
export function ElementBox({ data, selected }: NodeProps<ElementNode>): ReactElement {
  const say = useSay();
  const { element, isLost, direction } = data;
  const { kind, title, detail, standing, fate } = element;
  const isAcross = direction === "LR";
  const words = detail === null ? "" : say(detail);
  return (
    <div className={`element kind-${kind} ${standing} ${isLost ? "lost" : ""} ${selected ? "selected" : ""}`}>
      <Handle type="target" position={isAcross ? Position.Left : Position.Top} isConnectable={false} />
      <span className="element-kind">
        <Icon name={kind} />
        {say(KIND[kind])}
        {fate !== null && <span className={`fate fate-${fate.fate}`}>{say(FATE[fate.fate])}</span>}
      </span>
      <span className="element-title" title={say(title)}>
        {say(title)}
      </span>
      <span className="element-detail" title={words}>
        {words}
      </span>
      <Handle type="source" position={isAcross ? Position.Right : Position.Bottom} isConnectable={false} />
    </div>
  );
}
