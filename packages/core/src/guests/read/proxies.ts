import type { GuestProxy } from "../guest.ts";
import { commandAt } from "./command.ts";
import type { Line } from "./part.ts";

const LONGEST_LINE = 2000;
const VARIABLE = /^(?:export |declare -x )?(https?|all|socks|no)_proxy=["']?([^"'\s]{1,1000})["']?\s*$/i;

/** What tells programs of a proxy, as `env` and `netsh winhttp show proxy` print it: a program may heed it or not. */
export function proxiesIn(lines: readonly Line[]): readonly GuestProxy[] {
  const found: Omit<GuestProxy, "bypass">[] = [];
  const bypass: string[] = [];
  let place: "here" | "elsewhere" | "winhttp" = "here";
  for (const line of lines) {
    if (line.text.length > LONGEST_LINE) continue;
    const command = commandAt(line.text);
    if (command !== undefined) place = placeOf(line.text, command.elsewhere);
    const [, scheme = "", value] = VARIABLE.exec(line.text) ?? [];
    if (place === "elsewhere") continue;
    if (value !== undefined && /^no$/i.test(scheme)) bypass.push(...value.split(","));
    else if (value !== undefined) found.push({ ...ofVariable(scheme, value), origin: line.origin });
    else if (place === "winhttp") {
      const [, setting] = /^\s+\S[^:：]*[:：]\s+(\S{3,1000})\s*$/.exec(line.text) ?? [];
      if (setting === undefined) continue;
      const servers = winhttpServers(setting).map((one) => ({ ...one, origin: line.origin }));
      found.push(...servers);
      if (servers.length === 0) bypass.push(...setting.split(";"));
    }
  }
  const all = bypass.map((one) => one.trim()).filter((one) => one !== "");
  return found.filter(({ server }) => server !== "").map((one) => ({ ...one, bypass: all }));
}

const placeOf = (text: string, elsewhere: boolean): "here" | "elsewhere" | "winhttp" =>
  elsewhere ? "elsewhere" : /\bnetsh winhttp show proxy\b/i.test(text) ? "winhttp" : "here";

/** Names and passwords in front of the server are nobody's business. */
const serverIn = (value: string): string =>
  value
    .replace(/^\w{1,10}:\/\//, "")
    .replace(/^[^@]*@/, "")
    .replace(/\/.*$/, "");

function ofVariable(scheme: string, value: string): Pick<GuestProxy, "for" | "server" | "setBy"> {
  const name = scheme.toLowerCase();
  const setBy = `${scheme}_${scheme === scheme.toUpperCase() ? "PROXY" : "proxy"}`;
  return { for: name === "http" || name === "https" ? name : "all", server: serverIn(value), setBy };
}

/** `10.0.0.5:8080`, `http=10.0.0.5:80;https=10.0.0.6:443`; a bypass list names no port. */
function winhttpServers(setting: string): readonly Pick<GuestProxy, "for" | "server" | "setBy">[] {
  return setting.split(";").flatMap((one) => {
    const [, scheme, server] = /^(?:(https?|socks)=)?((?:[\w.-]+|\[[0-9a-f:]+\]):\d{1,5})$/i.exec(one) ?? [];
    if (server === undefined) return [];
    const only = scheme?.toLowerCase();
    return [{ for: only === "http" || only === "https" ? only : "all", server, setBy: "netsh winhttp" }];
  });
}
