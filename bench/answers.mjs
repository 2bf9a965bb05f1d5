import { listOf, lookupTable4 } from "@seenas/core";

/**
 * Single answers of a finished map, of each interface's first address.
 *
 * @returns what is seen of an interface, by its name, at an IPv4 address (a number) and a TCP port
 */
export function answersOf({ interfaces }) {
  const tables = new Map();
  const tableOf = (map) => {
    const known = tables.get(map) ?? { map, table: lookupTable4(map.steps), classes: classesOf(map.traffic) };
    tables.set(map, known);
    return known;
  };
  const byName = new Map(interfaces.map((one) => [`${one.host.name}/${one.interface.name}`, one.sources[0]]));
  return (name, address, port) => {
    const { map: own, own: places } = byName.get(name);
    const { map, table, classes } = tableOf(own);
    const { identity } = map.answers[map.profiles[table.at(address)][classes[port]]];
    const shown = identity.addresses.map((cidr) => (cidr.startsWith("$") ? places.shown[Number(cidr.slice(1))] : cidr));
    return { kind: identity.kind, addresses: listOf(shown) };
  };
}

/** For each port, which class of TCP it is in. */
function classesOf(traffic) {
  const classes = new Uint16Array(2 ** 16);
  for (const [index, { protocol, ports }] of traffic.entries())
    if (protocol === "tcp") classes.fill(index, ports.first, ports.last + 1);
  return classes;
}
