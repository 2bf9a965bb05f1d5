import type { Socket } from "node:net";

/** What a connection tells whoever it belongs to. */
export interface Party {
  take(bytes: Buffer): void;
  /** The other side has said all it had to say. */
  end(): void;
  /** It is over, whoever ended it; told once. */
  leave(): void;
}

/** A caller's connection, as far as a witness needs one. Words are letters of ASCII. */
export interface Connection {
  readonly isOpen: boolean;
  /** Of the other side, as the system writes it; undefined: it is gone. */
  readonly remote: { readonly address: string | undefined; readonly port: number };
  /** The address here that it came to. */
  localAddress(): string | undefined;
  /** Told of what comes from now on. */
  belongsTo(party: Party): void;
  /** @returns whether the system has taken all of it */
  write(text: string): boolean;
  /** The last word; the other side may still speak. */
  end(text: string): void;
  /** A last word, and nobody waits until it was heard. */
  dismiss(text: string): void;
  destroy(): void;
  /** What a layer above speaks through, paused. Its party is told no more than that it is over. */
  asSocket(): Socket;
}

/** A socket as Node makes one for each connection. */
export class SocketConnection implements Connection {
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    // Whoever hangs up in the middle is no news.
    socket.on("error", () => socket.destroy());
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  get remote(): Connection["remote"] {
    return { address: this.socket.remoteAddress, port: this.socket.remotePort ?? 0 };
  }

  localAddress(): string | undefined {
    return this.socket.localAddress;
  }

  belongsTo(party: Party): void {
    this.socket
      .on("close", () => party.leave())
      .on("data", (bytes: Buffer) => party.take(bytes))
      .on("end", () => party.end());
  }

  write(text: string): boolean {
    this.socket.write(text, "latin1");
    return this.socket.writableLength === 0;
  }

  end(text: string): void {
    this.socket.end(text, "latin1");
  }

  dismiss(text: string): void {
    this.socket.end(text, "latin1");
    this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  asSocket(): Socket {
    return this.socket.pause().removeAllListeners("data").removeAllListeners("end");
  }
}
