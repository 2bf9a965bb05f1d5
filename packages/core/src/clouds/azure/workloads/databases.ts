import { EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import { lookAtDestination } from "../compile/ask.ts";
import { open, say, step, unknown } from "../compile/say.ts";
import type { World } from "../compile/world.ts";
import type { DatabaseServer } from "../read/workload.ts";
import { sqlOutbound } from "../rules/containers.ts";
import { noWayFor6, sorting, sortingRoute, type Workload, workloadHost } from "./host.ts";

/** No page tells by which address SQL Database or a managed instance calls out, so nothing is claimed. */
export const databasesOf = (world: World): readonly Workload[] =>
  [...world.all.databaseServers.values()].map((server) => {
    const { id, name, subnet } = server;
    const made = { id, name, part: "server", of: server, subnet, rule: sqlOutbound };
    return workloadHost(world, made, () => ({
      filters: [],
      routes: {
        id: `azure/routes/sql/${server.key}`,
        stages: [notDocumented(server)],
        none: step(sqlOutbound, server, "no route holds the destination", "没有路由包含该目的地址"),
      },
      internet: { filters: [], offers: [], none: noWayFor6(server) },
    }));
  });

function notDocumented(server: DatabaseServer) {
  const doubt = open(
    `sql-outbound:${server.name}`,
    say(
      `by which address ${server.name} calls out is not documented`,
      `${server.name} 以哪个地址对外发起连接没有文档说明`,
    ),
    lookAtDestination,
  );
  const text = say("the platform", "平台");
  const hop = { kind: "alternatives", text, alternatives: [unknown([], [doubt])] } as const;
  const routes = [EVERY_IPV4, EVERY_IPV6].map((prefix) => sortingRoute(prefix, hop, "default", sqlOutbound, server));
  return sorting(routes, sqlOutbound);
}
