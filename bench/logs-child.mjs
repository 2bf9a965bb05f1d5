// One measurement of the log store in a process of its own: node logs-child.mjs WHAT … ; prints one JSON line.
import { statSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { RowColumns } from "../packages/store/dist/columns.js";
import { EmbeddedStore } from "../packages/store/dist/embedded/store.js";
import { ingestInputs } from "../packages/store/dist/ingest.js";
import { connectionsOf, natAddress, vmName } from "./nat-log.mjs";
import { median } from "./statistics.mjs";

const [what, ...args] = process.argv.slice(2);
const MB = 1e6;
const DAY_MS = 86_400_000;
const SEED = 20_261_122;

const tell = (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`);

/** JSON lines to durable segments. */
async function ingest(file, folder) {
  const store = new EmbeddedStore(folder);
  const begun = performance.now();
  const { rows } = await ingestInputs(store, [{ kind: "file", name: file }]);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage();
  const { seen, used } = store.manifest();
  const bytes = [...seen, ...used].reduce((sum, segment) => sum + segment.bytes, 0);
  await store.close();
  return { rows, seconds, cpuSeconds: (user + system) / 1e6, rssMB: process.resourceUsage().maxRSS / 1024, bytes };
}

/** DuckDB alone, from the same lines to one ordered table in a file, addresses as numbers. */
async function duckdb(file, path) {
  const instance = await DuckDBInstance.create(path, { threads: "2" });
  const connection = await instance.connect();
  const begun = performance.now();
  const quad = (column) =>
    `(split_part(${column}, '.', 1)::UINTEGER << 24) + (split_part(${column}, '.', 2)::UINTEGER << 16) + (split_part(${column}, '.', 3)::UINTEGER << 8) + split_part(${column}, '.', 4)::UINTEGER`;
  await connection.run(`CREATE TABLE rows AS
    SELECT "timestamp" AS stamp, e.vm_name AS vm, e.status AS status, c.protocol AS protocol, c.src_port AS src_port,
      c.dest_port AS dest_port, c.nat_port AS nat_port, ${quad("c.src_ip")} AS src, ${quad("c.dest_ip")} AS dest,
      CASE WHEN c.nat_ip = '' THEN NULL ELSE ${quad("c.nat_ip")} END AS nat, e.gateway AS gateway
    FROM (SELECT "timestamp", jsonPayload.connection AS c,
        {'vm_name': jsonPayload.endpoint.vm_name, 'status': jsonPayload.allocation_status,
         'gateway': jsonPayload.gateway_identifiers.gateway_name} AS e
      FROM read_ndjson('${file}', columns = { "timestamp": 'TIMESTAMP', jsonPayload:
        'STRUCT(allocation_status VARCHAR, connection STRUCT(src_ip VARCHAR, src_port INTEGER, nat_ip VARCHAR, nat_port INTEGER, dest_ip VARCHAR, dest_port INTEGER, protocol INTEGER), endpoint STRUCT(vm_name VARCHAR), gateway_identifiers STRUCT(gateway_name VARCHAR))' }))
    ORDER BY nat, nat_port, stamp`);
  await connection.run("CHECKPOINT");
  const seconds = (performance.now() - begun) / 1000;
  connection.closeSync();
  instance.closeSync();
  return { seconds, bytes: statSync(path).size };
}

/** Rows straight into a store, day after day, without the text between. */
async function fill(folder, count, days) {
  const store = new EmbeddedStore(folder);
  const columns = new RowColumns(1 << 19);
  const connection = connectionsOf(SEED, count, days * DAY_MS);
  const names = Array.from({ length: 20_000 }, (_, vm) => columns.names.codeOf(vmName(vm)));
  const gateways = Array.from({ length: 200 }, (_, gateway) =>
    columns.names.codeOf(`router-${gateway}/nat-${gateway}`),
  );
  for (let index = 0; index < count; index += 1) {
    if (columns.isFull) {
      await store.ingestColumns(columns);
      columns.clear();
    }
    const one = connection(index);
    const row = columns.length;
    columns.atUs[row] = one.timeUs;
    columns.strength[row] = 1;
    columns.event[row] = 1;
    columns.protocol[row] = one.protocol === 6 ? 1 : 2;
    columns.workload[row] = names[one.vm];
    columns.reporter[row] = gateways[one.gateway];
    columns.before.v4[row] = 0x0a_00_00_00 + one.vm;
    columns.before.port[row] = one.sourcePort;
    columns.seen.v4[row] = 0xcb_00_71_00 + one.address;
    columns.seen.port[row] = one.natPort;
    columns.destination.v4[row] = 0xc6_33_64_00 + one.place * 7;
    columns.destination.port[row] = one.port;
    columns.length = row + 1;
  }
  await store.ingestColumns(columns);
  await store.compact();
  await store.close();
  return { segments: store.manifest().seen.length };
}

/** Questions for connections that are there, spread over the whole time. */
async function who(folder, count, days, times) {
  const store = new EmbeddedStore(folder);
  const connection = connectionsOf(SEED, count, days * DAY_MS);
  const every = Math.floor(count / times);
  const asked = [];
  for (let index = 0; index < count; index += 1) {
    const one = connection(index);
    if (index % every === 0) asked.push(one);
  }
  const took = [];
  for (const one of asked) {
    const begun = performance.now();
    const { rows } = await store.who(
      {
        question: "who",
        address: natAddress(one.address),
        port: one.natPort,
        atUs: one.timeUs,
        toleranceUs: 2e6,
        to: null,
      },
      100,
    );
    took.push(performance.now() - begun);
    if (!rows.some(({ workload }) => workload === vmName(one.vm))) throw new Error(`not found: ${JSON.stringify(one)}`);
  }
  const segments = store.manifest().seen.length;
  await store.close();
  const [first] = asked;
  return {
    ms: median(took.slice(2)),
    segments,
    ask: `${natAddress(first.address)}:${first.natPort}`,
    atUs: first.timeUs,
  };
}

/** Every address of one VM, over all rows. */
async function used(folder, times) {
  const store = new EmbeddedStore(folder);
  const took = [];
  for (let asked = 0; asked < times; asked += 1) {
    const begun = performance.now();
    const { rows } = await store.used(
      {
        question: "used",
        from: { names: [vmName(asked * 311)], addresses: [] },
        to: [],
        port: null,
        protocol: null,
        period: { sinceUs: null, untilUs: null },
      },
      100,
    );
    took.push(performance.now() - begun);
    if (rows.length !== 1) throw new Error(`expected one address, found ${rows.length}`);
  }
  const held = (await store.coverage())?.rows;
  await store.close();
  return { ms: median(took.slice(1)), rows: held };
}

const WORK = {
  ingest,
  duckdb,
  fill: (folder, count, days) => fill(folder, Number(count), Number(days)),
  who: (folder, count, days, times) => who(folder, Number(count), Number(days), Number(times)),
  used: (folder, times) => used(folder, Number(times)),
};
tell({ ...(await WORK[what](...args)), peakMB: (process.resourceUsage().maxRSS * 1024) / MB });
