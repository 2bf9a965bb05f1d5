import { azureFlowRecord, azureNatRecord, isAzureFlow, isAzureNat } from "./azure.ts";
import { gcpRecord, isGcpEntry } from "./gcp.ts";
import type { Record } from "./record.ts";

/** What one JSON value of an export is; null: of no log that is read here. */
export function recordOf(value: unknown): Record | null {
  if (isGcpEntry(value)) return gcpRecord(value);
  if (isAzureFlow(value)) return azureFlowRecord(value);
  if (isAzureNat(value)) return azureNatRecord(value);
  return null;
}
