import type { Guest } from "../guests/guest.ts";
import type { Protocol } from "../model/flow.ts";
import type { Sender } from "./sender.ts";

/** Whose egress is asked for, and what of its packets can change the answer. */
export interface Asked {
  readonly sender: Sender;
  readonly protocol: Protocol;
  readonly port: number | null;
  /** What was read from the guest itself; null: its documented default is assumed. */
  readonly guest: Guest | null;
}
