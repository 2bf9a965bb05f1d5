import type { Ask } from "../../../model/outcome.ts";
import { gcloud } from "../asks.ts";
import { nameOf, projectOf, regionOf } from "../links.ts";

interface Named {
  readonly name: string;
  readonly path: string;
}

/** https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent */
export const askAgent = ({ name }: Named): Ask => ({
  text: {
    en: `with kubectl pointed at ${name}, print the masquerade agent and its list, and pass both with --config`,
    zh: `将 kubectl 指向 ${name}，打印伪装代理及其列表，并用 --config 传入`,
  },
  command: "kubectl get daemonset,configmap -n kube-system --field-selector metadata.name=ip-masq-agent -o yaml",
  settles: { en: "whether Pods leave with the node's address", zh: "Pod 是否以节点地址离开" },
});

/** https://docs.cloud.google.com/kubernetes-engine/docs/how-to/egress-nat-policy-ip-masq-autopilot */
export const askPolicies = ({ name }: Named): Ask => ({
  text: {
    en: `with kubectl pointed at ${name}, print its egress NAT policies, and pass them with --config`,
    zh: `将 kubectl 指向 ${name}，打印其 EgressNATPolicy，并用 --config 传入`,
  },
  command: "kubectl get egressnatpolicies -o yaml",
  settles: { en: "whether Pods leave with the node's address", zh: "Pod 是否以节点地址离开" },
});

export const askNodes = ({ name }: Named): Ask => ({
  text: {
    en: `with kubectl pointed at ${name}, list its nodes, and pass the list with --config`,
    zh: `将 kubectl 指向 ${name}，列出其节点，并用 --config 传入`,
  },
  command: "kubectl get nodes -o json",
  settles: { en: "which addresses its nodes have", zh: "其节点拥有哪些地址" },
});

export const askCluster = (node: string): Ask => ({
  text: {
    en: `export the cluster of ${node}, and its Pods' VMs`,
    zh: `导出 ${node} 所在的集群及其虚拟机`,
  },
  command: gcloud("container clusters list", {}),
  settles: { en: "how its Pods leave", zh: "其 Pod 如何离开" },
});

export const askConnectors = (path: string): Ask => ({
  text: { en: `export the connector ${nameOf(path)}`, zh: `导出连接器 ${nameOf(path)}` },
  command: `gcloud compute networks vpc-access connectors describe ${nameOf(path)} --region=${regionText(path)}${projectFlag(path)} --format=json`,
  settles: { en: "which network and range it sends from", zh: "它从哪个网络和地址段发送" },
});

const regionText = (path: string): string => regionOf(path.replace("/locations/", "/regions/")) ?? "REGION";

const projectFlag = (path: string): string => {
  const project = projectOf(path);
  return project === undefined || project === "-" ? "" : ` --project=${project}`;
};

export const askRevisions = ({ name }: Named): Ask => ({
  text: {
    en: `see the egress settings of every revision of ${name} that serves traffic`,
    zh: `查看 ${name} 每个承载流量的修订版本的出站设置`,
  },
  command: `gcloud run revisions list --service=${name} --format=json`,
  settles: { en: "whether all of them leave the same way", zh: "它们是否以相同方式离开" },
});

export const askReceiver: Ask = {
  text: {
    en: "take a line of the destination's log; or route all traffic through a VPC network with Cloud NAT, for a fixed address",
    zh: "请取目的端的一行日志；或让全部流量经过带 Cloud NAT 的 VPC 网络，以获得固定地址",
  },
  command: null,
  settles: { en: "which address was seen, that time", zh: "当时看到的是哪个地址" },
};

export const askSql = ({ name, path }: Named): Ask => ({
  text: { en: `describe ${name} again`, zh: `重新查询 ${name}` },
  command: `gcloud sql instances describe ${name}${projectFlag(path)} --format=json`,
  settles: { en: "its outgoing address", zh: "它的出站地址" },
});

export const askProxySetting: Ask = {
  text: {
    en: "see the proxy settings of the program (HTTPS_PROXY, its configuration file)",
    zh: "请查看程序的代理设置（HTTPS_PROXY 或其配置文件）",
  },
  command: null,
  settles: { en: "whether it goes through the proxy", zh: "它是否经过代理" },
};
