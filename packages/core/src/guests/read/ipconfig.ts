import { parseIp } from "../../address/ip.ts";
import type { GuestAddress, GuestDevice } from "../guest.ts";
import { bareAddress, newDevice, usualScope } from "./ip-addr.ts";
import { maskLength } from "./net-tools.ts";
import { type Line, normaliseMac } from "./part.ts";

/** `ipconfig /all` in any language: labels end in `. . . :`, adapters are lines that begin at the margin and end in a colon. */
export interface IpconfigState {
  hostName: string | null;
  devices: GuestDevice[];
  /** An IPv4 address that is one only if a netmask follows; gateways and name servers have none. */
  pending: GuestAddress | null;
  labels: number;
  /** A line that may be an adapter's header: it is one if a label follows. */
  header: Line | null;
}

export const newIpconfig = (): IpconfigState => ({
  hostName: null,
  devices: [],
  pending: null,
  labels: 0,
  header: null,
});

const LONGEST_LINE = 400;
const LABEL = /^\s+(\S[^:]*?)[ .]*\. ?:(.*)$/;
const ADAPTER = /^(\S.*?)\s*[:：]\s*$/;

export const looksLikeIpconfig = (text: string): boolean => text.length < LONGEST_LINE && LABEL.test(text);

export const looksLikeAdapter = (text: string): boolean => text.length < LONGEST_LINE && ADAPTER.test(text);

/** Words before an adapter's name, in the languages that were seen. Others keep the whole header as the name. */
const ADAPTER_WORDS = /^.*?(?:-?adapter|适配器|介面卡|アダプター|adaptateur|adaptador)\s+/i;

/** True: understood; false: an address that cannot be read; undefined: other words. */
export function readIpconfigLine(state: IpconfigState, line: Line): boolean | undefined {
  if (line.text.length >= LONGEST_LINE) return undefined;
  const label = LABEL.exec(line.text);
  if (label !== null) {
    openAdapter(state);
    state.labels += 1;
    return readValue(state, (label[1] ?? "").trim(), (label[2] ?? "").trim());
  }
  if (ADAPTER.test(line.text)) {
    state.header = line;
    return undefined;
  }
  // Further values of a label (gateways, name servers) stand below it without one.
  return /^\s+\S/.test(line.text) && state.labels > 0 ? true : undefined;
}

function openAdapter(state: IpconfigState): void {
  const { header } = state;
  state.header = null;
  if (header === null) return;
  const name = (ADAPTER.exec(header.text)?.[1] ?? "").replace(ADAPTER_WORDS, "");
  state.devices.push(newDevice(name, null, header));
  state.pending = null;
}

function readValue(state: IpconfigState, label: string, value: string): boolean {
  const device = state.devices.at(-1);
  if (device === undefined) {
    if (state.labels === 1 && value !== "") state.hostName = value;
    return true;
  }
  const length = maskLength(value);
  if (length !== undefined && state.pending !== null) {
    addAddress(state, device, { ...state.pending, prefixLength: length });
    state.pending = null;
    return true;
  }
  const mac = /^[0-9A-F]{2}(-[0-9A-F]{2}){5}$/i.test(value) ? normaliseMac(value) : null;
  if (mac !== null && device.mac === null) replaceLast(state, { ...device, mac });
  return readAddress(state, device, label, value);
}

function readAddress(state: IpconfigState, device: GuestDevice, label: string, value: string): boolean {
  // "(Preferred)", "（首选）": the state is glued to the address and localized.
  const bare = value.replace(/\s*[(（][^()（）]*[)）]\s*$/, "");
  const [text = "", zone] = bare.split("%");
  const ip = parseIp(text);
  state.pending = null;
  if (ip === undefined) return !(label.includes("IPv4") && /^\d+\.\d/.test(value));
  if (!ip.includes(":")) {
    state.pending = bareAddress(ip, null, usualScope(ip));
    return true;
  }
  if (bare === value && !label.includes("IPv6")) return true;
  // https://www.rfc-editor.org/rfc/rfc8981 temporary addresses: the one property that only the label tells.
  const temporary = /^(temp|临时|臨時|一時)/i.test(label);
  const index = zone !== undefined && /^\d{1,9}$/.test(zone) ? Number(zone) : device.index;
  addAddress(state, { ...device, index }, { ...bareAddress(ip, null, usualScope(ip)), temporary });
  return true;
}

const addAddress = (state: IpconfigState, device: GuestDevice, address: GuestAddress): void =>
  replaceLast(state, { ...device, addresses: [...device.addresses, address] });

function replaceLast(state: IpconfigState, device: GuestDevice): void {
  state.devices[state.devices.length - 1] = device;
}
