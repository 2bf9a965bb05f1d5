import { describe, expect, test } from "vitest";
import { type Seen, seenFrom } from "../../testing/gcp.ts";
import { readEstate } from "../read-estate.ts";

// Members as the providers' schemas have them:
// https://registry.terraform.io/providers/hashicorp/google/latest/docs, …/azurerm/latest/docs.
// What the destination sees follows from the rules named in each title, by hand.

type Values = Readonly<Record<string, unknown>>;

const resource = (address: string, values: Values, provider: string) => {
  const [type = "", name = ""] = address.split(".");
  return { address, mode: "managed", type, name, provider_name: `registry.terraform.io/hashicorp/${provider}`, values };
};

const stateOf = (provider: string, resources: Readonly<Record<string, Values>>) => ({
  origin: { file: "state.json", line: null },
  value: {
    format_version: "1.0",
    values: {
      root_module: {
        resources: Object.entries(resources).map(([address, values]) => resource(address, values, provider)),
      },
    },
  },
  linesOf: () => [],
});

interface Answer {
  readonly outcomes: readonly Seen[];
  readonly codes: readonly string[];
}

async function ask(state: ReturnType<typeof stateOf>, from: string, to = "198.51.100.25"): Promise<Answer> {
  const { value, problems } = await readEstate([state]);
  const host = value.hosts.find(({ name }) => name === from);
  if (host === undefined) throw new Error(`no ${from} among ${value.hosts.map(({ name }) => name).join()}`);
  return { outcomes: seenFrom(host, null, { to }), codes: problems.map(({ code }) => code) };
}

const P = "projects/shop";
const API = `https://www.googleapis.com/compute/v1/${P}`;
const NETWORK: Readonly<Record<string, Values>> = {
  "google_compute_network.n": {
    name: "n",
    self_link: `${API}/global/networks/n`,
    routing_mode: "REGIONAL",
    project: "shop",
  },
  "google_compute_subnetwork.s": {
    name: "s",
    self_link: `${API}/regions/europe-west1/subnetworks/s`,
    network: `${API}/global/networks/n`,
    region: "europe-west1",
    ip_cidr_range: "10.0.0.0/20",
    secondary_ip_range: [{ range_name: "pods", ip_cidr_range: "10.4.0.0/14" }],
    project: "shop",
  },
  "google_compute_router.r": {
    name: "r",
    self_link: `${API}/regions/europe-west1/routers/r`,
    network: `${API}/global/networks/n`,
    region: "europe-west1",
    project: "shop",
  },
  "google_compute_router_nat.nat": {
    name: "nat",
    router: "r",
    region: "europe-west1",
    project: "shop",
    source_subnetwork_ip_ranges_to_nat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    nat_ip_allocate_option: "MANUAL_ONLY",
    nat_ips: [`${API}/regions/europe-west1/addresses/out`],
  },
  "google_compute_address.out": {
    name: "out",
    self_link: `${API}/regions/europe-west1/addresses/out`,
    address: "203.0.113.10",
    address_type: "EXTERNAL",
    region: "europe-west1",
    project: "shop",
  },
};

const cluster = (more: Values = {}): Values => ({
  name: "web",
  location: "europe-west1",
  project: "shop",
  network: `${P}/global/networks/n`,
  subnetwork: `${P}/regions/europe-west1/subnetworks/s`,
  cluster_ipv4_cidr: "10.4.0.0/14",
  ip_allocation_policy: [{ cluster_secondary_range_name: "pods", cluster_ipv4_cidr_block: "10.4.0.0/14" }],
  private_cluster_config: [{ enable_private_nodes: true }],
  ...more,
});

const NAT = { kind: "translated", addresses: ["203.0.113.10"], complete: true };

