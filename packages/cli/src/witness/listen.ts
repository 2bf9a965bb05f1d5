import { createServer, type Server } from "node:net";
import { type End, endText, type Ip, type Problem } from "@seenas/core";
import { errnoOf } from "../files/list.ts";
import { isNamed } from "./admissions.ts";
import { Caller, type House } from "./caller.ts";
import { type Connection, SocketConnection } from "./connection.ts";
import { takeHandles } from "./handle.ts";
import { MANNERS, type TcpKind } from "./manners.ts";
import { type Place, plainIp } from "./places.ts";
import * as problem from "./problems.ts";

/** Something that listens, until it is told not to. */
export interface Listening {
  readonly kind: Place["kind"];
  readonly at: End;
  /** No more callers; those inside finish what is being recorded. */
  readonly stop: () => void;
  /** Whoever is still there is hung up on. */
  readonly hangUp: () => void;
}

const BACKLOG = 4096;
const EVERYWHERE = "::";
const EVERYWHERE_4 = "0.0.0.0";

export async function listenTcp(place: Place, kind: TcpKind, house: House): Promise<Listening | Problem> {
  const admitted = (connection: Connection): void => admit(connection, kind, { address: place.address, port }, house);
  const server = createServer({ allowHalfOpen: true }, (socket) => admitted(new SocketConnection(socket)));
  let { port } = place;
  let failed = await bound(server, place.port, place.address ?? EVERYWHERE);
  // A host without IPv6.
  if (place.address === null && (failed === "EAFNOSUPPORT" || failed === "EADDRNOTAVAIL"))
    failed = await bound(server, place.port, EVERYWHERE_4);
  const address = server.address();
  if (failed !== null || address === null || typeof address === "string")
    return problem.cannotListen(placeText(place), failed ?? "?");
  port = address.port;
  takeHandles(server, admitted);
  // What could not be accepted (no more descriptors) was not seen by anybody here.
  server.on("error", () => {});
  const at = { address: plainIp(address.address) ?? place.address, port: address.port };
  return {
    kind,
    at: { address: at.address ?? ("::" as End["address"]), port: at.port },
    stop: () => void server.close(),
    // Callers stand in the house's deadlines.
    hangUp: () => {},
  };
}

export const placeText = ({ kind, address, port }: Place): string =>
  `${kind}:${address === null ? "" : `${endText({ address, port }).replace(/:\d+$/, "")}:`}${port}`;

const bound = (server: Server, port: number, host: string): Promise<string | null> =>
  new Promise((resolve) => {
    const fail = (error: Error): void => resolve(errnoOf(error));
    server.once("error", fail);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off("error", fail);
      resolve(null);
    });
  });

function admit(
  connection: Connection,
  kind: TcpKind,
  here: { readonly address: Ip | null; readonly port: number },
  house: House,
): void {
  const peer = plainIp(connection.remote.address);
  // Asking the system for it takes longer than most of what is done for a caller.
  const local = here.address ?? plainIp(connection.localAddress());
  // Whoever hung up before it was its turn has no address any more.
  if (peer === undefined || local === undefined) {
    connection.destroy();
    return;
  }
  const entered = house.admissions.enter(peer);
  if (entered !== "entered") {
    house.turnedAway();
    connection.dismiss(MANNERS[kind].refusal(entered));
    return;
  }
  const from = { address: peer, port: connection.remote.port };
  const caller = new Caller(connection, kind, from, { address: local, port: here.port }, house);
  caller.begin(isNamed(house.proxies, peer));
}
