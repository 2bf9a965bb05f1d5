// One process of callers: SOURCES addresses of the loopback network, CONCURRENT connections at a time, each with a hello
// (or none), until the other side hangs up. Prints how many were answered, and by how many different lines.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";

const [port, count, concurrent, says] = process.argv.slice(2);
const SOURCES = 32;
let begun = 0;
let answered = 0;
let failed = 0;
const numbers = new Set();

function next() {
  if (begun >= Number(count)) return answered + failed >= Number(count) ? done() : undefined;
  begun += 1;
  const socket = connect({ port: Number(port), host: "127.0.0.1", localAddress: `127.0.1.${1 + (begun % SOURCES)}` });
  let heard = "";
  socket.setNoDelay(true);
  if (says === "mark") socket.write(`seenas-${randomBytes(12).toString("hex")}\n`);
  socket.on("data", (bytes) => {
    heard += bytes.toString("latin1");
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    const number = /seenas-receipt-1 n=(\d+) /.exec(heard)?.[1];
    if (number !== undefined) numbers.add(Number(number));
    if (heard.includes("\n")) answered += 1;
    else failed += 1;
    next();
  });
}

function done() {
  process.stdout.write(`${JSON.stringify({ answered, failed, receipts: numbers.size })}\n`);
  process.exit(0);
}

for (let at = 0; at < Number(concurrent); at += 1) next();
