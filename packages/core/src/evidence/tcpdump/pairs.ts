import type { Connection } from "./connections.ts";

/** One connection on both sides of a translator, or of several in a row: then the first source and the last. */
export interface Translation {
  readonly before: Connection;
  readonly after: Connection;
  /** Between two translators. */
  readonly between: readonly Connection[];
  /** How many connections were translated so. */
  readonly count: number;
}

export interface Pairs {
  readonly translations: readonly Translation[];
  /** The same packet with several sources, and nothing tells which was first. */
  readonly unordered: readonly Connection[];
}

/** The two sides of one packet stand close together; a second apart they are two captures put together. */
const CLOSE_MICROSECONDS = 1e6;

/**
 * Pairs connections to the same destination whose opening packets have the same sequence number and different
 * sources: a source translator rewrites the address and leaves the number (a proxy chooses its own).
 */
export function pairsOf(connections: readonly Connection[]): Pairs {
  const groups = new Map<string, Connection[]>();
  for (const connection of connections) {
    const { destination, synSequence } = connection;
    if (synSequence === null) continue;
    const key = `${synSequence} ${destination.host.text} ${destination.portText}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [connection]);
    else group.push(connection);
  }
  const several = [...groups.values()].filter((group) => new Set(group.map(sourceText)).size > 1);
  const read = several.map((group) => ({ group, translation: translationOf(group) }));
  return {
    translations: read.flatMap(({ translation }) => translation ?? []),
    unordered: read.flatMap(({ group, translation }) => (translation === null ? group : [])),
  };
}

const sourceText = ({ source }: Connection): string => source.host.text;

/** Null unless each source of the packet goes out after the one before it. */
function translationOf(group: readonly Connection[]): Translation | null {
  const [before, ...rest] = group;
  const after = rest.at(-1);
  if (before === undefined || after === undefined) return null;
  const inOrder = rest.every((one, index) => isAfter(group[index] ?? before, one) && isTranslation(before, one));
  return inOrder ? { before, after, between: rest.slice(0, -1), count: 1 } : null;
}

const isAfter = (first: Connection, second: Connection): boolean => {
  const [from, to] = [first.quoted.stamp.microseconds, second.quoted.stamp.microseconds];
  return from === null || to === null || to >= from;
};

/** The order of the lines alone tells nothing: the lines of two captures may have been sorted or put together. */
function isTranslation(before: Connection, after: Connection): boolean {
  if (sourceText(before) === sourceText(after)) return false;
  const [inside, outside] = [before.quoted, after.quoted];
  const known = inside.direction !== null && outside.direction !== null;
  if (known && (inside.direction !== "In" || outside.direction !== "Out")) return false;
  const [from, to] = [inside.stamp.microseconds, outside.stamp.microseconds];
  return from === null || to === null ? known : to >= from && to - from < CLOSE_MICROSECONDS;
}
