import { fullPath, projectOf, resourcePath } from "../links.ts";
import type { GcpKind } from "../recognise.ts";
import type { Found } from "./found.ts";
import type { RawRouter, RawRouterStatus } from "./raw.ts";

/**
 * A status does not name its router: it is told by network, then by the names of its NATs and BGP peers. Of several that
 * fit, the name of the file tells.
 */
export function routersFitting(
  { value }: Found<RawRouterStatus>,
  routers: readonly Found<RawRouter>[],
): readonly Found<RawRouter>[] {
  const { network, natStatus, bgpPeerStatus } = value;
  const nats = (natStatus ?? []).map(({ name }) => name);
  const peers = (bgpPeerStatus ?? []).map(({ name }) => name);
  return routers.filter((router) => {
    const natNames = (router.value.nats ?? []).map(({ name }) => name);
    const peerNames = (router.value.bgpPeers ?? []).map(({ name }) => name);
    return (
      (!network || sameNetwork(network, router)) &&
      nats.every((name) => natNames.includes(name)) &&
      peers.every((name) => peerNames.includes(name))
    );
  });
}

/** Whose status was given without them: a list that is empty, or of another region, is not all there is. */
export const routersLacking = (
  statuses: readonly Found<RawRouterStatus>[],
  routers: readonly Found<RawRouter>[],
): readonly { readonly kind: GcpKind; readonly project: string }[] =>
  statuses
    .filter((status) => routersFitting(status, routers).length === 0)
    .map(({ value, project }) => ({
      kind: "router",
      project: projectOf(fullPath(value.network ?? "") ?? "") ?? project,
    }));

export const networkOfRouter = ({ value, project }: Found<RawRouter>): string =>
  resourcePath(value.network ?? "-", { project, location: "global", collection: "networks" });

const sameNetwork = (link: string, router: Found<RawRouter>): boolean =>
  resourcePath(link, { project: router.project, location: "global", collection: "networks" }) ===
  networkOfRouter(router);
