import type { Rule } from "../../../model/rule.ts";

// Cloud NAT: when it applies, to which sources, with which addresses.

export const needsInternetGateway = {
  id: "gcp/nat/public-needs-internet-gateway",
  ref: "NAT-1",
  says: {
    en: "Public NAT translates only what the winning route sends to the default internet gateway.",
    zh: "公共 NAT 只转换胜出路由送往默认互联网网关的流量。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-product-interactions",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T05", "gcp/T20", "twins/translated"],
} as const satisfies Rule;

export const notForExternalPrimary = {
  id: "gcp/nat/not-for-external-primary",
  ref: "NAT-2",
  says: {
    en: "Public NAT leaves out the primary address of an interface that has an external IPv4 address.",
    zh: "公共 NAT 不处理拥有外部 IPv4 地址的网卡的主地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T02"],
} as const satisfies Rule;

export const sameNetworkAndRegion = {
  id: "gcp/nat/same-network-and-region",
  ref: "NAT-3",
  says: {
    en: "A NAT gateway serves only interfaces of its own network and region.",
    zh: "NAT 网关只服务于同一网络、同一区域的网卡。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T12"],
} as const satisfies Rule;

export const publicType = {
  id: "gcp/nat/public-type",
  ref: "NAT-4",
  says: {
    en: "A gateway translates to the internet only if its type is PUBLIC or absent.",
    zh: "网关的类型为 PUBLIC 或缺省时，才转换去往互联网的流量。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/private-nat-to-internet"],
} as const satisfies Rule;

export const vmEndpoint = {
  id: "gcp/nat/vm-endpoint",
  ref: "NAT-5",
  says: {
    en: "A gateway serves VMs only if its endpoint types are empty or name VMs.",
    zh: "端点类型为空或包含虚拟机时，网关才服务于虚拟机。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T15"],
} as const satisfies Rule;

export const coveredSource = {
  id: "gcp/nat/covered-source",
  ref: "NAT-6",
  says: {
    en: "The source address must be in a range that the gateway covers.",
    zh: "源地址必须在网关所覆盖的范围内。",
  },
  source: "https://docs.cloud.google.com/nat/docs/overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T03", "gcp/T05", "gcp/T13"],
} as const satisfies Rule;

export const notForGoogleApis = {
  id: "gcp/nat/not-for-google-apis",
  ref: "NAT-7",
  says: {
    en: "Public NAT never translates traffic to Google APIs.",
    zh: "公共 NAT 从不转换去往 Google API 的流量。",
  },
  source: "https://docs.cloud.google.com/nat/docs/overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T39"],
} as const satisfies Rule;

export const firewallBeforeNat = {
  id: "gcp/nat/firewall-before-nat",
  ref: "NAT-8",
  says: {
    en: "Egress firewall rules decide before NAT, on the internal addresses.",
    zh: "出站防火墙规则在 NAT 之前按内部地址判定。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/firewall-deny", "gcp/firewall-other-target"],
} as const satisfies Rule;

export const protocolSupported = {
  id: "gcp/nat/protocol-supported",
  ref: "NAT-9",
  says: {
    en: "NAT carries TCP, UDP and ICMP; other protocols are dropped.",
    zh: "NAT 支持 TCP、UDP 和 ICMP；其他协议被丢弃。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nat-icmp"],
} as const satisfies Rule;

