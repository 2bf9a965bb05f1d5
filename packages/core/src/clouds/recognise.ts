import { isAws, isAwsFile } from "./aws/recognise.ts";
import { azureListKind, isAzure } from "./azure/recognise.ts";
import type { ConfigDocument } from "./document.ts";
import { gcpListKind, isGcp } from "./gcp/recognise.ts";
import { holdsWorkloads } from "./gcp/workload-kind.ts";
import type { Provider } from "./provider.ts";

/** What is to be read, or everything that can be. */
type Wanted = readonly ConfigDocument[] | "everything";

/** Every cloud that can be read, loaded only when an export of it was given, and of it only what that export needs. */
const PROVIDERS = {
  gcp: async (wanted) =>
    wanted === "everything" || holdsWorkloads(wanted)
      ? (await import("./gcp/workloads/index.ts")).gcpWithWorkloads
      : (await import("./gcp/index.ts")).gcp,
  azure: async () => (await import("./azure/index.ts")).azure,
  aws: async () => (await import("./aws/index.ts")).aws,
} as const satisfies Readonly<Record<string, (wanted: Wanted) => Promise<Provider>>>;

export type ProviderId = keyof typeof PROVIDERS;

export const loadProvider = (id: ProviderId, documents: readonly ConfigDocument[]): Promise<Provider> =>
  PROVIDERS[id](documents);

export const loadAllProviders = (): Promise<readonly Provider[]> =>
  Promise.all((Object.keys(PROVIDERS) as ProviderId[]).map((id) => PROVIDERS[id]("everything")));

/** Whose export a document is, by its content; only an empty list has to go by the name of its file. */
export function providerOf({ value, origin }: ConfigDocument): ProviderId | undefined {
  if (Array.isArray(value) && value.length === 0) {
    if (isAwsFile(origin.file)) return "aws";
    if (azureListKind(origin.file) === "azure") return "azure";
    if (gcpListKind(origin.file) !== undefined) return "gcp";
    return azureListKind(origin.file) === undefined ? undefined : "azure";
  }
  if (isGcp(value)) return "gcp";
  if (isAzure(value)) return "azure";
  return isAws(value) ? "aws" : undefined;
}
