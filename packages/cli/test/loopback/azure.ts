import type { Resource } from "./scenario.ts";
import { type Answer, type Asked, json } from "./server.ts";

export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
export const TENANT = "00000000-0000-0000-0000-000000000002";

/**
 * Answers as Azure Resource Manager does, and before it as a login of AD FS, the only one that `az` lets be elsewhere
 * without asking Microsoft about it.
 *
 * @see https://learn.microsoft.com/rest/api/azure/
 */
export function azureAnswers(resources: readonly Resource[]): (asked: Asked) => Answer {
  return ({ path, headers }) => {
    const here = `https://${headers.host}/adfs`;
    if (path.endsWith("openid-configuration"))
      return json({ issuer: here, authorization_endpoint: `${here}/authorize`, token_endpoint: `${here}/token` });
    if (path.endsWith("/token")) return json({ token_type: "Bearer", expires_in: 3600, access_token: "invented" });
    if (path === "/subscriptions")
      return json({
        value: [
          {
            id: `/subscriptions/${SUBSCRIPTION}`,
            subscriptionId: SUBSCRIPTION,
            tenantId: TENANT,
            displayName: "s",
            state: "Enabled",
          },
        ],
      });
    const type = /\/providers\/(.+)$/.exec(path)?.[1]?.toLowerCase();
    const found = resources.filter((one) => String(one["type"]).toLowerCase() === type);
    return json({ value: found.map((one) => asResourceManager(withSubnets(one, resources))) });
  };
}

/** The same as Resource Graph gives them. */
export const graphRows = (resources: readonly Resource[]): readonly unknown[] =>
  resources
    .filter(({ type }) => type !== "Microsoft.Network/virtualNetworks/subnets")
    .map((one) => ({
      ...(asResourceManager(withSubnets(one, resources)) as Resource),
      type: String(one["type"]).toLowerCase(),
    }));

/** A scenario may give a subnet by itself, which the API gives inside its network. */
function withSubnets(network: Resource, resources: readonly Resource[]): Resource {
  const inside = resources.filter(
    ({ type, id }) =>
      type === "Microsoft.Network/virtualNetworks/subnets" && String(id).startsWith(`${network["id"]}/`),
  );
  return network["type"] === "Microsoft.Network/virtualNetworks" ? { ...network, subnets: inside } : network;
}

const OUTSIDE = ["id", "name", "type", "location", "sku", "tags", "zones", "etag", "identity", "extendedLocation"];

/** What `az` lays flat is under `properties` in the API, of a resource and of what is inside it alike. */
function asResourceManager(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asResourceManager);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, asResourceManager(member)] as const);
  if (!("id" in value)) return Object.fromEntries(members);
  const properties = members.filter(([name]) => !OUTSIDE.includes(name));
  const outside = members.filter(([name]) => OUTSIDE.includes(name));
  return Object.fromEntries([
    ...outside,
    ...(properties.length === 0 ? [] : [["properties", Object.fromEntries(properties)]]),
  ]);
}
