import type { Cidr } from "../../../address/cidr.ts";
import type { World } from "./world.ts";

/** The prefixes of a service tag, where the export holds the list of tags (`az network list-service-tags`). */
export const prefixesOfTag = (world: World, tag: string): readonly Cidr[] | undefined =>
  world.tags.get(tag.toLowerCase());

/** `West Europe` and `westeurope` are one region. */
export const regionOf = (location: string | null): string | null => location?.replace(/\s+/g, "").toLowerCase() ?? null;

export const tagsCommand = (location: string | null): string =>
  `az network list-service-tags -l ${regionOf(location) ?? "REGION"} -o json`;

/**
 * What a service endpoint covers, by the tag of the same service.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
 */
const TAG_OF_SERVICE: Readonly<Record<string, string>> = {
  "microsoft.storage": "Storage",
  "microsoft.storage.global": "Storage",
  "microsoft.sql": "Sql",
  "microsoft.azurecosmosdb": "AzureCosmosDB",
  "microsoft.keyvault": "AzureKeyVault",
  "microsoft.servicebus": "ServiceBus",
  "microsoft.eventhub": "EventHub",
  "microsoft.containerregistry": "AzureContainerRegistry",
};

/** The prefixes a service endpoint routes; undefined where no list of tags tells. */
export function prefixesOfEndpoint(
  world: World,
  service: string,
  locations: readonly string[],
  location: string | null,
): readonly Cidr[] | undefined {
  const tag = TAG_OF_SERVICE[service.toLowerCase()];
  if (tag === undefined) return undefined;
  const here = regionOf(location);
  const regions = locations.length > 0 ? locations.map(regionOf) : [here];
  const everywhere =
    service.toLowerCase().endsWith(".global") || regions.some((region) => region === null || region === "*");
  const names = everywhere ? [tag] : regions.map((region) => `${tag}.${region}`);
  const lists = names.map((name) => prefixesOfTag(world, name));
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}
