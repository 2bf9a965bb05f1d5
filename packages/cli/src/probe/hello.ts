import { bytesOfMark, type Mark, markName, markWord, stunRequest, type Target } from "@seenas/core";

export const HELLOS = ["smtp", "http", "https", "tls", "tcp", "udp", "stun"] as const;
export type Hello = (typeof HELLOS)[number];

/** https://www.iana.org/assignments/service-names-port-numbers, and where people put the same besides. */
const BY_PORT: Readonly<Record<number, Hello>> = {
  ...{ 25: "smtp", 587: "smtp", 2525: "smtp", 80: "http", 8080: "http", 8000: "http" },
  ...{ 443: "tls", 8443: "tls", 465: "tls", 636: "tls", 853: "tls", 993: "tls", 995: "tls" },
};
const STUN_PORT = 3478;

/** What the port's protocol says first, as far as the port tells; else the mark and nothing else. */
export const helloFor = ({ port, protocol }: Target): Hello =>
  protocol === "udp" ? (port === STUN_PORT ? "stun" : "udp") : (BY_PORT[port ?? 0] ?? "tcp");

export const protocolOf = (hello: Hello): "tcp" | "udp" => (hello === "udp" || hello === "stun" ? "udp" : "tcp");

/** A datagram is as long as the answer may be: a witness never answers with more than it got. */
const DATAGRAM_BYTES = 700;

/** The only datagram. */
export function datagram(hello: Hello, mark: Mark): Uint8Array {
  if (hello === "stun") return stunRequest(bytesOfMark(mark), DATAGRAM_BYTES);
  return Buffer.from(`${markWord(mark)}\n`.padEnd(DATAGRAM_BYTES, " "));
}

/** How a conversation over a connection goes on. */
export type Turn =
  | { readonly kind: "wait" }
  | { readonly kind: "say"; readonly text: string }
  /** All that was wanted has come. */
  | { readonly kind: "done" };

const WAIT: Turn = { kind: "wait" };
const DONE: Turn = { kind: "done" };

/** A conversation: what is said at once, and what follows on what came so far. */
export interface Script {
  readonly opening: string | null;
  /** @param heard everything that came, as Latin-1 @param said how often something was said after the opening */
  readonly next: (heard: string, said: number) => Turn;
  /** Silence that ends it once something came; null: only the other side ends it. */
  readonly quietMs: number | null;
}

/** @param host as a request names it */
export function scriptFor(hello: Hello, mark: Mark, host: string): Script {
  switch (hello) {
    case "smtp":
      return { opening: null, next: (heard, said) => smtpTurn(heard, said, mark), quietMs: null };
    case "http":
    case "https":
      return { opening: request(mark, host), next: () => WAIT, quietMs: null };
    case "tls":
      return { opening: null, next: (heard) => (heard.includes("\n") ? DONE : WAIT), quietMs: 1500 };
    default:
      return { opening: `${markWord(mark)}\r\n`, next: () => WAIT, quietMs: 1500 };
  }
}

/** A greeting, one EHLO, its reply, QUIT. https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1 */
function smtpTurn(heard: string, said: number, mark: Mark): Turn {
  const replies = heard.match(/^\d{3}(?: [^\n]*)?\r?\n/gm) ?? [];
  if (replies.length <= said) return WAIT;
  const isRefused = !/^2/.test(replies[said] ?? "");
  if (said === 0 && !isRefused) return { kind: "say", text: `EHLO ${markName(mark)}\r\n` };
  return said > 1 ? DONE : { kind: "say", text: "QUIT\r\n" };
}

const request = (mark: Mark, host: string): string =>
  [
    `GET /${markWord(mark)} HTTP/1.1`,
    `Host: ${host}`,
    "User-Agent: seenas-probe",
    `X-Seenas-Mark: ${markWord(mark)}`,
    "Accept: */*",
    "Connection: close",
    "\r\n",
  ].join("\r\n");
