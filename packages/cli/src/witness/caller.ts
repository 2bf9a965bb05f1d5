import { type SecureContext, TLSSocket } from "node:tls";
import { type Cidr, type End, type Ip, LONGEST_PROXY_HEADER, type Mark, readProxyHeader } from "@seenas/core";
import type { Admissions } from "./admissions.ts";
import type { Connection, Party } from "./connection.ts";
import type { Deadlines, Punctual } from "./deadlines.ts";
import { type SightingLog, timeText } from "./log.ts";
import { MANNERS, type Manners, type Refusal, type TcpKind } from "./manners.ts";

/** What all callers of a witness share. */
export interface House {
  readonly admissions: Admissions;
  readonly deadlines: Deadlines;
  readonly log: SightingLog;
  readonly proxies: readonly Cidr[];
  readonly secure: () => SecureContext;
  /** Somebody was one too many. */
  readonly turnedAway: () => void;
}

/** After the last word: whoever does not hang up by then is hung up on. */
const LINGER_MS = 2000;
/** Commands of one caller. */
const MOST_REPLIES = 20;
/** A first record of TLS is the longest that is looked at; a piece of the line may come on top. */
const MOST_BYTES = 16_384 + 5;

/** One connection, from its first byte to its last. It never holds more than one hello. */
export class Caller implements Punctual, Party {
  /** When it is to be looked at again, whatever it did. */
  deadline = 0;
  queue: Punctual["queue"] = null;
  before: Punctual | null = null;
  behind: Punctual | null = null;
  private readonly connection: Connection;
  private readonly kind: TcpKind;
  private readonly manners: Manners;
  private readonly house: House;
  private readonly peer: Ip;
  private readonly local: End;
  private source: End;
  private via: Ip | null = null;
  private bytes: Buffer | null = null;
  private state: "proxy" | "hello" | "recording" | "answered" | "over" = "hello";
  private replies = 0;
  private hasEnded = false;

  constructor(connection: Connection, kind: TcpKind, peer: End, local: End, house: House) {
    this.connection = connection;
    this.kind = kind;
    this.manners = MANNERS[kind];
    this.house = house;
    this.peer = peer.address;
    this.source = peer;
    this.local = local;
  }

  /** @param isProxy it is one of the peers whose header is believed, and which always send one */
  begin(isProxy: boolean): void {
    this.house.log.expect();
    this.state = isProxy ? "proxy" : "hello";
    this.connection.belongsTo(this);
    if (!this.connection.isOpen) return;
    if (isProxy) this.house.deadlines.add(this, null);
    else this.greet();
  }

  /** Its time is over; while the disk keeps it waiting, that is not its fault. */
  expire(): void {
    const isQuiet = this.state === "hello" && this.manners.quietMs !== null;
    if (this.state === "recording" || isQuiet) this.house.deadlines.add(this, null);
    else this.connection.destroy();
    if (isQuiet) this.look(true);
  }

  hangUp(): void {
    this.connection.destroy();
  }

  private greet(): void {
    this.state = "hello";
    this.house.deadlines.add(this, this.manners.quietMs);
    if (this.manners.greeting !== null) this.connection.write(this.manners.greeting);
  }

  take(bytes: Buffer): void {
    if (this.state === "over") return;
    if ((this.bytes?.length ?? 0) > MOST_BYTES) {
      // More than any hello, while its first one is being recorded.
      this.connection.destroy();
      return;
    }
    this.bytes = this.bytes === null ? bytes : Buffer.concat([this.bytes, bytes]);
    if (this.state === "proxy") this.lookForProxy();
    else if (this.state !== "recording") this.look(this.hasEnded);
  }

  end(): void {
    this.hasEnded = true;
    if (this.state === "hello") this.look(true);
    else if (this.state === "answered" || this.state === "proxy") this.connection.end("");
  }

