/**
 * Names tcpdump prints for ports without -n (from /etc/services), as far as captures of outbound traffic show them.
 * https://www.iana.org/assignments/service-names-port-numbers
 */
const SERVICES: Readonly<Record<string, number>> = {
  "ftp-data": 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  imap: 143,
  snmp: 161,
  ldap: 389,
  https: 443,
  "microsoft-ds": 445,
  submissions: 465,
  smtps: 465,
  urd: 465,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  "ms-sql-s": 1433,
  mysql: 3306,
  "ms-wbt-server": 3389,
  postgresql: 5432,
  postgres: 5432,
  amqp: 5672,
  redis: 6379,
  "http-alt": 8080,
  webcache: 8080,
  "midnight-tech": 3008,
};

/** Above 1023, and yet commonly listened on. */
const HIGH_SERVER_PORTS = new Set([1433, 1521, 2525, 3306, 3389, 5432, 5672, 6379, 8000, 8080, 8443, 9200, 27_017]);

export function portNumber(text: string): number | null {
  if (/^\d{1,5}$/.test(text)) return Number(text) < 65_536 ? Number(text) : null;
  return Object.hasOwn(SERVICES, text) ? (SERVICES[text] ?? null) : null;
}

const KNOWN_PORTS = new Set(Object.values(SERVICES));

/** How much a port looks like the one a server listens on: 2, 1 or 0. Of 512 to 1023 clients take some as well. */
export function serverRank(port: number | null): number {
  if (port === null) return 0;
  if (port < 512 || (port < 1024 && KNOWN_PORTS.has(port))) return 2;
  return HIGH_SERVER_PORTS.has(port) ? 1 : 0;
}
