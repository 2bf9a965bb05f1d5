import { describe, expect, test } from "vitest";
import { Lull } from "./lull.ts";

/** @returns how often it was said to be over, once nothing is asked for three turns of the loop */
async function overs(state: {
  readonly isDone?: boolean;
  readonly isEmpty: boolean;
  readonly inEachTurn?: (lull: Lull) => void;
}): Promise<number> {
  let turns = 0;
  let asked = 0;
  let over = 0;
  const lull = new Lull({
    isDone: () => {
      asked = turns;
      return state.isDone === true;
    },
    isEmpty: () => state.isEmpty,
    over: () => {
      over += 1;
    },
  });
  lull.begin();
  while (turns - asked < 3) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
    state.inEachTurn?.(lull);
  }
  return over;
}

describe("a lull", () => {
  test.each([true, false])("is over by itself, once (nobody waits: %s)", async (isEmpty) => {
    expect(await overs({ isEmpty })).toBe(1);
  });

  test("is over though somebody comes in every turn: whoever waits is not kept for those who say nothing", async () => {
    expect(await overs({ isEmpty: false, inEachTurn: (lull) => lull.arrived() })).toBe(1);
  });

  test("ends without a word where there is enough", async () => {
    expect(await overs({ isEmpty: false, isDone: true })).toBe(0);
  });
});
