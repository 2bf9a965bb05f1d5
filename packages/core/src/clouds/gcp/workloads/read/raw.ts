import * as v from "valibot";

/**
 * Members as the APIs name them; only these are kept, so that no environment variable, secret or image ever is. What is
 * absent is absent, what has another type makes the resource unusable.
 */
const text = v.nullish(v.string());
const flag = v.nullish(v.boolean());
const texts = v.nullish(v.array(v.string()));

/** @see https://github.com/googleapis/googleapis/blob/master/google/container/v1/cluster_service.proto */
const nodePool = v.object({
  name: text,
  instanceGroupUrls: texts,
  networkConfig: v.nullish(v.object({ podRange: text, podIpv4CidrBlock: text, enablePrivateNodes: flag })),
  config: v.nullish(v.object({ imageType: text, tags: texts })),
});

export const cluster = v.object({
  name: text,
  selfLink: text,
  location: text,
  zone: text,
  network: text,
  subnetwork: text,
  clusterIpv4Cidr: text,
  servicesIpv4Cidr: text,
  autopilot: v.nullish(v.object({ enabled: flag })),
  networkConfig: v.nullish(
    v.object({
      network: text,
      subnetwork: text,
      defaultEnablePrivateNodes: flag,
      defaultSnatStatus: v.nullish(v.object({ disabled: flag })),
    }),
  ),
  ipAllocationPolicy: v.nullish(
    v.object({
      useIpAliases: flag,
      clusterIpv4CidrBlock: text,
      servicesIpv4CidrBlock: text,
      clusterSecondaryRangeName: text,
      additionalPodRangesConfig: v.nullish(v.object({ podRangeNames: texts })),
    }),
  ),
  privateClusterConfig: v.nullish(v.object({ enablePrivateNodes: flag })),
  nodePools: v.nullish(v.array(nodePool)),
});
export type RawCluster = v.InferOutput<typeof cluster>;

const metadata = v.object({ name: text, namespace: text });

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
export const node = v.object({
  metadata: v.object({
    name: text,
    labels: v.nullish(v.object({ "cloud.google.com/gke-nodepool": text, "kubernetes.io/os": text })),
  }),
  spec: v.object({ podCIDR: text, podCIDRs: texts, providerID: text }),
  status: v.nullish(v.object({ addresses: v.nullish(v.array(v.object({ type: text, address: text }))) })),
});
export type RawNode = v.InferOutput<typeof node>;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const pod = v.object({
  metadata,
  spec: v.object({ nodeName: text, hostNetwork: flag }),
  status: v.nullish(v.object({ podIP: text, phase: text, podIPs: v.nullish(v.array(v.object({ ip: text }))) })),
});
export type RawPod = v.InferOutput<typeof pod>;

/** Of the DaemonSet one flag: https://github.com/kubernetes-sigs/ip-masq-agent/blob/master/README.md */
export const masqueradeAgent = v.object({
  metadata,
  spec: v.object({
    template: v.object({ spec: v.object({ containers: v.array(v.object({ args: texts, command: texts })) }) }),
  }),
});
export type RawMasqueradeAgent = v.InferOutput<typeof masqueradeAgent>;

export const masqueradeConfig = v.object({ metadata, data: v.nullish(v.record(v.string(), v.string())) });
export type RawMasqueradeConfig = v.InferOutput<typeof masqueradeConfig>;

/** @see https://docs.cloud.google.com/kubernetes-engine/docs/how-to/egress-nat-policy-ip-masq-autopilot */
export const egressNatPolicy = v.object({
  metadata,
  spec: v.object({ action: text, destinations: v.nullish(v.array(v.object({ cidr: text }))) }),
});
export type RawEgressNatPolicy = v.InferOutput<typeof egressNatPolicy>;

const networkInterface = v.object({ network: text, subnetwork: text, tags: texts });
export type RawNetworkInterface = v.InferOutput<typeof networkInterface>;

