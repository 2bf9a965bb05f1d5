import type { Rule } from "../../../../model/rule.ts";

const RUN_API = "https://github.com/googleapis/googleapis/blob/master/google/cloud/run/v2/vendor_settings.proto";
const STATIC_OUTBOUND = "https://docs.cloud.google.com/run/docs/configuring/static-outbound-ip";
const CONNECTOR_API = "https://github.com/googleapis/googleapis/blob/master/google/cloud/vpcaccess/v1/vpc_access.proto";
const SWP_API = "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkservices/v1/gateway.proto";
const TRACE = "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto";

export const googlePool = {
  id: "gcp/serverless/google-pool",
  ref: "SL-1",
  says: {
    en: "Without VPC access, or outside what goes through it, a serverless workload is seen as an address of a pool that Google shares and changes.",
    zh: "未配置 VPC 访问，或流量不经过 VPC 时，无服务器工作负载以 Google 共享且会变化的地址池中的地址出现。",
  },
  source: STATIC_OUTBOUND,
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T44", "gcp/run-no-vpc"],
} as const satisfies Rule;

export const privateRangesByDefault = {
  id: "gcp/serverless/private-ranges-by-default",
  ref: "SL-2",
  says: {
    en: "VPC access sends private destinations alone through the network unless egress is ALL_TRAFFIC; Cloud NAT then serves no public one.",
    zh: "除非出站设为 ALL_TRAFFIC，VPC 访问只让私有目的地经过网络；此时 Cloud NAT 不服务任何公网目的地。",
  },
  source: RUN_API,
  pageDate: null,
  mark: "read",
  cases: ["gcp/T44", "gcp/run-private-destination", "gcp/function-connector"],
} as const satisfies Rule;

export const directVpcEgress = {
  id: "gcp/serverless/direct-vpc-egress",
  ref: "SL-3",
  says: {
    en: "With Direct VPC egress an instance takes addresses of the subnet, and what covers that subnet decides.",
    zh: "使用直接 VPC 出站时，实例从该子网取得地址，由覆盖该子网的设置决定结果。",
  },
  source: RUN_API,
  pageDate: null,
  mark: "read",
  cases: ["gcp/T45", "gcp/run-private-destination"],
} as const satisfies Rule;

export const tagsMaySelectRoutes = {
  id: "gcp/serverless/tags-may-select-routes",
  ref: "SL-3 (tags)",
  says: {
    en: "Whether the network tags of Direct VPC egress also select static routes with tags is not published.",
    zh: "直接 VPC 出站的网络标记是否也会选中带标记的静态路由，没有公布。",
  },
  source: RUN_API,
  pageDate: null,
  mark: "unsourced",
  cases: ["gcp/run-tagged-route"],
} as const satisfies Rule;

export const connectorRange = {
  id: "gcp/serverless/connector-range",
  ref: "SL-4",
  says: {
    en: "Through a Serverless VPC Access connector the source is an address of the connector's own range, which Cloud NAT must cover.",
    zh: "经无服务器 VPC 访问连接器时，源地址属于连接器自身的地址段，须由 Cloud NAT 覆盖。",
  },
  source: CONNECTOR_API,
  pageDate: null,
  mark: "partly",
  cases: ["gcp/run-connector", "gcp/run-connector-missing", "gcp/app-engine-connector", "gcp/connector-inside"],
} as const satisfies Rule;

export const egressNames = {
  id: "gcp/serverless/egress-names",
  ref: "SL-5",
  says: {
    en: "Cloud Run, Cloud Functions and App Engine name the same two settings differently; each defaults to private ranges.",
    zh: "Cloud Run、Cloud Functions 和 App Engine 对同样两种设置的命名不同；默认均为仅私有地址段。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/functions/v2/functions.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/function-connector", "gcp/app-engine-connector", "gcp/run-knative", "gcp/function-all-traffic"],
} as const satisfies Rule;

