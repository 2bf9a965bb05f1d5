import type { Ip } from "../../address/ip.ts";
import type { Line } from "../lines.ts";
import { type ConnectLine, connectLine, type MailClient } from "./connect.ts";
import { boundAddress, isDetour, shellAfter } from "./detour.ts";
import { type EchoReading, readEcho } from "./echo.ts";
import { type SmtpLine, smtpLine } from "./line.ts";
import { type MailServer, serverOf } from "./servers.ts";

/** One connection to a mail server, as far as the transcript shows it. */
export interface SmtpSession {
  readonly client: MailClient | null;
  readonly connectedTo: {
    readonly name: string | null;
    readonly address: Ip | null;
    readonly port: number | null;
  } | null;
  readonly banner: { readonly line: Line; readonly text: string } | null;
  /** The name the server gives itself. */
  readonly bannerHost: string | null;
  readonly server: MailServer | null;
  /** As the client sent it in its first EHLO or HELO; null when the transcript does not show it. */
  readonly heloArgument: string | null;
  readonly startTls: boolean;
  /** Through an HTTP or SOCKS proxy, or another host's shell: the server sees that one. */
  readonly throughProxy: boolean;
  /** The host that a shell was opened on before. */
  readonly ranOn: string | null;
  /** The address the client was told to send from, or says that it sends from. */
  readonly boundTo: Ip | null;
  /** First lines of EHLO and HELO replies: one, or two when STARTTLS comes between. */
  readonly echoes: readonly { readonly line: Line; readonly helo: string | null; readonly reading: EchoReading }[];
  /** Replies with a 4xx or 5xx code. */
  readonly refusals: readonly { readonly line: Line; readonly text: string }[];
  /** The first thing the server said. */
  readonly firstReply: Line | null;
}

interface OpenSession {
  client: MailClient | null;
  connected: { name: string | null; address: Ip | null; port: number | null } | null;
  banner: { readonly line: Line; readonly text: string } | null;
  helo: string | null;
  firstHelo: string | null;
  sawCommand: boolean;
  awaitsGreeting: boolean;
  startTls: boolean;
  throughProxy: boolean;
  ranOn: string | null;
  boundTo: Ip | null;
  readonly greetings: { readonly line: Line; readonly text: string; readonly helo: string | null }[];
  readonly refusals: { readonly line: Line; readonly text: string }[];
  firstReply: Line | null;
  /** The code of a reply that goes on on the next line. */
  continues: number | null;
}

/** `220` after STARTTLS is no greeting: RFC 3207, and the wordings of Postfix, Exim, Exchange and sendmail. */
const TLS_READY = /^(?:\d\.\d{1,3}\.\d{1,3}\b|TLS go ahead|ready (?:to start|for) TLS|go ahead|begin TLS)|start TLS/i;
const HOST_NAME = /^(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,20}\.?|\[[^\]\s]{1,60}\])(?=\s|$)/;
const LONE_GREETING = /(?:^|\s)Hello\b.{0,300}\[[^\]\s]{1,60}\]/i;
/** Cuts the lines into sessions: at a new connection, or at a new greeting. Several may share one paste. */
export function parseSmtp(lines: readonly Line[]): readonly SmtpSession[] {
  const sessions: OpenSession[] = [newSession()];
  let shell: string | null = null;
  for (const line of lines) {
    const current = sessions.at(-1) ?? newSession();
    shell = shellAfter(line.text, shell);
    const next = readLine(line, current);
    if (next !== current) sessions.push(next);
    if (next !== current || !isSmtp(next)) next.ranOn = shell;
  }
  return sessions.filter(isSmtp).map(closed);
}

const newSession = (): OpenSession => ({
  client: null,
  connected: null,
  banner: null,
  helo: null,
  firstHelo: null,
  sawCommand: false,
  awaitsGreeting: false,
  startTls: false,
  throughProxy: false,
  ranOn: null,
  boundTo: null,
  greetings: [],
  refusals: [],
  firstReply: null,
  continues: null,
});

const isSmtp = (session: OpenSession): boolean => session.firstReply !== null || session.greetings.length > 0;

