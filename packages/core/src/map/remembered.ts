import type { Family } from "../address/ip.ts";

/** What was made of something, as long as that is there. */
export function remembered<K extends object, T>(known: WeakMap<K, T>, key: K, make: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

export const ofFamilies = <K extends object, T>(): Record<Family, WeakMap<K, T>> => ({
  4: new WeakMap(),
  6: new WeakMap(),
});
