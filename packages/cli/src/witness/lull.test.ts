import { describe, expect, test } from "vitest";
import { Lull } from "./lull.ts";

interface Told {
  turns: number;
  over: number;
}

/** Counts the turns of the loop until the lull is over or done. */
async function run(
  more: { readonly isEmpty: boolean; readonly turn?: (turns: number, lull: Lull) => void },
  isDone = (_turns: number): boolean => false,
): Promise<Told> {
  const told = { turns: 0, over: 0 };
  let asked = 0;
  const lull = new Lull({
    isDone: () => {
      asked = told.turns;
      return isDone(told.turns);
    },
    isEmpty: () => more.isEmpty,
    over: () => {
      told.over += 1;
    },
  });
  lull.begin();
  // Three turns in which nothing is asked: it has ended.
  while (told.turns - asked < 3) {
    await new Promise((resolve) => setImmediate(resolve));
    told.turns += 1;
    more.turn?.(told.turns, lull);
  }
  return told;
}

describe("a lull", () => {
  test("with nobody in it is over soon, with somebody later, once; the loop turns between its naps", async () => {
    const empty = await run({ isEmpty: true });
    const waiting = await run({ isEmpty: false });
    expect([empty.over, waiting.over]).toEqual([1, 1]);
    expect(empty.turns).toBeGreaterThan(4);
    expect(waiting.turns).toBeGreaterThan(empty.turns);
  });

  test("goes on without a nap while somebody comes in each turn of the loop", async () => {
    const quiet = await run({ isEmpty: true });
    const busy = await run({
      isEmpty: true,
      turn: (turns, lull) => {
        if (turns <= 40) lull.arrived();
      },
    });
    expect(busy.over).toBe(1);
    expect(busy.turns).toBeGreaterThanOrEqual(40 + quiet.turns - 4);
  });

  test("ends without a word when there is enough", async () => {
    const told = await run({ isEmpty: false }, (turns) => turns >= 2);
    expect(told.over).toBe(0);
    expect(told.turns).toBeLessThan(8);
  });
});
