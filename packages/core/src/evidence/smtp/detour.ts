import { type Ip, parseIp } from "../../address/ip.ts";

/** A shell prompt, as in `connect.ts`, or the start of the line. */
const START = String.raw`^(?:.{0,120}?[$#%>›＞] ?|\s{0,8})(?:sudo |time ){0,2}`;

/** A pattern, and a word without which it cannot match: few lines hold one, and the patterns are large to compile. */
interface Pattern {
  readonly word: RegExp;
  readonly pattern: RegExp;
}

const when = (word: RegExp, pattern: RegExp | string, flags?: string): Pattern => ({
  word,
  pattern: new RegExp(pattern, flags),
});

const matching = ({ word, pattern }: Pattern, text: string): RegExpExecArray | null =>
  word.test(text) ? pattern.exec(text) : null;

/** What a client program says of the proxy it goes through. */
const REPORTS: readonly Pattern[] = [
  when(
    /tunnel|connect phase|socks/i,
    /^\* .{0,60}(?:proxy tunnel|CONNECT tunnel|CONNECT phase|Opened SOCKS connection|SOCKS[45]a? (?:connect|request|communication))/i,
  ),
  when(/\(via /, /^\* {1,4}Connected to .{0,300}\(via /),
  when(/\(via /, /^\* Established connection to .{0,300}\(via /),
  when(/proxychains|-chain/i, /^(?:\[proxychains\]|\|[SDR]-chain\||ProxyChains-)/),
  // The header by which a sender tells of another sender: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
  when(/PROXY /, /^(?:\s{0,4}[-~]{0,2}> ?)?PROXY (?:TCP[46]|UNKNOWN)\b/),
];

/**
 * Commands that go through a proxy, or that run the client on another host: curl(1), proxychains(1), torsocks(1),
 * socat(1), ssh(1) (https://man.openbsd.org/ssh.1), nc(1) -X and -x; curl --haproxy… and swaks --proxy… (PROXY protocol).
 */
const COMMANDS: readonly Pattern[] = [
  when(
    /curl\b.*(?:prox|socks|\s-[A-Za-z]{0,6}x)/,
    String.raw`${START}(?:\w{1,20}_proxy=\S{1,200} ){0,3}curl (?:.{0,300}? )?(?:-[A-Za-z]{0,6}x ?|--(?:(?:pre)?proxy(?:1\.0)?|socks[45]a?(?:-hostname)?|haproxy-clientip)[ =]|--haproxy-protocol)[^\s-]?`,
  ),
  when(/_proxy=.*curl/i, String.raw`${START}(?:\w{1,20}_proxy=\S{1,200} ){1,3}curl\b`, "i"),
  when(
    /proxychains|torsocks|torify|tsocks|socksify/,
    String.raw`${START}(?:proxychains4?|torsocks|torify|tsocks|socksify)\b`,
  ),
  when(
    /(?:nc|ncat|netcat)\b.*(?:\s-x|\s-X|--proxy)/,
    String.raw`${START}(?:nc|ncat|netcat)\b.{0,200}? (?:-[xX] ?|--proxy[ =])\S`,
  ),
  when(/swaks .*--proxy/, `${START}swaks .{0,300}? --proxy`),
  when(/socat/i, String.raw`${START}socat .{0,300}?(?:PROXY|SOCKS\w{0,3}):`, "i"),
  when(
    /ssh|exec/,
    String.raw`${START}(?:ssh|kubectl exec|docker exec|gcloud compute ssh|lxc exec) .{1,200}?\b(?:nc|ncat|netcat|telnet|curl|swaks|openssl s_client)\b.{0,200}?`,
  ),
  when(/ssh .*-W/, String.raw`${START}ssh .{0,200}?-W ?\S{1,200}:\d{1,5}\b`),
];

const HAS = /prox|socks|\(via |chain|torify|ssh|exec |\b(?:curl|nc|ncat|netcat|swaks) /i;

/**
 * Whether a line shows that somebody else connects to the server for the client: `command`, as typed, so that a new
 * connection follows; `report`, about the connection that is open.
 */
export function isDetour(text: string): "command" | "report" | null {
  if (text.length > 1000 || !HAS.test(text)) return null;
  if (REPORTS.some((pattern) => matching(pattern, text) !== null)) return "report";
  if (PRINTED.test(text)) return null;
  return COMMANDS.some((pattern) => matching(pattern, text) !== null) ? "command" : null;
}

/** What curl -v prints is no command, whatever it tells of. */
const PRINTED = /^[*<] /;

/** `ssh [-o …] [user@]HOST` and no command behind it; an address may be any host's. https://man.openbsd.org/ssh.1 */
const SHELL = when(
  /ssh /,
  String.raw`${START}(?:gcloud compute |az )?ssh (?:-[46AaCfGgKkMNnqsTtVvXxYy]{1,8} |-[BbcDEeFIiJLlmOopQRSW] ?\S{1,200} |--[\w-]{1,40}(?:=\S{1,100})? ){0,8}(?:[\w.-]{1,64}@)?(?<host>[A-Za-z][\w.-]{0,250})(?: --\S{1,100}| -[A-Za-z] \S{1,100}){0,6}$`,
);
const CLOSED = /^(?:logout|exit|Connection to \S{1,255} closed)\b/;

/** The host whose shell is open after this line; null: the one where it all began. */
export function shellAfter(text: string, shell: string | null): string | null {
  if (text.length > 1000) return shell;
  if (shell !== null && CLOSED.test(text)) return null;
  return text.includes("ssh ") ? (matching(SHELL, text)?.groups?.host ?? shell) : shell;
}

/** curl --interface and what curl -v says of it, nc and telnet -s and -b, swaks -li, openssl -bind. */
const BOUND: readonly Pattern[] = [
  when(
    /--interface/,
    String.raw`${START}curl .{0,300}?--interface[ =](?:host!)?(?<address>[0-9A-Fa-f.:]{3,45})(?:\s|$)`,
  ),
  when(
    /\b(?:nc|ncat|netcat) /,
    String.raw`${START}(?:nc|ncat|netcat) (?:.{0,200}? )?(?:-s|--source) ?(?<address>[0-9A-Fa-f.:]{3,45})\s`,
  ),
  when(/telnet/, String.raw`${START}telnet (?:.{0,200}? )?-b ?(?<address>[0-9A-Fa-f.:]{3,45})\s`),
  when(
    /swaks/,
    String.raw`${START}swaks .{0,300}?(?:-li|--local-interface)[ =](?<address>\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?:\s|$)`,
  ),
  when(
    /s_client/,
    String.raw`${START}openssl s_client .{0,300}?-bind (?<address>\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?:\s|$)`,
  ),
  when(/Local Interface/, /^\* {1,4}Local Interface \S{1,64} is ip (?<address>\S{1,45}) using address family/),
  when(/ family /, /^\* {1,4}Name '\S{1,255}' family \d{1,3} resolved to '(?<address>[^']{1,45})' family/),
  when(/ from /, /^\* {1,4}Established connection to .{0,300} from (?<address>\S{1,45}) port \d{1,5}/),
];
const HAS_BOUND = /interface|-s|-b|-li|family| from /i;

/** The address a line says the client sends from, before any translation. */
export function boundAddress(text: string): Ip | null {
  if (text.length > 1000 || !HAS_BOUND.test(text)) return null;
  for (const pattern of BOUND) {
    const ip = parseIp(matching(pattern, text)?.groups?.address ?? "");
    if (ip !== undefined) return ip;
  }
  return null;
}
