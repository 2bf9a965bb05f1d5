import type { Resource } from "./scenario.ts";
import { type Answer, type Asked, json } from "./server.ts";

const COLLECTIONS: Readonly<Record<string, string>> = {
  "compute#instance": "instances",
  "compute#network": "networks",
  "compute#subnetwork": "subnetworks",
  "compute#route": "routes",
  "compute#router": "routers",
  "compute#address": "addresses",
  "compute#forwardingRule": "forwardingRules",
  "compute#vpnTunnel": "vpnTunnels",
  "compute#firewall": "firewalls",
};

/**
 * Answers as the Compute Engine and Network Connectivity APIs do: an empty page first, as they may, then one element a page.
 *
 * @see https://cloud.google.com/compute/docs/reference/rest/v1
 */
export function gcpAnswers(resources: readonly Resource[]): (asked: Asked) => Answer {
  return ({ path, query }) => {
    const words = path.split("/").filter((word) => word !== "");
    const collection = words.at(-1) ?? "";
    if (collection === "getRouterStatus") return json({ kind: "compute#routerStatusResponse", result: {} });
    if (collection === "getNatMappingInfo" || collection === "getNatIpInfo") return json({ result: [] });
    if (collection === "getEffectiveFirewalls") return json({ firewalls: [], firewallPolicys: [] });
    const found = resources.filter(({ kind, name }) => COLLECTIONS[String(kind)] === collection && name !== undefined);
    const page = Number(query.get("pageToken") ?? 0);
    const nextPageToken = page < found.length ? { nextPageToken: String(page + 1) } : {};
    const element = found[page - 1];
    if (collection === "assets") return json(assetPage(resources, page));
    if (collection === "policyBasedRoutes") return json({ policyBasedRoutes: [] });
    if (words.at(-2) !== "aggregated") return json({ items: element === undefined ? [] : [element], ...nextPageToken });
    const items = element === undefined ? {} : { [scopeOf(element)]: { [collection]: [element] } };
    return json({ items, ...nextPageToken });
  };
}

const scopeOf = ({ selfLink }: Resource): string => /(?:zones|regions)\/[^/]+/.exec(String(selfLink))?.[0] ?? "global";

/** https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list */
function assetPage(resources: readonly Resource[], page: number): Resource {
  const found = resources.filter(({ kind, name }) => COLLECTIONS[String(kind)] !== undefined && name !== undefined);
  const assets = found.slice(page, page + 1).map((data) => ({
    name: String(data["selfLink"]).replace("https://www.googleapis.com/compute/v1", "//compute.googleapis.com"),
    assetType: String(data["kind"]).replace(
      /^compute#(.)/,
      (_, first: string) => `compute.googleapis.com/${first.toUpperCase()}`,
    ),
    resource: { version: "v1", data },
    ancestors: ["projects/1", "organizations/123"],
    updateTime: "2026-11-20T08:00:00Z",
  }));
  return page + 1 < found.length ? { assets, nextPageToken: String(page + 1) } : { assets };
}
