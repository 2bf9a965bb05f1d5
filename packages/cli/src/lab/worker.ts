import { createSocket, type Socket as Datagrams } from "node:dgram";
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Probe } from "./plan.ts";

/** What a worker is told, a line each. */
export type Order =
  | ({ readonly kind: "send"; readonly id: string } & Probe)
  /** Connects, or speaks again by the connection that is held under this id. */
  | ({ readonly kind: "hold"; readonly id: string } & Probe)
  | { readonly kind: "settle" };

/** What it tells. `arrived`: by the n-th way into the destination, from this source. */
export type Report =
  | { readonly kind: "ready" | "settled" }
  | { readonly kind: "sent"; readonly id: string; readonly result: string }
  | { readonly kind: "arrived"; readonly id: string; readonly way: number; readonly source: string };

export const FIRST_PORT = 20_000;
export const WAYS = 64;
/** Where the destination listens, whatever address was meant: one port for each way in. */
export const LISTENS = { 4: "192.0.0.9", 6: "100::9" } as const;
/** What the lab refuses is refused at once: only what was lost takes as long. */
const PATIENCE_MS = 4000;

/** A process inside one namespace: a socket belongs to the namespace it was made in. */
export async function work(role: "sender" | "destination"): Promise<number> {
  if (role === "destination") await listen();
  tell({ kind: "ready" });
  for await (const line of createInterface({ input: process.stdin })) {
    const order: Order = JSON.parse(line);
    if (order.kind === "send") void send(order).then((result) => tell({ kind: "sent", id: order.id, result }));
    else if (order.kind === "hold") void hold(order).then((result) => tell({ kind: "sent", id: order.id, result }));
    // Whatever is in a socket already is read before two turns of the loop are over.
    else setImmediate(() => setImmediate(() => tell({ kind: "settled" })));
  }
  process.exit(0);
}

const tell = (report: Report): void => void process.stdout.write(`${JSON.stringify(report)}\n`);

async function listen(): Promise<void> {
  const ways = Array.from({ length: WAYS }, (_, way) => way);
  await Promise.all(
    ways.flatMap((way) => Object.values(LISTENS).flatMap((host) => [listenTcp(host, way), listenUdp(host, way)])),
  );
}

const plain = (address: string | undefined): string => (address ?? "").replace(/^::ffff:/, "");

function listenTcp(host: string, way: number): Promise<void> {
  const server = createServer((socket) => {
    const source = plain(socket.remoteAddress);
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      const id = data.toString().trim();
      tell({ kind: "arrived", id, way, source });
      if (id.startsWith(HELD)) socket.write("seen\n");
      else socket.end("seen\n");
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(FIRST_PORT + way, host, resolve);
  });
}

function listenUdp(address: string, way: number): Promise<void> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.on("message", (id, { address: source }) =>
    tell({ kind: "arrived", id: id.toString().trim(), way, source: plain(source) }),
  );
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(FIRST_PORT + way, address, resolve);
  });
}

/** Begins the ids of connections that stay open. */
export const HELD = "held-";

const held = new Map<string, Socket>();

function hold({ to, port, bind, id }: Probe & { readonly id: string }): Promise<string> {
  const socket = held.get(id) ?? connect({ host: to, port, ...(bind !== null && { localAddress: bind }) });
  held.set(id, socket);
  return new Promise((resolve) => {
    const done = (result: string): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(() => done("timeout"), PATIENCE_MS);
    socket.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? "error"));
    socket.once("data", () => done("ok"));
    socket.write(`${id}\n`);
  });
}

const send = (order: Probe & { readonly id: string }): Promise<string> =>
  order.protocol === "udp" ? sendUdp(order) : sendTcp(order);

function sendTcp({ to, port, bind, id }: Probe & { readonly id: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port, ...(bind !== null && { localAddress: bind }) });
    const done = (result: string): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(PATIENCE_MS, () => done("timeout"));
    socket.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? "error"));
    socket.once("connect", () => socket.write(`${id}\n`));
    socket.once("data", () => done("ok"));
    socket.once("end", () => done("ok"));
  });
}

async function sendUdp({ to, port, bind, id, connected }: Probe & { readonly id: string }): Promise<string> {
  const socket = createSocket(to.includes(":") ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      if (bind === null) resolve();
      else socket.bind(0, bind, resolve);
    });
    await (connected ? sendConnected(socket, to, port, id) : sendPlainly(socket, to, port, id));
    return "ok";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "error";
  } finally {
    socket.close();
  }
}

const sendPlainly = (socket: Datagrams, to: string, port: number, id: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.send(`${id}\n`, port, to, (error) => (error ? reject(error) : resolve()));
  });

const sendConnected = (socket: Datagrams, to: string, port: number, id: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(port, to, (failed?: Error) => {
      if (failed) reject(failed);
      else socket.send(`${id}\n`, (error) => (error ? reject(error) : resolve()));
    });
  });
