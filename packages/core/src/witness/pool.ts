/**
 * How likely it is that a pool had one member more than were seen, and none of `connections` showed it: at most this,
 * between 0 and 1. The model: every connection takes a member by itself, each equally likely. A translator that keeps
 * one address for each host (RFC 4787, section 4.1: "paired"), or chooses by the destination, does not do that.
 */
export function unseenAtMost(seen: number, connections: number): number {
  if (seen < 1 || connections < 1) return 1;
  const members = seen + 1;
  // Any of the members may be the one that stayed away; the sum of the parts is at least the whole.
  return Math.min(1, members * (seen / members) ** connections);
}

/** How many connections it takes until an unseen member is no likelier than that. */
export function connectionsFor(seen: number, likelihood: number): number {
  if (seen < 1) return 1;
  const members = seen + 1;
  return Math.max(1, Math.ceil(Math.log(likelihood / members) / Math.log(seen / members)));
}
