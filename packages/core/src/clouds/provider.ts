import type { Estate } from "../model/estate.ts";
import type { Rule } from "../model/rule.ts";
import type { Read } from "../problem.ts";
import type { ConfigDocument } from "./document.ts";

/** One cloud: how its export becomes the model. Nothing above this folder asks which one it is. */
export interface Provider {
  readonly id: string;
  /**
   * Never throws. Documents it cannot read become problems; what refers to them becomes unknown, never absent.
   *
   * @param damagedFiles files that were cut short or had errors: a list in them is never taken as complete
   */
  compile(documents: readonly ConfigDocument[], damagedFiles?: ReadonlySet<string>): Read<Estate>;
  readonly rules: readonly Rule[];
}
