// What the tests of several processes start: node child.mjs COMMAND FOLDER …
// It runs what the build made: a child has no aliases.
import { EmbeddedStore } from "../dist/embedded/store.js";
import { ingestInputs } from "../dist/ingest.js";

const [command, folder, ...rest] = process.argv.slice(2);
const say = (text) => process.stdout.write(`${text}\n`);

const START_US = Date.UTC(2026, 10, 22) * 1000;

/** Rows of one block: the same for the same number, a second apart, over two hours. */
const rowsOf = (block, count) =>
  Array.from({ length: count }, (_, index) => ({
    atUs: START_US + (block * count + index) * 1_000_000,
    untilUs: START_US + (block * count + index) * 1_000_000,
    kind: "cloud-nat-log",
    strength: "translator-logged",
    event: "allocated",
    workload: `vm-${index % 7}`,
    reporter: "router-1/nat-1",
    protocol: "tcp",
    before: { address: "10.0.0.5", port: 40_000 },
    seen: { address: "203.0.113.7", port: 1024 + (index % 64) },
    destination: { address: "198.51.100.25", port: 25 },
  }));

const store = new EmbeddedStore(folder);
if (command === "blocks") {
  // Each block is told once it is durable.
  const [from, to, count] = rest.map(Number);
  for (let block = from; block < to; block += 1) {
    await store.ingest({ id: `${block}`, rows: rowsOf(block, count) });
    say(block);
    if (block % 5 === 4) await store.compact();
  }
} else if (command === "read") {
  // Batches that are full are written by a thread.
  const [rowsAtOnce, ...names] = rest;
  for (const name of names) {
    const options = { rowsAtOnce: Number(rowsAtOnce) };
    const { rows, added, rejected } = await ingestInputs(store, [{ kind: "file", name }], options);
    say(`${rows} ${added} ${rejected}`);
  }
} else if (command === "ask") {
  for (let asked = 0; asked < Number(rest[0]); asked += 1) {
    const { rows, coverage } = await store.used(
      {
        question: "used",
        from: { names: [], addresses: ["10.0.0.5"] },
        to: [],
        port: null,
        protocol: null,
        period: { sinceUs: null, untilUs: null },
      },
      10,
    );
    say(`${rows[0]?.count ?? 0} ${coverage?.rows ?? 0}`);
  }
}
await store.close();