export const neverForPeers = {
  id: "gcp/nat/never-for-peers",
  ref: "NAT-10",
  says: {
    en: "A gateway never serves VMs of a peered network.",
    zh: "网关从不服务于对等网络中的虚拟机。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-product-interactions",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nat-of-peer"],
} as const satisfies Rule;

export const noExternalAddress = {
  id: "gcp/nat/no-external-address",
  ref: "NAT-11",
  says: {
    en: "Without an external address and without a gateway that covers the source, nothing leaves for the internet.",
    zh: "没有外部地址，也没有覆盖该源地址的网关，就没有流量能去往互联网。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T04", "gcp/T12", "gcp/T13", "gcp/T15"],
} as const satisfies Rule;

export const externalDestinationSameVpc = {
  id: "gcp/nat/external-destination-in-same-vpc",
  ref: "NAT-12",
  says: {
    en: "Traffic to the external address of a VM in the same network still leaves by the internet gateway and is translated.",
    zh: "去往同一网络中虚拟机外部地址的流量仍经互联网网关并被转换。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T40"],
} as const satisfies Rule;

export const subnetworkRanges = {
  id: "gcp/nat/subnetwork-ranges",
  ref: "NAT-13",
  says: {
    en: "A listed subnet is covered by its primary range, all its ranges, or the secondary ranges named.",
    zh: "列出的子网可按主范围、全部范围或指定的次要范围被覆盖。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T14-alias", "gcp/T14"],
} as const satisfies Rule;

export const secondaryNames = {
  id: "gcp/nat/secondary-range-names",
  ref: "NAT-14",
  says: {
    en: "Names of secondary ranges count only where a list of secondary ranges is asked for.",
    zh: "只有在要求次要范围列表时，次要范围名称才有意义。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T14-alias", "gcp/T14"],
} as const satisfies Rule;

export const flagForms = {
  id: "gcp/nat/gcloud-flag-forms",
  ref: "NAT-15",
  says: {
    en: "The command's forms SUBNET, SUBNET:ALL and SUBNET:RANGE cover the primary range, all ranges, or that one range.",
    zh: "命令写法 SUBNET、SUBNET:ALL 和 SUBNET:RANGE 分别覆盖主范围、全部范围或该范围。",
  },
  source: "https://docs.cloud.google.com/nat/docs/set-up-network-address-translation",
  pageDate: "2026-04",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "Exports hold the fields of the API, never the flags of the command that set them.",
    zh: "导出中是 API 的字段，而非设置它们的命令行参数。",
  },
} as const satisfies Rule;

