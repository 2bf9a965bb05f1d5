export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  let last = "";
  let group: T[] | undefined;
  for (const value of values) {
    const key = keyOf(value);
    // Those of one group mostly follow each other.
    if (group === undefined || key !== last) group = groups.get(key);
    if (group === undefined) {
      group = [];
      groups.set(key, group);
    }
    group.push(value);
    last = key;
  }
  return groups;
}
