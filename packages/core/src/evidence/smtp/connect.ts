import { type Ip, parseIp } from "../../address/ip.ts";

export type MailClient =
  | "curl"
  | "swaks"
  | "telnet"
  | "nc"
  | "openssl-s_client"
  | "python-smtplib"
  | "exim"
  | "terminal";

/** What a line says about the connection being opened. */
export interface ConnectLine {
  readonly client: MailClient | null;
  readonly name: string | null;
  readonly address: Ip | null;
  readonly port: number | null;
}

interface Form {
  readonly client: MailClient | null;
  /** Stands in every such line: looked for first, so that most patterns are never compiled. */
  readonly has: string;
  readonly pattern: string;
}

const HOST = String.raw`(?<host>[A-Za-z0-9._:%-]{1,255}|\[[0-9A-Fa-f:.%a-z]{1,60}\])`;
/** A host before `:PORT`. */
const HOST_ALONE = String.raw`(?<host>[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.%a-z]{1,60}\])`;
const PORT = String.raw`(?<port>\d{1,5}|smtp|smtps|submission)`;
const form = (client: MailClient | null, has: string, pattern: string): Form => ({ client, has, pattern });

/** A shell prompt, or `>` where a chat tool quoted it. */
const START = String.raw`^(?:.{0,120}?[$#%>›＞] ?|\s{0,8})`;
/** Options before the host, some with a number or an address as value (`-w 5`, `-s 10.0.0.1`). */
const OPTIONS = `(?: -{1,2}[A-Za-z0-9-]{1,20}(?: [0-9.]{1,15})?){0,8}`;

const FORMS: readonly Form[] = [
  // curl 8.15: * Established connection to H (A port P) from L port Q
  form(
    "curl",
    "Established connection to",
    String.raw`^\* +Established connection to (?<name>\S{1,255}) \((?<host>\S{1,60}) port ${PORT}\)`,
  ),
  form(
    "curl",
    "Connected to ",
    String.raw`^\* +Connected to (?<name>\S{1,255}) \((?<host>[^)\s]{1,60})\) port ${PORT}`,
  ),
  form("curl", "About to connect", String.raw`^\* +About to connect\(\) to ${HOST} port ${PORT}`),
  form(
    "curl",
    "Trying",
    String.raw`^\* +Trying (?<host>\[[^\]\s]{1,60}\]|[0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}?)(?::(?<port>\d{1,5}))?\.\.\.`,
  ),
  form("swaks", "=== Trying", String.raw`^=== Trying (?<host>\S{1,255}?):(?<port>\d{1,5})\.\.\.`),
  form("swaks", "=== Connected", String.raw`^=== Connected to (?<host>\S{1,255}?)\.$`),
  form(
    "exim",
    "Connecting to",
    String.raw`^Connecting to (?<name>\S{1,255}) \[(?<host>[^\]\s]{1,60})\]:(?<port>\d{1,5})`,
  ),
  form(
    "nc",
    "Connection to",
    String.raw`^Connection to (?<name>\S{1,255}) \((?<host>[^)\s]{1,60})\) ${PORT} port \[tcp`,
  ),
  form("nc", "Connection to", String.raw`^Connection to ${HOST} ${PORT} port \[tcp`),
  form("nc", "Ncat: Connected", String.raw`^Ncat: Connected to (?<host>\S{1,60}?):(?<port>\d{1,5})\.$`),
  form("nc", ") open", String.raw`^(?:(?<name>\S{1,255}) )?\[(?<host>[^\]\s]{1,60})\] ${PORT} \([\w-]{1,20}\) open`),
  form("telnet", "Trying ", String.raw`^Trying (?<host>\S{1,60}?)\.\.\.$`),
  form("telnet", "Connected to ", String.raw`^Connected to (?<host>\S{1,255}?)\.$`),
  form("openssl-s_client", "CONNECTED(", String.raw`^CONNECTED\([0-9A-Fa-f]{4,16}\)$`),
  form("python-smtplib", "connect: ", String.raw`^connect: (?:to )?\('(?<host>[^']{1,255})', '?(?<port>\d{1,5})`),
  // Commands as typed.
  form(
    "curl",
    "curl ",
    String.raw`${START}curl .{0,300}?(?<scheme>smtps?)://(?:[^\s/@]{1,128}@)?${HOST_ALONE}(?::(?<port>\d{1,5}))?`,
  ),
  form("telnet", "telnet", String.raw`${START}telnet${OPTIONS} ${HOST} ${PORT}\s*$`),
  form("nc", "nc", String.raw`${START}(?:nc|ncat|netcat)${OPTIONS} ${HOST} ${PORT}\s*$`),
  form(
    "openssl-s_client",
    "openssl s_client",
    String.raw`${START}openssl s_client .{0,200}?-connect ${HOST_ALONE}:(?<port>\d{1,5})`,
  ),
  form("swaks", "swaks ", String.raw`${START}swaks .{0,300}?(?:--server|-s) ${HOST_ALONE}(?::(?<port>\d{1,5}))?`),
];

const PORTS: Readonly<Record<string, number>> = { smtp: 25, smtps: 465, submission: 587 };

/** Reads a line by which a client program says, or was told, where it connects to; null for every other line. */
export function connectLine(text: string): ConnectLine | null {
  if (text.length > 1000) return null;
  for (const form of FORMS) {
    if (!text.includes(form.has)) continue;
    const groups = compiled(form).exec(text);
    if (groups === null) continue;
    // Without a port, curl takes the scheme's: https://curl.se/docs/url-syntax.html
    const { host = "", name, scheme, port = scheme } = groups.groups ?? {};
    return { client: form.client, ...target(unbracketed(host), name), port: portOf(port) };
  }
  return null;
}

const patterns = new Map<Form, RegExp>();

function compiled(form: Form): RegExp {
  const pattern = patterns.get(form) ?? new RegExp(form.pattern);
  patterns.set(form, pattern);
  return pattern;
}

function target(host: string, name: string | undefined): { readonly name: string | null; readonly address: Ip | null } {
  const address = parseIp(host) ?? null;
  const called = name ?? (address === null ? host : null);
  return {
    address,
    name: called === null || called === "" || parseIp(unbracketed(called)) !== undefined ? null : called,
  };
}

const unbracketed = (host: string): string => (host.startsWith("[") ? host.slice(1).replace("]", "") : host);

function portOf(text: string | undefined): number | null {
  const port = PORTS[text ?? ""] ?? Number(text ?? Number.NaN);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
