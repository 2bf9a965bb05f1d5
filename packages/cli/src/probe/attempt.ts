import { createSocket } from "node:dgram";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import { type End, type Ip, type Mark, markName, parseIp, readStunAnswer } from "@seenas/core";
import { errnoOf } from "../files/list.ts";
import { datagram, type Hello, scriptFor } from "./hello.ts";

/** How one hello ended. */
export type Result =
  | "answered"
  /** Connected, and the other side hung up without a word. */
  | "closed"
  /** Connected, or sent, and nothing came in time. */
  | "silent"
  /** Something came, and time was over before it was whole. */
  | "slow"
  /** More came than is read. */
  | "too-long"
  | "refused"
  | "unreachable"
  | "no-connection"
  | "no-such-source"
  | "reset"
  /** No handshake of TLS. */
  | "no-tls";

export interface Attempt {
  readonly result: Result;
  readonly local: End | null;
  readonly remote: End;
  readonly tookMs: number;
  /** Bytes that came, as far as they were read. */
  readonly heardBytes: number;
  /** Both sides, as `curl -v` prints them. */
  readonly transcript: string;
  /** Everything that came, as Latin-1. */
  readonly heard: string;
  readonly mapped: End | null;
  readonly certificate: Certificate | null;
}

export interface Certificate {
  readonly subject: string;
  readonly names: string;
  readonly until: string;
  /** null: nothing is wrong with it. */
  readonly wrong: string | null;
}

export interface Wanted {
  readonly hello: Hello;
  readonly mark: Mark;
  readonly to: End;
  readonly name: string | null;
  /** null: as the system chooses. */
  readonly source: Ip | null;
  readonly timeoutMs: number;
}

/** A greeting has no more; what sends on and on is hung up on. */
export const MOST_BYTES = 65_536;

export const attempt = (wanted: Wanted): Promise<Attempt> =>
  wanted.hello === "udp" || wanted.hello === "stun" ? attemptUdp(wanted) : attemptTcp(wanted);

function attemptTcp(wanted: Wanted): Promise<Attempt> {
  const { to, source, timeoutMs, hello, mark, name } = wanted;
  const begun = performance.now();
  const script = scriptFor(hello, mark, hostHeader(wanted));
  const lines = [`* Connected to ${name ?? to.address} (${to.address}) port ${to.port} (#0)`];
  const heard: Buffer[] = [];
  let bytes = 0;
  let said = 0;
  let local: End | null = null;
  let certificate: Certificate | null = null;
  return new Promise((resolve) => {
    const raw = connect({ host: to.address, port: to.port, ...(source !== null && { localAddress: source }) });
    let stream: Socket = raw;
    let quiet: NodeJS.Timeout | undefined;
    let isDone = false;
    const all = (): string => Buffer.concat(heard).toString("latin1");
    const finish = (result: Result): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      clearTimeout(quiet);
      stream.destroy();
      raw.destroy();
      const text = all();
      if (local !== null) lines.push(...heardLines(text.slice(shown)));
      const tookMs = Math.round(performance.now() - begun);
      const transcript = local === null ? "" : `${lines.join("\n")}\n`;
      resolve({
        result,
        local,
        remote: to,
        tookMs,
        heardBytes: bytes,
        transcript,
        heard: text,
        mapped: null,
        certificate,
      });
    };
    /** How much of what was heard stands in the transcript already. */
    let shown = 0;
    const say = (text: string): void => {
      const whole = all();
      lines.push(
        ...heardLines(whole.slice(shown)),
        ...text
          .trimEnd()
          .split("\r\n")
          .map((line) => `> ${line}`),
      );
      shown = whole.length;
      stream.write(text);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      heard.push(chunk.subarray(0, Math.max(0, MOST_BYTES - (bytes - chunk.length))));
      if (bytes > MOST_BYTES) {
        finish("too-long");
        return;
      }
      clearTimeout(quiet);
      if (script.quietMs !== null) quiet = setTimeout(() => finish("answered"), script.quietMs);
      const turn = script.next(all(), said);
      if (turn.kind === "done") finish("answered");
      else if (turn.kind === "say") {
        said += 1;
        say(turn.text);
      }
    };
    const speak = (): void => {
      stream.on("data", take);
      stream.on("end", () => finish(bytes > 0 ? "answered" : "closed"));
      if (script.opening !== null) say(script.opening);
      // A handshake alone is an answer; a word behind it is waited for, but not for long.
      if (hello === "tls" && script.quietMs !== null) quiet = setTimeout(() => finish("answered"), script.quietMs);
    };
    const timer = setTimeout(() => finish(local === null ? "no-connection" : bytes > 0 ? "slow" : "silent"), timeoutMs);
    raw.once("connect", () => {
      local = endOf(raw.localAddress, raw.localPort);
      if (hello !== "tls" && hello !== "https") return speak();
      lines.push(`* server name ${markName(mark)}`);
      const secure = connectTls({ socket: raw, servername: markName(mark), rejectUnauthorized: false });
      stream = secure;
      secure.once("secureConnect", () => {
        certificate = certificateOf(secure, name);
        speak();
      });
      secure.once("error", () => finish("no-tls"));
    });
    raw.once("error", (error) => finish(local === null ? failure(errnoOf(error)) : bytes > 0 ? "answered" : "reset"));
  });
}

