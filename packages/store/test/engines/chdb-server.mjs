// ClickHouse 26 in this process, as much of its HTTP interface as a client needs: the engine itself cannot listen.
// Prints its port as one line, and ends with its standard input.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { Session } = createRequire(new URL("../chdb/package.json", import.meta.url))("chdb");
const folder = mkdtempSync(join(tmpdir(), "seenas-chdb-"));
const session = new Session(join(folder, "data"));

/** Of the interface, not of the engine. */
const NOT_SETTINGS = new Set(["query", "query_id", "database", "default_format", "wait_end_of_query", "session_id"]);

createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => answer(new URL(request.url, "http://localhost"), Buffer.concat(pieces), response));
}).listen(0, "127.0.0.1", function listening() {
  process.stdout.write(`${this.address().port}\n`);
});

process.stdin.resume().on("end", () => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});

function answer({ pathname, searchParams }, body, response) {
  if (pathname === "/ping") return response.end("Ok.\n");
  try {
    for (const [name, value] of searchParams)
      if (!NOT_SETTINGS.has(name) && !name.startsWith("param_")) session.query(`SET ${name} = '${value}'`);
    const query = searchParams.get("query");
    response.end(query === null ? session.query(body.toString()) : insert(query, body));
  } catch (error) {
    const code = /Code: (\d+)/.exec(error.message)?.[1] ?? "1000";
    response.writeHead(500, { "X-ClickHouse-Exception-Code": code });
    response.end(error.message);
  }
}

/** `INSERT INTO table FORMAT name`, and the rows. */
function insert(query, body) {
  const [, into, format] = /^(INSERT INTO \S+) FORMAT (\w+)\s*$/.exec(query) ?? [];
  if (into === undefined) return session.query(query);
  const file = join(folder, "insert");
  writeFileSync(file, body);
  return session.query(`${into} SELECT * FROM file('${file}', '${format}')`);
}
