import { type Block, blocks, count, flag, isOpen, text, texts } from "../block.ts";
import type { Instance } from "../read/instance.ts";
import { safe, type World } from "../world.ts";
import { lastOf, linkOf, projectIn } from "./links.ts";
import { identityOf, type Rest } from "./network.ts";

export const instance = (block: Block, world: World, ranges: Ranges): Rest => ({
  ...identityOf(block, "instance", world),
  zone: zoneOf(block, world),
  status: text(block, "current_status") ?? text(block, "desired_status"),
  ...bodyOf(block, world, ranges),
});

const zoneOf = (block: Block, world: World): string => linkOf(block.instance, world).replace(/\/instances\/[^/]*$/, "");

/** What an instance and a template for instances have in common. */
function bodyOf(block: Block, world: World, ranges: Ranges): Rest {
  const labels = block.values["effective_labels"] ?? block.values["labels"];
  return {
    canIpForward: flag(block, "can_ip_forward"),
    tags: { items: texts(block, "tags") },
    serviceAccounts: blocks(block, "service_account").map((one) => ({ email: text(one, "email") })),
    labels: typeof labels === "object" && labels !== null ? labels : null,
    networkInterfaces: blocks(block, "network_interface").map((one, index) => nic(one, index, world, ranges)),
  };
}

/** A subnet's range by its link, for addresses that will be taken from it. */
export type Ranges = (link: string | null) => string | null;

export function rangesOf(world: World): Ranges {
  const ranges = new Map<string, string>();
  for (const block of world.ofType("google_compute_subnetwork")) {
    const range = text(block, "ip_cidr_range");
    if (range !== null) ranges.set(pathIn(linkOf(block.instance, world)), range);
  }
  return (link) => (link === null ? null : (ranges.get(pathIn(link)) ?? null));
}

const pathIn = (link: string): string => link.slice(Math.max(link.indexOf("projects/"), 0));

function nic(block: Block, index: number, world: World, ranges: Ranges): Rest {
  const subnetwork = subnetworkOf(block, world);
  return {
    name: text(block, "name") ?? `nic${index}`,
    network: world.link(block, "network", ["google_compute_network"]),
    subnetwork,
    networkIP: privateAddress(block, index, world, ranges(subnetwork)),
    ipv6Address: text(block, "ipv6_address"),
    internalIpv6PrefixLength: count(block, "internal_ipv6_prefix_length"),
    stackType: text(block, "stack_type"),
    networkAttachment: text(block, "network_attachment"),
    aliasIpRanges: blocks(block, "alias_ip_range").map((one) => ({
      ipCidrRange: text(one, "ip_cidr_range"),
      subnetworkRangeName: text(one, "subnetwork_range_name"),
    })),
    accessConfigs: blocks(block, "access_config").map((one) => ({
      type: "ONE_TO_ONE_NAT",
      natIP: externalAddress(one, world),
    })),
    ipv6AccessConfigs: blocks(block, "ipv6_access_config").map((one) => ({
      externalIpv6: text(one, "external_ipv6"),
      externalIpv6PrefixLength: Number(text(one, "external_ipv6_prefix_length") ?? "96"),
    })),
  };
}

function subnetworkOf(block: Block, world: World): string | null {
  const link = world.link(block, "subnetwork", ["google_compute_subnetwork"]);
  const project = text(block, "subnetwork_project") ?? text(world.block(block.instance), "project") ?? world.project;
  if (link === null || link.includes("/")) return link;
  const zone = lastOf(text(world.block(block.instance), "zone") ?? "");
  return `projects/${project}/regions/${zone.replace(/-[a-z]$/, "")}/subnetworks/${link}`;
}

/** A template has none: each VM made from it gets one of the subnet. */
function privateAddress(block: Block, index: number, world: World, range: string | null): string | null {
  const known = text(block, "network_ip");
  if (known !== null) return known;
  return world.standIns.within(block.instance, `network_interface.${index}.network_ip`, range);
}

/** Without an address of its own it gets an ephemeral one, which the reader says. */
const externalAddress = (block: Block, world: World): string | null =>
  isOpen(block, "nat_ip") && block.expressions["nat_ip"] === undefined && block.instance.later !== undefined
    ? null
    : world.address(block, "nat_ip", "public");

const TEMPLATES = ["google_compute_instance_template", "google_compute_region_instance_template"];

/** A group's VMs are not in the file. One stands for all: they differ in nothing that the template does not say. */
export function instanceOfGroup(group: Block, world: World, ranges: Ranges): Rest | null {
  const [version] = blocks(group, "version");
  const link = version === undefined ? null : world.link(version, "instance_template", TEMPLATES);
  const template = link === null ? undefined : templateOf(link, world);
  if (template === undefined) return null;
  const manager = linkOf(group.instance, world);
  const name = text(group, "base_instance_name") ?? safe(group.instance.address);
  const zone = text(group, "zone") ?? firstZone(group);
  const project = projectIn(manager) ?? world.project;
  return {
    kind: "compute#instance",
    name,
    selfLink: `https://www.googleapis.com/compute/v1/projects/${project}/zones/${lastOf(zone)}/instances/${name}`,
    zone: `projects/${project}/zones/${lastOf(zone)}`,
    ...bodyOf(world.block(template), world, ranges),
    metadata: { items: [{ key: "created-by", value: manager }] },
  };
}

/** Of a regional group; which zone matters only for its region. */
const firstZone = (group: Block): string =>
  texts(group, "distribution_policy_zones")[0] ?? `${text(group, "region") ?? "-"}-a`;

function templateOf(link: string, world: World): Instance | undefined {
  const wanted = withoutUniqueId(pathIn(link));
  return world.ofType(...TEMPLATES).find(({ instance: one }) => withoutUniqueId(pathIn(linkOf(one, world))) === wanted)
    ?.instance;
}

/** `self_link_unique` ends with `?uniqueId=…`. */
const withoutUniqueId = (path: string): string => path.replace(/\?.*$/, "");
