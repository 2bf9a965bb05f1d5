import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LISTENS } from "./worker.ts";

/** Real servers that may stand at the destination. */
export type MailServer = "postfix" | "exim" | "opensmtpd";

export const MAIL_SERVERS = ["postfix", "exim", "opensmtpd"] as const;

/** Where they are unpacked that cannot be installed side by side; see `scripts/lab-servers.sh`. */
const TREE = process.env.SEENAS_LAB_SERVERS ?? "/opt/seenas-lab";
const PROGRAMS: Readonly<Record<MailServer, string>> = { postfix: "postfix", exim: "exim4", opensmtpd: "smtpd" };
const FOLDER = "/run/seenas/mail";
const LOG = `${FOLDER}/log`;
/** Exim names its log by what goes into it. */
const EXIM_LOG = `${FOLDER}/log-main`;
const NAME = "mx.partner.example";

const isInstalled = (server: MailServer): boolean => existsSync(`/usr/sbin/${PROGRAMS[server]}`);

export const hasMail = (server: MailServer): boolean =>
  isInstalled(server) || existsSync(`${TREE}/usr/sbin/${PROGRAMS[server]}`);

/** What the server has logged so far. */
export function mailLog(): string {
  const file = existsSync(EXIM_LOG) ? EXIM_LOG : LOG;
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Starts it in a namespace, on port 25 of the addresses where the destination listens. Ends with the lab. */
export async function startMail(server: MailServer, enter: readonly string[]): Promise<void> {
  settle();
  if (!isInstalled(server))
    execFileSync("mount", ["-t", "overlay", "-o", `lowerdir=${TREE}/usr:/usr`, "overlay", "/usr"]);
  for (const [name, text] of Object.entries(FILES[server])) writeFileSync(`${FOLDER}/${name}`, text);
  const start = `cd ${FOLDER} && ${STARTS[server]}`;
  const [command = "", ...words] = [...enter, "sh", "-c", start];
  execFileSync(command, words, { stdio: "ignore" });
  for (let tries = 0; tries < 200; tries += 1) {
    if (answers(enter)) return;
    await sleep(100);
  }
  throw new Error(`${server} does not answer: ${mailLog()}`);
}

/** Users, names and spools of this lab's own, under the paths that the programs expect. */
function settle(): void {
  mkdirSync(FOLDER, { recursive: true });
  const over = (name: string, text: string): void => {
    writeFileSync(`${FOLDER}/${name}`, text);
    execFileSync("mount", ["--bind", `${FOLDER}/${name}`, `/etc/${name}`]);
  };
  const read = (name: string): string => readFileSync(`/etc/${name}`, "utf8");
  const missing = USERS.filter((user) => !read("passwd").includes(`\n${user}:`));
  over(
    "passwd",
    read("passwd") + missing.map((user, index) => `${user}:x:${800 + index}:${800 + index}::/:/\n`).join(""),
  );
  const groups = USERS.filter((user) => !read("group").includes(`\n${user}:`));
  over("group", read("group") + groups.map((user, index) => `${user}:x:${900 + index}:\n`).join(""));
  // A server that waits for a name server that is not there costs seconds a connection.
  over("hosts", `127.0.0.1 localhost\n${LISTENS[4]} ${NAME}\n`);
  over("resolv.conf", "");
  over("nsswitch.conf", "hosts: files\npasswd: files\ngroup: files\n");
  for (const folder of ["/var/spool", "/var/lib"]) execFileSync("mount", ["-t", "tmpfs", "tmpfs", folder]);
  for (const folder of ["spool", "data"]) mkdirSync(`${FOLDER}/${folder}`);
  mkdirSync("/var/lib/opensmtpd/empty", { recursive: true });
  mkdirSync("/var/spool/smtpd");
  chmodSync("/var/spool/smtpd", 0o711);
  execFileSync("chown", ["postfix", `${FOLDER}/data`]);
  execFileSync("hostname", [NAME]);
}

const USERS = ["Debian-exim", "opensmtpd", "opensmtpq", "postfix", "postdrop"];

/** Whatever it says to a client that only wants help, somebody said it. */
function answers(enter: readonly string[]): boolean {
  const [command = "", ...words] = [...enter, "curl", "-s", "--max-time", "2", `smtp://${LISTENS[4]}/client.example`];
  const { status } = spawnSync(command, words, { stdio: "ignore" });
  return status === 0 || status === HELP_REFUSED;
}

/** https://curl.se/docs/manpage.html, exit codes: 8, "weird server reply". */
const HELP_REFUSED = 8;

const STARTS: Readonly<Record<MailServer, string>> = {
  postfix: `postfix -c ${FOLDER} start`,
  exim: `chown Debian-exim . spool && { exim4 -C ${FOLDER}/exim.conf -bdf 2> log & }`,
  opensmtpd: `{ smtpd -d -f ${FOLDER}/smtpd.conf > log 2>&1 & }`,
};

const FILES: Readonly<Record<MailServer, Readonly<Record<string, string>>>> = {
  postfix: {
    "main.cf": `compatibility_level = 3.6
queue_directory = ${FOLDER}/spool
data_directory = ${FOLDER}/data
myhostname = ${NAME}
mydestination = partner.example
inet_interfaces = ${LISTENS[4]}, ${LISTENS[6]}
inet_protocols = all
maillog_file = ${LOG}
maillog_file_prefixes = /run
smtpd_recipient_restrictions = permit_auth_destination, reject
smtpd_peername_lookup = no
local_recipient_maps =
local_transport = discard:
alias_maps =
alias_database =
`,
    "master.cf": `smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`,
  },
  exim: {
    "exim.conf": `primary_hostname = ${NAME}
local_interfaces = <; ${LISTENS[4]} ; ${LISTENS[6]}
daemon_smtp_ports = 25
spool_directory = ${FOLDER}/spool
log_file_path = ${LOG}-%s
log_selector = +smtp_connection +incoming_port
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts =
acl_smtp_rcpt = check
begin acl
check:
  accept domains = partner.example
  deny
begin routers
drop:
  driver = redirect
  data = :blackhole:
`,
  },
  opensmtpd: {
    "smtpd.conf": `listen on ${LISTENS[4]} port 25 hostname ${NAME}
listen on ${LISTENS[6]} port 25 hostname ${NAME}
action "keep" maildir "${FOLDER}/spool"
match from any for any reject
`,
  },
};
