import type { Ask, Assumption } from "../../model/outcome.ts";
import type { Text } from "../../problem.ts";
import type { Key } from "./fit.ts";
import type { Call } from "./packet.ts";

/** One thing the input leaves open: what is taken, and what else may be. */
export interface Doubt {
  /** Assumed by what is taken. */
  readonly taken: Assumption;
  /** Assumed instead when the other possibility leaves by the same devices, so that the same addresses are seen. */
  readonly takenIfSameDevices?: Assumption;
  /** Assumed by the other possibility; null: it is worth a word, not an outcome. */
  readonly other: Assumption | null;
  readonly key?: Partial<Key>;
  readonly call?: Partial<Call>;
}

export const assume = (id: string, basis: Assumption["basis"], text: Text, ask: Ask | null): Assumption => ({
  id: `linux/${id}`,
  basis,
  text,
  ask,
});

export const askFor = (command: string, settles: Text): Ask => ({
  text: { en: "run this on the host and give its output", zh: "请在该主机上运行并提供输出" },
  command,
  settles,
});
