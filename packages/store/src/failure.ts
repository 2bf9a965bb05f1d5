import type { Problem, Text } from "@seenas/core";

/** Why a store could not keep or answer. Thrown where an answer would be less than the whole one. */
export class StoreFailure extends Error {
  readonly problem: Problem;

  constructor(code: string, text: Text, fix: Text) {
    super(text.en);
    this.name = "StoreFailure";
    this.problem = { level: "error", code, file: null, line: null, text, fix };
  }
}