describe("google", () => {
  const google = (resources: Readonly<Record<string, Values>>) => stateOf("google", { ...NETWORK, ...resources });

  test("GKE-1: Pods and nodes without external addresses leave by Cloud NAT", async () => {
    const { outcomes, codes } = await ask(
      google({
        "google_container_cluster.web": cluster(),
        "google_container_node_pool.more": { name: "more", cluster: "web", location: "europe-west1", project: "shop" },
      }),
      "web/nodes",
    );
    expect(outcomes[0]).toMatchObject(NAT);
    expect(codes).toEqual([]);
  });

  test("GKE-1: nodes with external addresses of their own do not", async () => {
    const { outcomes } = await ask(
      google({ "google_container_cluster.web": cluster({ private_cluster_config: [] }) }),
      "web/nodes",
    );
    expect(outcomes.every(({ addresses }) => !addresses.includes("203.0.113.10"))).toBe(true);
  });

  const connector = {
    "google_vpc_access_connector.c": {
      name: "c",
      id: `${P}/locations/europe-west1/connectors/c`,
      region: "europe-west1",
      project: "shop",
      network: "n",
      ip_cidr_range: "10.8.0.0/28",
    },
  };
  const service = (vpcAccess: readonly Values[]): Readonly<Record<string, Values>> => ({
    "google_cloud_run_v2_service.api": {
      name: "api",
      location: "europe-west1",
      project: "shop",
      template: [{ vpc_access: vpcAccess }],
      traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", revision: "" }],
    },
  });

  test("SL-1: Cloud Run without a network leaves by Google's own addresses", async () => {
    const { outcomes } = await ask(google(service([])), "api");
    expect(outcomes[0]).toMatchObject({ kind: "unpredictable", addresses: [] });
  });

  test("SL-4: all traffic by a connector leaves by Cloud NAT", async () => {
    const access = { connector: `${P}/locations/europe-west1/connectors/c`, egress: "ALL_TRAFFIC" };
    const { outcomes } = await ask(google({ ...connector, ...service([access]) }), "api");
    expect(outcomes[0]).toMatchObject(NAT);
  });

  test("SL-2: only private ranges by a connector: the internet sees Google's own addresses", async () => {
    const access = { connector: `${P}/locations/europe-west1/connectors/c`, egress: "PRIVATE_RANGES_ONLY" };
    const { outcomes } = await ask(google({ ...connector, ...service([access]) }), "api");
    expect(outcomes[0]).toMatchObject({ kind: "unpredictable", addresses: [] });
  });

  test.each([
    [
      "of the second generation",
      "google_cloudfunctions2_function.f",
      {
        location: "europe-west1",
        service_config: [{ vpc_connector: "c", vpc_connector_egress_settings: "ALL_TRAFFIC" }],
      },
    ],
    [
      "of the first",
      "google_cloudfunctions_function.f",
      { region: "europe-west1", runtime: "nodejs20", vpc_connector: "c", vpc_connector_egress_settings: "ALL_TRAFFIC" },
    ],
  ])("SL-4: a function %s", async (_, address, values) => {
    const { outcomes } = await ask(google({ ...connector, [address]: { name: "f", project: "shop", ...values } }), "f");
    expect(outcomes[0]).toMatchObject(NAT);
  });

  test("SL-3: a job with a network interface of its own leaves by Cloud NAT", async () => {
    const network = { network: "n", subnetwork: `${P}/regions/europe-west1/subnetworks/s`, tags: [] };
    const template = [{ template: [{ vpc_access: [{ egress: "ALL_TRAFFIC", network_interfaces: [network] }] }] }];
    const job = { name: "j", location: "europe-west1", project: "shop", template };
    const { outcomes } = await ask(google({ "google_cloud_run_v2_job.j": job }), "j");
    expect(outcomes[0]).toMatchObject(NAT);
  });

  test("the Knative form says the same in annotations", async () => {
    const annotations = {
      "run.googleapis.com/vpc-access-connector": "c",
      "run.googleapis.com/vpc-access-egress": "all",
    };
    const values = {
      name: "k",
      location: "europe-west1",
      project: "shop",
      template: [{ metadata: [{ annotations }] }],
    };
    const { outcomes } = await ask(google({ ...connector, "google_cloud_run_service.k": values }), "k");
    expect(outcomes[0]).toMatchObject(NAT);
  });

  test("SL-11: Cloud SQL connects from its outgoing address", async () => {
    const values = {
      name: "db",
      project: "shop",
      region: "europe-west1",
      ip_address: [
        { type: "PRIMARY", ip_address: "203.0.113.70" },
        { type: "OUTGOING", ip_address: "203.0.113.71" },
      ],
      settings: [{ ip_configuration: [{ private_network: "" }] }],
    };
    const { outcomes } = await ask(google({ "google_sql_database_instance.db": values }), "db");
    expect(outcomes[0]).toMatchObject({ kind: "translated", addresses: ["203.0.113.71"] });
  });
});

