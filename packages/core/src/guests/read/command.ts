import type { Family, Ip } from "../../address/ip.ts";
import { parseIp } from "../../address/ip.ts";
import { tableName } from "./part.ts";

/** What a command line says about the output below it. */
export interface Command {
  readonly name: "route" | "rule" | "address" | "route-get" | "net-tools" | "windows" | "find-net-route" | "other";
  readonly family: Family | null;
  /** The table that was asked for; null: the command does not say, so the main one. */
  readonly table: string | null;
  /** False: only a selection was asked for (`ip route show default`, `… | grep`). */
  readonly whole: boolean;
  /** It looked into another network namespace than the host's: what it printed is not the host's. */
  readonly elsewhere: boolean;
  /** `Find-NetRoute`: what it was asked for. */
  readonly destination: Ip | null;
  readonly from: Ip | null;
}

export const NO_COMMAND: Command = {
  name: "other",
  family: null,
  table: null,
  whole: true,
  elsewhere: false,
  destination: null,
  from: null,
};

const LONGEST_COMMAND = 300;
const WINDOWS_COMMAND = /^(ipconfig|route\s+print|Get-Net(Route|IPAddress|IPInterface)|Find-NetRoute|netsh)\b/i;

/** ip-netns(8): `ip -n NAME` is `ip netns exec NAME ip`; process 1 of `nsenter` is the host's own. */
const ELSEWHERE =
  /^(ip\s+(-\S+\s+)*(-n(etns)?\s+\S|netns\s+exec\s)|(docker|podman|nerdctl|crictl|kubectl|lxc)\s+exec\s|nsenter\s(?!.*(-t|--target)[ =]?1\s))/;

/** The table of a route that names none. */
export const tableAsked = ({ table }: Command): string => (table === null || table === "all" ? "main" : table);

/** A prompt (`$`, `vm1:~#`, `C:\>`) and one of the commands read here, or the command alone; undefined: output. */
export function readCommand(text: string): Command | undefined {
  if (text.length > LONGEST_COMMAND) return undefined;
  const prompted = /^(?:\S.*?)?[#$>%]\s*(.*)$/.exec(text);
  for (const candidate of [text, prompted?.[1] ?? ""]) {
    const command = commandOf(
      candidate
        .trim()
        .replace(/^sudo\s+/, "")
        .replace(/^\/(\w+\/)+/, ""),
    );
    if (command !== undefined) return command;
  }
  return undefined;
}

/** A prompt with some command behind it: what follows is that command's output, whatever it is. */
export const isPrompt = (text: string): boolean =>
  text.length <= LONGEST_COMMAND &&
  /^(\[?[\w.-]{1,64}@[\w.-]{1,64}[: ][^#$]{0,100}[#$]|[$#]|[A-Z]:\\[^>]{0,100}>|PS [^>]{0,100}>)\s*\S/.test(text);

/** `user@host:~$ …`, `[root@host ~]# …`. */
export function promptHost(text: string): string | null {
  return /^\[?[\w.-]{1,64}@([\w.-]{1,64})[: ][^#$]{0,100}[#$]/.exec(text)?.[1] ?? null;
}

function commandOf(text: string): Command | undefined {
  const [pipeless = "", ...pipes] = text.split("|");
  const words = pipeless.trim().split(/\s+/);
  if (ELSEWHERE.test(pipeless)) return { ...NO_COMMAND, whole: false, elsewhere: true };
  const whole = !pipes.some((pipe) => /^\s*(grep|head|tail|awk|egrep|sed|findstr|select-string)\b/i.test(pipe));
  if (WINDOWS_COMMAND.test(text)) return windowsCommand(words, whole);
  if (words[0] === "ip") return ipCommand(words.slice(1), whole);
  const flags = words.slice(1).join(" ");
  if (
    words[0] === "route" ? words.length === 1 || flags.startsWith("-") : words[0] === "netstat" && flags.includes("r")
  )
    return { ...NO_COMMAND, name: "net-tools", family: /-6|inet6/.test(flags) ? 6 : 4, whole };
  return undefined;
}

function windowsCommand(words: readonly string[], whole: boolean): Command {
  if (!/^find-netroute$/i.test(words[0] ?? "")) return { ...NO_COMMAND, name: "windows", whole };
  const argument = (name: RegExp): Ip | null =>
    parseIp(words[words.findIndex((word) => name.test(word)) + 1] ?? "") ?? null;
  return {
    ...NO_COMMAND,
    name: "find-net-route",
    whole: false,
    destination: argument(/^-RemoteIPAddress$/i),
    from: words.some((word) => /^-LocalIPAddress$/i.test(word)) ? argument(/^-LocalIPAddress$/i) : null,
  };
}

function ipCommand(words: readonly string[], whole: boolean): Command | undefined {
  const options = words.filter((word, index) => word.startsWith("-") || words[index - 1] === "-f");
  const [object = "", ...rest] = words.filter((word) => !options.includes(word));
  const family = options.includes("-6") || options.includes("inet6") ? 6 : options.includes("-4") ? 4 : null;
  const base = { ...NO_COMMAND, family, whole } as const;
  if (object !== "" && "rule".startsWith(object) && object.startsWith("ru"))
    return { ...base, name: "rule", family: family ?? 4, whole: whole && rest.every(isShow) };
  if (object !== "" && "route".startsWith(object)) return routeCommand(base, rest);
  if (object !== "" && ("address".startsWith(object) || "link".startsWith(object))) return { ...base, name: "address" };
  return undefined;
}

const isShow = (word: string): boolean =>
  word !== "" && ("show".startsWith(word) || "list".startsWith(word) || word === "ls");

function routeCommand(base: Command, rest: readonly string[]): Command {
  if (rest[0] === "get") return { ...base, name: "route-get", whole: false };
  const words = rest.filter((word, index) => !(index === 0 && isShow(word)));
  const at = words.findIndex((word) => word === "table" || word === "t" || word === "vrf");
  const asked = words[at + 1] ?? "main";
  // The table of a VRF, which has a number that is not printed: ip-vrf(8).
  const table = at < 0 ? null : words[at] === "vrf" ? `vrf ${asked}` : tableName(asked);
  const others = words.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const family = base.family ?? (table === "all" ? null : 4);
  return { ...base, name: "route", family, table, whole: base.whole && others.length === 0 };
}
