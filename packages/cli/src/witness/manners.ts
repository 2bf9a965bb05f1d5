import { type End, endText, type ListenerKind, type Mark, markIn, serverNameIn } from "@seenas/core";

/** What the bytes of a caller come to so far. */
export type Look =
  | { readonly kind: "more" }
  /** The hello, whole: it is recorded, and answered when it is safe. */
  | { readonly kind: "hello"; readonly mark: Mark | null; readonly used: number }
  /** Something to be answered at once. */
  | { readonly kind: "reply"; readonly text: string; readonly used: number; readonly ends: boolean };

export type TcpKind = Exclude<ListenerKind, "udp" | "stun">;

/** How a listener speaks. */
export interface Manners {
  readonly greeting: string | null;
  /** More bytes than this are no hello. */
  readonly longest: number;
  /** How long a caller may stay silent until it is answered all the same; null: until its time is over. */
  readonly quietMs: number | null;
  readonly look: (bytes: Buffer, isAll: boolean) => Look;
  readonly answer: (source: End, receipt: string, hello: Buffer) => string;
  /** True: the conversation is over with the answer. */
  readonly answersOnce: boolean;
  /** True: callers have said all they have to say, so nothing that still comes could take the answer with it. */
  readonly hangsUpFirst: boolean;
  readonly refusal: (reason: Refusal) => string;
}

export type Refusal = "too-many" | "too-many-of-this-source" | "not-recorded" | "no-hello" | "proxy";

const REASONS: Readonly<Record<Refusal, string>> = {
  "too-many": "too many connections, come again later",
  "too-many-of-this-source": "too many connections from your address, come again later",
  "not-recorded": "this call could not be recorded, come again later",
  "no-hello": "this is no hello that is understood here",
  proxy: "no PROXY header that is understood here",
};

const MORE: Look = { kind: "more" };

const plain = (source: End, receipt: string): string => `you come from ${endText(source)}\n${receipt}\n`;

const TCP: Manners = {
  greeting: null,
  longest: 1024,
  quietMs: 1000,
  look: (bytes, isAll) =>
    isAll || bytes.includes(10) ? { kind: "hello", mark: markIn(bytes.toString("latin1")), used: bytes.length } : MORE,
  answer: plain,
  answersOnce: true,
  hangsUpFirst: true,
  refusal: (reason) => `error: ${REASONS[reason]}\n`,
};

const HTTP: Manners = {
  greeting: null,
  longest: 8192,
  quietMs: null,
  look: (bytes, isAll) => {
    const isWhole = bytes.includes("\r\n\r\n") || bytes.includes("\n\n");
    if (!isWhole) return isAll ? wrongRequest(bytes) : MORE;
    // A forwarded header is the word of whoever wrote it: only the mark is looked for.
    const isRequest = /^[A-Z]{3,10} \S{1,4096} HTTP\/1\.[01]\r?\n/.test(bytes.toString("latin1"));
    return isRequest
      ? { kind: "hello", mark: markIn(bytes.toString("latin1")), used: bytes.length }
      : wrongRequest(bytes);
  },
  answer: (source, receipt, hello) => response("200 OK", plain(source, receipt), hello[0] === LETTER_H),
  answersOnce: true,
  hangsUpFirst: false,
  refusal: (reason) => response("503 Service Unavailable", `error: ${REASONS[reason]}\n`, false),
};

/** Of methods only HEAD begins so, and is answered without a body. */
const LETTER_H = 72;

const wrongRequest = ({ length }: Buffer): Look => ({
  kind: "reply",
  text: response("400 Bad Request", `error: ${REASONS["no-hello"]}\n`, false),
  used: length,
  ends: true,
});

const response = (status: string, body: string, isHead: boolean): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${isHead ? "" : body}`;

const SMTP: Manners = {
  greeting: "220 seenas-witness ESMTP\r\n",
  // https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.4
  longest: 1024,
  quietMs: null,
  look: (bytes) => {
    const end = bytes.indexOf(10);
    if (end < 0) return MORE;
    const line = bytes.toString("latin1", 0, end);
    const used = end + 1;
    if (/^(?:EHLO|HELO) /i.test(line)) return { kind: "hello", mark: markIn(line), used };
    if (/^QUIT\s*$/i.test(line)) return { kind: "reply", text: "221 2.0.0 bye\r\n", used, ends: true };
    if (/^(?:NOOP|RSET)\b/i.test(line)) return { kind: "reply", text: "250 2.0.0 ok\r\n", used, ends: false };
    return {
      kind: "reply",
      text: "502 5.5.1 only EHLO, HELO, NOOP, RSET and QUIT: this host takes no mail\r\n",
      used,
      ends: false,
    };
  },
  // The peer in brackets, last, as other servers print it; what the client calls itself is not repeated.
  answer: (source, receipt) =>
    `250-seenas-witness Hello [${source.address.includes(":") ? "IPv6:" : ""}${source.address}], port ${source.port}\r\n250 ${receipt}\r\n`,
  answersOnce: false,
  hangsUpFirst: false,
  refusal: (reason) => `421 4.3.2 seenas-witness ${REASONS[reason]}\r\n`,
};

const TLS: Manners = {
  greeting: null,
  longest: 16_384 + 5,
  quietMs: null,
  look: (bytes, isAll) => {
    const length = bytes.length < 5 ? 5 : 5 + bytes.readUInt16BE(3);
    if (bytes[0] !== HANDSHAKE && bytes.length > 0) return { kind: "reply", text: "", used: bytes.length, ends: true };
    if (bytes.length < length) return isAll ? { kind: "reply", text: "", used: bytes.length, ends: true } : MORE;
    return { kind: "hello", mark: markIn(serverNameIn(bytes) ?? ""), used: 0 };
  },
  answer: plain,
  answersOnce: true,
  hangsUpFirst: false,
  // Before a handshake nothing can be said.
  refusal: () => "",
};
const HANDSHAKE = 22;

export const MANNERS: Readonly<Record<TcpKind, Manners>> = { tcp: TCP, http: HTTP, smtp: SMTP, tls: TLS };
