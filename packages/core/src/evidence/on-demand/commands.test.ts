import { describe, expect, test } from "vitest";
import { takeIn } from "../../intake/intake.ts";
import { parseTarget } from "../../model/target.ts";
import { explain } from "../../verdict/explain.ts";
import { targetIn } from "./commands.ts";

const GUEST = "10.0.1.4";
const SEEN = "203.0.113.11";

async function certainty(text: string, to: string): Promise<string> {
  const taken = await takeIn([{ name: "a.txt", text, role: "evidence" }], () => null);
  const target = parseTarget(to);
  if (target === undefined) throw new Error(to);
  const explained = explain({ ...taken, from: GUEST, source: null, to: target, at: null, resolved: [] });
  if (explained.kind !== "verdict") throw new Error(explained.kind);
  return explained.verdict.certainty;
}

describe("whom a command connects to", () => {
  // Options as each program's own page has them; the pages stand beside the patterns.
  test.each([
    ["$ psql -Atc 'select inet_client_addr()' -h db.example", "db.example", null],
    ["psql \"host=192.0.2.50 connect_timeout=20\" -c 'SELECT 1'", "192.0.2.50", null],
    ["[me@vm1 ~]$ PGPASSWORD=x psql postgresql://app:x@db.example:5433/app", "db.example", 5433],
    ["me@vm1:~$ psql -h 2001:db8::50 -p 5433", "2001:db8::50", 5433],
    ["$ mysql --protocol=TCP --connect-timeout=20 -u seenas -h 192.0.2.50", "192.0.2.50", null],
    ["$ mariadb -useenas -hdb.example -P 3307", "db.example", 3307],
    ["$ sqlcmd -l 20 -S tcp:app.database.windows.net,1433 -U seenas -P x", "app.database.windows.net", 1433],
    ["$ redis-cli -h 192.0.2.50 CLIENT INFO", "192.0.2.50", null],
    ["$ ssh -o ConnectTimeout=20 192.0.2.50 'env | grep ^SSH_CLIENT='", "192.0.2.50", null],
    ["me@vm1:~$ sudo ssh -4 -p 2222 root@gate.example env", "gate.example", 2222],
  ])("%s", (text, host, port) => {
    const found = targetIn(text);
    expect([found?.destination?.text ?? found?.destinationName, found?.destinationPort]).toEqual([host, port]);
  });

  test.each([
    "$ psql -c 'SELECT inet_client_addr()'",
    "$ psql -h /var/run/postgresql",
    "Nov 22 01:10:01 gate sshd[7]: Accepted publickey for root from 203.0.113.11 port 40000 ssh2",
    "mysql> SELECT USER();",
  ])("nobody: %s", (text) => expect(targetIn(text)).toBeNull());
});

/** A command, and what came back. */
const PSQL = (host: string): string =>
  `$ psql "host=${host}" -c 'SELECT inet_client_addr()'\n inet_client_addr \n------------------\n ${SEEN}\n(1 row)\n`;
const MYSQL = (host: string): string =>
  `$ mysql -u seenas -h ${host}\nERROR 1045 (28000): Access denied for user 'seenas'@'${SEEN}' (using password: NO)\n`;
const SQLCMD = (host: string): string =>
  `$ sqlcmd -S tcp:${host},1433 -U seenas -P x\nSqlcmd: Error: Cannot open server 'app' requested by the login. Client with IP address '${SEEN}' is not allowed to access the server.\n`;
const SSH = (host: string): string =>
  `$ ssh -o ConnectTimeout=20 ${host} 'env | grep ^SSH_CLIENT='\nSSH_CLIENT=${SEEN} 40000 22\n`;

// Rule 1 of judgement: compare only facts about the same destination.
describe.each([
  { program: "psql", said: PSQL, port: 5432 },
  { program: "mysql", said: MYSQL, port: 3306 },
  { program: "sqlcmd", said: SQLCMD, port: 1433 },
  { program: "ssh", said: SSH, port: 22 },
])("$program", ({ said, port }) => {
  test("of the host that was asked for", async () =>
    expect(await certainty(said("192.0.2.50"), `192.0.2.50:${port}`)).toBe("observed"));
  test("of another address", async () =>
    expect(await certainty(said("192.0.2.99"), `192.0.2.50:${port}`)).toBe("unknown"));
  test("of a name that nothing ties to the address", async () =>
    expect(await certainty(said("other.example"), `192.0.2.50:${port}`)).toBe("unknown"));
  test("of a tunnel", async () => expect(await certainty(said("localhost"), `192.0.2.50:${port}`)).toBe("unknown"));
});

test("two hosts in one paste: each answer is of the command above it", async () => {
  const both = PSQL("192.0.2.99").replace(SEEN, "203.0.113.99") + PSQL("192.0.2.50");
  expect(await certainty(both, "192.0.2.50:5432")).toBe("observed");
});

// The usual ports: https://www.iana.org/assignments/service-names-port-numbers
test.each([
  ["MySQL's refusal", `ERROR 1045 (28000): Access denied for user 'app'@'${SEEN}' (using password: YES)\n`, 3306, 5432],
  [
    "PostgreSQL's refusal",
    `FATAL:  no pg_hba.conf entry for host "${SEEN}", user "app", database "app", no encryption\n`,
    5432,
    3306,
  ],
  [
    "SQL Server's log",
    `2026-11-22 01:10:01.00 Logon       Login failed for user 'app'. Reason: x. [CLIENT: ${SEEN}]\n`,
    1433,
    5432,
  ],
])("%s is of its own port, or of one that nobody else usually has", async (_, text, own, others) => {
  expect(await certainty(text, `192.0.2.50:${own}`)).toBe("observed");
  expect(await certainty(text, `192.0.2.50:${own + 1}`)).toBe("observed");
  expect(await certainty(text, `192.0.2.50:${others}`)).toBe("unknown");
});
