import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** What a request was, and the text of its body. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

export interface Server {
  readonly port: number;
  readonly asked: readonly Asked[];
  close(): void;
}

export const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value) });

/** A server on the loopback address; with a key, one that speaks TLS. */
export async function serve(
  answer: (asked: Asked) => Answer,
  secure?: { readonly key: string; readonly cert: string },
): Promise<Server> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => void pieces.push(piece));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const one: Asked = {
        method: request.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(pieces).toString("utf8"),
      };
      asked.push(one);
      const { status = 200, type = "application/json", body } = answer(one);
      response.writeHead(status, { "content-type": type, connection: "close" }).end(body);
    });
  };
  const server = secure === undefined ? createServer(listener) : createSecureServer(secure, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, asked, close: () => void server.close() };
}
