import { type LogEntry, member, quoteOfEntry, textAt } from "../../logs/entry.ts";
import { rfc3339 } from "../../time.ts";
import { quoted, type Sighting } from "../observe.ts";
import { addressIn, endpointIn } from "../words.ts";

/** One call of a cloud's own service, as its audit or resource log shows it. */
export interface Trail {
  readonly sighting: Sighting;
  readonly service: string;
}

interface TrailKind {
  readonly service: string;
  readonly peer: readonly (readonly string[])[];
  readonly time: string;
  /** Where the host that was called stands; a URL or a name. */
  readonly host: readonly (readonly string[])[];
  readonly is: (entry: unknown) => boolean;
}

const TRAILS: readonly TrailKind[] = [
  {
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    service: "AWS",
    peer: [["sourceIPAddress"]],
    time: "eventTime",
    host: [["tlsDetails", "clientProvidedHostHeader"]],
    is: (entry) => textAt(entry, "eventSource") !== null,
  },
  {
    // https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog
    service: "Google Cloud",
    peer: [["protoPayload", "requestMetadata", "callerIp"]],
    time: "timestamp",
    host: [],
    is: (entry) => member(entry, "protoPayload") !== undefined,
  },
  {
    // https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference
    // https://learn.microsoft.com/azure/key-vault/general/logging
    service: "Azure",
    peer: [["callerIpAddress"], ["CallerIPAddress"], ["CallerIpAddress"], ["httpRequest", "clientIpAddress"]],
    time: "time",
    host: [["uri"], ["Uri"], ["properties", "requestUri"], ["requestUri_s"]],
    is: () => true,
  },
  {
    // https://learn.microsoft.com/graph/api/resources/signin
    service: "Microsoft Entra",
    peer: [["ipAddress"], ["properties", "ipAddress"]],
    time: "createdDateTime",
    host: [],
    is: (entry) => (textAt(entry, "userPrincipalName") ?? textAt(entry, "properties", "userPrincipalName")) !== null,
  },
];

export function trailOf({ value, origin }: LogEntry): Trail | null {
  for (const { service, peer, time, host, is } of TRAILS) {
    const written = firstText(value, peer);
    const end = endpointIn(written);
    if (end === null || !is(value)) continue;
    const at = rfc3339(textAt(value, time) ?? textAt(value, "TimeGenerated") ?? textAt(value, "eventTimestamp") ?? "");
    const name = hostOf(firstText(value, host));
    const seen = {
      source: end.address,
      destination: addressIn(name),
      destinationName: addressIn(name) === null ? name : null,
      protocol: "tcp" as const,
      at,
    };
    const call = textAt(value, "eventName") ?? textAt(value, "operationName") ?? textAt(value, "OperationName");
    const quote = quoteOfEntry({
      peer: written,
      call: call ?? undefined,
      host: name ?? undefined,
      time: at ?? undefined,
    });
    return { sighting: quoted(origin.line ?? 1, quote, seen), service };
  }
  return null;
}

function firstText(value: unknown, paths: readonly (readonly string[])[]): string | null {
  for (const path of paths) {
    const found = textAt(value, ...path);
    if (found !== null && found !== "") return found;
  }
  return null;
}

/** The host of a URL, or the name that a header gave, without its port. */
const hostOf = (text: string | null): string | null =>
  /^(?:https?:\/\/)?([A-Za-z0-9][\w.-]{0,253})(?::\d{1,5})?(?:[/?]|$)/.exec(text ?? "")?.[1]?.toLowerCase() ?? null;
