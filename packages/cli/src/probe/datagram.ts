import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { type End, readStunAnswer } from "@seenas/core";
import { errnoOf } from "../files/list.ts";
import { endOf, failure, heardLines } from "./heard.ts";
import { datagram } from "./hello.ts";
import type { Attempt, Result, Wanted } from "./outcome.ts";

/** One transaction of STUN may be sent again: https://www.rfc-editor.org/rfc/rfc8489#section-6.2.1 */
const AGAIN_MS = [500, 1500];

/** One datagram, and what comes back. */
export async function attemptUdp({ hello, mark, to, source, timeoutMs }: Wanted): Promise<Attempt> {
  const begun = performance.now();
  const socket = createSocket(isIP(to.address) === 6 ? "udp6" : "udp4");
  const timers: NodeJS.Timeout[] = [];
  const bytes = datagram(hello, mark);
  let local: End | null = null;
  const outcome = await new Promise<{ readonly result: Result; readonly heard: Buffer }>((resolve) => {
    const finish = (result: Result, heard = Buffer.alloc(0)): void => resolve({ result, heard });
    timers.push(setTimeout(() => finish("silent"), timeoutMs));
    socket.once("error", (error) => finish(failure(errnoOf(error))));
    socket.on("message", (answer) => {
      const isOurs = hello === "udp" || Buffer.from(readStunAnswer(answer)?.transaction ?? []).toString("hex") === mark;
      if (isOurs) finish("answered", answer);
    });
    const send = (): void => socket.send(bytes, (error) => (error ? finish(failure(errnoOf(error))) : undefined));
    // Connected, so that the system chooses as it does for TCP, and hears refusals.
    const connected = (): void =>
      socket.connect(to.port, to.address, () => {
        const own = socket.address();
        local = endOf(own.address, own.port);
        send();
        if (hello === "stun") for (const wait of AGAIN_MS) timers.push(setTimeout(send, wait));
      });
    if (source === null) connected();
    else socket.bind(0, source, connected);
  });
  for (const timer of timers) clearTimeout(timer);
  socket.close();
  const { result, heard } = outcome;
  const stun = readStunAnswer(heard);
  const text = heard.toString("latin1");
  return {
    ...{ result, local, remote: to, tookMs: Math.round(performance.now() - begun), heardBytes: heard.length },
    ...{ transcript: stun === null ? heardLines(text).join("\n") : "", heard: stun?.software ?? text },
    ...{ mapped: stun === null ? null : { address: stun.address, port: stun.port }, certificate: null },
  };
}
