import { layout as arrange, Graph } from "@dagrejs/dagre";
import type { Layout, Spot } from "../layout.ts";

const BETWEEN_RANKS = 32;
const BETWEEN_BOXES = 16;

/** Layers from the sender to the destination. */
export function layoutOf({ boxes, joins, direction }: Layout): readonly Spot[] {
  const graph = new Graph({ multigraph: false, compound: false });
  graph.setGraph({ rankdir: direction, ranksep: BETWEEN_RANKS, nodesep: BETWEEN_BOXES, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { from, to, weight } of joins) graph.setEdge(from, to, { weight });
  arrange(graph);
  return boxes.map(({ id, width, height }) => {
    const { x = 0, y = 0 } = graph.node(id);
    return { id, x: x - width / 2, y: y - height / 2 };
  });
}
