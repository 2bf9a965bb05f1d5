import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import {
  type End,
  endText,
  type Ip,
  markInBytes,
  markOf,
  type Problem,
  readStunRequest,
  stunAnswer,
} from "@seenas/core";
import { errnoOf } from "../files/list.ts";
import { DatagramRate } from "./admissions.ts";
import type { House } from "./caller.ts";
import { type Listening, placeText } from "./listen.ts";
import { timeText } from "./log.ts";
import { ownAddresses, type Place, plainIp } from "./places.ts";
import * as problem from "./problems.ts";

const LONGEST = 2048;

/** One socket for each address of this host, or on the one that was named. */
export async function listenUdp(
  place: Place,
  kind: "udp" | "stun",
  house: House,
): Promise<readonly (Listening | Problem)[]> {
  const rate = new DatagramRate();
  const addresses = place.address === null ? ownAddresses() : [place.address];
  const listening: (Listening | Problem)[] = [];
  let { port } = place;
  for (const address of addresses) {
    const one = await listenAt({ kind, address, port }, kind, house, rate);
    if ("at" in one) port = one.at.port;
    listening.push(one);
  }
  return listening;
}

async function listenAt(
  place: Place & { readonly address: Ip },
  kind: "udp" | "stun",
  house: House,
  rate: DatagramRate,
): Promise<Listening | Problem> {
  const socket = createSocket(place.address.includes(":") ? "udp6" : "udp4");
  const failed = await new Promise<string | null>((resolve) => {
    socket.once("error", (error) => resolve(errnoOf(error)));
    socket.bind({ port: place.port, address: place.address }, () => resolve(null));
  });
  if (failed !== null) return problem.cannotListen(placeText(place), failed);
  socket.on("error", () => {});
  const at = { address: place.address, port: socket.address().port };
  socket.on("message", (bytes, from) => answer(socket, kind, bytes, from, at, house, rate));
  return { kind, at, stop: () => {}, hangUp: () => void socket.close() };
}

function answer(
  socket: Socket,
  kind: "udp" | "stun",
  bytes: Buffer,
  from: RemoteInfo,
  local: End,
  house: House,
  rate: DatagramRate,
): void {
  const address = plainIp(from.address);
  const stun = kind === "stun" ? readStunRequest(bytes) : null;
  if (address === undefined || from.port === 0 || bytes.length > LONGEST || (kind === "stun" && stun === null)) return;
  if (!rate.take(address, Date.now())) {
    house.turnedAway();
    return;
  }
  const source = { address, port: from.port };
  const mark = stun === null ? markInBytes(bytes) : markOf(stun.transaction);
  const seen = {
    at: timeText(),
    listener: kind,
    protocol: "udp" as const,
    source,
    via: null,
    local,
    mark,
  };
  house.log.record(seen, (receipt) => {
    if (receipt === null) return;
    // Never longer than what came: anybody can write a foreign source on a datagram, and would have it flooded. But a
    // bare request of STUN gets its address all the same, as from every server, in a few bytes more.
    const reply =
      stun === null
        ? fitting(source, receipt, bytes.length)
        : stunAnswer(stun.transaction, source, receipt, bytes.length);
    if (reply.length > 0) socket.send(reply, from.port, from.address, () => {});
  });
}

/** As much as may be said. */
function fitting(source: End, receipt: string, longest: number): Uint8Array {
  const short = `you come from ${endText(source)}\n`;
  const whole = `${short}${receipt}\n`;
  const said = whole.length <= longest ? whole : short.length <= longest ? short : "";
  return Buffer.from(said);
}
