import type * as v from "valibot";
import type { Origin, Problem } from "../../../../problem.ts";
import type { WorkloadKind } from "../../workload-kind.ts";

export function unusable(kind: WorkloadKind, name: string, issue: v.BaseIssue<unknown>, origin: Origin): Problem {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  const path = keys.join("").replace(/^\./, "") || "the top";
  const expected = issue.expected ?? "another type";
  const what = name === "" ? kind : `${kind} ${name}`;
  return {
    level: "error",
    code: "gcp/wrong-type",
    file: origin.file,
    line: origin.line,
    text: {
      en: `${what}: expected ${expected} at ${path}; it is not used`,
      zh: `${what}：${path} 处应为 ${expected}；该资源未被使用`,
    },
    fix: {
      en: "export it again with --format=json (gcloud) or -o json (kubectl) and pass the file as it is",
      zh: "请用 --format=json（gcloud）或 -o json（kubectl）重新导出，并原样传入文件",
    },
  };
}

export const notARange = (what: string, found: string, origin: Origin): Problem => ({
  level: "error",
  code: "gcp/not-an-address",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${what}: expected an address or range, found ${JSON.stringify(found.slice(0, 60))}; it is not used`,
    zh: `${what}：应为地址或地址段，实为 ${JSON.stringify(found.slice(0, 60))}；未被使用`,
  },
  fix: { en: "export it again", zh: "请重新导出" },
});

export const ofNoCluster = (what: string, clusters: readonly string[], origin: Origin): Problem => ({
  level: "warning",
  code: "gcp/of-no-cluster",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${what} does not say of which cluster it is${clusters.length === 0 ? ", and no cluster was given" : ` (${clusters.slice(0, 5).join(", ")})`}; it is not used`,
    zh: `${what} 没有说明属于哪个集群${clusters.length === 0 ? "，且未给出集群" : `（${clusters.slice(0, 5).join("、")}）`}；未被使用`,
  },
  fix: {
    en: "put what kubectl printed for each cluster into a folder named after it, and add gcloud container clusters list --format=json",
    zh: "请把每个集群的 kubectl 输出放入以集群命名的文件夹，并加上 gcloud container clusters list --format=json 的输出",
  },
});

/** https://docs.cloud.google.com/nat/docs/nat-product-interactions */
export const podsNotCovered = (cluster: string, gateway: string, origin: Origin): Problem => ({
  level: "warning",
  code: "gcp/nat-without-pod-range",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${gateway} covers the nodes of ${cluster} and not its Pods: what leaves with a Pod address is not translated, so it does not arrive`,
    zh: `${gateway} 覆盖 ${cluster} 的节点而未覆盖其 Pod：以 Pod 地址离开的流量不会被转换，因而无法到达`,
  },
  fix: {
    en: "let the gateway cover the Pod range too, as Google asks for private nodes, or know that this is meant",
    zh: "请让网关也覆盖 Pod 地址段（Google 对私有节点的要求），或确认这是有意为之",
  },
});

export const unreadableMasquerade = (what: string, origin: Origin): Problem => ({
  level: "error",
  code: "gcp/masquerade-config-unreadable",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${what}: expected nonMasqueradeCIDRs as a list of ranges in YAML or JSON; whether Pods keep their address is taken as not known`,
    zh: `${what}：应为 YAML 或 JSON 形式的 nonMasqueradeCIDRs 地址段列表；Pod 是否保留自身地址视为未知`,
  },
  fix: {
    en: "export it again: kubectl get configmap ip-masq-agent -n kube-system -o yaml",
    zh: "请重新导出：kubectl get configmap ip-masq-agent -n kube-system -o yaml",
  },
});
