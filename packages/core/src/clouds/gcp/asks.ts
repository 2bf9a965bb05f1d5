import type { Ask } from "../../model/outcome.ts";
import type { Text } from "../../problem.ts";
import { nameOf, projectOf, projectText, regionOf, UNKNOWN_PROJECT } from "./links.ts";

interface Where {
  readonly project?: string | undefined;
  readonly region?: string | null | undefined;
}

/** Real names only: what the export does not name is left to the user's gcloud configuration. */
export function gcloud(words: string, { project, region }: Where): string {
  const inRegion = region === null || region === undefined ? "" : ` --region=${region}`;
  const inProject = project === undefined || project === UNKNOWN_PROJECT ? "" : ` --project=${project}`;
  return `gcloud ${words}${inRegion}${inProject} --format=json`;
}

const ask = (command: string | null, text: Text, settles: Text): Ask => ({ text, command, settles });

const about = (path: string): Where => ({ project: projectOf(path), region: regionOf(path) });

export const askRouterStatus = (router: string): Ask =>
  ask(
    gcloud(`compute routers get-status ${nameOf(router)}`, about(router)),
    { en: `export the status of router ${nameOf(router)}`, zh: `导出路由器 ${nameOf(router)} 的状态` },
    { en: "which learned routes are in use", zh: "实际使用了哪些学到的路由" },
  );

export const askNatIpInfo = (router: string): Ask =>
  ask(
    gcloud(`compute routers get-nat-ip-info ${nameOf(router)}`, about(router)),
    { en: `list the NAT addresses of router ${nameOf(router)}`, zh: `列出路由器 ${nameOf(router)} 的 NAT 地址` },
    { en: "which addresses the gateway uses", zh: "该网关使用哪些地址" },
  );

export const askNatMapping = (router: string): Ask =>
  ask(
    gcloud(`compute routers get-nat-mapping-info ${nameOf(router)}`, about(router)),
    { en: `list the NAT mappings of router ${nameOf(router)}`, zh: `列出路由器 ${nameOf(router)} 的 NAT 映射` },
    { en: "which addresses each VM holds now", zh: "每台虚拟机目前占用哪些地址" },
  );

export const askRouters = (project: string): Ask =>
  ask(
    gcloud("compute routers list", { project }),
    {
      en: `list the routers of ${projectText(project).en}; its NAT gateways are in them`,
      zh: `列出${projectText(project).zh}的路由器；NAT 网关就在其中`,
    },
    {
      en: "whether Cloud NAT serves this subnet, and from which addresses",
      zh: "Cloud NAT 是否服务于该子网，以及使用哪些地址",
    },
  );

export const askRoutes = (project: string): Ask =>
  ask(
    gcloud("compute routes list", { project }),
    { en: `list the routes of ${projectText(project).en}`, zh: `列出${projectText(project).zh}的路由` },
    { en: "where the network sends this destination", zh: "网络把该目的地送往何处" },
  );

export const askSubnets = (project: string): Ask =>
  ask(
    gcloud("compute networks subnets list", { project }),
    { en: `list the subnets of ${projectText(project).en}`, zh: `列出${projectText(project).zh}的子网` },
    { en: "whether the destination is inside the network", zh: "目的地是否在该网络内部" },
  );

/** Shared VPC: everything that decides is in the host project. */
export const askHostProject = (project: string): Ask =>
  ask(
    [
      gcloud("compute routes list", { project }),
      gcloud("compute routers list", { project }),
      gcloud("compute networks subnets list", { project }),
      gcloud("compute addresses list", { project }),
    ]
      .map((command, index) => `${command} > ${project}-${["routes", "routers", "subnets", "addresses"][index]}.json`)
      .join(" && "),
    {
      en: `export the network's own project ${project} (the Shared VPC host): its routes, routers, subnets and addresses`,
      zh: `导出网络所在的项目 ${project}（共享 VPC 宿主项目）的路由、路由器、子网和地址`,
    },
    { en: "the next hop, and whether Cloud NAT serves this subnet", zh: "下一跳，以及 Cloud NAT 是否服务于该子网" },
  );

export const askAddress = (path: string): Ask =>
  ask(
    gcloud(`compute addresses describe ${nameOf(path)}`, about(path)),
    { en: `look up the address resource ${nameOf(path)}`, zh: `查询地址资源 ${nameOf(path)}` },
    { en: "the literal address", zh: "具体地址" },
  );

