import { aws } from "./aws.ts";
import { azure, azureManagementGroup } from "./azure.ts";
import type { Provider, ProviderName } from "./command.ts";
import { gcp, gcpFolder, gcpOrganization } from "./gcp.ts";

/** The ways to ask a cloud, each by the flag of its scope; the first is taken where none is named. */
export const PROVIDERS: Readonly<Record<ProviderName, readonly [Provider, ...Provider[]]>> = {
  gcp: [gcp, gcpOrganization, gcpFolder],
  azure: [azure, azureManagementGroup],
  aws: [aws],
};

export const providerNamed = (name: string): ProviderName | undefined =>
  name === "gcp" || name === "azure" || name === "aws" ? name : undefined;
