import type { Text } from "@seenas/core";
import type { ReactElement } from "react";
import { serverBase } from "../state/server.ts";
import type { Page } from "../state/use-page.ts";
import { useSay } from "../words/say.tsx";
import { EXAMPLES, type Example, filesOfExample } from "./examples.ts";
import { GiveButtons } from "./give.tsx";
import { Machine } from "./machine.tsx";

const TITLE: Text = { en: "Which source address does the destination see?", zh: "目的端看到的是哪个源地址？" };
const LEAD: Text = {
  en: "Drop a cloud export, a route table, a log, a packet capture, or what a tool printed. You get the address, how certain that is, the path that makes it so, and the allowlist to hand over.",
  zh: "放入云配置导出、路由表、日志、抓包文件或工具打印的文本，即可得到：源地址、结论有多确定、经过哪条路径，以及可以交付的白名单。",
};
const DROP: Text = { en: "Drop files or folders anywhere", zh: "将文件或文件夹拖到页面任意位置" };
const LOCAL: Text = {
  en: "Everything is read inside this page. It sends nothing anywhere, and keeps nothing.",
  zh: "所有内容只在本页面内读取：不向任何地方发送，也不保存。",
};
const SERVED: Text = {
  en: "Everything is read by the seenas that serves this page. It asks nobody else, and keeps nothing when it ends.",
  zh: "所有内容由提供本页面的 seenas 读取：不询问其他任何人，结束后不保留任何内容。",
};
const OR_EXAMPLE: Text = { en: "Or look at an example", zh: "或查看示例" };
const KINDS: Text = {
  en: "GCP, Azure and AWS exports · Terraform states and plans · ip route, route print · pcap · traceroute · SMTP sessions · mail, web, NAT and flow logs",
  zh: "GCP、Azure、AWS 导出 · Terraform 状态与计划 · ip route、route print · pcap · traceroute · SMTP 会话 · 邮件、Web、NAT 与流日志",
};

/** What one sees before anything was given. */
export function Landing({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const open = async ({ id, question }: Example): Promise<void> => page.give(await filesOfExample(id), question);
  return (
    <div className="landing">
      <h1>{say(TITLE)}</h1>
      <p className="lead">{say(LEAD)}</p>
      <section className="drop" aria-label={say(DROP)}>
        <p className="drop-title">{say(DROP)}</p>
        <GiveButtons side="now" give={(files) => void page.give(files)} />
        <p className="kinds">{say(KINDS)}</p>
      </section>
      <Machine page={page} />
      <h2>{say(OR_EXAMPLE)}</h2>
      <ul className="examples">
        {EXAMPLES.map((example) => (
          <li key={example.id}>
            <button type="button" onClick={() => void open(example)} data-example={example.id}>
              <strong>{say(example.title)}</strong>
              <span>{say(example.detail)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="local">{say(serverBase() === null ? LOCAL : SERVED)}</p>
    </div>
  );
}
