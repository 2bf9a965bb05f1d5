const NAMESPACED_ID = /\/providers\/microsoft\./i;
const NAMESPACED_TYPE = /^microsoft\.[a-z]+\//i;

/**
 * Whether a value of a configuration file came from Azure: a resource, a list or Resource Graph result of them, a table
 * of effective routes, or a list of service tags. Looks at a few members only; an empty list is nobody's.
 */
export function isAzure(value: unknown): boolean {
  if (Array.isArray(value)) return value.slice(0, LOOKED_AT).some((element) => isAzureObject(element));
  return isAzureObject(value) || isAzureList(value);
}

const LOOKED_AT = 3;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isAzureObject(value: unknown): boolean {
  if (!isMembers(value)) return false;
  const { id, type } = value;
  if (typeof id === "string" && NAMESPACED_ID.test(id)) return true;
  if (typeof type === "string" && NAMESPACED_TYPE.test(type)) return true;
  if (typeof id === "string" && "subscriptionPolicies" in value) return true;
  if (typeof value.apiVersion === "string" && value.apiVersion.startsWith("egressgateway.kubernetes.azure.com/"))
    return true;
  return isServiceTags(value) || isEffectiveRoute(value);
}

/** They name neither their NIC nor any resource. https://learn.microsoft.com/javascript/api/@azure/arm-network/effectiveroute */
const isEffectiveRoute = (value: Members): boolean =>
  "nextHopType" in value && "addressPrefix" in value && ("state" in value || "source" in value);

/** The downloadable list has no resource id, only the cloud's name. */
const isServiceTags = (value: Members): boolean => typeof value.cloud === "string" && Array.isArray(value.values);

function isAzureList(value: unknown): boolean {
  if (!isMembers(value)) return false;
  const elements = value.value ?? value.data ?? value.items;
  return Array.isArray(elements) && elements.slice(0, LOOKED_AT).some((element) => isAzureObject(element));
}

/**
 * What an empty list is a list of, by its file's name; undefined: the name does not say. Names as people and
 * `seenas collect` give them: `azure-nat-gateways.json`, `vnet-gateway.json`.
 */
export function azureListKind(file: string): string | undefined {
  const base =
    file
      .split(/[\\/!]/)
      .at(-1)
      ?.toLowerCase() ?? "";
  return LIST_NAMES.find(([pattern]) => pattern.test(base))?.[1];
}

const LIST_NAMES: readonly (readonly [RegExp, string])[] = [
  [/(vnet|virtual-?network)-?gateway/, "gateways"],
  [/nat-?gateway/, "nat-gateways"],
  [/vpn-?connection/, "connections"],
  [/public-?ip-?prefix/, "public-ip-prefixes"],
  [/public-?ip/, "public-ips"],
  [/route-?table/, "route-tables"],
  [/load-?balancer|(^|-)lbs?\b/, "load-balancers"],
  [/vmss|scale-?set/, "scale-sets"],
  [/(^|[^a-z])azure([^a-z]|$)/, "azure"],
];
