import { cidrOf, parseCidr } from "../../address/cidr.ts";
import { parseIp } from "../../address/ip.ts";
import type { GuestDevice, GuestRoute } from "../guest.ts";
import { newDevice } from "./ip-addr.ts";
import { maskLength, plainRoute } from "./net-tools.ts";
import { type Line, normaliseMac } from "./part.ts";

/**
 * `route print` in any language: every line is known by its shape, no word of it is.
 * `ipv6Blocks` counts the lists of IPv6 rows seen; the second one is the persistent list, which decides nothing
 * (https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/route_ws2008).
 */
export interface RoutePrintState {
  list: "none" | "interfaces" | "active4" | "persistent4" | "active6" | "persistent6";
  /** An IPv6 row whose gateway did not fit on the line. */
  wrapped: { readonly row: Line; readonly text: string } | null;
  routes: GuestRoute[];
  devices: GuestDevice[];
}

export const newRoutePrint = (): RoutePrintState => ({ list: "none", wrapped: null, routes: [], devices: [] });

const SEPARATOR = /^\s*={5,}\s*$/;
const INTERFACE_ROW = /^\s*(\d{1,10})\.{3}((?:[0-9a-fA-F]{2} ){5}[0-9a-fA-F]{2})?[ .]*(.*)$/;
const IPV4_START = /^\s*[\d.xX*]+\.[\d.xX*]+\s+[\d.xX*]+\.[\d.xX*]+\s+\S/;
const IPV6_START = /^\s*\d{1,10}\s+\d{1,10}\s+[0-9a-fA-F:.xX*]*:[0-9a-fA-F:.xX*]*\/\d+/;

export const looksLikeRoutePrint = (text: string): boolean =>
  SEPARATOR.test(text) || /^\s*\d{1,10}\.{3}[0-9a-fA-F. ]/.test(text) || IPV4_START.test(text) || IPV6_START.test(text);

/** True: understood; false: a line of a list that cannot be read; undefined: a heading or other words. */
export function readRoutePrintLine(state: RoutePrintState, line: Line): boolean | undefined {
  const { text } = line;
  if (SEPARATOR.test(text)) return endList(state);
  if (state.wrapped !== null && /^\s{6,}\S/.test(text) && !IPV6_START.test(text)) return finishWrapped(state, line);
  flushWrapped(state);
  if (IPV4_START.test(text)) return readRow4(state, line);
  if (IPV6_START.test(text)) return readRow6(state, line);
  const device = deviceRow(line);
  if (device === undefined) return undefined;
  state.devices.push(device);
  return true;
}

const AFTER: Readonly<Record<RoutePrintState["list"], RoutePrintState["list"]>> = {
  none: "none",
  interfaces: "none",
  active4: "persistent4",
  persistent4: "persistent4",
  active6: "persistent6",
  persistent6: "persistent6",
};

function endList(state: RoutePrintState): true {
  flushWrapped(state);
  state.list = AFTER[state.list];
  return true;
}

function deviceRow(line: Line): GuestDevice | undefined {
  const match = INTERFACE_ROW.exec(line.text);
  if (match === null) return undefined;
  const name = (match[3] ?? "").trim();
  return {
    ...newDevice(name === "" ? `if${match[1]}` : name, Number(match[1]), line),
    mac: normaliseMac(match[2] ?? ""),
  };
}

/** Destination, mask, a gateway cell that may hold blanks ("Auf Verbindung"), interface address, metric. */
const ACTIVE_ROW = /^\s*([\d.]+)\s+([\d.]+)\s+(\S.*?)\s+([\d.]+)\s+(\d{1,10})\s*$/;

function readRow4(state: RoutePrintState, line: Line): boolean {
  if (state.list === "persistent4" || state.list === "persistent6") return persistentRow(line);
  state.list = "active4";
  const match = line.text.length > 400 ? null : ACTIVE_ROW.exec(line.text);
  const address = parseIp(match?.[1] ?? "");
  const length = maskLength(match?.[2] ?? "");
  const interfaceAddress = parseIp(match?.[4] ?? "");
  const cell = match?.[3] ?? "";
  const gateway = parseIp(cell);
  if (address === undefined || length === undefined || interfaceAddress === undefined) return false;
  // A cell of digits and dots that is no address is a masked or cut address, not a word for "on link".
  if (gateway === undefined && /^[\d.]*\d[\dxX*.]*$/.test(cell)) return false;
  state.routes.push({
    ...plainRoute(line, "full"),
    family: 4,
    type: "unicast",
    prefix: cidrOf(address, length),
    hops: [{ device: null, deviceIndex: null, interfaceAddress, gateway: gateway ?? null, weight: 1, flags: [] }],
    metric: Number(match?.[5]),
    scope: gateway === undefined ? "link" : "global",
  });
  return true;
}

const persistentRow = (line: Line): boolean => {
  const words = line.text.trim().split(/\s+/, 2);
  return parseIp(words[0] ?? "") !== undefined && maskLength(words[1] ?? "") !== undefined;
};

const ROW6 = /^\s*(\d{1,10})\s+(\d{1,10})\s+(\S+)(?:\s+(\S.*?))?\s*$/;

function readRow6(state: RoutePrintState, line: Line): boolean {
  if (state.list === "persistent6") return true;
  state.list = "active6";
  const match = line.text.length > 400 ? null : ROW6.exec(line.text);
  if (match === null) return false;
  if (match[4] === undefined) {
    state.wrapped = { row: line, text: line.text };
    return true;
  }
  // Interface 0: only stored, not active.
  return match[1] === "0" || pushRow6(state, line, match);
}

function finishWrapped(state: RoutePrintState, line: Line): boolean {
  const { wrapped } = state;
  state.wrapped = null;
  if (wrapped === null) return false;
  return readRow6(state, { ...wrapped.row, text: `${wrapped.text} ${line.text.trim()}` });
}

/** The gateway's line is missing: taken as on link it would be a guess, so the row is left out by its reader. */
function flushWrapped(state: RoutePrintState): void {
  state.wrapped = null;
}

function pushRow6(state: RoutePrintState, line: Line, match: RegExpExecArray): boolean {
  const prefix = parseCidr(match[3] ?? "", true);
  const cell = match[4] ?? "";
  const gateway = parseIp(cell.split("%")[0] ?? "");
  if (prefix === undefined || (gateway === undefined && cell.includes(":"))) return false;
  state.routes.push({
    ...plainRoute(line, "full"),
    family: 6,
    type: "unicast",
    prefix,
    hops: [
      {
        device: null,
        deviceIndex: Number(match[1]),
        interfaceAddress: null,
        gateway: gateway ?? null,
        weight: 1,
        flags: [],
      },
    ],
    metric: Number(match[2]),
    scope: "global",
  });
  return true;
}