const GROUP = "/subscriptions/s/resourceGroups/shop/providers";
const SUBNET = `${GROUP}/Microsoft.Network/virtualNetworks/v/subnets/app`;
const HUB: Readonly<Record<string, Values>> = {
  "azurerm_virtual_network.v": {
    id: `${GROUP}/Microsoft.Network/virtualNetworks/v`,
    name: "v",
    resource_group_name: "shop",
    location: "westeurope",
    address_space: ["10.0.0.0/16"],
  },
  "azurerm_subnet.app": {
    id: SUBNET,
    name: "app",
    resource_group_name: "shop",
    virtual_network_name: "v",
    address_prefixes: ["10.0.1.0/24"],
  },
  "azurerm_public_ip.nat": {
    id: `${GROUP}/Microsoft.Network/publicIPAddresses/nat`,
    name: "nat",
    resource_group_name: "shop",
    location: "westeurope",
    allocation_method: "Static",
    sku: "Standard",
    ip_address: "203.0.113.10",
  },
  "azurerm_nat_gateway.nat": {
    id: `${GROUP}/Microsoft.Network/natGateways/nat`,
    name: "nat",
    resource_group_name: "shop",
    location: "westeurope",
    sku_name: "Standard",
  },
  "azurerm_nat_gateway_public_ip_association.nat": {
    nat_gateway_id: `${GROUP}/Microsoft.Network/natGateways/nat`,
    public_ip_address_id: `${GROUP}/Microsoft.Network/publicIPAddresses/nat`,
  },
  "azurerm_subnet_nat_gateway_association.app": {
    subnet_id: SUBNET,
    nat_gateway_id: `${GROUP}/Microsoft.Network/natGateways/nat`,
  },
};

describe("azurerm", () => {
  const azure = (resources: Readonly<Record<string, Values>>) => stateOf("azurerm", { ...HUB, ...resources });
  const placed = (name: string): Values => ({ name, resource_group_name: "shop", location: "westeurope" });

  const site = (more: Values): Readonly<Record<string, Values>> => ({
    "azurerm_service_plan.p": { ...placed("p"), id: `${GROUP}/Microsoft.Web/serverFarms/p`, sku_name: "P1v3" },
    "azurerm_linux_web_app.w": {
      ...placed("w"),
      id: `${GROUP}/Microsoft.Web/sites/w`,
      service_plan_id: `${GROUP}/Microsoft.Web/serverFarms/p`,
      outbound_ip_addresses: "203.0.113.50,203.0.113.51",
      possible_outbound_ip_addresses: "203.0.113.50,203.0.113.51,203.0.113.52",
      ...more,
    },
  });

  test("R-8.8: an app without a network leaves by the addresses that the platform lists", async () => {
    const { outcomes, codes } = await ask(azure(site({ site_config: [{ vnet_route_all_enabled: false }] })), "w");
    expect(new Set(outcomes.flatMap(({ addresses }) => addresses))).toEqual(
      new Set(["203.0.113.50", "203.0.113.51", "203.0.113.52"]),
    );
    expect(codes).toEqual([]);
  });

  test.each([
    ["in the app", site({ virtual_network_subnet_id: SUBNET, site_config: [{ vnet_route_all_enabled: true }] })],
    [
      "by a resource of its own",
      {
        ...site({ site_config: [{ vnet_route_all_enabled: true }] }),
        "azurerm_app_service_virtual_network_swift_connection.w": {
          app_service_id: `${GROUP}/Microsoft.Web/sites/w`,
          subnet_id: SUBNET,
        },
      },
    ],
  ])("R-8.10: integrated %s, with everything routed there, it leaves by the NAT gateway", async (_, resources) => {
    const { outcomes } = await ask(azure(resources), "w");
    expect(outcomes[0]).toMatchObject(NAT);
  });

  test("R-8.1: a cluster leaves by the outbound addresses of its load balancer", async () => {
    const profile = { effective_outbound_ips: [`${GROUP}/Microsoft.Network/publicIPAddresses/aks`] };
    const network = { outbound_type: "loadBalancer", network_plugin: "azure", network_plugin_mode: "overlay" };
    const state = stateOf("azurerm", {
      "azurerm_virtual_network.v": HUB["azurerm_virtual_network.v"] ?? {},
      "azurerm_subnet.app": HUB["azurerm_subnet.app"] ?? {},
      "azurerm_public_ip.aks": {
        ...placed("aks"),
        id: `${GROUP}/Microsoft.Network/publicIPAddresses/aks`,
        allocation_method: "Static",
        sku: "Standard",
        ip_address: "203.0.113.60",
      },
      "azurerm_kubernetes_cluster.k": {
        ...placed("k"),
        id: `${GROUP}/Microsoft.ContainerService/managedClusters/k`,
        node_resource_group: "MC_shop_k",
        default_node_pool: [{ name: "system", vnet_subnet_id: SUBNET, node_public_ip_enabled: false }],
        network_profile: [{ ...network, load_balancer_profile: [profile], nat_gateway_profile: [] }],
      },
    });
    const { value } = await readEstate([state]);
    const [host] = value.hosts;
    const outcomes = host === undefined ? [] : seenFrom(host, null, { to: "198.51.100.25" });
    expect(outcomes[0]).toMatchObject({ kind: "translated", addresses: ["203.0.113.60"] });
  });

  test("a rule of a security group denies it", async () => {
    const group = `${GROUP}/Microsoft.Network/networkSecurityGroups/g`;
    const nic = `${GROUP}/Microsoft.Network/networkInterfaces/n`;
    const deny = (port: string): Values => ({
      name: "no",
      network_security_group_name: "g",
      resource_group_name: "shop",
      direction: "Outbound",
      access: "Deny",
      priority: 200,
      protocol: "Tcp",
      source_port_range: "*",
      source_address_prefix: "*",
      destination_port_range: port,
      destination_address_prefix: "Internet",
    });
    const kindsWith = async (port: string) => {
      const configuration = { name: "c", subnet_id: SUBNET, private_ip_address: "10.0.1.4" };
      const { outcomes } = await ask(
        azure({
          "azurerm_network_interface.n": { ...placed("n"), id: nic, ip_configuration: [configuration] },
          "azurerm_network_security_group.g": { ...placed("g"), id: group, security_rule: [] },
          "azurerm_network_security_rule.no": deny(port),
          "azurerm_network_interface_security_group_association.n": {
            network_interface_id: nic,
            network_security_group_id: group,
          },
        }),
        "n",
      );
      return outcomes.map(({ kind }) => kind);
    };
    expect(await kindsWith("5000-6000")).toEqual(["blocked"]);
    expect(await kindsWith("25")).toEqual(["translated"]);
  });

  test("a group of containers in a subnet leaves by its NAT gateway", async () => {
    const group = { ...placed("g"), ip_address_type: "Private", ip_address: "10.0.1.4", subnet_ids: [SUBNET] };
    const { outcomes } = await ask(azure({ "azurerm_container_group.g": group }), "g");
    expect(outcomes[0]).toMatchObject(NAT);
  });

  test("R-8.13: container apps in a network of the user's leave by its NAT gateway", async () => {
    const id = `${GROUP}/Microsoft.App/managedEnvironments/e`;
    const { outcomes } = await ask(
      azure({
        "azurerm_container_app_environment.e": {
          ...placed("e"),
          id,
          infrastructure_subnet_id: SUBNET,
          workload_profile: [{ name: "Consumption" }],
        },
        "azurerm_container_app.a": { ...placed("a"), container_app_environment_id: id, outbound_ip_addresses: [] },
      }),
      "a",
    );
    expect(outcomes[0]).toMatchObject(NAT);
  });
});