export const askInstance = (path: string, zone: string | undefined): Ask =>
  ask(
    `gcloud compute instances describe ${nameOf(path)}${zone === undefined ? "" : ` --zone=${zone}`}${projectFlag(path)} --format=json`,
    {
      en: `start ${nameOf(path)} if it is stopped, and export it again`,
      zh: `若 ${nameOf(path)} 已停止请启动，然后重新导出`,
    },
    { en: "the external address it has now", zh: "它目前的外部地址" },
  );

const projectFlag = (path: string): string => {
  const project = projectOf(path);
  return project === undefined || project === UNKNOWN_PROJECT ? "" : ` --project=${project}`;
};

export const askPolicyRoutes = (project: string): Ask =>
  ask(
    gcloud("network-connectivity policy-based-routes list", { project }),
    {
      en: `list the policy-based routes of ${projectText(project).en}`,
      zh: `列出${projectText(project).zh}的策略路由`,
    },
    { en: "whether one of them takes this flow", zh: "是否有策略路由命中该流量" },
  );

export const askFirewalls = (project: string): Ask =>
  ask(
    gcloud("compute firewall-rules list", { project }),
    { en: `list the firewall rules of ${projectText(project).en}`, zh: `列出${projectText(project).zh}的防火墙规则` },
    { en: "whether a rule denies this flow", zh: "是否有规则拒绝该流量" },
  );

export const askEffectiveFirewalls = (network: string): Ask =>
  ask(
    gcloud(`compute networks get-effective-firewalls ${nameOf(network)}`, { project: projectOf(network) }),
    {
      en: `look at the egress rules of the firewall policies of ${nameOf(network)}`,
      zh: `查看 ${nameOf(network)} 的防火墙政策中的出站规则`,
    },
    { en: "whether a firewall policy denies this flow", zh: "是否有防火墙政策拒绝该流量" },
  );

export const askPeeringRoutes = (peering: string, network: string, region: string | null): Ask =>
  ask(
    gcloud(`compute networks peerings list-routes ${peering} --network=${nameOf(network)} --direction=INCOMING`, {
      project: projectOf(network),
      region,
    }),
    {
      en: `list what is imported over peering ${peering}, in a file whose name says peering, region and direction (${listFile(peering, region)})`,
      zh: `列出经对等连接 ${peering} 导入的路由，文件名写明对等连接、区域和方向（${listFile(peering, region)}）`,
    },
    { en: "which routes of the peer apply", zh: "对等网络的哪些路由适用" },
  );

const listFile = (peering: string, region: string | null): string =>
  [peering, ...(region === null ? [] : [region]), "incoming.json"].join("-");

export const askTunnels = (project: string): Ask =>
  ask(
    gcloud("compute vpn-tunnels list", { project }),
    { en: `list the VPN tunnels of ${projectText(project).en}`, zh: `列出${projectText(project).zh}的 VPN 隧道` },
    { en: "whether the tunnel is established", zh: "隧道是否已建立" },
  );

export const askInstances = (project: string): Ask =>
  ask(
    gcloud("compute instances list", { project }),
    { en: `list the instances of ${projectText(project).en}`, zh: `列出${projectText(project).zh}的实例` },
    { en: "which VM the next hop is", zh: "下一跳是哪台虚拟机" },
  );

export const askServiceAttachments: Ask = ask(
  null,
  {
    en: "ask the producer of the service for the NAT subnets of its service attachment, or for a log line",
    zh: "请向服务提供方索取其服务附件的 NAT 子网，或一行日志",
  },
  { en: "from which addresses the service sees its clients", zh: "服务端看到的客户端地址" },
);

export const askFarSide: Ask = ask(
  null,
  {
    en: "take a log line or a capture at the destination, or ask the far side about its translation",
    zh: "请在目的端取一行日志或抓包，或向对端了解其地址转换",
  },
  { en: "whether the far side translates again", zh: "对端是否再次转换" },
);

export const askConsoleForPort25: Ask = ask(
  null,
  {
    en: "see in the console whether the project may send to port 25, or take a line of the receiver's log",
    zh: "请在控制台查看该项目是否可向 25 端口发送，或取接收方日志中的一行",
  },
  { en: "whether mail leaves by port 25 at all", zh: "邮件究竟能否从 25 端口发出" },
);
