import type { Language } from "@seenas/core";

const USAGE = {
  en: `seenas lab: the network of a prediction, built from Linux namespaces, and real packets sent through it

  seenas lab run [NAME…]     scenarios by id, by the start of one (gcp, guest/L2), or by file; without a name all
  seenas lab fuzz --seed N --count N
                             networks that nobody wrote; what differs is made smaller and written as a scenario

Options
  --keep DIR              run: the network as it was told to the kernel, and what was seen; fuzz: where scenarios are written
  --jobs N                networks at a time (default: 2 for each processor)
  --json                  one object; --lang en|zh; --quiet: only what does not agree

Needs root, and ip, nft, nsenter, setpriv and unshare: apt-get install iproute2 nftables util-linux
Everything happens in namespaces of its own that end with the command; the machine's own interfaces are not touched.

Exit status: 0 all agree or cannot be built as the prediction says · 1 something differs or failed · 2 bad usage · 3 not possible here
`,
  zh: `seenas lab：用 Linux 命名空间搭建预测所说的网络，并发送真实数据包

  seenas lab run [名称…]     按 id、id 开头（gcp、guest/L2）或文件选择场景；不给名称则运行全部
  seenas lab fuzz --seed N --count N
                             随机生成的网络；不一致的会被缩小并写成场景文件

选项
  --keep 目录             run：写出交给内核的网络和所见结果；fuzz：场景文件写到此处
  --jobs N                同时搭建的网络数（默认：每个处理器 2 个）
  --json                  一个对象；--lang en|zh；--quiet：只显示不一致的

需要 root 以及 ip、nft、nsenter、setpriv 和 unshare：apt-get install iproute2 nftables util-linux
一切都在自己的命名空间内进行，随命令结束而消失；不触及本机网卡。

退出状态：0 全部一致或按预测无法搭建 · 1 有不一致或失败 · 2 用法有误 · 3 此处无法运行
`,
} as const;

export const labUsage = (language: Language): string => USAGE[language];
