import type { Language } from "@seenas/core";

const USAGE = {
  en: `seenas serve: the page, on this machine; everything that explain, read, map, diff and allow do

  seenas serve [--config EXPORT…] [--evidence FILE…] [--store PATH]

Options
  --config, --evidence, --store   what the page finds there already; it reads them here, however large they are
  --open                  opens the browser
  --listen ADDRESS[:PORT] default 127.0.0.1:8477, or any free port when that is taken
  --host NAME             another name by which browsers may call this server, with --listen
  --upload-limit SIZE     of all files that the page sends here, together (default 8G); they are gone when it ends
  --lang en|zh; --quiet

The link that it prints lets one browser in, once. Only this server's own page may ask it; nothing is sent anywhere else.
Without a server: open dist/page/seenas.html, the same page, in a browser.

Exit status: 0 ended by Ctrl-C · 1 the program failed · 2 bad usage, or the port is taken
`,
  zh: `seenas serve：本机上的页面，可完成 explain、read、map、diff、allow 的全部工作

  seenas serve [--config 导出…] [--evidence 文件…] [--store 路径]

选项
  --config、--evidence、--store   页面打开时已有的材料；无论多大都在本机读取
  --open                  打开浏览器
  --listen 地址[:端口]    默认 127.0.0.1:8477；被占用时任选空闲端口
  --host 名称             配合 --listen：浏览器还可用此名称访问
  --upload-limit 大小     页面发来的文件合计上限（默认 8G）；结束时全部删除
  --lang en|zh；--quiet

打印的链接只能让一个浏览器进入一次。只有本服务自己的页面可以提问；不向其他任何地方发送数据。
不用服务器：直接在浏览器中打开 dist/page/seenas.html，是同一个页面。

退出状态：0 以 Ctrl-C 结束 · 1 程序出错 · 2 用法有误或端口被占用
`,
} as const;

export const serveUsage = (language: Language): string => USAGE[language];
