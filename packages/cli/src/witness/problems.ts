import type { Problem, Text } from "@seenas/core";

const problem = (level: Problem["level"], code: string, file: string | null, text: Text, fix: Text): Problem => ({
  ...{ level, code: `witness/${code}`, file, line: null, text, fix },
});

const wrong = (code: string, file: string | null, text: Text, fix: Text): Problem =>
  problem("error", code, file, text, fix);

const REASONS: Readonly<Record<string, Text>> = {
  ENOENT: { en: "there is no such file or folder", zh: "没有这个文件或文件夹" },
  EACCES: { en: "not permitted", zh: "没有权限" },
  EPERM: { en: "not permitted", zh: "没有权限" },
  ENOSPC: { en: "the disk is full", zh: "磁盘已满" },
  EDQUOT: { en: "the quota is used up", zh: "磁盘配额已用完" },
  EFBIG: { en: "the file may not grow any further", zh: "文件不能再增大" },
  EROFS: { en: "the file system is read-only", zh: "文件系统为只读" },
  EISDIR: { en: "it is a folder", zh: "这是一个文件夹" },
  EIO: { en: "the disk reports an error", zh: "磁盘报错" },
  EADDRINUSE: { en: "another program listens there", zh: "已有其他程序在此监听" },
  EADDRNOTAVAIL: { en: "this host does not have that address", zh: "本机没有该地址" },
  key: { en: "it is no Ed25519 key", zh: "不是 Ed25519 密钥" },
  size: { en: "it is too large for a key", zh: "文件过大，不是密钥" },
};

const because = (errno: string): Text => REASONS[errno] ?? { en: errno, zh: errno };

export const unwritable = (file: string, errno: string): Problem =>
  wrong(
    "unwritable",
    file,
    { en: `cannot be written: ${because(errno).en}`, zh: `无法写入：${because(errno).zh}` },
    { en: "name a file in a folder where you may write", zh: "请指定有写权限的文件夹中的文件" },
  );

export const notAFile = (file: string): Problem =>
  wrong(
    "not-a-file",
    file,
    {
      en: "expected a plain file: only there the disk can say that a line is safe",
      zh: "应为普通文件：只有普通文件才能确认已落盘",
    },
    { en: "name another with --log", zh: "请用 --log 指定其他文件" },
  );

export const noIdentity = (file: string, errno: string): Problem =>
  wrong(
    "identity",
    file,
    { en: `is no key of a witness: ${because(errno).en}`, zh: `不是见证者的密钥：${because(errno).zh}` },
    {
      en: "name another with --identity; a new one is made where there is none",
      zh: "请用 --identity 指定其他文件；不存在时会新建",
    },
  );

export const openIdentity = (file: string): Problem =>
  wrong(
    "identity-open",
    file,
    {
      en: "the key may be read by others, so receipts could be anybody's",
      zh: "密钥可被他人读取，回执便可能由任何人签发",
    },
    {
      en: `run: chmod 600 ${file}; if others may have read it, delete it`,
      zh: `请运行：chmod 600 ${file}；若可能已被他人读取，请删除`,
    },
  );

export const notRecorded = (file: string, errno: string, count: number): Problem =>
  wrong(
    "not-recorded",
    file,
    {
      en: `${count === 1 ? "a caller" : `${count} callers`} could not be recorded and were told so: ${because(errno).en}`,
      zh: `${count} 个来访者未能记录，并已告知对方：${because(errno).zh}`,
    },
    {
      en: "make room; nothing that was acknowledged is lost, and recording goes on by itself",
      zh: "请腾出空间；已确认的记录没有丢失，之后会自动继续",
    },
  );

export const cannotListen = (where: string, errno: string): Problem =>
  wrong(
    "listen",
    null,
    { en: `cannot listen on ${where}: ${because(errno).en}`, zh: `无法在 ${where} 监听：${because(errno).zh}` },
    errno === "EACCES"
      ? {
          en: "ports below 1024 need root or CAP_NET_BIND_SERVICE; choose another port",
          zh: "1024 以下的端口需要 root 或 CAP_NET_BIND_SERVICE；请换一个端口",
        }
      : {
          en: "choose another port, or stop what listens there: ss -ltnup",
          zh: "请换一个端口，或停止占用它的程序：ss -ltnup",
        },
  );

export const fewFiles = (files: number, wanted: number, most: number): Problem =>
  problem(
    "warning",
    "files",
    null,
    {
      en: `the system lets it open ${files} files, so it holds ${most} connections, not ${wanted}`,
      zh: `系统只允许打开 ${files} 个文件，因此最多保持 ${most} 个连接，而不是 ${wanted} 个`,
    },
    { en: `raise it before: ulimit -n ${wanted + 100}`, zh: `请事先提高：ulimit -n ${wanted + 100}` },
  );

export const wrongListen = (found: string): Problem =>
  wrong(
    "listen-form",
    null,
    {
      en: `expected KIND:PORT or KIND:ADDRESS:PORT after --listen, KIND one of tcp, smtp, http, tls, udp, stun; found ${JSON.stringify(found)}`,
      zh: `--listen 之后应为 类型:端口 或 类型:地址:端口，类型为 tcp、smtp、http、tls、udp、stun 之一，实为 ${JSON.stringify(found)}`,
    },
    {
      en: "for example: --listen smtp:2525 --listen http:[2001:db8::25]:8080",
      zh: "例如：--listen smtp:2525 --listen http:[2001:db8::25]:8080",
    },
  );

export const nothingToDo = (): Problem =>
  wrong(
    "nothing",
    null,
    { en: "where should it listen?", zh: "要在哪里监听？" },
    {
      en: "give --listen smtp:2525 (again for more), or --pcap FILE",
      zh: "请给出 --listen smtp:2525（可多次），或 --pcap 文件",
    },
  );

export const wrongPeer = (found: string): Problem =>
  wrong(
    "proxy-from",
    null,
    {
      en: `expected an address or a prefix after --proxy-from, found ${JSON.stringify(found)}`,
      zh: `--proxy-from 之后应为地址或前缀，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example: --proxy-from 10.50.0.0/24", zh: "例如：--proxy-from 10.50.0.0/24" },
  );

export const wrongCertificate = (file: string, reason: string): Problem =>
  wrong(
    "certificate",
    file,
    { en: `no certificate and key that belong together: ${reason}`, zh: `证书与密钥不匹配或无法读取：${reason}` },
    {
      en: "give --cert and --key in PEM, or neither: a self-signed one is made then",
      zh: "请同时给出 PEM 格式的 --cert 和 --key，或都不给（将自动生成自签名证书）",
    },
  );

export const notACapture = (file: string): Problem =>
  wrong(
    "not-a-capture",
    file,
    { en: "expected a packet capture (pcap or pcapng)", zh: "应为抓包文件（pcap 或 pcapng）" },
    {
      en: "capture one with: tcpdump -ni any -w FILE port 25",
      zh: "请用以下命令抓包：tcpdump -ni any -w 文件 port 25",
    },
  );
