import type { Line } from "../../lines.ts";
import { rfc3339 } from "../../time.ts";
import { type Sighting, sighting } from "../observe.ts";
import { addressIn, endpointIn, portIn, webTime } from "../words.ts";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html */
const APPLICATION =
  /^(?:https?|h2|grpcs|wss?) (\d{4}-\d\d-\d\dT[\d:.]{8,16}Z) \S{1,200} (\S{2,45}:\d{1,5}) (?:\S{2,60}:\d{1,5}|-) /;
/** Times of the network balancer have no zone; they are UTC: …/latest/network/load-balancer-access-logs.html */
const NETWORK =
  /^tls \d{1,2}\.\d{1,2} (\d{4}-\d\d-\d\dT[\d:]{8}) \S{1,200} \S{1,64} (\S{2,45}:\d{1,5}) \S{2,45}:(\d{1,5}) /;
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html */
const CLASSIC =
  /^(\d{4}-\d\d-\d\dT[\d:.]{8,16}Z) \S{1,64} (\S{2,45}:\d{1,5}) (?:\S{2,45}:\d{1,5}|-) -?\d{1,6}(?:\.\d{1,9})? -?\d{1,6}(?:\.\d{1,9})? -?\d/;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html */
const BUCKET =
  /^[0-9a-f]{64} (\S{3,63}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} [-+]\d{4})\] (\S{2,45}) \S{1,200} [0-9A-Z]{8,32} (?:REST|WEBSITE|BATCH|S3|SOAP)\.\S{1,60} /;
const BUCKET_HOST = / (?:AuthHeader|QueryString|-) ([\w.-]{3,200}\.amazonaws\.com(?:\.cn)?) (?:TLS|-)/;

/** The URL that was asked for, with the port of the listener. */
const LISTENER = / "[A-Z]{1,16} [a-z]{2,5}:\/\/[^/"\s]{1,255}:(\d{1,5})\//;

/** A line of a balancer that keeps its own log, or of a bucket. */
export function balancerLine(line: Line): { readonly sighting: Sighting; readonly clock: string } | null {
  const { text } = line;
  const [, time = "", client, listener] = APPLICATION.exec(text) ?? NETWORK.exec(text) ?? CLASSIC.exec(text) ?? [];
  const end = endpointIn(client);
  if (end !== null) {
    const at = rfc3339(time.endsWith("Z") ? time : `${time}Z`);
    const destinationPort = portIn(listener ?? LISTENER.exec(text)?.[1]);
    const seen = { source: end.address, sourcePort: end.port, destinationPort, protocol: "tcp" as const, at };
    return { sighting: sighting(line, seen), clock: time };
  }
  const [, , clock = "", requester] = BUCKET.exec(text) ?? [];
  const source = addressIn(requester);
  if (source === null) return null;
  const destinationName = BUCKET_HOST.exec(text)?.[1] ?? null;
  return { sighting: sighting(line, { source, destinationName, protocol: "tcp", at: webTime(clock) }), clock };
}
