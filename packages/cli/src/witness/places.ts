import { networkInterfaces } from "node:os";
import { type Ip, LISTENER_KINDS, type ListenerKind, parseIp } from "@seenas/core";

/** Where to listen, as typed. `address` null: on every address of this host. */
export interface Place {
  readonly kind: ListenerKind;
  readonly address: Ip | null;
  readonly port: number;
}

/** `smtp:2525`, `http:198.51.100.25:8080`, `udp:[2001:db8::25]:9000`. Undefined: none of these. */
export function parsePlace(text: string): Place | undefined {
  const found = /^([a-z]{3,4}):(?:(?:\[([^\]]{2,45})\]|([\d.]{7,15})):)?(\d{1,5})$/.exec(text);
  if (found === null) return undefined;
  const [, word, six, four, digits] = found;
  const kind = LISTENER_KINDS.find((one) => one === word);
  const written = six ?? four;
  const address = written === undefined ? null : parseIp(written);
  const port = Number(digits);
  return kind === undefined || address === undefined || port > 65_535 ? undefined : { kind, address, port };
}

/** A socket on all addresses answers from any of them, which no translator lets back in: one socket for each then. */
export const ownAddresses = (): readonly Ip[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .flatMap(({ address, scopeid }) => (scopeid === undefined || scopeid === 0 ? (parseIp(address) ?? []) : []));

/** Without a zone, and IPv4 as IPv4, though it came to a socket of both. */
export function plainIp(address: string | undefined): Ip | undefined {
  if (address === undefined) return undefined;
  const isMapped = address.startsWith("::ffff:") && address.includes(".");
  const zone = address.indexOf("%");
  return parseIp(isMapped ? address.slice(7) : zone < 0 ? address : address.slice(0, zone));
}
