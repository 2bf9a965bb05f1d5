import type { Text } from "@seenas/core";
import type { PathEdge, PathElement, Picture, Standing } from "../protocol.ts";

/** How much of a picture is drawn. */
export interface Choice {
  /** Outcomes that are no part of the answer. */
  readonly withOthers: boolean;
  /** Routes that lost, beside the one that won. */
  readonly mostContenders: number;
  /** Ids of the elements whose hidden neighbours are drawn all the same. */
  readonly expanded: ReadonlySet<string>;
}

/** Beside each other. */
const MOST_SENDERS = 12;

/** The part of a picture that is drawn: what would bury the rest is gathered into one element that opens. */
export function shownOf(picture: Picture, { withOthers, mostContenders, expanded }: Choice): Picture {
  const isWanted = (standing: Standing): boolean => withOthers || standing === "answer" || !hasAnswer(picture);
  const edges = picture.edges.filter(
    (edge) => isWanted(edge.standing) || (edge.isContender && isWanted(edge.standing)),
  );
  const hidden = new Map<string, readonly string[]>();
  // What gathers the others takes the place of one.
  for (const [from, lost] of contendersBy(edges))
    if (lost.length > mostContenders && !expanded.has(from)) hidden.set(from, lost.slice(mostContenders - 1));
  const hosts = picture.elements.filter(({ kind, standing }) => kind === "host" && isWanted(standing));
  const buried = hosts.length > MOST_SENDERS && !expanded.has(SENDERS) ? hosts.slice(MOST_SENDERS) : [];
  const gone = new Set([...[...hidden.values()].flat(), ...buried.map(({ id }) => id)]);
  const kept = edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to));
  const linked = new Set(kept.flatMap(({ from, to }) => [from, to]));
  const elements = picture.elements.filter(({ id }) => linked.has(id) || (picture.edges.length === 0 && !gone.has(id)));
  const more = [...hidden].map(([from, lost]) => moreOf(from, lost.length, ROUTES));
  const moreEdges = [...hidden.keys()].map(
    (from): PathEdge => ({ from, to: `more ${from}`, standing: "standing", isContender: true }),
  );
  const senders = buried.length === 0 ? [] : [moreOf(SENDERS, buried.length, HOSTS)];
  return {
    elements: reachable([...senders, ...elements, ...more], [...kept, ...moreEdges]),
    edges: [...kept, ...moreEdges],
  };
}

export const SENDERS = "senders";
const ROUTES: (count: number) => Text = (count) => ({ en: `${count} more routes`, zh: `另有 ${count} 条路由` });
const HOSTS: (count: number) => Text = (count) => ({ en: `${count} more senders`, zh: `另有 ${count} 个发送方` });

const hasAnswer = ({ elements }: Picture): boolean => elements.some(({ standing }) => standing === "answer");

function contendersBy(edges: readonly PathEdge[]): ReadonlyMap<string, readonly string[]> {
  const by = new Map<string, string[]>();
  for (const { from, to, isContender } of edges) if (isContender) by.set(from, [...(by.get(from) ?? []), to]);
  return by;
}

/** Without what hangs on nothing any more: the interfaces of hosts that are not drawn. */
function reachable(elements: readonly PathElement[], edges: readonly PathEdge[]): readonly PathElement[] {
  const outgoing = new Map<string, string[]>();
  for (const { from, to } of edges) outgoing.set(from, [...(outgoing.get(from) ?? []), to]);
  const found = new Set(
    elements.filter(({ kind, id }) => kind === "host" || id === `more ${SENDERS}`).map(({ id }) => id),
  );
  for (const id of found) for (const next of outgoing.get(id) ?? []) found.add(next);
  return elements.filter(({ id }) => found.has(id));
}

const moreOf = (of: string, count: number, words: (count: number) => Text): PathElement => ({
  id: `more ${of}`,
  kind: "more",
  title: words(count),
  detail: null,
  standing: "standing",
  steps: [],
  fate: null,
  resource: null,
  place: null,
  ruledOutBy: null,
  members: [],
});

/** Of what an element that gathers others is opened. */
export const openedBy = (id: string): string => id.replace(/^more /, "");