export const aliasFromPrimaryRange = {
  id: "gcp/nat/alias-from-primary-range",
  ref: "NAT-16",
  says: {
    en: "Whether a gateway for primary ranges covers an alias taken from the primary range is not documented.",
    zh: "只覆盖主范围的网关是否覆盖取自主范围的别名，没有文档说明。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "unsourced",
  cases: ["gcp/alias-from-primary-range"],
} as const satisfies Rule;

export const oneGatewayPerRange = {
  id: "gcp/nat/one-public-gateway-per-range",
  ref: "NAT-17",
  says: {
    en: "A range is served by at most one public gateway; two in an export contradict each other.",
    zh: "一个范围至多由一个公共网关服务；导出中出现两个即互相矛盾。",
  },
  source: "https://docs.cloud.google.com/nat/docs/overview",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nat-two-gateways"],
} as const satisfies Rule;

export const sourceRulesWiden = {
  id: "gcp/nat/source-rules-widen",
  ref: "NAT-18",
  says: {
    en: "A rule on the source can translate forwarded packets whose source is outside every subnet.",
    zh: "按源匹配的规则可以转换源地址不在任何子网内的被转发数据包。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-rules-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T19"],
} as const satisfies Rule;

export const mappingMayLag = {
  id: "gcp/nat/mapping-may-lag",
  ref: "NAT-19",
  says: {
    en: "The mappings reported at run time may lag behind the configuration.",
    zh: "运行时报告的映射可能滞后于配置。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T50"],
} as const satisfies Rule;

export const onePoolWithoutRules = {
  id: "gcp/nat/one-pool-without-rules",
  ref: "NAT-20",
  says: {
    en: "Without rules, a gateway uses its one set of addresses for every destination.",
    zh: "没有规则时，网关对所有目的地使用同一组地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-rules-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T06"],
} as const satisfies Rule;

export const manualPool = {
  id: "gcp/nat/manual-pool",
  ref: "NAT-21",
  says: {
    en: "With manual allocation the set is exactly the addresses listed on the gateway.",
    zh: "手动分配时，地址集合就是网关上列出的地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T05", "gcp/T06", "gcp/T49", "gcp/T50-confirms", "gcp/T51", "gcp/T52", "gcp/T53"],
} as const satisfies Rule;

export const autoPool = {
  id: "gcp/nat/auto-pool",
  ref: "NAT-22",
  says: {
    en: "With automatic allocation the configuration names no address; only the router's status does.",
    zh: "自动分配时，配置中没有地址；只有路由器状态才有。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T09", "gcp/T10"],
} as const satisfies Rule;

export const autoMayChange = {
  id: "gcp/nat/auto-may-change",
  ref: "NAT-23",
  says: {
    en: "Google adds and removes automatic addresses as VMs and ports change.",
    zh: "随着虚拟机和端口的变化，Google 会增减自动分配的地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/ports-and-addresses",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T10"],
} as const satisfies Rule;

export const draining = {
  id: "gcp/nat/draining",
  ref: "NAT-24",
  says: {
    en: "A draining address takes no new connections but keeps the established ones.",
    zh: "正在排空的地址不接受新连接，但保留已建立的连接。",
  },
  source: "https://docs.cloud.google.com/nat/docs/set-up-network-address-translation",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T11", "gcp/nat-without-addresses"],
} as const satisfies Rule;

export const switchingReplaces = {
  id: "gcp/nat/switching-replaces",
  ref: "NAT-25",
  says: {
    en: "Changing between automatic and manual allocation replaces the addresses and closes connections.",
    zh: "在自动与手动分配之间切换会更换地址并断开连接。",
  },
  source: "https://docs.cloud.google.com/nat/docs/set-up-network-address-translation",
  pageDate: null,
  mark: "partly",
  cases: [],
  decidesNothing: {
    en: "An export shows one moment; what a change did is seen by comparing two exports.",
    zh: "导出只反映一个时刻；变更的影响要比较两份导出才能看到。",
  },
} as const satisfies Rule;

export const tooFewAddresses = {
  id: "gcp/nat/too-few-addresses",
  ref: "NAT-26",
  says: {
    en: "A manual gateway with too few addresses fails for new VMs.",
    zh: "手动网关地址不足时，新的虚拟机无法使用 NAT。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/too-few-nat-addresses"],
} as const satisfies Rule;

export const manualForAllowlists = {
  id: "gcp/nat/manual-for-allowlists",
  ref: "NAT-27",
  says: {
    en: "Manual allocation is the way to have addresses that a destination can allowlist.",
    zh: "要让目的端能够加入白名单，应使用手动分配。",
  },
  source: "https://docs.cloud.google.com/nat/docs/overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T05", "gcp/T10"],
} as const satisfies Rule;

export const noAddresses = {
  id: "gcp/nat/no-addresses",
  ref: "NAT-28",
  says: {
    en: "A gateway without an active address drops the traffic.",
    zh: "没有可用地址的网关会丢弃流量。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/nat-without-addresses"],
} as const satisfies Rule;

export const perNicBlocks = {
  id: "gcp/nat/per-nic-blocks",
  ref: "NAT-29",
  says: {
    en: "Ports are reserved for each interface, and one interface may hold ports of several addresses.",
    zh: "端口按网卡预留，一个网卡可能占用多个地址上的端口。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T07", "gcp/T08"],
} as const satisfies Rule;

export const snapshotNarrows = {
  id: "gcp/nat/snapshot-narrows",
  ref: "NAT-30",
  says: {
    en: "Mapping information narrows the set to the addresses that the VM held when it was taken.",
    zh: "映射信息把地址集合缩小到采集时该虚拟机所占用的地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T07", "gcp/T08"],
} as const satisfies Rule;

export const withoutEim = {
  id: "gcp/nat/without-endpoint-independence",
  ref: "NAT-31",
  says: {
    en: "Without endpoint-independent mapping each new connection may use another address of the set.",
    zh: "未启用端点独立映射时，每个新连接都可能使用集合中的另一个地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T06"],
} as const satisfies Rule;

export const withEim = {
  id: "gcp/nat/with-endpoint-independence",
  ref: "NAT-32",
  says: {
    en: "Endpoint-independent mapping ties an internal address and port to one NAT address and port, not the whole VM.",
    zh: "端点独立映射把一个内部地址和端口固定到一个 NAT 地址和端口，而不是固定整台虚拟机。",
  },
  source: "https://docs.cloud.google.com/nat/docs/public-nat",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nat-endpoint-independent"],
} as const satisfies Rule;

export const dynamicPortsWiden = {
  id: "gcp/nat/dynamic-ports-widen",
  ref: "NAT-33",
  says: {
    en: "Dynamic port allocation can give a VM ports of another address later.",
    zh: "动态端口分配之后可能给虚拟机分配另一个地址的端口。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nat-dynamic-ports"],
} as const satisfies Rule;

export const portNumbers = {
  id: "gcp/nat/port-numbers",
  ref: "NAT-34",
  says: {
    en: "Each NAT address offers 64,512 ports for TCP and as many for UDP.",
    zh: "每个 NAT 地址提供 64,512 个 TCP 端口和同样多的 UDP 端口。",
  },
  source: "https://docs.cloud.google.com/nat/docs/ports-and-addresses",
  pageDate: null,
  mark: "partly",
  cases: [],
  decidesNothing: {
    en: "It limits how many connections fit, not which address they come from.",
    zh: "它限制连接数量，不影响连接的来源地址。",
  },
} as const satisfies Rule;

export const quotas = {
  id: "gcp/nat/quotas",
  ref: "NAT-35",
  says: {
    en: "Gateways, rules and addresses have quotas; none is assumed here.",
    zh: "网关、规则和地址都有配额；此处不作假定。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "Quotas refuse a configuration before it exists; an export holds what was accepted.",
    zh: "配额在配置产生之前就会拒绝它；导出中只有已被接受的配置。",
  },
} as const satisfies Rule;

export const ruleOrder = {
  id: "gcp/nat/rule-order",
  ref: "NAT-36",
  says: {
    en: "Of a gateway's rules the lowest number that matches gives the addresses.",
    zh: "在网关的规则中，编号最小的匹配规则决定地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/using-nat-rules",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T16", "gcp/T17"],
} as const satisfies Rule;

export const destinationRules = {
  id: "gcp/nat/destination-rules",
  ref: "NAT-37",
  says: {
    en: "A rule may match destinations by address or range.",
    zh: "规则可以按地址或范围匹配目的地。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-rules-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T16"],
} as const satisfies Rule;

export const sourceRules = {
  id: "gcp/nat/source-rules",
  ref: "NAT-38",
  says: {
    en: "A rule may match sources instead, never both in one rule.",
    zh: "规则也可以改为匹配源，但同一规则不能两者兼有。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-rules-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T19"],
} as const satisfies Rule;

export const defaultRule = {
  id: "gcp/nat/default-rule",
  ref: "NAT-39",
  says: {
    en: "Where no rule matches, the gateway's own addresses are used; a rule's addresses are not among them.",
    zh: "没有规则匹配时使用网关自己的地址；规则的地址不在其中。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-rules-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T16-other"],
} as const satisfies Rule;

export const rulesExcludeEim = {
  id: "gcp/nat/rules-exclude-endpoint-independence",
  ref: "NAT-40",
  says: {
    en: "Rules and endpoint-independent mapping exclude each other.",
    zh: "规则与端点独立映射不能同时使用。",
  },
  source: "https://docs.cloud.google.com/nat/docs/using-nat-rules",
  pageDate: "2026-04",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "The API refuses the two together, and neither reading changes the set of addresses.",
    zh: "API 拒绝二者并存，且两种情况下地址集合都相同。",
  },
} as const satisfies Rule;

export const unknownExpression = {
  id: "gcp/nat/unknown-expression",
  ref: "NAT-41",
  says: {
    en: "A rule whose expression is not fully understood may match or not.",
    zh: "表达式未被完全理解的规则可能匹配，也可能不匹配。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T18"],
} as const satisfies Rule;

export const ruleExhaustion = {
  id: "gcp/nat/rule-exhaustion",
  ref: "NAT-42",
  says: {
    en: "What happens when a rule's ports run out is not documented.",
    zh: "规则的端口用尽时会怎样，没有文档说明。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-rules-overview",
  pageDate: null,
  mark: "unsourced",
  cases: [],
  decidesNothing: {
    en: "No export shows the ports in use; a drop is told by the NAT log, which is evidence.",
    zh: "导出不显示端口占用；丢弃由 NAT 日志（证据）说明。",
  },
} as const satisfies Rule;

export const ruleStatus = {
  id: "gcp/nat/rule-status",
  ref: "NAT-43",
  says: {
    en: "The router's status names the active addresses of each rule.",
    zh: "路由器状态给出每条规则的可用地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/nat-rule-status"],
} as const satisfies Rule;

export const rulesPerGateway = {
  id: "gcp/nat/rules-per-gateway",
  ref: "NAT-44",
  says: {
    en: "A rule counts only for the subnets of its own gateway.",
    zh: "规则只对其所属网关的子网有效。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-rules-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/nat-rules-other-gateway"],
} as const satisfies Rule;

export const googleApisPrivately = {
  id: "gcp/nat/google-apis-privately",
  ref: "NAT-45",
  says: {
    en: "Traffic to Google APIs goes by Private Google Access, which a gateway switches on for the ranges it serves.",
    zh: "去往 Google API 的流量走专用 Google 访问通道，网关会为其服务的范围开启该功能。",
  },
  source: "https://docs.cloud.google.com/nat/docs/overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T39", "gcp/google-api-by-address"],
} as const satisfies Rule;

export const privateGoogleAccess = {
  id: "gcp/nat/private-google-access",
  ref: "NAT-46",
  says: {
    en: "With Private Google Access the source stays an internal address.",
    zh: "使用专用 Google 访问通道时，源地址保持为内部地址。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/private-google-access",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T39-off", "gcp/T39", "gcp/private-google-access"],
} as const satisfies Rule;

export const specialVips = {
  id: "gcp/nat/special-vips",
  ref: "NAT-47",
  says: {
    en: "Two small IPv4 ranges and two IPv6 ones are Google's private and restricted API addresses.",
    zh: "有两个小的 IPv4 范围和两个 IPv6 范围是 Google 的 private 和 restricted API 地址。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/configure-private-google-access",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T39-off", "gcp/T39", "gcp/special-vips-ipv6"],
} as const satisfies Rule;

export const allowlistingAtGoogle = {
  id: "gcp/nat/allowlisting-at-google",
  ref: "NAT-48",
  says: {
    en: "An allowlist at a Google service does not see the NAT address.",
    zh: "Google 服务侧的白名单看不到 NAT 地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/overview",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T39"],
} as const satisfies Rule;

export const googleApiNotInConfig = {
  id: "gcp/nat/google-api-not-in-config",
  ref: "NAT-49",
  says: {
    en: "Whether a destination is a Google API cannot be read from the configuration.",
    zh: "配置中看不出目的地是否为 Google API。",
  },
  source: "https://cloud.google.com/appengine/docs/standard/java-gen2/outbound-ip-addresses",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/google-api-by-address"],
} as const satisfies Rule;

export const nat64 = {
  id: "gcp/nat/nat64",
  ref: "NAT-50",
  says: {
    en: "NAT64 serves IPv6-only VMs of the listed subnets towards addresses that embed an IPv4 address.",
    zh: "NAT64 为所列子网中仅有 IPv6 的虚拟机转换去往内嵌 IPv4 的地址的流量。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T55-dual", "gcp/T55"],
} as const satisfies Rule;

export const privateNat = {
  id: "gcp/nat/private-nat",
  ref: "NAT-51",
  says: {
    en: "Private NAT replaces the source by an address of a subnet made for it.",
    zh: "专用 NAT 把源地址替换为专用子网中的地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/private-nat",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T47"],
} as const satisfies Rule;

export const privateNatMatch = {
  id: "gcp/nat/private-nat-match",
  ref: "NAT-52",
  says: {
    en: "A Private NAT rule names the hub or the hybrid next hops it applies to.",
    zh: "专用 NAT 规则指明其适用的 NCC 中心或混合下一跳。",
  },
  source: "https://github.com/GoogleCloudPlatform/cloud-foundation-fabric/tree/master/modules/net-cloudnat",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T47"],
} as const satisfies Rule;

export const privateNatScope = {
  id: "gcp/nat/private-nat-scope",
  ref: "NAT-53",
  says: {
    en: "Private NAT covers all IPv4 ranges of a listed subnet, for TCP and UDP only.",
    zh: "专用 NAT 覆盖所列子网的全部 IPv4 范围，仅限 TCP 和 UDP。",
  },
  source: "https://docs.cloud.google.com/nat/docs/private-nat",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T47-icmp"],
} as const satisfies Rule;

export const privateNatWhere = {
  id: "gcp/nat/private-nat-where",
  ref: "NAT-54",
  says: {
    en: "Private NAT applies between spokes of one hub, or on routes that a Cloud Router learned.",
    zh: "专用 NAT 适用于同一中心的分支之间，或 Cloud Router 学到的路由。",
  },
  source: "https://docs.cloud.google.com/nat/docs/about-private-nat-for-ncc",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T47"],
} as const satisfies Rule;

export const privateNatNotInside = {
  id: "gcp/nat/private-nat-not-inside",
  ref: "NAT-55",
  says: {
    en: "Private NAT does not act inside one network, and destinations in its own range are dropped.",
    zh: "专用 NAT 在同一网络内部不起作用，目的地址在其自身范围内的流量会被丢弃。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/private-nat-inside", "gcp/private-nat-range"],
} as const satisfies Rule;

export const privateNatAnswer = {
  id: "gcp/nat/private-nat-answer",
  ref: "NAT-56",
  says: {
    en: "The destination may see any address of Private NAT's active ranges.",
    zh: "目的端可能看到专用 NAT 活动范围内的任一地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/private-nat",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T47"],
} as const satisfies Rule;

export const natRules: readonly Rule[] = [
  needsInternetGateway,
  notForExternalPrimary,
  sameNetworkAndRegion,
  publicType,
  vmEndpoint,
  coveredSource,
  notForGoogleApis,
  firewallBeforeNat,
  protocolSupported,
  neverForPeers,
  noExternalAddress,
  externalDestinationSameVpc,
  subnetworkRanges,
  secondaryNames,
  flagForms,
  aliasFromPrimaryRange,
  oneGatewayPerRange,
  sourceRulesWiden,
  mappingMayLag,
  onePoolWithoutRules,
  manualPool,
  autoPool,
  autoMayChange,
  draining,
  switchingReplaces,
  tooFewAddresses,
  manualForAllowlists,
  noAddresses,
  perNicBlocks,
  snapshotNarrows,
  withoutEim,
  withEim,
  dynamicPortsWiden,
  portNumbers,
  quotas,
  ruleOrder,
  destinationRules,
  sourceRules,
  defaultRule,
  rulesExcludeEim,
  unknownExpression,
  ruleExhaustion,
  ruleStatus,
  rulesPerGateway,
  googleApisPrivately,
  privateGoogleAccess,
  specialVips,
  allowlistingAtGoogle,
  googleApiNotInConfig,
  nat64,
  privateNat,
  privateNatMatch,
  privateNatScope,
  privateNatWhere,
  privateNatNotInside,
  privateNatAnswer,
];
