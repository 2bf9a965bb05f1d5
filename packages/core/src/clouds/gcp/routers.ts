import type { Problem } from "../../problem.ts";
import { nameOf, regionOf } from "./links.ts";
import type { Export } from "./read/export.ts";
import type { Found } from "./read/found.ts";
import { tooFewNatAddresses, unmatchedStatus } from "./read/problems.ts";
import type { RawNat, RawNatIpInfo, RawNatStatus, RawRouter, RawRouterStatus } from "./read/raw.ts";
import { networkOfRouter, routersFitting } from "./read/router-statuses.ts";

/** A Cloud Router with what its status says, where one was given. */
export interface Router {
  readonly found: Found<RawRouter>;
  readonly network: string;
  readonly region: string;
  readonly hasPeers: boolean;
  readonly status: Found<RawRouterStatus> | null;
  readonly gateways: readonly Gateway[];
}

/** One entry of `nats[]`. */
export interface Gateway {
  readonly name: string;
  readonly path: string;
  readonly router: Found<RawRouter>;
  readonly network: string;
  readonly region: string;
  readonly raw: RawNat;
  readonly status: RawNatStatus | null;
  readonly ipInfo: RawNatIpInfo | null;
}

export function routersOf(exported: Export, problems: Problem[]): readonly Router[] {
  const statuses = new Map<Found<RawRouter>, Found<RawRouterStatus>>();
  for (const status of exported.routerStatuses) {
    const router = onlyOne(routersFitting(status, exported.routers), status.origin.file);
    if (router === undefined) problems.push(unmatchedStatus(status.origin));
    else statuses.set(router, status);
  }
  return exported.routers.map((found) => routerOf(found, statuses.get(found) ?? null, exported, problems));
}

function routerOf(
  found: Found<RawRouter>,
  status: Found<RawRouterStatus> | null,
  exported: Export,
  problems: Problem[],
): Router {
  const network = networkOfRouter(found);
  const region = regionOf(found.value.region) ?? regionOf(found.path) ?? "";
  const gateways = (found.value.nats ?? []).map((raw, index): Gateway => {
    const name = raw.name ?? `nat-${index}`;
    const path = `${found.path}/nats/${name}`;
    const natStatus = status?.value.natStatus?.find((one) => one.name === raw.name) ?? null;
    const missing = natStatus?.minExtraNatIpsNeeded ?? 0;
    if (missing > 0 && status !== null) problems.push(tooFewNatAddresses(path, missing, status.origin));
    return {
      name,
      path,
      router: found,
      network,
      region,
      raw,
      status: natStatus,
      ipInfo: ipInfoOf(found, name, exported),
    };
  });
  return { found, network, region, hasPeers: (found.value.bgpPeers ?? []).length > 0, status, gateways };
}

function onlyOne(fitting: readonly Found<RawRouter>[], file: string): Found<RawRouter> | undefined {
  if (fitting.length === 1) return fitting[0];
  const base = nameOf(file);
  const named = fitting.filter(({ name }) => name !== "" && base.includes(name));
  // `rtr-a` is also in `rtr-a-2-status.json`: the longest name is meant.
  const longest = Math.max(0, ...named.map(({ name }) => name.length));
  const best = named.filter(({ name }) => name.length === longest);
  return best.length === 1 ? best[0] : undefined;
}

/** `get-nat-ip-info` names the NAT but not its router. */
function ipInfoOf(router: Found<RawRouter>, nat: string, exported: Export): RawNatIpInfo | null {
  const owners = exported.routers.filter(({ value }) => value.nats?.some(({ name }) => name === nat));
  const info = exported.natIpInfos.find(
    ({ value, origin }) => value.natName === nat && onlyOne(owners, origin.file) === router,
  );
  return info?.value ?? null;
}
