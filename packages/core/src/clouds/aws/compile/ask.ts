import type { Ask, Assumption } from "../../../model/outcome.ts";
import type { Text } from "../../../problem.ts";
import type { Place } from "./place.ts";
import { open, say } from "./say.ts";

/** The region of a zone, local zones included: `us-west-2-lax-1a` is in `us-west-2`. Null: no zone. */
export const regionOf = (zone: string | null | undefined): string | null =>
  /^[a-z]+(?:-[a-z]+)+-\d+/.exec(zone ?? "")?.[0] ?? null;

/** Real names only: what the export does not name is left to the user's own configuration of the command line. */
export function ec2(words: string, zone: string | null): string {
  const region = regionOf(zone);
  return `aws ec2 ${words}${region === null ? "" : ` --region ${region}`} --output json`;
}

export const ask = (command: string | null, text: Text, settles: Text): Ask => ({ text, command, settles });

const exporting = (what: string, zhWhat: string, command: string, settles: Text): Ask =>
  ask(
    command,
    say(`export ${what} and pass the file with --config`, `导出${zhWhat}，并用 --config 传入该文件`),
    settles,
  );

export const askRouteTables = ({ vpc, zone }: Place): Ask =>
  exporting(
    `the route tables of ${vpc}`,
    ` ${vpc} 的路由表`,
    ec2(`describe-route-tables --filters Name=vpc-id,Values=${vpc}`, zone),
    say("where the subnet sends this destination", "子网把该目的地送往何处"),
  );

export const askNatGateway = (id: string, zone: string | null): Ask =>
  exporting(
    `the NAT gateway ${id}`,
    ` NAT 网关 ${id} `,
    ec2(`describe-nat-gateways --nat-gateway-ids ${id}`, zone),
    say("which addresses it has", "它有哪些地址"),
  );

export const askInterface = (id: string, zone: string | null): Ask =>
  exporting(
    `the network interface ${id}`,
    `网络接口 ${id} `,
    ec2(
      id.startsWith("i-")
        ? `describe-instances --instance-ids ${id}`
        : `describe-network-interfaces --network-interface-ids ${id}`,
      zone,
    ),
    say("which addresses it has, and whether it may forward", "它有哪些地址，以及是否可以转发"),
  );

export const askPrefixList = (id: string, zone: string | null): Ask =>
  exporting(
    `the entries of the prefix list ${id}`,
    `前缀列表 ${id} 的条目`,
    `${ec2(`get-managed-prefix-list-entries --prefix-list-id ${id}`, zone)} > ${id}.json`,
    say("which destinations it holds", "它包含哪些目的地"),
  );

export const askEndpoint = (id: string, zone: string | null): Ask =>
  exporting(
    `the VPC endpoint ${id}`,
    ` VPC 终端节点 ${id} `,
    ec2(`describe-vpc-endpoints --vpc-endpoint-ids ${id}`, zone),
    say("what it leads to, and from which subnet the traffic goes on", "它通向何处，流量从哪个子网继续"),
  );

export const askInspection = (id: string): Ask =>
  ask(
    null,
    say(
      `ask the owner of what stands behind ${id} whether it hands traffic back or sends it on itself`,
      `请向 ${id} 之后设备的所有者确认：流量是交还，还是由设备自行发出`,
    ),
    say("whether the appliance translates", "该设备是否转换地址"),
  );

export const askAttachments = (gateway: string, zone: string | null): Ask =>
  exporting(
    `the attachments of ${gateway} (also in the account that owns it)`,
    ` ${gateway} 的连接（包括其所属账户中的连接）`,
    [
      `${ec2("describe-transit-gateway-attachments", zone)} > tgw-attachments.json`,
      `${ec2("describe-transit-gateway-vpc-attachments", zone)} > tgw-vpc-attachments.json`,
    ].join("; "),
    say("which route table of the transit gateway applies", "中转网关的哪张路由表适用"),
  );

export const askTransitRoutes = (table: string, zone: string | null): Ask =>
  exporting(
    `the routes of ${table}`,
    ` ${table} 的路由`,
    `${ec2(`search-transit-gateway-routes --transit-gateway-route-table-id ${table} --filters Name=state,Values=active,blackhole`, zone)} > ${table}.json`,
    say("where the transit gateway sends this destination", "中转网关把该目的地送往何处"),
  );

export const askSecurityGroups = (zone: string | null): Ask =>
  exporting(
    "the security groups",
    "安全组",
    ec2("describe-security-groups", zone),
    say("whether they let this flow out", "它们是否放行该出站流量"),
  );

export const askNetworkAcls = (zone: string | null): Ask =>
  exporting(
    "the network ACLs",
    "网络 ACL",
    ec2("describe-network-acls", zone),
    say("whether one denies this flow", "是否有网络 ACL 拒绝该流量"),
  );

export const askFarSide: Ask = ask(
  null,
  say(
    "take a log line or a capture at the destination, or ask the far side about its translation",
    "请在目的端取一行日志或抓包，或向对端了解其地址转换",
  ),
  say("whether the far side translates again", "对端是否再次转换"),
);

/** A reference leads out of the export: what it points to is unknown, never absent. */
export const notExported = (id: string, how: Ask): Assumption =>
  open(`not-exported:${id}`, say(`${id} is not in the export`, `${id} 不在导出中`), how);
