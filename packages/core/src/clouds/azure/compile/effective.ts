import { addressOf, type Cidr, cidrContains, EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Gap, NextHop, Route, RouteTable } from "../../../model/egress.ts";
import type { Problem } from "../../../problem.ts";
import { unplacedRoutes } from "../read/problems.ts";
import type { EffectiveRoute, EffectiveTable, Nic } from "../read/resource.ts";
import { type Key, keyOf, parentOf } from "../read/resource-id.ts";
import { activeRoutesOnly } from "../rules/export.ts";
import { peeringKeepsSource, serviceEndpoint } from "../rules/routing.ts";
import { applianceHopTo } from "./appliance.ts";
import { effectiveRoutesOf } from "./ask.ts";
import { gatewayHops } from "./gateway.ts";
import { endpointHops } from "./private-endpoint.ts";
import { coveredBy } from "./ranges.ts";
import { dropHop, INTERNET, localHop, routeOf, tableOf, unknownNextHop } from "./routes.ts";
import { open, say, step, unknown } from "./say.ts";
import { placeOf, primarySubnet, type World } from "./world.ts";

/** Which NIC each table of effective routes belongs to: by the file's name, else the only one that fits. */
export function placeTables(
  nics: readonly Nic[],
  tables: readonly EffectiveTable[],
): { readonly tables: ReadonlyMap<Key, EffectiveTable>; readonly problems: readonly Problem[] } {
  const placed = new Map<Key, EffectiveTable>();
  const problems: Problem[] = [];
  for (const table of tables) {
    const fitting = nics.filter((nic) => fits(nic, table));
    const named = longestNames(fitting.filter((nic) => isNamed(nic, table.origin.file)));
    const candidates = named.length > 0 ? named : fitting;
    const [nic, ...others] = candidates;
    if (nic !== undefined && others.length === 0) placed.set(nic.key, table);
    else problems.push(unplacedRoutes(table.origin, candidates.length));
  }
  return { tables: placed, problems };
}

/** A NIC's own address is inside its network, which stands in its table as VnetLocal. */
const fits = (nic: Nic, table: EffectiveTable): boolean =>
  nic.configurations.some(({ cidr }) =>
    table.routes.some(
      ({ hopType, prefixes }) =>
        hopType === "vnetlocal" && prefixes.some((prefix) => cidrContains(prefix, addressOf(cidr))),
    ),
  );

/** `nic1` is named in `nic1-routes.json`, not in `nic10-routes.json`. */
function isNamed(nic: Nic, file: string): boolean {
  const base = (file.split(/[\\/!]/).at(-1) ?? "").toLowerCase();
  const name = nic.name.toLowerCase();
  for (let at = base.indexOf(name); at >= 0; at = base.indexOf(name, at + 1)) {
    const around = [base[at - 1] ?? "-", base[at + name.length] ?? "-"];
    if (name !== "" && around.every((character) => !/[a-z0-9]/.test(character))) return true;
  }
  return false;
}

function longestNames(nics: readonly Nic[]): readonly Nic[] {
  const longest = Math.max(0, ...nics.map(({ name }) => name.length));
  return nics.filter(({ name }) => name.length === longest);
}

/** The platform's own table of one NIC: it replaces every computed route. */
export function effectiveTable(world: World, nic: Nic, table: EffectiveTable): RouteTable {
  const active = table.routes.filter((route) => route.active);
  const inside = active.filter(isInside).flatMap(({ prefixes }) => prefixes);
  const routes = active.flatMap((route) => routesFrom(world, nic, route, inside));
  return tableOf(`azure/effective-routes/${nic.key}`, routes, table.complete ? [] : [unreadRow(nic)]);
}

/** System routes of the network, its peerings and service endpoints beat even more specific learned ones. */
const isInside = ({ hopType, source }: EffectiveRoute): boolean =>
  source !== "user" &&
  ["vnetlocal", "vnetpeering", "vnetglobalpeering", "virtualnetworkserviceendpoint"].includes(hopType);

function routesFrom(world: World, nic: Nic, route: EffectiveRoute, inside: readonly Cidr[]): readonly Route[] {
  const name = route.name ?? `${route.source} route`;
  const learned = route.source === "virtualnetworkgateway";
  return route.prefixes
    .filter((prefix) => !(learned && coveredBy(inside, prefix)))
    .flatMap((prefix) =>
      hopsOf(world, nic, route, prefix).map((hop) =>
        routeOf(prefix, hop, [0, 0], name, activeRoutesOnly, { id: nic.id, origin: route.origin }),
      ),
    );
}

function hopsOf(world: World, nic: Nic, route: EffectiveRoute, prefix: Cidr): readonly NextHop[] {
  const { networkKey } = placeOf(world, primarySubnet(nic));
  const peers = (world.peeringsOf.get(networkKey ?? "") ?? []).flatMap(({ remote }) => remote ?? []);
  const within = new Set([networkKey, ...peers.map(keyOf)]);
  switch (route.hopType) {
    case "internet":
      return [INTERNET];
    case "none":
      return [dropHop(activeRoutesOnly)];
    case "vnetlocal":
      return [localHop(activeRoutesOnly, networkKey, "the virtual network", "虚拟网络")];
    case "vnetpeering":
    case "vnetglobalpeering":
      return [localHop(peeringKeepsSource, null, "a peering", "对等互连")];
    case "virtualnetworkserviceendpoint":
      return [localHop(serviceEndpoint, null, "a service endpoint", "服务终结点")];
    case "interfaceendpoint":
      return endpointHops(
        world,
        world.privateEndpoints.filter(
          ({ address, subnetId }) => cidrContains(prefix, address) && within.has(parentOf(keyOf(subnetId))),
        ),
      );
    case "virtualnetworkgateway":
      return gatewayHops(world, networkKey, prefix);
    case "virtualappliance":
    case "virtualapplianceecmp":
      return [
        route.hopAddresses.length === 0
          ? unknownNextHop(route.name ?? prefix, route.hopType)
          : applianceHopTo(world, networkKey, route.hopAddresses),
      ];
    default:
      return [unknownNextHop(route.name ?? prefix, route.hopType)];
  }
}

/** Some row of the table could not be read: it may have been the one that counts. */
function unreadRow(nic: Nic): Gap {
  const ask = effectiveRoutesOf(nic.id);
  const en = `a route of ${nic.name} could not be read`;
  const zh = `${nic.name} 有一条路由无法读取`;
  return {
    destinations: [EVERY_IPV4, EVERY_IPV6],
    harmless: open(
      "unread-route-irrelevant",
      say(`${en}, and does not hold this destination`, `${zh}，且不包含该目的地址`),
      ask,
    ),
    otherwise: [
      unknown(
        [step(activeRoutesOnly, nic, en, zh)],
        [open("unread-route-applies", say(`${en}, and holds this destination`, `${zh}，且包含该目的地址`), ask)],
      ),
    ],
  };
}
