import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Connection, type Party, SocketConnection } from "./connection.ts";
import { takeHandles } from "./handle.ts";

const LETTERS = 20_000_000;

interface Heard extends Party {
  readonly words: string[];
  text: string;
}

const party = (connection: Connection, words: string[], more: Partial<Party> = {}): Heard => ({
  words,
  text: "",
  take(bytes) {
    this.text += bytes.toString("latin1");
    words.push("take");
    more.take?.(bytes);
  },
  end() {
    words.push("end");
    more.end?.();
  },
  leave() {
    words.push("leave");
    more.leave?.();
    expect(connection.isOpen).toBe(false);
  },
});

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** @returns a caller, and how many sockets Node made for those who were served */
async function connected(
  kind: "handle" | "socket",
  serve: (connection: Connection) => void,
): Promise<{ readonly caller: Socket; readonly sockets: () => number }> {
  let sockets = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets += 1;
    serve(new SocketConnection(socket));
  });
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  if (kind === "handle") takeHandles(server, serve);
  const caller = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  caller.on("error", () => {});
  await once(caller, "connect");
  return { caller, sockets: () => sockets };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const KINDS = process.platform === "win32" ? (["socket"] as const) : (["handle", "socket"] as const);

describe.each(KINDS)("a connection that is a %s", (kind) => {
  test("hears, answers, and knows both ends", async () => {
    const words: string[] = [];
    const { caller, sockets } = await connected(kind, (connection) => {
      expect(connection.remote).toMatchObject({ address: "127.0.0.1" });
      expect(connection.localAddress()).toBe("127.0.0.1");
      const heard = party(connection, words, {
        take: () => {
          expect(connection.write(`${connection.remote.port} said ${heard.text}`)).toBe(true);
          connection.destroy();
          // What comes too late changes nothing.
          connection.destroy();
          expect(connection.write("more")).toBe(true);
          connection.end("more");
        },
      });
      connection.belongsTo(heard);
    });
    caller.write("hello");
    const [answer] = await once(caller, "data");
    expect(String(answer)).toBe(`${caller.localPort} said hello`);
    expect(words).toEqual(["take", "leave"]);
    expect(sockets()).toBe(kind === "handle" ? 0 : 1);
    caller.destroy();
  });

  test("more than the system takes at once arrives, whole and in order", async () => {
    const words: string[] = [];
    const text = Array.from({ length: LETTERS / 10 }, (_, at) => String(at).padStart(10, "0")).join("");
    const { caller } = await connected(kind, (connection) => {
      connection.belongsTo(party(connection, words));
      expect(connection.write(text)).toBe(false);
      connection.end("the end");
    });
    const parts: Buffer[] = [];
    caller.on("data", (bytes) => parts.push(bytes));
    await once(caller, "end");
    expect(Buffer.concat(parts).toString("latin1") === `${text}the end`).toBe(true);
    caller.end();
    await until(() => words.includes("leave"));
    expect(words).toEqual(["end", "leave"]);
  });

  test("a half close is an end, and the other half still speaks", async () => {
    const words: string[] = [];
    const { caller } = await connected(kind, (connection) =>
      connection.belongsTo(party(connection, words, { end: () => connection.end("goodbye") })),
    );
    caller.end();
    const [answer] = await once(caller, "data");
    expect(String(answer)).toBe("goodbye");
    await until(() => words.includes("leave"));
    expect(words.filter((word) => word === "leave")).toHaveLength(1);
    expect(words[0]).toBe("end");
  });

  test("a caller that breaks off did not end, it is gone", async () => {
    const words: string[] = [];
    const { caller } = await connected(kind, (connection) => connection.belongsTo(party(connection, words)));
    caller.resetAndDestroy();
    await until(() => words.length > 0);
    expect(words).toEqual(["leave"]);
  });

  test("a word to somebody who is gone ends the connection", async () => {
    const words: string[] = [];
    let one: Connection | null = null;
    const { caller } = await connected(kind, (connection) => {
      one = connection;
    });
    caller.resetAndDestroy();
    await once(caller, "close");
    await until(() => one !== null);
    const connection = one as unknown as Connection;
    connection.belongsTo(party(connection, words));
    connection.write("anybody?");
    connection.write("nobody");
    await until(() => words.length > 0);
    expect(words).toEqual(["leave"]);
  });

  test("a layer above gets a socket of Node's, and its party hears only the end", async () => {
    const words: string[] = [];
    const { caller } = await connected(kind, (connection) => {
      const heard = party(connection, words, {
        take: () => {
          const socket = connection.asSocket();
          socket.on("data", (bytes) => socket.end(`above: ${bytes}`));
          socket.resume();
          socket.write("go on");
        },
      });
      connection.belongsTo(heard);
    });
    caller.write("hello");
    await once(caller, "data");
    caller.end("below");
    const [answer] = await once(caller, "data");
    expect(String(answer)).toBe("above: below");
    await until(() => words.includes("leave"));
    expect(words).toEqual(["take", "leave"]);
  });
});

describe("handles that are not as they are known to be reach the server as ever", () => {
  const methods = { readStart: () => 0, readStop: () => 0, getsockname: () => 0, close: () => {} };
  const named = (into: { address?: string; port?: number }): number => {
    Object.assign(into, { address: "192.0.2.1", port: 7 });
    return 0;
  };
  test.each([
    ["no handle, since it could not be accepted", -24, undefined],
    ["nothing of it", 0, {}],
    ["a system without files for sockets", 0, { ...methods, onread: null, fd: -1, getpeername: named }],
    ["a method is missing", 0, { ...methods, readStart: undefined, onread: null, fd: 3, getpeername: named }],
    ["whoever called is gone", 0, { ...methods, onread: null, fd: 3, getpeername: () => -107 }],
    ["it names nobody", 0, { ...methods, onread: null, fd: 3, getpeername: () => 0 }],
  ])("%s", (_, status, members) => {
    const handle = members === undefined ? undefined : Object.create(members);
    const seen: unknown[] = [];
    const listening = {
      onconnection(...words: unknown[]) {
        seen.push(this, ...words);
      },
    };
    takeHandles({ _handle: listening } as unknown as Server, () => seen.push("taken"));
    listening.onconnection(status, handle, "more");
    expect(seen).toEqual([listening, status, handle, "more"]);
  });

  test.each([[{}], [{ _handle: null }], [{ _handle: {} }], [{ _handle: { onconnection: null } }]])("%j", (server) => {
    const before = JSON.stringify(server);
    takeHandles(server as unknown as Server, () => {});
    expect(JSON.stringify(server)).toBe(before);
  });
});
