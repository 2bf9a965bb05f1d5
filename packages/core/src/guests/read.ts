export { mergeGuests } from "./read/group.ts";
export { readGuest, recogniseGuest } from "./read/read-guest.ts";
