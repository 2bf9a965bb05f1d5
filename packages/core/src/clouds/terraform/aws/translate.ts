import type { Translator } from "../translator.ts";
import type { World } from "../world.ts";
import { bindingsIn, eipList, natGateways, primaryInterfacesIn } from "./addresses.ts";
import { hosts } from "./hosts.ts";
import { type Api, linkOf } from "./ids.ts";
import { launched } from "./launched.ts";
import {
  egressOnlyGateways,
  endpoints,
  internetGateways,
  peerings,
  prefixListEntries,
  prefixLists,
  subnets,
  vpcRangesIn,
  vpcs,
  vpnConnections,
  vpnGateways,
} from "./network.ts";
import { networkAcls } from "./network-acls.ts";
import { routeTables } from "./route-tables.ts";
import { securityGroups } from "./security-groups.ts";
import { transit } from "./transit.ts";

/** `aws`: what `aws ec2 describe-*` prints. */
export const aws: Translator = {
  prefix: "aws_",
  providers: /\/hashicorp\/aws$/,
  linkOf,
  needs: {
    aws_vpc: "cidr_block",
    aws_default_vpc: "cidr_block",
    aws_vpc_ipv4_cidr_block_association: "cidr_block",
    aws_vpc_ipv6_cidr_block_association: "ipv6_cidr_block",
    aws_subnet: "cidr_block",
    aws_default_subnet: "cidr_block",
    aws_internet_gateway: "vpc_id",
    aws_internet_gateway_attachment: "internet_gateway_id",
    aws_egress_only_internet_gateway: "vpc_id",
    aws_nat_gateway: "allocation_id",
    aws_eip: "public_ip",
    aws_eip_association: "allocation_id",
    aws_route_table: "route",
    aws_default_route_table: "route",
    aws_route: "route_table_id",
    aws_route_table_association: "route_table_id",
    aws_main_route_table_association: "route_table_id",
    aws_instance: "subnet_id",
    aws_network_interface: "private_ips",
    aws_network_interface_attachment: "network_interface_id",
    aws_ec2_managed_prefix_list: "entry",
    aws_ec2_managed_prefix_list_entry: "cidr",
    aws_vpc_peering_connection: "peer_vpc_id",
    aws_vpc_peering_connection_accepter: "vpc_peering_connection_id",
    aws_ec2_transit_gateway: "default_route_table_association",
    aws_ec2_transit_gateway_vpc_attachment: "subnet_ids",
    aws_ec2_transit_gateway_route_table: "transit_gateway_id",
    aws_ec2_transit_gateway_route: "destination_cidr_block",
    aws_ec2_transit_gateway_route_table_association: "transit_gateway_attachment_id",
    aws_ec2_transit_gateway_route_table_propagation: "transit_gateway_attachment_id",
    aws_vpc_endpoint: "service_name",
    aws_vpc_endpoint_route_table_association: "route_table_id",
    aws_networkfirewall_firewall: "firewall_status",
    aws_ec2_transit_gateway_connect: "transit_gateway_id",
    aws_dx_gateway_association: "associated_gateway_id",
    aws_vpn_gateway: "vpc_id",
    aws_vpn_gateway_attachment: "vpn_gateway_id",
    aws_vpn_gateway_route_propagation: "route_table_id",
    aws_vpn_connection: "vpn_gateway_id",
    aws_security_group: "egress",
    aws_default_security_group: "egress",
    aws_security_group_rule: "type",
    aws_vpc_security_group_egress_rule: "security_group_id",
    aws_network_acl: "vpc_id",
    aws_default_network_acl: "default_network_acl_id",
    aws_network_acl_rule: "network_acl_id",
    aws_network_acl_association: "network_acl_id",
    aws_autoscaling_group: "vpc_zone_identifier",
    aws_launch_template: "network_interfaces",
    aws_launch_configuration: "image_id",
    aws_eks_node_group: "subnet_ids",
    aws_ecs_service: "network_configuration",
    aws_lambda_function: "function_name",
  },
  placing:
    /^aws_(?:\w+_association|vpn_gateway_route_propagation|ec2_transit_gateway_(?:route_table_propagation|vpc_attachment)|ec2_managed_prefix_list_entry)\.|^aws_(?:route\.route_table_id|ec2_transit_gateway_route\.transit_gateway_route_table_id|network_acl_rule\.network_acl_id|\w+_rule\.security_group_id|eip\.(?:instance|network_interface)|vpc_endpoint\.route_table_ids)$/,
  contents: {
    aws_vpc: "cidr_block",
    aws_vpc_ipv4_cidr_block_association: "cidr_block",
    aws_route_table: "route",
    aws_default_route_table: "route",
    aws_security_group: "egress",
    aws_default_security_group: "egress",
    aws_network_acl: "egress",
    aws_default_network_acl: "egress",
    aws_ec2_managed_prefix_list: "entry",
  },
  matters:
    /^aws_(?:vpc|subnet|default_|internet_gateway|egress_only|nat_gateway|eip|route|main_route|instance|network_interface|network_acl|ec2_(?:managed|transit|local_gateway|carrier|instance_connect|subnet)|vpn_|dx_|networkmanager_|autoscaling_group|spot_|launch_|ecs_service|ecs_task_set|eks_(?:cluster|node_group|fargate)|lambda_function|networkfirewall_|customer_gateway|rds_|db_proxy|apprunner_vpc|appstream|workspaces|emr_|sagemaker_|redshift_cluster|glue_connection|mwaa_|security_group|client_vpn|ec2_client_vpn|verifiedaccess|vpclattice_|batch_compute)/,
  harmless:
    /^aws_(?:route53|vpc_dhcp|default_vpc_dhcp|vpc_endpoint_(?:policy|connection|private_dns|security_group|subnet_association|service_(?:allowed|private))|vpc_ipam|vpc_security_group_ingress_rule|vpc_security_group_vpc|vpc_network_performance|eip_domain_name|launch_(?:template|configuration)|customer_gateway|network_interface_sg_attachment|network_interface_permission|spot_datafeed|autoscaling_group_tag|vpn_connection_route|lambda_function_(?:url|event|recursion)|vpc_peering_connection_options|vpc_block_public_access_exclusion|instance_state|ec2_transit_gateway_default|ec2_instance_(?:state|metadata)|emr_(?:security|studio)|sagemaker_(?:model|image|code|feature)|rds_(?:cluster_parameter|export|shard)|workspaces_(?:ip|connection)|networkmanager_(?:site|device|link|global))/,
  translate,
};

