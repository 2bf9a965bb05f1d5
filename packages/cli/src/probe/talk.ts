import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type End, markName } from "@seenas/core";
import { errnoOf } from "../files/list.ts";
import { type Certificate, certificateOf } from "./certificate.ts";
import { endOf, failure, heardLines } from "./heard.ts";
import { type Script, scriptFor } from "./hello.ts";
import { type Attempt, MOST_BYTES, type Result, type Wanted } from "./outcome.ts";

/** Connects, says the hello, hears what comes back, and hangs up. */
export const attemptTcp = (wanted: Wanted): Promise<Attempt> =>
  new Promise((resolve) => {
    new Talk(wanted, resolve).begin();
  });

/** One connection with one hello. It ends once, by whatever comes first. */
class Talk {
  private readonly wanted: Wanted;
  private readonly resolve: (attempt: Attempt) => void;
  private readonly script: Script;
  private readonly begun = performance.now();
  private readonly lines: string[];
  private readonly heard: Buffer[] = [];
  private readonly raw: Socket;
  /** Where the hello is said: the connection, or TLS on it. */
  private stream: Socket;
  private readonly timer: NodeJS.Timeout;
  private quiet: NodeJS.Timeout | undefined;
  private bytes = 0;
  private said = 0;
  /** How much of what was heard stands in the transcript already. */
  private shown = 0;
  private local: End | null = null;
  private certificate: Certificate | null = null;
  private isOver = false;

  constructor(wanted: Wanted, resolve: (attempt: Attempt) => void) {
    const { to, name, source, hello, mark, timeoutMs } = wanted;
    this.wanted = wanted;
    this.resolve = resolve;
    this.script = scriptFor(hello, mark, hostHeader(wanted));
    this.lines = [`* Connected to ${name ?? to.address} (${to.address}) port ${to.port} (#0)`];
    this.raw = connect({ host: to.address, port: to.port, ...(source !== null && { localAddress: source }) });
    this.stream = this.raw;
    this.timer = setTimeout(() => this.finish(this.lateness()), timeoutMs);
  }

  begin(): void {
    this.raw.once("connect", () => this.connected());
    this.raw.once("error", (error) => this.finish(this.lossOf(error)));
  }

  private lateness(): Result {
    if (this.local === null) return "no-connection";
    return this.bytes > 0 ? "slow" : "silent";
  }

  private lossOf(error: Error): Result {
    if (this.local === null) return failure(errnoOf(error));
    return this.bytes > 0 ? "answered" : "reset";
  }

  private connected(): void {
    const { hello, mark, name } = this.wanted;
    this.local = endOf(this.raw.localAddress, this.raw.localPort);
    if (hello !== "tls" && hello !== "https") {
      this.speak();
      return;
    }
    this.lines.push(`* server name ${markName(mark)}`);
    const secure = connectTls({ socket: this.raw, servername: markName(mark), rejectUnauthorized: false });
    this.stream = secure;
    secure.once("secureConnect", () => {
      this.certificate = certificateOf(secure, name);
      this.speak();
    });
    secure.once("error", () => this.finish("no-tls"));
  }

  private speak(): void {
    this.stream.on("data", (chunk: Buffer) => this.take(chunk));
    this.stream.on("end", () => this.finish(this.bytes > 0 ? "answered" : "closed"));
    if (this.script.opening !== null) this.say(this.script.opening);
    // A handshake alone is an answer; a word behind it is waited for, but not for long.
    if (this.wanted.hello === "tls") this.waitForMore();
  }

  private waitForMore(): void {
    clearTimeout(this.quiet);
    const { quietMs } = this.script;
    if (quietMs !== null) this.quiet = setTimeout(() => this.finish("answered"), quietMs);
  }

  private take(chunk: Buffer): void {
    this.heard.push(chunk.subarray(0, Math.max(0, MOST_BYTES - this.bytes)));
    this.bytes += chunk.length;
    if (this.bytes > MOST_BYTES) {
      this.finish("too-long");
      return;
    }
    this.waitForMore();
    const turn = this.script.next(this.all(), this.said);
    if (turn.kind === "done") this.finish("answered");
    else if (turn.kind === "say") {
      this.said += 1;
      this.say(turn.text);
    }
  }

  private all = (): string => Buffer.concat(this.heard).toString("latin1");

  private say(text: string): void {
    const all = this.all();
    const words = text.trimEnd().split("\r\n");
    this.lines.push(...heardLines(all.slice(this.shown)), ...words.map((line) => `> ${line}`));
    this.shown = all.length;
    this.stream.write(text);
  }

  private finish(result: Result): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    clearTimeout(this.quiet);
    this.stream.destroy();
    this.raw.destroy();
    const heard = this.all();
    const { local, certificate } = this;
    if (local !== null) this.lines.push(...heardLines(heard.slice(this.shown)));
    this.resolve({
      ...{ result, local, remote: this.wanted.to, heard, heardBytes: this.bytes, mapped: null, certificate },
      tookMs: Math.round(performance.now() - this.begun),
      transcript: local === null ? "" : `${this.lines.join("\n")}\n`,
    });
  }
}

const hostHeader = ({ name, to }: Wanted): string => name ?? (isIP(to.address) === 6 ? `[${to.address}]` : to.address);
