import { attemptUdp } from "./datagram.ts";
import type { Attempt, Wanted } from "./outcome.ts";
import { attemptTcp } from "./talk.ts";

/** Says one hello and hears what comes back. Never rejects: whatever goes wrong is a result. */
export const attempt = (wanted: Wanted): Promise<Attempt> =>
  wanted.hello === "udp" || wanted.hello === "stun" ? attemptUdp(wanted) : attemptTcp(wanted);
