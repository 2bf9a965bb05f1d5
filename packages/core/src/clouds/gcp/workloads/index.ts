import type { Provider } from "../../provider.ts";
import { compileGcp, type Extend } from "../compile.ts";
import { gcpRules } from "../rules/index.ts";
import { gkeOf } from "./gke.ts";
import { googleEndpoints } from "./google-endpoints.ts";
import { distantBalancers } from "./internal-balancers.ts";
import { readWorkloads, type WorkloadExport } from "./read/export.ts";
import { gkeRules } from "./rules/gke.ts";
import { pscRules } from "./rules/psc.ts";
import { serverlessRules } from "./rules/serverless.ts";
import { sqlRules } from "./rules/sql.ts";
import { serverlessSenders } from "./serverless-senders.ts";
import { endpointsOfPeer, serviceEndpoints } from "./service-endpoints.ts";
import { sqlSenders } from "./sql.ts";
import { throughProxies } from "./web-proxy.ts";

const withWorkloads =
  (read: WorkloadExport): Extend =>
  (facts) => {
    const { problems } = facts;
    const gke = gkeOf(read, facts, problems);
    const proxies = throughProxies(read, facts);
    return {
      endpoints: (network, region) => [
        ...serviceEndpoints(facts, network, region),
        ...googleEndpoints(facts, network),
        ...distantBalancers(facts, network, region),
      ],
      endpointsOfPeer: (peer) => endpointsOfPeer(facts, peer),
      egressOf: (nic, alone) => gke.egressOf(nic, proxies(nic, alone)),
      senders: (egressOf) => {
        const pods = gke.senders(egressOf);
        const serverless = serverlessSenders(read, facts, problems, egressOf);
        return {
          hosts: [...pods.hosts, ...serverless.hosts, ...sqlSenders(read, problems)],
          groups: [...pods.groups, ...serverless.groups],
        };
      },
    };
  };

/** Google Cloud with the workloads that are no plain VMs; loaded only when an export holds one, or a forwarding rule. */
export const gcpWithWorkloads: Provider = {
  id: "gcp",
  compile: (documents, damagedFiles) => {
    const read = readWorkloads(documents);
    const { value, problems } = compileGcp(documents, damagedFiles, withWorkloads(read.value));
    return { value, problems: [...read.problems, ...problems] };
  },
  rules: [...gcpRules, ...pscRules, ...gkeRules, ...serverlessRules, ...sqlRules],
};
