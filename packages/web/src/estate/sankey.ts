import type { FlowLink, FlowNode, FlowPicture } from "../estate-protocol.ts";

export const FLOW_WIDTH = 1180;
const TOP = 28;
const BETWEEN = 12;
const LEAST = 14;
const MOST_PX = 420;
const LEAST_BAND = 1.5;
const NODE_WIDTH = 9;

export interface PlacedNode extends FlowNode {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Band extends FlowLink {
  readonly d: string;
  readonly width: number;
}

/** Three columns of bars and the bands between them; weights are compressed, since one group may be a thousand times another. */
export function arrangedFlow({ nodes, links }: FlowPicture): {
  readonly nodes: readonly PlacedNode[];
  readonly bands: readonly Band[];
  readonly height: number;
} {
  const columns = [0, 1, 2].map((column) => nodes.filter((node) => node.column === column));
  const most = Math.max(...columns.map((column) => column.reduce((sum, { weight }) => sum + size(weight), 0)), 1);
  const unit = Math.min(16, (MOST_PX * Math.min(1, 0.25 + nodes.length / 24)) / most);
  const placed = new Map<string, PlacedNode>();
  let height = 0;
  for (const [index, column] of columns.entries()) {
    let y = TOP;
    for (const node of byNeighbours(column, links, placed)) {
      const tall = Math.max(LEAST, size(node.weight) * unit);
      placed.set(node.id, { ...node, x: (index * (FLOW_WIDTH - NODE_WIDTH)) / 2, y, height: tall });
      y += tall + BETWEEN;
    }
    height = Math.max(height, y);
  }
  return { nodes: [...placed.values()], bands: bandsOf(links, placed), height };
}

const size = (weight: number): number => Math.sqrt(weight);

/** In the order of what they come from, so that few bands cross. */
function byNeighbours(
  column: readonly FlowNode[],
  links: readonly FlowLink[],
  placed: ReadonlyMap<string, PlacedNode>,
): readonly FlowNode[] {
  const middle = (id: string): number => {
    const before = links.flatMap(({ from, to }) => (to === id ? (placed.get(from) ?? []) : []));
    return before.reduce((sum, { y }) => sum + y, 0) / Math.max(1, before.length);
  };
  return [...column].sort((a, b) => middle(a.id) - middle(b.id) || b.weight - a.weight);
}

function bandsOf(links: readonly FlowLink[], placed: ReadonlyMap<string, PlacedNode>): readonly Band[] {
  const out = new Map<string, number>();
  const into = new Map<string, number>();
  const total = (id: string, side: "from" | "to"): number =>
    links.reduce((sum, link) => sum + (link[side] === id ? link.weight : 0), 0);
  const sorted = [...links].sort(
    (a, b) =>
      (placed.get(a.from)?.y ?? 0) - (placed.get(b.from)?.y ?? 0) ||
      (placed.get(a.to)?.y ?? 0) - (placed.get(b.to)?.y ?? 0),
  );
  return sorted.flatMap((link): readonly Band[] => {
    const [one, other] = [placed.get(link.from), placed.get(link.to)];
    if (one === undefined || other === undefined) return [];
    const [shareOut, shareIn] = [link.weight / total(link.from, "from"), link.weight / total(link.to, "to")];
    const [startOut, startIn] = [out.get(one.id) ?? 0, into.get(other.id) ?? 0];
    out.set(one.id, startOut + shareOut);
    into.set(other.id, startIn + shareIn);
    const y1 = one.y + (startOut + shareOut / 2) * one.height;
    const y2 = other.y + (startIn + shareIn / 2) * other.height;
    const x1 = one.x + NODE_WIDTH;
    const bend = (other.x - x1) / 2;
    return [
      {
        ...link,
        d: `M${x1} ${y1}C${x1 + bend} ${y1} ${other.x - bend} ${y2} ${other.x} ${y2}`,
        width: Math.max(LEAST_BAND, Math.min(shareOut * one.height, shareIn * other.height)),
      },
    ];
  });
}