export const appEnginePool = {
  id: "gcp/serverless/app-engine-pool",
  ref: "SL-6",
  says: {
    en: "App Engine standard without a connector sends from a large pool: two calls in a row may show two addresses.",
    zh: "未使用连接器的 App Engine 标准环境从很大的地址池发送：连续两次调用可能显示两个地址。",
  },
  source: "https://cloud.google.com/appengine/docs/standard/java-gen2/outbound-ip-addresses",
  pageDate: null,
  mark: "read",
  cases: ["gcp/app-engine"],
} as const satisfies Rule;

export const natServesServerless = {
  id: "gcp/serverless/nat-serves",
  ref: "SL-7",
  says: {
    en: "Cloud NAT serves Cloud Run and Cloud Functions (Direct VPC egress or connector) and App Engine standard (connector).",
    zh: "Cloud NAT 服务于 Cloud Run 和 Cloud Functions（直接 VPC 出站或连接器）以及 App Engine 标准环境（连接器）。",
  },
  source: "https://docs.cloud.google.com/nat/docs/overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T45", "gcp/run-connector", "gcp/app-engine-connector"],
} as const satisfies Rule;

export const webProxyModes = {
  id: "gcp/serverless/web-proxy-modes",
  ref: "SL-8",
  says: {
    en: "Secure Web Proxy is explicit by default: programs name it as their proxy; in next-hop mode routes lead to it.",
    zh: "安全 Web 代理默认为显式模式：由程序将其设为代理；在下一跳模式下由路由引向它。",
  },
  source: SWP_API,
  pageDate: null,
  mark: "read",
  cases: ["gcp/web-proxy-explicit", "gcp/web-proxy-next-hop"],
} as const satisfies Rule;

export const webProxySource = {
  id: "gcp/serverless/web-proxy-source",
  ref: "SL-9",
  says: {
    en: "Through Secure Web Proxy the destination sees an address of the NAT gateway with endpoint type ENDPOINT_TYPE_SWG.",
    zh: "经安全 Web 代理时，目的端看到端点类型为 ENDPOINT_TYPE_SWG 的 NAT 网关的地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/web-proxy-explicit", "gcp/web-proxy-next-hop"],
} as const satisfies Rule;

export const noConnectorToPrivate = {
  id: "gcp/serverless/no-way-to-private",
  ref: "SL-1 (private)",
  says: {
    en: "Without a connector or Direct VPC egress a serverless workload reaches no private destination.",
    zh: "没有连接器或直接 VPC 出站时，无服务器工作负载无法到达私有目的地。",
  },
  source: TRACE,
  pageDate: null,
  mark: "partly",
  cases: ["gcp/run-no-vpc-private"],
} as const satisfies Rule;

export const serverlessMail = {
  id: "gcp/serverless/port-25",
  ref: "MAIL-1 (serverless)",
  says: {
    en: "Whether serverless workloads may open connections to port 25 without a VPC network is taken as not known.",
    zh: "无服务器工作负载不经 VPC 网络能否连接 25 端口，视为未知。",
  },
  source: "https://docs.cloud.google.com/compute/docs/tutorials/sending-mail",
  pageDate: null,
  mark: "unsourced",
  cases: ["gcp/run-no-vpc-mail"],
} as const satisfies Rule;

export const senderIsOne = {
  id: "gcp/serverless/one-way-out",
  ref: "SL-2 (one interface)",
  says: {
    en: "A workload that is no VM has one way out, and the platform picks its source.",
    zh: "非虚拟机的工作负载只有一个出口，由平台选择其源地址。",
  },
  source: RUN_API,
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T44", "gcp/run-revision-not-ready"],
} as const satisfies Rule;

export const serverlessRules: readonly Rule[] = [
  googlePool,
  privateRangesByDefault,
  directVpcEgress,
  tagsMaySelectRoutes,
  connectorRange,
  egressNames,
  appEnginePool,
  natServesServerless,
  webProxyModes,
  webProxySource,
  noConnectorToPrivate,
  serverlessMail,
  senderIsOne,
];
