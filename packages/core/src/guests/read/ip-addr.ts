import { cidrContains, cidrOf } from "../../address/cidr.ts";
import { familyOf, type Ip, parseIp } from "../../address/ip.ts";
import type { GuestAddress, GuestDevice } from "../guest.ts";
import { deviceName, type Line, normaliseMac } from "./part.ts";

export const looksLikeAddressLine = (text: string): boolean =>
  /^\d+:\s+[^\s:]+:\s+</.test(text) || /^\d+:\s+\S+\s+inet6?\s/.test(text) || /^\s+(link\/\S*|inet6?)\s/.test(text);

export const looksLikeBrief = (text: string): boolean =>
  /^\S+\s+(UP|DOWN|UNKNOWN|LOWERLAYERDOWN|NOTPRESENT|DORMANT|TESTING)(\s|$)/.test(text);

export const bareAddress = (ip: Ip, prefixLength: number | null, scope: string): GuestAddress => ({
  ip,
  prefixLength,
  peer: null,
  scope,
  secondary: false,
  deprecated: false,
  tentative: false,
  temporary: false,
  skipAsSource: false,
});

export const newDevice = (name: string, index: number | null, line: Line): GuestDevice => ({
  name,
  index,
  mac: null,
  group: null,
  up: null,
  metric4: null,
  metric6: null,
  addresses: [],
  origin: line.origin,
});

/** Header line of `ip addr`: `2: eth0@if32: <BROADCAST,UP> mtu 1500 … state UP group default`. */
export function deviceHeader(line: Line): GuestDevice | undefined {
  const match = /^(\d{1,10}):\s+([^\s:]+):\s+<([^>]*)>(.*)$/.exec(line.text);
  if (match === null) return undefined;
  const group = /\sgroup (\S+)/.exec(match[4] ?? "")?.[1] ?? null;
  return {
    ...newDevice(deviceName(match[2] ?? ""), Number(match[1]), line),
    group,
    up: (match[3] ?? "").split(",").includes("UP"),
  };
}

/** `inet 10.0.0.20/24 brd … scope global secondary eth0:1`, after the leading blanks. */
export function addressOfWords(words: readonly string[]): GuestAddress | undefined {
  const [local, prefixLength] = splitPrefix(words[1] ?? "");
  const peerAt = words.indexOf("peer");
  const [peer, peerLength] = peerAt < 0 ? [undefined, null] : splitPrefix(words[peerAt + 1] ?? "");
  if (local === undefined || (peerAt >= 0 && peer === undefined)) return undefined;
  const scopeAt = words.indexOf("scope");
  const has = (word: string): boolean => words.includes(word);
  return {
    ...bareAddress(local, peerAt < 0 ? prefixLength : peerLength, scopeAt < 0 ? "global" : (words[scopeAt + 1] ?? "")),
    peer: peer ?? null,
    secondary: has("secondary"),
    deprecated: has("deprecated"),
    tentative: has("tentative") || has("dadfailed"),
    // On IPv6 the kernel has one flag for both words: https://github.com/iproute2/iproute2/blob/main/ip/ipaddress.c
    temporary: has("temporary") || (local.includes(":") && has("secondary")),
  };
}

function splitPrefix(text: string): readonly [Ip | undefined, number | null] {
  const slash = text.indexOf("/");
  if (slash < 0) {
    const ip = parseIp(text);
    return [ip, ip === undefined ? null : widthOf(ip)];
  }
  const ip = parseIp(text.slice(0, slash));
  const lengthText = text.slice(slash + 1);
  if (ip === undefined || !/^\d{1,3}$/.test(lengthText) || Number(lengthText) > widthOf(ip)) return [undefined, null];
  return [ip, Number(lengthText)];
}

const widthOf = (ip: Ip): number => (familyOf(ip) === 4 ? 32 : 128);

/** A line of `ip -br addr` or `ip -br link`; an address that cannot be read makes the whole line unreadable. */
export function briefDevice(line: Line): GuestDevice | undefined {
  const words = line.text.trim().split(/\s+/);
  const device = { ...newDevice(deviceName(words[0] ?? ""), null, line), up: words[1] !== "DOWN" };
  const mac = normaliseMac(words[2] ?? "");
  if (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(words[2] ?? "")) return { ...device, mac };
  const addresses: GuestAddress[] = [];
  for (let index = 2; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word.startsWith("<") || word === "metric") break;
    const takesPeer = words[index + 1] === "peer";
    const address = takesPeer ? addressOfWords(["inet", word, "peer", words[index + 2] ?? ""]) : wordAddress(word);
    if (address === undefined) return undefined;
    if (takesPeer) index += 2;
    addresses.push({ ...address, scope: usualScope(address.ip), secondary: isSecondary(address, addresses) });
  }
  return { ...device, addresses };
}

const wordAddress = (word: string): GuestAddress | undefined => addressOfWords(["inet", word]);

const LOOPBACK_SCOPE = /^(127\.|::1$)/;
const LINK_SCOPE = /^fe[89ab][0-9a-f]:/;

/** The scope the kernel gives an address that nobody gave one. */
export const usualScope = (ip: Ip): string =>
  LOOPBACK_SCOPE.test(ip) ? "host" : LINK_SCOPE.test(ip) ? "link" : "global";

/** IPv4: not the first address of the same subnet on the device, with the same prefix length. */
function isSecondary(address: GuestAddress, before: readonly GuestAddress[]): boolean {
  const { ip, prefixLength } = address;
  if (familyOf(ip) === 6 || prefixLength === null) return false;
  return before.some(
    (other) =>
      familyOf(other.ip) === 4 &&
      other.prefixLength === prefixLength &&
      cidrContains(cidrOf(other.peer ?? other.ip, prefixLength), address.peer ?? ip),
  );
}