/** Returns the session the line belongs to: the same, or a new one that it opens. */
function readLine(line: Line, current: OpenSession): OpenSession {
  const connect = connectLine(line.text);
  const detour = isDetour(line.text);
  if (connect !== null || detour === "command") {
    const session = isSmtp(current) ? newSession() : current;
    if (connect !== null) noteConnection(session, connect);
    if (detour !== null) session.throughProxy = true;
    session.boundTo = boundAddress(line.text) ?? session.boundTo;
    return session;
  }
  if (detour !== null) current.throughProxy = true;
  current.boundTo = boundAddress(line.text) ?? current.boundTo;
  const read = smtpLine(line);
  if (read.kind === "command") readCommand(read, current);
  if (read.kind === "reply") return readReply(read, current);
  if (read.kind === "other") readOther(line, current);
  return current;
}

function noteConnection(session: OpenSession, connect: ConnectLine): void {
  session.client = connect.client ?? session.client;
  const { name, address, port } = connect;
  if (name === null && address === null && port === null) return;
  const known = session.connected;
  session.connected = {
    name: name ?? known?.name ?? null,
    address: address ?? known?.address ?? null,
    port: port ?? known?.port ?? null,
  };
}

function readCommand(read: SmtpLine & { kind: "command" }, session: OpenSession): void {
  session.sawCommand = true;
  if (read.line.text.startsWith("send: ")) session.client ??= "python-smtplib";
  if (read.verb === "STARTTLS") session.startTls = true;
  if (read.verb !== "EHLO" && read.verb !== "HELO" && read.verb !== "LHLO") return;
  session.helo = read.argument === "" ? null : read.argument;
  session.firstHelo ??= session.helo;
  session.awaitsGreeting = true;
}

function readReply(read: SmtpLine & { kind: "reply" }, current: OpenSession): OpenSession {
  const { line, text, code } = read;
  const goesOn = current.continues === code;
  const isBanner = code === 220 && !goesOn && !TLS_READY.test(text);
  // smtplib prints the greeting twice: as a reply and as the result of connect().
  if (isBanner && current.banner?.text === text && line.text.startsWith("connect: ")) return current;
  const session = isBanner && isSmtp(current) ? newSession() : current;
  session.continues = read.more ? code : null;
  session.firstReply ??= line;
  if (isBanner) session.banner = { line, text };
  else if (code === 220) session.startTls = true;
  else if (code === 250 && !goesOn) readGreeting(read, session);
  if (code >= 400) session.refusals.push({ line, text });
  if (/^(?:connect|reply): /.test(line.text)) session.client ??= "python-smtplib";
  return session;
}

function readGreeting({ line, text }: SmtpLine & { kind: "reply" }, session: OpenSession): void {
  const isGreeting = session.awaitsGreeting || (!session.sawCommand && HOST_NAME.test(text));
  if (!isGreeting || /^\d\.\d{1,3}\.\d{1,3}\b/.test(text)) return;
  session.awaitsGreeting = false;
  session.greetings.push({ line, text, helo: session.helo });
}

/** `Hello [10.72.2.222]`, quoted without anything around it. */
function readOther(line: Line, session: OpenSession): void {
  if (session.greetings.length > 0 || line.text.length > 1000 || !LONE_GREETING.test(line.text)) return;
  session.greetings.push({ line, text: line.text.trim(), helo: session.helo });
}

function closed(open: OpenSession): SmtpSession {
  const banner = open.banner;
  const server = serverOf(banner?.text ?? null, open.greetings[0]?.text ?? null);
  return {
    client: open.client ?? (open.sawCommand ? "terminal" : null),
    connectedTo: open.connected,
    banner,
    bannerHost: banner === null ? null : (/^\S+/.exec(banner.text)?.[0] ?? null),
    server,
    heloArgument: open.firstHelo,
    startTls: open.startTls,
    throughProxy: open.throughProxy,
    ranOn: open.ranOn,
    boundTo: open.boundTo,
    echoes: open.greetings.map(({ line, text, helo }) => ({ line, helo, reading: readEcho(text, server, helo) })),
    refusals: open.refusals,
    firstReply: open.firstReply,
  };
}
