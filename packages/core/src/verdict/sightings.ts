import type { Ask } from "../model/outcome.ts";
import type { Text } from "../problem.ts";
import type { Question } from "./verdict.ts";

/** What a service tells of its caller, and the command by which the caller gets to hear it. */
interface Telling {
  readonly ports: readonly number[];
  readonly text: Text;
  readonly settles: Text;
  /** @param host with brackets, where it is an IPv6 address and `bare` is not asked for */
  readonly command: (host: string, port: number) => string;
  /** True: the program takes an IPv6 address as it is. */
  readonly bare?: true;
}

const onSender = (en: string, zh: string): Text => ({
  en: `run this on the sender and pass the output with --evidence: ${en}`,
  zh: `在发送方运行，并用 --evidence 传入输出：${zh}`,
});

const sees = (en: string, zh: string): Text => ({
  en: `which source address the ${en} sees`,
  zh: `${zh}看到的源地址`,
});

const DATABASE = sees("database", "数据库");

const TELLING: readonly Telling[] = [
  {
    ports: [25, 465, 587],
    text: onSender(
      "many mail servers print the address they see after Hello",
      "许多邮件服务器会在 Hello 之后打印它看到的地址",
    ),
    settles: sees("mail server", "邮件服务器"),
    command: (host, port) => `curl -v --max-time 20 smtp://${host}${port === 25 ? "" : `:${port}`}`,
  },
  {
    // https://man.openbsd.org/ssh#ENVIRONMENT
    ports: [22],
    // SSH_CONNECTION also names the server's own address, which is another one where the way to it is translated.
    text: onSender("the server tells the session the address it sees", "服务器会把它看到的地址告诉会话"),
    settles: sees("SSH server", "SSH 服务器"),
    command: (host) => `ssh -o ConnectTimeout=20 ${host} 'env | grep ^SSH_CLIENT='`,
    bare: true,
  },
  {
    // https://www.postgresql.org/docs/current/functions-info.html https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
    ports: [5432],
    text: onSender(
      "the database names its client when it is asked, and when it refuses it",
      "数据库会在被询问时、以及拒绝连接时给出其客户端地址",
    ),
    settles: DATABASE,
    command: (host) => `psql "host=${host} connect_timeout=20" -c 'SELECT inet_client_addr()'`,
    bare: true,
  },
  {
    // https://dev.mysql.com/doc/refman/8.4/en/problems-connecting.html
    ports: [3306],
    text: onSender(
      "the database names the client that it refuses, and no account is needed for that",
      "数据库会给出被拒绝的客户端地址，无需账号",
    ),
    settles: DATABASE,
    command: (host) => `mysql --protocol=TCP --connect-timeout=20 -u seenas -h ${host}`,
    bare: true,
  },
  {
    // https://learn.microsoft.com/azure/azure-sql/database/firewall-configure
    ports: [1433],
    text: onSender(
      "Azure SQL names the client that its list does not hold; other servers write it to their own log",
      "Azure SQL 会给出不在其列表中的客户端地址；其他服务器则写入自身日志",
    ),
    settles: DATABASE,
    command: (host) => `sqlcmd -l 20 -S tcp:${host},1433 -U seenas -P x`,
    bare: true,
  },
];

/** The strongest evidence that this kind of flow can give, from the sender's side first. */
export function sightingsOf({ flow }: Question): readonly Ask[] {
  const { address, name, port, protocol } = flow.to;
  const target = name ?? address;
  if (target === null) return [];
  const captured = port === null ? protocol : `${protocol} port ${port}`;
  const capture: Ask = {
    text: {
      en: "let the destination capture while you connect, and pass its text with --evidence and --vantage FILE=destination",
      zh: "连接时请目的端抓包，并用 --evidence 与 --vantage 文件=destination 传入其文本",
    },
    command: `tcpdump -nn -tttt '${captured}'`,
    settles: { en: "which source address arrives: the strongest proof there is", zh: "到达的源地址：最有力的证据" },
    inside: true,
  };
  const telling = protocol === "tcp" && port !== null ? TELLING.find(({ ports }) => ports.includes(port)) : undefined;
  if (telling === undefined || port === null) return [capture];
  const host = target.includes(":") && telling.bare !== true ? `[${target}]` : target;
  return [
    { text: telling.text, command: telling.command(host, port), settles: telling.settles, inside: true },
    capture,
  ];
}
