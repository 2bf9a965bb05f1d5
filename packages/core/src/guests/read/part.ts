import type { Origin, Problem, Text } from "../../problem.ts";
import type { GuestDevice, GuestParts, GuestProxy, GuestRoute, GuestRule, RouteGet, Tables } from "../guest.ts";
import type { FilterTable } from "../packet-filter.ts";

/** What one command's output adds to the facts of a host. */
export interface Part {
  readonly os: "linux" | "windows" | null;
  readonly hostName: string | null;
  readonly devices: readonly GuestDevice[];
  readonly rules: readonly GuestRule[];
  readonly routes: readonly GuestRoute[];
  readonly routeGets: readonly RouteGet[];
  readonly filters: readonly FilterTable[];
  readonly proxies: readonly GuestProxy[];
  readonly have: GuestParts;
}

export const NO_PARTS: GuestParts = {
  addresses: "none",
  rules4: false,
  rules6: false,
  tables4: [],
  tables6: [],
  filter4: false,
  filter6: false,
  skipAsSource: false,
};

export const EMPTY_PART: Part = {
  os: null,
  hostName: null,
  devices: [],
  rules: [],
  routes: [],
  routeGets: [],
  filters: [],
  proxies: [],
  have: NO_PARTS,
};

export interface Line {
  readonly text: string;
  readonly origin: Origin;
}

const LONGEST_QUOTE = 120;

/** @param expected what a line there looks like, in the command's own words. */
export function unreadable(line: Line, expected: string): Problem {
  const found = JSON.stringify(line.text.trim().slice(0, LONGEST_QUOTE));
  return {
    level: "error",
    code: "guest/unreadable-line",
    file: line.origin.file,
    line: line.origin.line,
    text: { en: `expected ${expected}, found ${found}`, zh: `应为 ${expected}，实为 ${found}` },
    fix: {
      en: "run the command again and give its whole output, with no digits masked",
      zh: "请重新运行该命令，并提供完整输出，不要遮盖数字",
    },
  };
}

export const problemAt = (
  level: "error" | "warning",
  code: string,
  origin: Origin,
  text: Text,
  fix: Text,
): Problem => ({
  level,
  code,
  file: origin.file,
  line: origin.line,
  text,
  fix,
});

/** `eth0@if32` is eth0, paired with an interface elsewhere. */
export function deviceName(printed: string): string {
  const at = printed.indexOf("@");
  return at < 0 ? printed : printed.slice(0, at);
}

/** `00-0D-3A-01-02-03`, `00 0d 3a 01 02 03`, `000D3A010203` → lower case, colons; null for anything else. */
export function normaliseMac(printed: string): string | null {
  const digits = printed.replace(/[-:. ]/g, "").toLowerCase();
  if (!/^[0-9a-f]{12}$/.test(digits) || digits === "000000000000") return null;
  return digits.replace(/(..)(?!$)/g, "$1:");
}

export function joinTables(a: Tables, b: Tables): Tables {
  if (a === "all" || b === "all") return "all";
  return [...new Set([...a, ...b])];
}

/** Table numbers that have fixed names: https://github.com/iproute2/iproute2/blob/main/etc/iproute2/rt_tables */
const TABLE_NAMES: Readonly<Record<string, string>> = { "255": "local", "254": "main", "253": "default" };

export const tableName = (printed: string): string => TABLE_NAMES[printed] ?? printed;

/** `0x10`, `16`; undefined for anything else. */
export function readNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^(0x[0-9a-f]{1,12}|\d{1,12})$/i.test(text)) return undefined;
  return Number(text);
}

/** Devices made by software: bridges of container engines have the same address on every host, tunnels are no interface of a cloud. */
export const SHARED_DEVICE =
  /^(lo$|docker|br-|virbr|cni|lxc|lxdbr|flannel|cali|veth|kube|podman|tun|tap|wg|tailscale|ppp|dummy)/;
