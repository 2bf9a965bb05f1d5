import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadlines, type Punctual } from "./deadlines.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function waiting(name: string, said: string[]): Punctual {
  return {
    ...{ deadline: 0, queue: null, before: null, behind: null },
    expire: () => void said.push(`${name} expired`),
    hangUp: () => void said.push(`${name} hung up`),
  };
}

test("each in its time, wherever those who leave stood; the rest when it is over", () => {
  const said: string[] = [];
  const deadlines = new Deadlines(5000);
  const all = ["a", "b", "c", "d", "e", "f"].map((name) => waiting(name, said));
  for (const one of all) deadlines.add(one, 1000);
  const [a, , c, d, , f] = all;
  // The first, one in the middle and the last leave; one of them twice, and one is given the usual patience.
  for (const one of [a, c, c, f]) if (one !== undefined) deadlines.remove(one);
  if (d !== undefined) deadlines.add(d, null);
  vi.advanceTimersByTime(900);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(said.splice(0)).toEqual(["b expired", "e expired"]);
  if (a !== undefined) deadlines.add(a, 1000);
  vi.advanceTimersByTime(1500);
  expect(said.splice(0)).toEqual(["a expired"]);
  if (c !== undefined) deadlines.add(c, 1000);
  deadlines.stop();
  expect(said.sort()).toEqual(["c hung up", "d hung up"]);
  expect(all.every(({ queue, before, behind }) => queue === null && before === null && behind === null)).toBe(true);
});