const VPC: Readonly<Record<string, Values>> = {
  "aws_vpc.v": { id: "vpc-1", cidr_block: "10.0.0.0/16" },
  "aws_internet_gateway.g": { id: "igw-1", vpc_id: "vpc-1" },
  "aws_subnet.inside": {
    id: "subnet-in",
    vpc_id: "vpc-1",
    cidr_block: "10.0.1.0/24",
    availability_zone: "eu-central-1a",
    map_public_ip_on_launch: false,
  },
  "aws_subnet.edge": {
    id: "subnet-edge",
    vpc_id: "vpc-1",
    cidr_block: "10.0.0.0/24",
    availability_zone: "eu-central-1a",
    map_public_ip_on_launch: true,
  },
  "aws_eip.nat": { id: "eipalloc-1", public_ip: "203.0.113.10", allocation_id: "eipalloc-1" },
  "aws_nat_gateway.n": {
    id: "nat-1",
    subnet_id: "subnet-edge",
    allocation_id: "eipalloc-1",
    connectivity_type: "public",
    public_ip: "203.0.113.10",
  },
  "aws_route_table.inside": {
    id: "rtb-in",
    vpc_id: "vpc-1",
    route: [{ cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-1" }],
  },
  "aws_route_table.edge": {
    id: "rtb-edge",
    vpc_id: "vpc-1",
    route: [{ cidr_block: "0.0.0.0/0", gateway_id: "igw-1" }],
  },
  "aws_route_table_association.inside": { route_table_id: "rtb-in", subnet_id: "subnet-in" },
  "aws_route_table_association.edge": { route_table_id: "rtb-edge", subnet_id: "subnet-edge" },
  "aws_security_group.open": {
    id: "sg-1",
    name: "open",
    egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"], ipv6_cidr_blocks: ["::/0"] }],
  },
  "aws_launch_template.t": { id: "lt-1", name: "t", network_interfaces: [], vpc_security_group_ids: ["sg-1"] },
};

describe("aws", () => {
  const aws = (resources: Readonly<Record<string, Values>>) => stateOf("aws", { ...VPC, ...resources });

  const scaling = (subnet: string): Readonly<Record<string, Values>> => ({
    "aws_autoscaling_group.web": {
      id: "web",
      name: "web",
      vpc_zone_identifier: [subnet],
      launch_template: [{ id: "lt-1", name: "t", version: "$Latest" }],
    },
  });

  test("instances of a scaling group leave by the NAT gateway of their subnet", async () => {
    const state = aws(scaling("subnet-in"));
    const { outcomes, codes } = await ask(state, "web.subnet-in");
    expect(outcomes[0]).toMatchObject(NAT);
    expect(codes).toEqual([]);
    const { value } = await readEstate([state]);
    expect(value.groups).toContainEqual(expect.objectContaining({ name: "web", kind: "auto-scaling-group" }));
  });

  test("in a subnet that gives public addresses each has one, which no file names", async () => {
    const { outcomes } = await ask(aws(scaling("subnet-edge")), "web.subnet-edge");
    expect(outcomes[0]).toMatchObject({ kind: "unknown", addresses: [], complete: false });
    expect(JSON.stringify(outcomes)).not.toContain("203.0.113.10");
  });

  test("a function in subnets leaves by their NAT gateway, a public subnet gives it nothing", async () => {
    const lambda = (subnet: string): Readonly<Record<string, Values>> => ({
      "aws_lambda_function.f": {
        id: "f",
        function_name: "f",
        vpc_config: [{ subnet_ids: [subnet], security_group_ids: ["sg-1"] }],
      },
    });
    expect((await ask(aws(lambda("subnet-in")), "f.subnet-in")).outcomes[0]).toMatchObject(NAT);
    const { outcomes } = await ask(aws(lambda("subnet-edge")), "f.subnet-edge");
    expect(outcomes.map(({ kind }) => kind)).toEqual(["blocked"]);
  });

  test("a function without subnets is named: its addresses are AWS's own", async () => {
    const state = aws({ "aws_lambda_function.f": { id: "f", function_name: "f", vpc_config: [] } });
    expect((await readEstate([state])).problems.map(({ code }) => code)).toEqual(["terraform/not-translated"]);
  });

  test.each([
    [false, "blocked"],
    [true, "unknown"],
  ])("tasks in a public subnet, with an address of their own: %s", async (assign, kind) => {
    const network = { subnets: ["subnet-edge"], security_groups: ["sg-1"], assign_public_ip: assign };
    const { outcomes } = await ask(
      aws({ "aws_ecs_service.s": { name: "s", network_configuration: [network] } }),
      "s.subnet-edge",
    );
    expect(outcomes[0]).toMatchObject({ kind });
  });

  test("nodes of EKS are of their group and their cluster", async () => {
    const group = { id: "c:workers", cluster_name: "c", node_group_name: "workers", subnet_ids: ["subnet-in"] };
    const state = aws({ "aws_eks_node_group.w": group });
    const { outcomes } = await ask(state, "workers.subnet-in");
    expect(outcomes.at(-1)).toMatchObject(NAT);
    const { value } = await readEstate([state]);
    const kinds = value.groups
      .filter(({ members }) => members.some((id) => id.includes("workers")))
      .map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["node-pool", "cluster"]));
  });

  test("the first rule of a network ACL that means a flow decides", async () => {
    const acl = (egress: readonly Values[]): Readonly<Record<string, Values>> => ({
      "aws_network_acl.a": { id: "acl-1", vpc_id: "vpc-1", subnet_ids: ["subnet-in"], egress, ingress: [] },
    });
    const all = { rule_no: 100, action: "allow", protocol: "-1", from_port: 0, to_port: 0, cidr_block: "0.0.0.0/0" };
    const deny = (port: number) => ({
      ...all,
      rule_no: 90,
      action: "deny",
      protocol: "tcp",
      from_port: port,
      to_port: port,
    });
    const kindsWith = async (...egress: readonly Values[]) =>
      new Set(
        (await ask(aws({ ...scaling("subnet-in"), ...acl(egress) }), "web.subnet-in")).outcomes.map(({ kind }) => kind),
      );
    expect(await kindsWith(all)).toEqual(new Set(["translated"]));
    expect(await kindsWith(deny(25), all)).toEqual(new Set(["translated"]));
    expect(await kindsWith(deny(5432), all)).toEqual(new Set(["blocked"]));
    expect(await kindsWith()).toEqual(new Set(["blocked"]));
  });
});
