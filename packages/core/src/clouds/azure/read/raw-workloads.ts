import * as v from "valibot";
import { type Ip, parseIp } from "../../../address/ip.ts";
import { flag, ip, ips, ref, refs, text } from "./raw.ts";

// Workloads that are no machines of their own, as raw.ts has the rest. Only what names a place or an address is taken:
// settings, connection strings, keys and variables stand beside it in the same exports and are never kept.

/** `203.0.113.5,203.0.113.6`; App Service writes an empty text where it names none. */
const addressList = v.nullish(
  v.pipe(
    v.string(),
    v.rawTransform<string, readonly Ip[]>(({ dataset, addIssue, NEVER }) => {
      const parts = dataset.value.split(",").map((part) => part.trim());
      const read = parts.filter((part) => part !== "").map((part) => parseIp(part));
      if (read.every((one) => one !== undefined)) return read;
      addIssue({ message: "addresses", expected: "IP addresses with commas between", received: "something else" });
      return NEVER;
    }),
  ),
);

/** https://learn.microsoft.com/azure/templates/microsoft.web/sites */
export const rawSite = v.object({
  location: text,
  kind: text,
  sku: v.nullish(v.union([v.string(), v.object({ name: text, tier: text })])),
  serverfarmid: text,
  appserviceplanid: text,
  outboundipaddresses: addressList,
  possibleoutboundipaddresses: addressList,
  virtualnetworksubnetid: text,
  vnetrouteallenabled: flag,
  outboundvnetrouting: v.nullish(v.object({ alltraffic: flag, applicationtraffic: flag })),
  siteconfig: v.nullish(v.object({ vnetrouteallenabled: flag, vnetname: text })),
  hostingenvironmentprofile: ref,
});

/** https://learn.microsoft.com/azure/templates/microsoft.web/serverfarms */
export const rawPlan = v.object({
  sku: v.object({ name: text, tier: text }),
  hostingenvironmentprofile: ref,
});

/** https://learn.microsoft.com/azure/templates/microsoft.web/hostingenvironments */
export const rawHostingEnvironment = v.object({
  virtualnetwork: v.object({ id: v.string(), subnet: text }),
});

/** https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters */
export const rawCluster = v.object({
  location: text,
  noderesourcegroup: text,
  agentpoolprofiles: v.nullish(
    v.array(
      v.object({
        name: v.string(),
        mode: text,
        vnetsubnetid: text,
        podsubnetid: text,
        enablenodepublicip: flag,
      }),
    ),
  ),
  networkprofile: v.object({
    outboundtype: text,
    networkplugin: text,
    networkpluginmode: text,
    loadbalancerprofile: v.nullish(v.object({ effectiveoutboundips: refs })),
    natgatewayprofile: v.nullish(v.object({ effectiveoutboundips: refs })),
  }),
});

/** Read with kubectl, not with az. https://learn.microsoft.com/azure/aks/configure-static-egress-gateway */
export const rawStaticGateway = v.object({
  metadata: v.object({ name: v.string(), namespace: text }),
  spec: v.object({
    gatewaynodepoolname: text,
    excludecidrs: v.nullish(v.array(v.string())),
    defaultroute: text,
    provisionpublicips: flag,
    publicipprefixid: text,
  }),
  status: v.nullish(v.object({ egressipprefix: text })),
});

/** https://learn.microsoft.com/azure/templates/microsoft.app/managedenvironments */
export const rawContainerEnvironment = v.object({
  location: text,
  vnetconfiguration: v.nullish(v.object({ infrastructuresubnetid: text })),
  workloadprofiles: v.nullish(v.array(v.unknown())),
});

/** https://learn.microsoft.com/azure/templates/microsoft.app/containerapps */
export const rawContainerApp = v.object({
  location: text,
  managedenvironmentid: text,
  environmentid: text,
  outboundipaddresses: ips,
});

/** https://learn.microsoft.com/azure/templates/microsoft.containerinstance/containergroups */
export const rawContainerGroup = v.object({
  location: text,
  ipaddress: v.nullish(v.object({ ip, type: text })),
  subnetids: refs,
});

/** https://learn.microsoft.com/azure/templates/microsoft.sql */
export const rawDatabaseServer = v.object({ location: text, subnetid: text });
