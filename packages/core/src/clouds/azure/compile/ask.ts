import type { Ask, Assumption } from "../../../model/outcome.ts";
import type { Text } from "../../../problem.ts";
import { nameOf, parseId } from "../read/resource-id.ts";
import { open, say } from "./say.ts";

const network = "microsoft.network/";

/** The options that name a subresource. https://learn.microsoft.com/cli/azure/network */
const COMMANDS: Readonly<Record<string, (names: readonly string[]) => string>> = {
  "microsoft.compute/virtualmachines": ([vm]) => `az vm show -n ${vm}`,
  "microsoft.compute/virtualmachinescalesets": ([set]) => `az vmss show -n ${set}`,
  "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations/publicipaddresses": ([
    set,
  ]) => `az vmss list-instance-public-ips -n ${set}`,
  "microsoft.web/sites": ([app]) => `az webapp show -n ${app}`,
  "microsoft.web/sites/slots": ([app, slot]) => `az webapp show -n ${app} --slot ${slot}`,
  "microsoft.containerservice/managedclusters": ([cluster]) => `az aks show -n ${cluster}`,
  "microsoft.app/containerapps": ([app]) => `az containerapp show -n ${app}`,
  "microsoft.app/managedenvironments": ([environment]) => `az containerapp env show -n ${environment}`,
  "microsoft.containerinstance/containergroups": ([group]) => `az container show -n ${group}`,
  [`${network}networkinterfaces`]: ([nic]) => `az network nic show -n ${nic}`,
  [`${network}virtualnetworks`]: ([vnet]) => `az network vnet show -n ${vnet}`,
  [`${network}virtualnetworks/subnets`]: ([vnet, subnet]) =>
    `az network vnet subnet show --vnet-name ${vnet} -n ${subnet}`,
  [`${network}networksecuritygroups`]: ([group]) => `az network nsg show -n ${group}`,
  [`${network}publicipaddresses`]: ([pip]) => `az network public-ip show -n ${pip}`,
  [`${network}publicipprefixes`]: ([prefix]) => `az network public-ip prefix show -n ${prefix}`,
  [`${network}natgateways`]: ([gateway]) => `az network nat gateway show -n ${gateway}`,
  [`${network}loadbalancers`]: ([lb]) => `az network lb show -n ${lb}`,
  [`${network}routetables`]: ([table]) => `az network route-table show -n ${table}`,
  [`${network}azurefirewalls`]: ([firewall]) => `az network firewall show -n ${firewall}`,
  [`${network}firewallpolicies`]: ([policy]) => `az network firewall policy show -n ${policy}`,
  [`${network}virtualnetworkgateways`]: ([gateway]) => `az network vnet-gateway show -n ${gateway}`,
  [`${network}virtualnetworkgateways/natrules`]: ([gateway, rule]) =>
    `az network vnet-gateway nat-rule show --gateway-name ${gateway} -n ${rule}`,
  [`${network}localnetworkgateways`]: ([gateway]) => `az network local-gateway show -n ${gateway}`,
};

/** The command that exports a resource; null for a type we know none for. */
export function showCommand(id: string): string | null {
  const parsed = parseId(id);
  if (parsed === undefined) return null;
  const command = COMMANDS[parsed.type] ?? COMMANDS[parsed.type.split("/").slice(0, 2).join("/")];
  return command === undefined ? null : `${command(parsed.names)} -g ${parsed.group} -o json`;
}

export function askFor(id: string, settles: Text): Ask {
  const name = nameOf(id);
  return {
    text: say(`export ${name} and add it with --config`, `导出 ${name} 并用 --config 加入`),
    command: showCommand(id),
    settles,
  };
}

/** A reference leads out of the export: what it points to is unknown, never absent. */
export const notExported = (id: string): Assumption =>
  open(
    `not-exported:${nameOf(id)}`,
    say(`${nameOf(id)} is not in the export`, `${nameOf(id)} 不在导出中`),
    askFor(id, say("which addresses or routes it has", "它有哪些地址或路由")),
  );

export function effectiveRoutesOf(nicId: string): Ask {
  const parsed = parseId(nicId);
  const nic = nameOf(nicId);
  return {
    text: say(
      `export the effective routes of ${nic} while its VM runs, and keep ${nic} in the file's name`,
      `在虚拟机运行时导出 ${nic} 的有效路由，并在文件名中保留 ${nic}`,
    ),
    command: `az network nic show-effective-route-table -g ${parsed?.group ?? "RG"} -n ${nic} -o json > ${nic}-routes.json`,
    settles: say("which routes the gateways have learned", "网关学到了哪些路由"),
  };
}

/** A capture at the destination is the only thing that shows what nobody documents. */
export const lookAtDestination: Ask = {
  text: say("look at the source address in a log or a capture at the destination", "请查看目的端日志或抓包中的源地址"),
  command: null,
  settles: say("which source address is really used", "实际使用哪个源地址"),
};