function translate(world: World): readonly Api[] {
  const ranges = vpcRangesIn(world);
  const primaryOf = primaryInterfacesIn(world);
  const bindings = bindingsIn(world, primaryOf);
  const written = hosts(world, bindings, primaryOf);
  const made = launched(world);
  const lists: Readonly<Record<string, readonly Api[]>> = {
    Vpcs: vpcs(world, ranges),
    Subnets: subnets(world),
    RouteTables: routeTables(world, ranges),
    InternetGateways: internetGateways(world),
    EgressOnlyInternetGateways: egressOnlyGateways(world),
    NatGateways: natGateways(world),
    Addresses: eipList(world, bindings),
    NetworkInterfaces: [...written.interfaces, ...made.interfaces],
    Reservations: [...written.reservations, ...made.reservations],
    PrefixLists: prefixLists(world),
    VpcPeeringConnections: peerings(world, ranges),
    VpcEndpoints: endpoints(world),
    VpnGateways: vpnGateways(world),
    VpnConnections: vpnConnections(world),
    SecurityGroups: securityGroups(world),
    NetworkAcls: networkAcls(world),
  };
  return [
    ...Object.entries(lists).flatMap(([name, list]) => (list.length === 0 ? [] : [{ [name]: list }])),
    ...prefixListEntries(world),
    ...transit(world, ranges),
  ];
}
