import type { Connection } from "./connections.ts";

/** One connection on both sides of a translator. */
export interface Translation {
  readonly before: Connection;
  readonly after: Connection;
}

/** The two sides of one packet stand close together; a second apart they are two captures put together. */
const CLOSE_MICROSECONDS = 1e6;

/**
 * Pairs connections to the same destination whose opening packets have the same sequence number and different
 * sources: a source translator rewrites the address and leaves the number (a proxy chooses its own).
 */
export function translationsOf(connections: readonly Connection[]): readonly Translation[] {
  const firstSeen = new Map<string, Connection>();
  const translations: Translation[] = [];
  for (const connection of connections) {
    const { destination, synSequence } = connection;
    if (synSequence === null) continue;
    const key = `${synSequence} ${destination.host.text} ${destination.portText}`;
    const before = firstSeen.get(key);
    if (before === undefined) firstSeen.set(key, connection);
    else if (isTranslation(before, connection)) translations.push({ before, after: connection });
  }
  return translations;
}

function isTranslation(before: Connection, after: Connection): boolean {
  if (before.source.host.text === after.source.host.text) return false;
  const [inside, outside] = [before.quoted, after.quoted];
  const known = inside.direction !== null && outside.direction !== null;
  if (known && (inside.direction !== "In" || outside.direction !== "Out")) return false;
  const [from, to] = [inside.stamp.microseconds, outside.stamp.microseconds];
  return from === null || to === null || (to >= from && to - from < CLOSE_MICROSECONDS);
}
