import type { GuestRoute } from "../guest.ts";

export function describeRoute(route: GuestRoute): string {
  const type = route.type === "unicast" ? "" : `${route.type} `;
  const from = route.from === null ? "" : ` from ${route.from}`;
  const hops = route.hops.map(
    ({ gateway, device, interfaceAddress }) =>
      `${gateway === null ? "" : ` via ${gateway}`}${device === null ? "" : ` dev ${device}`}${interfaceAddress === null ? "" : ` interface ${interfaceAddress}`}`,
  );
  const source = route.source === null ? "" : ` src ${route.source}`;
  const metric = route.metric === null ? "" : ` metric ${route.metric}`;
  return `${type}${route.prefix}${from}${hops.join(" |")}${source}${metric}`;
}