const hostHeader = ({ name, to }: Wanted): string => name ?? (isIP(to.address) === 6 ? `[${to.address}]` : to.address);

const heardLines = (text: string): readonly string[] =>
  text === ""
    ? []
    : text
        .replace(/\r?\n$/, "")
        .split(/\r?\n/)
        .map((line) => `< ${printable(line)}`);

/** Control characters of a server are nothing for a file that people read. */
const printable = (line: string): string => line.replace(/[^\x20-\x7e\t]/g, "?").slice(0, 4096);

function endOf(address: string | undefined, port: number | undefined): End | null {
  const ip = parseIp(address ?? "");
  return ip === undefined ? null : { address: ip, port: port ?? 0 };
}

const FAILURES: Readonly<Record<string, Result>> = {
  ...{ ECONNREFUSED: "refused", ECONNRESET: "reset", ETIMEDOUT: "no-connection" },
  ...{ EADDRNOTAVAIL: "no-such-source", EINVAL: "no-such-source" },
};

const failure = (errno: string): Result => FAILURES[errno] ?? "unreachable";

function certificateOf(secure: TLSSocket, name: string | null): Certificate | null {
  const shown: PeerCertificate = secure.getPeerCertificate();
  if (Object.keys(shown).length === 0) return null;
  const names = shown.subjectaltname ?? "";
  return {
    subject: String(shown.subject?.CN ?? ""),
    names: names.slice(0, 500),
    until: shown.valid_to,
    wrong: wrongIn(secure, shown, name),
  };
}

/** The mark is nobody's name: the certificate is held against the name that was asked for. */
function wrongIn(secure: TLSSocket, shown: PeerCertificate, name: string | null): string | null {
  const { checkServerIdentity } = process.getBuiltinModule("node:tls");
  const identity = name === null ? undefined : checkServerIdentity(name, shown);
  const reason: unknown = secure.authorizationError;
  const chain =
    reason === null || reason === undefined ? null : reason instanceof Error ? errnoOf(reason) : String(reason);
  // With the mark as server name that one never fits.
  const ofChain = chain === "ERR_TLS_CERT_ALTNAME_INVALID" ? null : chain;
  return identity === undefined ? ofChain : `${identity.message.slice(0, 200)}`;
}

/** One transaction of STUN may be sent again: https://www.rfc-editor.org/rfc/rfc8489#section-6.2.1 */
const AGAIN_MS = [500, 1500];

async function attemptUdp({ hello, mark, to, source, timeoutMs }: Wanted): Promise<Attempt> {
  const begun = performance.now();
  const socket = createSocket(isIP(to.address) === 6 ? "udp6" : "udp4");
  const timers: NodeJS.Timeout[] = [];
  const bytes = datagram(hello, mark);
  let local: End | null = null;
  const outcome = await new Promise<{ readonly result: Result; readonly heard: Buffer }>((resolve) => {
    const finish = (result: Result, heard = Buffer.alloc(0)): void => resolve({ result, heard });
    timers.push(setTimeout(() => finish("silent"), timeoutMs));
    socket.once("error", (error) => finish(failure(errnoOf(error))));
    socket.on("message", (answer) => {
      const isOurs = hello === "udp" || Buffer.from(readStunAnswer(answer)?.transaction ?? []).toString("hex") === mark;
      if (isOurs) finish("answered", answer);
    });
    const send = (): void => socket.send(bytes, (error) => (error ? finish(failure(errnoOf(error))) : undefined));
    // Connected, so that the system chooses as it does for TCP, and hears refusals.
    const connected = (): void =>
      socket.connect(to.port, to.address, () => {
        const own = socket.address();
        local = endOf(own.address, own.port);
        send();
        if (hello === "stun") for (const wait of AGAIN_MS) timers.push(setTimeout(send, wait));
      });
    if (source === null) connected();
    else socket.bind(0, source, connected);
  });
  for (const timer of timers) clearTimeout(timer);
  socket.close();
  const { result, heard } = outcome;
  const stun = readStunAnswer(heard);
  const text = heard.toString("latin1");
  return {
    ...{ result, local, remote: to, tookMs: Math.round(performance.now() - begun), heardBytes: heard.length },
    ...{ transcript: stun === null ? heardLines(text).join("\n") : "", heard: stun?.software ?? text },
    ...{ mapped: stun === null ? null : { address: stun.address, port: stun.port }, certificate: null },
  };
}
