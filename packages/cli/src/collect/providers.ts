import { aws } from "./aws.ts";
import { azure } from "./azure.ts";
import type { Provider, ProviderName } from "./command.ts";
import { gcp } from "./gcp.ts";

export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = { gcp, azure, aws };

export const providerNamed = (name: string): ProviderName | undefined =>
  name === "gcp" || name === "azure" || name === "aws" ? name : undefined;
