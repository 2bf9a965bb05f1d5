import { waysToCall } from "./calls.ts";
import { guestDecision } from "./decide.ts";
import type { Guest, GuestFacts } from "./guest.ts";
import { attachGuest, guestFits } from "./match.ts";
import { mergeGuests } from "./read/group.ts";

/** The door of the guests, opened only when some input may be a guest's. */
export { readGuest, recogniseGuest } from "./read/read-guest.ts";

/** One guest for each host that the facts are of. */
export const guestsOf = (list: readonly GuestFacts[]): readonly Guest[] => mergeGuests(list).map(bind);

const bind = (facts: GuestFacts): Guest => ({
  facts,
  waysToCall,
  decisionFor: (query) => guestDecision(facts, query),
  attachTo: (host) => attachGuest(facts, host),
  fits: (estate) => guestFits(facts, estate),
});