/** @see https://github.com/googleapis/googleapis/blob/master/google/cloud/run/v2/vendor_settings.proto */
const vpcAccess = v.object({
  connector: text,
  egress: text,
  networkInterfaces: v.nullish(v.array(networkInterface)),
});
export type RawVpcAccess = v.InferOutput<typeof vpcAccess>;

/** A service, job or worker pool of version 2; a job has a template inside the template. */
export const run = v.object({
  name: v.string(),
  template: v.object({
    vpcAccess: v.nullish(vpcAccess),
    template: v.nullish(v.object({ vpcAccess: v.nullish(vpcAccess) })),
  }),
  traffic: v.nullish(v.array(v.object({ type: text, revision: text }))),
  latestCreatedRevision: text,
  latestReadyRevision: text,
});
export type RawRun = v.InferOutput<typeof run>;

const annotations = v.nullish(
  v.object({
    "run.googleapis.com/vpc-access-connector": text,
    "run.googleapis.com/vpc-access-egress": text,
    "run.googleapis.com/network-interfaces": text,
  }),
);
export type RawAnnotations = v.InferOutput<typeof annotations>;

/** The Knative form that gcloud prints. */
export const knative = v.object({
  metadata: v.object({
    name: v.string(),
    namespace: text,
    selfLink: text,
    labels: v.nullish(v.object({ "cloud.googleapis.com/location": text })),
  }),
  spec: v.object({
    template: v.nullish(v.object({ metadata: v.nullish(v.object({ annotations })) })),
    traffic: v.nullish(v.array(v.object({ latestRevision: flag, revisionName: text }))),
  }),
  status: v.nullish(v.object({ latestCreatedRevisionName: text, latestReadyRevisionName: text })),
});
export type RawKnative = v.InferOutput<typeof knative>;

/** Both generations; @see https://github.com/googleapis/googleapis/blob/master/google/cloud/functions/v2/functions.proto */
export const cloudFunction = v.object({
  name: v.string(),
  vpcConnector: text,
  vpcConnectorEgressSettings: text,
  serviceConfig: v.nullish(
    v.object({
      service: text,
      vpcConnector: text,
      vpcConnectorEgressSettings: text,
      directVpcEgress: text,
      directVpcNetworkInterface: v.nullish(v.array(networkInterface)),
    }),
  ),
});
export type RawFunction = v.InferOutput<typeof cloudFunction>;

/** @see https://github.com/googleapis/googleapis/blob/master/google/appengine/v1/version.proto */
export const appEngineVersion = v.object({
  name: v.string(),
  env: text,
  vm: flag,
  vpcAccessConnector: v.nullish(v.object({ name: text, egressSetting: text })),
});
export type RawAppEngineVersion = v.InferOutput<typeof appEngineVersion>;

/** @see https://github.com/googleapis/googleapis/blob/master/google/cloud/vpcaccess/v1/vpc_access.proto */
export const connector = v.object({
  name: v.string(),
  network: text,
  ipCidrRange: text,
  subnet: v.nullish(v.object({ name: text, projectId: text })),
});
export type RawConnector = v.InferOutput<typeof connector>;

/** @see https://github.com/googleapis/googleapis/blob/master/google/cloud/sql/v1/cloud_sql_resources.proto */
export const sqlInstance = v.object({
  name: v.string(),
  project: text,
  region: text,
  selfLink: text,
  ipAddresses: v.nullish(v.array(v.object({ type: text, ipAddress: text, timeToRetire: text }))),
  settings: v.nullish(v.object({ ipConfiguration: v.nullish(v.object({ privateNetwork: text })) })),
});
export type RawSqlInstance = v.InferOutput<typeof sqlInstance>;

/** @see https://github.com/googleapis/googleapis/blob/master/google/cloud/networkservices/v1/gateway.proto */
export const webProxy = v.object({
  name: v.string(),
  type: text,
  routingMode: text,
  addresses: texts,
  network: text,
  subnetwork: text,
});
export type RawWebProxy = v.InferOutput<typeof webProxy>;
