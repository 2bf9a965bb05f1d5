import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { appOf } from "./app.ts";
import { gate } from "./gate.ts";
import type { Page } from "./page.ts";
import { RUN_LIMITS, runsOf } from "./runs.ts";
import { type LocalFile, openSession, sessionsOf } from "./session.ts";
import { openUploads } from "./uploads.ts";

export interface ServeOptions {
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Names, beside the address itself, by which a browser may call this server. */
  readonly hosts: readonly string[];
  readonly page: Page;
  /** What the page finds there already. */
  readonly given: readonly LocalFile[];
  readonly store: string | null;
  /** The file that Node runs to ask the log store and to collect. */
  readonly program: string;
  /** Of all files that the page sends, together. */
  readonly uploadBytes: number;
  /** Whether the page may have the clouds' own clients run here. */
  readonly mayCollect: boolean;
  /** A link that was used is opened again: whoever sits at the terminal is given the next one. */
  readonly onNewLink: (link: string) => void;
}

export interface Served {
  readonly port: number;
  /** Lets one browser in. */
  readonly link: string;
  readonly close: () => Promise<void>;
}

const LOOPBACK = ["127.0.0.1", "::1"];
export const isLoopback = (address: string): boolean => LOOPBACK.includes(address);

/** @throws what `listen` throws (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
export async function serve(options: ServeOptions): Promise<Served> {
  // A header may take its time, not all day; a body is as long as it is.
  const server = createServer({ headersTimeout: 20_000, requestTimeout: 0, maxHeaderSize: 16_384 });
  server.maxConnections = 256;
  server.listen(options.port, options.address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const names = [...namesOf(options.address), ...options.hosts].map((name) => `${name}:${port}`.toLowerCase());
  const uploads = await openUploads(options.uploadBytes);
  const runs = runsOf(options.program, RUN_LIMITS);
  const { thread } = options.page;
  const sessions = thread === null ? null : sessionsOf(() => openSession(thread, options.given));
  const door = gate();
  const newLink = (): string | null => {
    const token = door.newToken();
    return token === null ? null : `http://${names[0]}/?token=${token}`;
  };
  const app = appOf({ ...options, names: new Set(names), port, door, uploads, sessions, runs, newLink });
  server.on("request", getRequestListener(app.fetch));
  return {
    port,
    link: newLink() ?? "",
    close: async () => {
      runs.stopAll();
      await sessions?.endAll();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      await uploads.close();
    },
  };
}

/** How a browser writes it; every address of a machine is called by whatever name the machine has. */
function namesOf(address: string): readonly string[] {
  const written = address.includes(":") ? `[${address}]` : address;
  return isLoopback(address) ? [written, "localhost"] : [written];
}
