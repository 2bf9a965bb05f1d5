import type { Line } from "../../lines.ts";
import { atServer, sighting } from "../observe.ts";
import { portIn } from "../words.ts";
import { type Format, protocolIn, type Seldom, text } from "./format.ts";
import { unmapped } from "./services.ts";

/** Labels of the event's text, in the languages that Windows is seen in most; the colon ends them. */
const SOURCE =
  /^\s{0,8}(?:Source Network Address|Client Address|源网络地址|客户端地址|Quellnetzwerkadresse|Adresse du réseau source|Dirección de red de origen)\s?[:：]\s{1,8}(?<peer>[0-9A-Fa-f.:]{3,45})$/;
const SOURCE_PORT =
  /^\s{0,8}(?:Source Port|Client Port|源端口|客户端端口|Quellport|Port source|Puerto de origen)\s?[:：]\s{1,8}(\d{1,5})$/;
const NEAR = 3;

/** File shares, remote desktops and shells, directories: who logs on came by one of these. */
const LOGON_PORTS = [88, 135, 139, 389, 445, 636, 3389, 5985, 5986];

const LOGON = text(
  "Windows writes the address of the connection that the logon came by; the workstation's name beside it is the client's own word. Which port it was, the event does not tell; a gateway or a proxy in front shows itself.",
  "Windows 记录登录所经连接的地址；旁边的工作站名称只是客户端的自称。事件未说明端口；前面若有网关或代理，则显示为它们。",
);

/** https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4624 */
function logon(line: Line, all: readonly Line[], at: number): Seldom | null {
  const source = unmapped(SOURCE.exec(line.text)?.groups?.["peer"]);
  if (source === null) return null;
  const port = all.slice(at + 1, at + 1 + NEAR).flatMap((next) => SOURCE_PORT.exec(next.text)?.[1] ?? [])[0];
  const seen = { source, sourcePort: portIn(port) || null, protocol: "tcp" as const };
  return {
    as: "service",
    record: {
      kind: "server-log",
      sighting: sighting(line, seen),
      service: "Windows",
      clock: null,
      ports: LOGON_PORTS,
      judge: (peer, hint) => atServer(peer, hint, LOGON),
    },
  };
}

const FILTERED = /^\s{0,8}Source Address\s?:\s{1,8}(?<s>[0-9A-Fa-f.:]{3,45})$/;
const FIELDS = /^\s{0,8}(Direction|Source Port|Destination Address|Destination Port|Protocol)\s?:\s{1,8}(\S{1,60})$/;
const BLOCKED = /Windows Filtering Platform .{0,30}(?:blocked|dropped)/;
const AROUND = 8;
const TITLE = 14;

/** https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-5156 */
function filtered(line: Line, all: readonly Line[], at: number): Seldom | null {
  const source = unmapped(FILTERED.exec(line.text)?.groups?.["s"]);
  if (source === null) return null;
  const fields = new Map<string, string>();
  const [before, after] = [all.slice(Math.max(0, at - 2), at), all.slice(at + 1, at + AROUND)];
  for (const near of [...before, ...after]) {
    const [, name = "", value = ""] = FIELDS.exec(near.text) ?? [];
    if (name !== "" && !fields.has(name)) fields.set(name, value);
  }
  const destination = unmapped(fields.get("Destination Address"));
  const direction = fields.get("Direction") ?? "";
  if (destination === null) return null;
  const seen = {
    ...{ source, sourcePort: portIn(fields.get("Source Port")), destination },
    destinationPort: portIn(fields.get("Destination Port")),
    protocol: protocolIn(fields.get("Protocol")),
  };
  // %%14592 and %%14593 are what the two directions are called before they are translated.
  const side = /^(?:Inbound|%%14592)$/.test(direction)
    ? "outside"
    : /^(?:Outbound|%%14593)$/.test(direction)
      ? "own"
      : "unknown";
  const denied = all.slice(Math.max(0, at - TITLE), at).some((one) => BLOCKED.test(one.text));
  return {
    as: "device",
    kind: "firewall-log",
    record: { sighting: sighting(line, seen), product: "The Windows firewall", denied, side },
  };
}

/** Events of the Security log, as the viewer and `wevtutil /f:text` print them. */
export const WINDOWS_FORMATS: readonly Format[] = [
  { has: ["Source Address"], read: filtered },
  { has: [":", "："], read: logon },
];
