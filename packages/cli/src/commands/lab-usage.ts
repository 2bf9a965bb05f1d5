import type { Language } from "@seenas/core";

const USAGE = {
  en: `seenas lab: the network of a prediction, built from Linux namespaces, and real packets sent through it

  seenas lab run [NAME…]     scenarios by id, by the start of one (gcp, guest/L2), or by file; without a name all
  seenas lab fuzz --seed N --count N
                             networks that nobody wrote; what differs is made smaller and written as a scenario

Options
  --keep DIR              run: the network as the kernel was told it, and what tools show of it: evidence for explain;
                          fuzz: where scenarios are written
  --mail SERVER           postfix, exim or opensmtpd at the destination; one network at a time (docs/lab.md says how to have them)
  --first N               fuzz: begins with the N-th network of the seed (default: 0)
  --jobs N                networks at a time (default: 2 for each processor)
  --json                  one object; --lang en|zh; --quiet: only what does not agree

Needs root, and ip, nft, nsenter, setpriv and unshare: apt-get install iproute2 nftables util-linux
Everything happens in namespaces of its own that end with the command; the machine's own interfaces are not touched.

Exit status: 0 all agree or cannot be compared · 1 something differs or was not built: a fault of seenas · 2 bad usage · 3 not possible here
`,
  zh: `seenas lab：用 Linux 命名空间搭建预测所说的网络，并发送真实数据包

  seenas lab run [名称…]     按 id、id 开头（gcp、guest/L2）或文件选择场景；不给名称则运行全部
  seenas lab fuzz --seed N --count N
                             随机生成的网络；不一致的会被缩小并写成场景文件

选项
  --keep 目录             run：写出交给内核的网络以及各工具所见，可作为 explain 的证据；fuzz：场景文件写到此处
  --mail 服务器           目的端的真实邮件服务器：postfix、exim 或 opensmtpd；一次只搭建一个网络（安装方法见 docs/lab.md）
  --first N               fuzz：从该种子的第 N 个网络开始（默认 0）
  --jobs N                同时搭建的网络数（默认：每个处理器 2 个）
  --json                  一个对象；--lang en|zh；--quiet：只显示不一致的

需要 root 以及 ip、nft、nsenter、setpriv 和 unshare：apt-get install iproute2 nftables util-linux
一切都在自己的命名空间内进行，随命令结束而消失；不触及本机网卡。

退出状态：0 全部一致或无从比较 · 1 有不一致或未能搭建：seenas 自身的缺陷 · 2 用法有误 · 3 此处无法运行
`,
} as const;

export const labUsage = (language: Language): string => USAGE[language];
