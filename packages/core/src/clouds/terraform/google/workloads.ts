import { groupBy } from "../../group-by.ts";
import { type Block, blocks, flag, isOpen, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { lastOf, projectIn } from "./links.ts";
import type { Rest } from "./network.ts";

// What is no plain VM, in the shapes of the asset inventory.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs

const CLUSTER = ["google_container_cluster"];
const CONNECTOR = ["google_vpc_access_connector"];
const NETWORK = ["google_compute_network"];
const SUBNETWORK = ["google_compute_subnetwork"];

export function workloads(world: World): readonly Rest[] {
  const pools = groupBy(world.ofType("google_container_node_pool"), (block) => clusterOf(block, world));
  const each = (type: string, asset: string, one: (block: Block, world: World) => Rest): readonly Rest[] =>
    world.ofType(type).map((block) => assetOf(asset, one(block, world)));
  return [
    ...each("google_container_cluster", "container.googleapis.com/Cluster", (block) => cluster(block, world, pools)),
    ...each("google_cloud_run_v2_service", "run.googleapis.com/Service", run),
    ...each("google_cloud_run_v2_worker_pool", "run.googleapis.com/Service", run),
    ...each("google_cloud_run_v2_job", "run.googleapis.com/Job", job),
    ...each("google_cloud_run_service", "run.googleapis.com/Service", knative),
    ...each("google_cloudfunctions2_function", "cloudfunctions.googleapis.com/Function", cloudFunction),
    ...each("google_cloudfunctions_function", "cloudfunctions.googleapis.com/CloudFunction", firstGeneration),
    ...each("google_vpc_access_connector", "vpcaccess.googleapis.com/Connector", connector),
    ...each("google_sql_database_instance", "sqladmin.googleapis.com/Instance", sqlInstance),
  ];
}

const assetOf = (assetType: string, data: Rest): Rest => ({ assetType, resource: { data } });

const projectIs = (block: Block, world: World): string => text(block, "project") ?? world.project;

/** `projects/…/locations/…/COLLECTION/…`, as these APIs name what they hold. */
const nameIn = (block: Block, world: World, collection: string, place: "location" | "region" = "location"): string =>
  `projects/${projectIs(block, world)}/locations/${lastOf(text(block, place) ?? "-")}/${collection}/${text(block, "name") ?? block.instance.address}`;

const withoutHost = (link: string | null): string | null =>
  link === null ? null : link.slice(Math.max(link.indexOf("projects/"), 0));

type Pools = ReadonlyMap<string, readonly Block[]>;

/** Named by its id, or by its name in the same place. */
function clusterOf(pool: Block, world: World): string {
  const named = world.link(pool, "cluster", CLUSTER) ?? "";
  const place = lastOf(text(pool, "location") ?? "-");
  return named.includes("/")
    ? pathOf(named)
    : `projects/${projectIs(pool, world)}/locations/${place}/clusters/${named}`;
}

/** One spelling for clusters of a zone and of a region. */
const pathOf = (link: string): string => (withoutHost(link) ?? "").replace("/zones/", "/locations/");

function cluster(block: Block, world: World, pools: Pools): Rest {
  const path = nameIn(block, world, "clusters");
  const place = lastOf(text(block, "location") ?? "-");
  const [policy] = blocks(block, "ip_allocation_policy");
  const [more] = policy === undefined ? [] : blocks(policy, "additional_pod_ranges_config");
  const [isPrivate] = blocks(block, "private_cluster_config");
  const [snat] = blocks(block, "default_snat_status");
  return {
    name: text(block, "name") ?? block.instance.address,
    selfLink: `https://container.googleapis.com/v1/${/-[a-z]$/.test(place) ? path.replace("/locations/", "/zones/") : path}`,
    location: place,
    networkConfig: {
      network: withoutHost(world.link(block, "network", NETWORK)),
      subnetwork: withoutHost(world.link(block, "subnetwork", SUBNETWORK)),
      defaultSnatStatus: { disabled: snat === undefined ? null : flag(snat, "disabled") },
    },
    clusterIpv4Cidr: text(block, "cluster_ipv4_cidr"),
    servicesIpv4Cidr: text(block, "services_ipv4_cidr"),
    autopilot: { enabled: flag(block, "enable_autopilot") },
    privateClusterConfig: {
      enablePrivateNodes: isPrivate === undefined ? null : flag(isPrivate, "enable_private_nodes"),
    },
    ipAllocationPolicy:
      policy === undefined
        ? null
        : {
            useIpAliases: true,
            clusterIpv4CidrBlock: rangeIn(policy, "cluster_ipv4_cidr_block"),
            servicesIpv4CidrBlock: rangeIn(policy, "services_ipv4_cidr_block"),
            clusterSecondaryRangeName: text(policy, "cluster_secondary_range_name"),
            additionalPodRangesConfig: more === undefined ? null : { podRangeNames: texts(more, "pod_range_names") },
          },
    nodePools: [...blocks(block, "node_pool"), ...(pools.get(path) ?? [])].map(nodePool),
  };
}

/** `/20` asks for any range of that size. */
const rangeIn = (block: Block, member: string): string | null => {
  const range = text(block, member);
  return range === null || range.startsWith("/") ? null : range;
};

function nodePool(block: Block): Rest {
  const [config] = blocks(block, "node_config");
  const [network] = blocks(block, "network_config");
  return {
    name: text(block, "name") ?? block.instance.address,
    instanceGroupUrls: texts(block, "instance_group_urls"),
    config: config === undefined ? null : { imageType: text(config, "image_type"), tags: texts(config, "tags") },
    networkConfig:
      network === undefined
        ? null
        : {
            podRange: text(network, "pod_range"),
            podIpv4CidrBlock: rangeIn(network, "pod_ipv4_cidr_block"),
            enablePrivateNodes: flag(network, "enable_private_nodes"),
          },
  };
}

const connectorLink = (block: Block, member: string, world: World): string | null =>
  withoutHost(world.link(block, member, CONNECTOR));

const nics = (block: Block, member: string, world: World): readonly Rest[] =>
  blocks(block, member).map((one) => ({
    network: withoutHost(world.link(one, "network", NETWORK)),
    subnetwork: withoutHost(world.link(one, "subnetwork", SUBNETWORK)),
    tags: texts(one, "tags"),
  }));

function vpcAccess(template: Block | undefined, world: World): Rest | null {
  const [access] = template === undefined ? [] : blocks(template, "vpc_access");
  if (access === undefined) return null;
  return {
    connector: connectorLink(access, "connector", world),
    egress: text(access, "egress"),
    networkInterfaces: nics(access, "network_interfaces", world),
  };
}

const COLLECTIONS: Readonly<Record<string, string>> = { google_cloud_run_v2_worker_pool: "workerPools" };

function run(block: Block, world: World): Rest {
  const [template] = blocks(block, "template");
  return {
    name: nameIn(block, world, COLLECTIONS[block.instance.type] ?? "services"),
    template: { vpcAccess: vpcAccess(template, world) },
    traffic: blocks(block, "traffic").map((one) => ({ type: text(one, "type"), revision: text(one, "revision") })),
    latestCreatedRevision: text(block, "latest_created_revision"),
  };
}

function job(block: Block, world: World): Rest {
  const [outer] = blocks(block, "template");
  const [inner] = outer === undefined ? [] : blocks(outer, "template");
  return { name: nameIn(block, world, "jobs"), template: { template: { vpcAccess: vpcAccess(inner, world) } } };
}

function knative(block: Block, world: World): Rest {
  const [template] = blocks(block, "template");
  const [metadata] = template === undefined ? [] : blocks(template, "metadata");
  const [status] = blocks(block, "status");
  return {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: {
      name: text(block, "name") ?? block.instance.address,
      namespace: projectIs(block, world),
      labels: { "cloud.googleapis.com/location": text(block, "location") },
    },
    spec: {
      template: { metadata: { annotations: metadata?.values["annotations"] ?? null } },
      traffic: blocks(block, "traffic").map((one) => ({
        latestRevision: flag(one, "latest_revision"),
        revisionName: text(one, "revision_name"),
      })),
    },
    status: { latestCreatedRevisionName: status === undefined ? null : text(status, "latest_created_revision_name") },
  };
}

function cloudFunction(block: Block, world: World): Rest {
  const [config] = blocks(block, "service_config");
  return {
    name: nameIn(block, world, "functions"),
    serviceConfig:
      config === undefined
        ? null
        : {
            service: text(config, "service"),
            vpcConnector: connectorLink(config, "vpc_connector", world),
            vpcConnectorEgressSettings: text(config, "vpc_connector_egress_settings"),
            directVpcEgress: text(config, "direct_vpc_egress"),
            directVpcNetworkInterface: nics(config, "direct_vpc_network_interface", world),
          },
  };
}

const firstGeneration = (block: Block, world: World): Rest => ({
  name: nameIn(block, world, "functions", "region"),
  vpcConnector: connectorLink(block, "vpc_connector", world),
  vpcConnectorEgressSettings: text(block, "vpc_connector_egress_settings"),
});

function connector(block: Block, world: World): Rest {
  const [subnet] = blocks(block, "subnet");
  return {
    name: nameIn(block, world, "connectors", "region"),
    network: withoutHost(world.link(block, "network", NETWORK)),
    ipCidrRange: text(block, "ip_cidr_range"),
    subnet:
      subnet === undefined
        ? null
        : {
            name: lastOf(world.link(subnet, "name", SUBNETWORK) ?? ""),
            projectId: text(subnet, "project_id") ?? projectIn(text(subnet, "name") ?? ""),
          },
  };
}

/** Each has an outgoing address of its own, which a plan does not know yet. */
function sqlInstance(block: Block, world: World): Rest {
  const [settings] = blocks(block, "settings");
  const [configuration] = settings === undefined ? [] : blocks(settings, "ip_configuration");
  const later = isOpen(block, "ip_address")
    ? [{ type: "OUTGOING", ipAddress: world.standIns.of(block.instance, "outgoing") }]
    : [];
  return {
    kind: "sql#instance",
    name: text(block, "name") ?? block.instance.address,
    project: projectIs(block, world),
    region: text(block, "region"),
    ipAddresses: [
      ...blocks(block, "ip_address").map((one) => ({ type: text(one, "type"), ipAddress: text(one, "ip_address") })),
      ...later,
    ],
    settings: {
      ipConfiguration: {
        privateNetwork: configuration === undefined ? null : world.link(configuration, "private_network", NETWORK),
      },
    },
  };
}
