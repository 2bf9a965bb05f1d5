import { writeSync } from "node:fs";
import { type Server, Socket, type SocketConstructorOpts } from "node:net";
import { errnoOf } from "../files/list.ts";
import { type Connection, type Party, SocketConnection } from "./connection.ts";

/** What Node keeps under a socket. Its documents do not describe it, so nothing here relies on its being there (ADR 19). */
interface TcpHandle {
  /** A file of the system; less than 0: this is no such system, or it is closed. */
  readonly fd: number;
  onread: (this: TcpHandle, bytes: ArrayBuffer | undefined) => void;
  /** These return 0, or an error of the system. */
  readStart(): number;
  readStop(): number;
  getpeername(into: Partial<Name>): number;
  getsockname(into: Partial<Name>): number;
  close(): void;
  [OWNER]?: HandleConnection;
}

interface Name {
  readonly address: string;
  readonly port: number;
}

type Connected = (this: unknown, status: number, handle: unknown, ...more: unknown[]) => void;

const OWNER = Symbol("connection");

/**
 * From now on, whoever connects reaches `use` without a socket being made, as long as Node's handles are what they are known
 * to be; all others reach the server's own listener. On Windows a socket is no file, and none is taken.
 * @param server it is listening
 */
export function takeHandles(server: Server, use: (connection: Connection) => void): void {
  const listening: unknown = "_handle" in server ? server._handle : null;
  if (typeof listening !== "object" || listening === null || !("onconnection" in listening)) return;
  const usual = listening.onconnection;
  if (typeof usual !== "function") return;
  const connected: Connected = function (status, handle, ...more) {
    const name = {};
    if (status === 0 && isTcpHandle(handle) && handle.fd >= 0 && handle.getpeername(name) === 0 && isName(name))
      use(new HandleConnection(handle, name));
    else Reflect.apply(usual, this, [status, handle, ...more]);
  };
  listening.onconnection = connected;
}

const METHODS = ["readStart", "readStop", "getpeername", "getsockname", "close"] as const;

/** What the last of them was made from: the next is the same, most likely. */
let known: unknown = null;

function isTcpHandle(value: unknown): value is TcpHandle {
  if (typeof value !== "object" || value === null) return false;
  const made: unknown = Object.getPrototypeOf(value);
  if (made === known) return true;
  if (typeof made !== "object" || made === null || !("fd" in made && "onread" in made)) return false;
  if (!METHODS.every((method) => typeof Reflect.get(made, method) === "function")) return false;
  known = made;
  return true;
}

const isName = (name: Partial<Name>): name is Name => typeof name.address === "string" && typeof name.port === "number";

/** A connection without a socket, until it needs one: for a layer above, to end in one direction, or if the system is full. */
class HandleConnection implements Connection {
  readonly remote: Name;
  private readonly handle: TcpHandle;
  private readonly file: number;
  private party: Party | null = null;
  private isOver = false;
  private socket: SocketConnection | null = null;

  constructor(handle: TcpHandle, remote: Name) {
    this.remote = remote;
    this.handle = handle;
    this.file = handle.fd;
    handle[OWNER] = this;
    handle.onread = onRead;
  }

  get isOpen(): boolean {
    return this.socket === null ? !this.isOver : this.socket.isOpen;
  }

  localAddress(): string | undefined {
    const name: Partial<Name> = {};
    return this.handle.getsockname(name) === 0 ? name.address : undefined;
  }

  belongsTo(party: Party): void {
    this.party = party;
    if (this.handle.readStart() !== 0) this.destroy();
  }

  /** @param bytes undefined: nothing comes any more */
  read(bytes: ArrayBuffer | undefined): void {
    if (!this.isOpen) return;
    if (bytes !== undefined) this.party?.take(Buffer.from(bytes));
    // Whoever has said all is still there; whoever broke off is not, and why is nothing that Node tells here.
    else if (this.handle.getpeername({}) === 0) this.party?.end();
    else this.destroy();
  }

  write(text: string): boolean {
    if (!this.isOpen || text === "") return true;
    if (this.socket !== null) return this.socket.write(text);
    const written = this.writeNow(text);
    return written === null || written === text.length || this.withSocket().write(text.slice(written));
  }

  end(text: string): void {
    this.write(text);
    if (this.isOpen) this.withSocket().end("");
  }

  dismiss(text: string): void {
    this.write(text);
    this.destroy();
  }

  destroy(): void {
    if (!this.isOpen) return;
    if (this.socket === null) {
      this.handle.close();
      this.over();
    } else this.socket.destroy();
  }

  asSocket(): Socket {
    return this.withSocket().asSocket();
  }

  /** @returns letters that the system took; null: the other side is gone */
  private writeNow(text: string): number | null {
    try {
      return writeSync(this.file, text, null, "latin1");
    } catch (error) {
      if (errnoOf(error) === "EAGAIN") return 0;
      this.destroy();
      return null;
    }
  }

  private over(): void {
    this.isOver = true;
    this.party?.leave();
  }

  private withSocket(): SocketConnection {
    if (this.socket === null) {
      this.handle.readStop();
      const options = { handle: this.handle, allowHalfOpen: true, readable: true, writable: true };
      this.socket = new SocketConnection(new Socket(options as SocketConstructorOpts));
      this.socket.belongsTo({
        take: (bytes) => this.party?.take(bytes),
        end: () => this.party?.end(),
        leave: () => this.over(),
      });
    }
    return this.socket;
  }
}

function onRead(this: TcpHandle, bytes: ArrayBuffer | undefined): void {
  this[OWNER]?.read(bytes);
}