  private lookForProxy(): void {
    const bytes = this.bytes ?? Buffer.alloc(0);
    const header = readProxyHeader(bytes);
    switch (header.kind) {
      case "incomplete":
        if (bytes.length > LONGEST_PROXY_HEADER) this.refuse("proxy");
        break;
      case "wrong":
        this.refuse("proxy");
        break;
      case "local":
        this.behindProxy(header.length, this.source, null);
        break;
      case "proxied":
        this.behindProxy(header.length, { address: header.address, port: header.port }, this.peer);
        break;
      default:
        header satisfies never;
    }
  }

  private behindProxy(length: number, source: End, via: Ip | null): void {
    this.source = source;
    this.via = via;
    this.use(length);
    this.greet();
    if (this.bytes !== null) this.look(this.hasEnded);
  }

  private use(length: number): void {
    const rest = this.bytes?.subarray(length);
    this.bytes = rest === undefined || rest.length === 0 ? null : rest;
  }

  private look(isAll: boolean): void {
    while (this.state === "hello" || this.state === "answered") {
      const bytes = this.bytes ?? NOTHING;
      const look = this.manners.look(bytes, isAll || bytes.length >= this.manners.longest);
      if (look.kind === "more") {
        if (bytes.length > this.manners.longest) this.refuse("no-hello");
        else if (isAll) this.over("");
        return;
      }
      if (look.kind === "hello" && this.state === "hello") {
        this.record(look.mark, look.used);
        return;
      }
      this.use(look.used);
      this.replies += 1;
      // Once is enough: what was seen does not change within a connection.
      const reply = look.kind === "hello" ? { text: "250 seenas-witness\r\n", ends: false } : look;
      if (reply.ends || this.replies > MOST_REPLIES) this.over(reply.text);
      else this.connection.write(reply.text);
    }
  }

  private record(mark: Mark | null, used: number): void {
    this.state = "recording";
    const { kind: listener, source, via, local } = this;
    const at = timeText();
    this.house.log.record({ at, listener, protocol: "tcp", source, via, local, mark }, (receipt) => {
      if (!this.connection.isOpen) return;
      if (receipt === null) this.refuse("not-recorded");
      else if (this.kind === "tls") this.secure(receipt);
      else this.answer(receipt, used);
    });
  }

  private answer(receipt: string, used: number): void {
    const answer = this.manners.answer(this.source, receipt, this.bytes ?? NOTHING);
    if (this.manners.answersOnce) {
      this.over(answer);
      return;
    }
    this.use(used);
    this.state = "answered";
    this.connection.write(answer);
    this.look(false);
    if (this.hasEnded) this.connection.end("");
  }

  /** The hello was read already: the handshake begins with it. */
  private secure(receipt: string): void {
    const socket = this.connection.asSocket();
    this.state = "over";
    socket.unshift(this.bytes ?? NOTHING);
    this.bytes = null;
    const secure = new TLSSocket(socket, { isServer: true, secureContext: this.house.secure() });
    secure.on("secure", () => secure.end(this.manners.answer(this.source, receipt, NOTHING)));
    secure.on("data", () => {});
    secure.on("error", () => socket.destroy());
    secure.on("close", () => socket.destroy());
  }

  private refuse(reason: Refusal): void {
    this.over(this.manners.refusal(reason));
  }

  /** The last word. What still comes is thrown away: hanging up on it could take the answer with it. */
  private over(text: string): void {
    if (!this.connection.isOpen) return;
    this.state = "over";
    this.bytes = null;
    if (this.manners.hangsUpFirst && this.connection.write(text)) {
      this.connection.destroy();
      return;
    }
    this.connection.end(this.manners.hangsUpFirst ? "" : text);
    this.house.deadlines.add(this, LINGER_MS);
  }

  leave(): void {
    this.state = "over";
    this.bytes = null;
    this.house.deadlines.remove(this);
    this.house.admissions.leave(this.peer);
  }
}

const NOTHING = Buffer.alloc(0);
