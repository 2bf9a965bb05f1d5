import type { Text } from "@seenas/core";
import type { GivenFile, Question, Side } from "../protocol.ts";
import { NO_QUESTION } from "../state/url.ts";

export interface Example {
  readonly id: string;
  readonly title: Text;
  readonly detail: Text;
  readonly question: Question;
}

const to = (from: string, place: string): Question => ({ ...NO_QUESTION, from, to: place });

export const EXAMPLES: readonly Example[] = [
  {
    id: "gcp-mail-config-and-evidence",
    title: { en: "Mail from a proxy VM", zh: "代理虚拟机发出的邮件" },
    detail: {
      en: "Shared VPC, an interconnect beside Cloud NAT, and the greeting of the partner's server",
      zh: "共享 VPC、专线与 Cloud NAT 并存，附合作方服务器的问候语",
    },
    question: to("l3-proxy", "mail.partner.example:25"),
  },
  {
    id: "azure-3-two-nics",
    title: { en: "Azure, two interfaces", zh: "Azure：两块网卡" },
    detail: {
      en: "A static route of the guest decides between a public address and a load balancer",
      zh: "由主机的静态路由决定走公网地址还是负载均衡器",
    },
    question: to("vm1", "192.0.2.50:80"),
  },
  {
    id: "contradiction-mail-log",
    title: { en: "A mail log that contradicts", zh: "与配置矛盾的邮件日志" },
    detail: {
      en: "The configuration says one address, the destination's log another",
      zh: "配置是一个地址，目的端日志却是另一个",
    },
    question: to("l3-proxy", "198.51.100.25:587"),
  },
  {
    id: "estate-gcp-shared-vpc",
    title: { en: "A whole estate, before and after", zh: "整个资产：变更前后" },
    detail: {
      en: "A host project, three service projects, and the change of a NAT rule",
      zh: "一个宿主项目、三个服务项目，以及一条 NAT 规则的变更",
    },
    question: to("", "203.0.113.77:443"),
  },
];

/** The files of an example, fetched from nowhere: they are part of the page, loaded when one is asked for. */
export async function filesOfExample(id: string): Promise<readonly GivenFile[]> {
  const { EXAMPLE_FILES } = await import("./example-files.ts");
  return Object.entries(EXAMPLE_FILES).flatMap(([path, text]) => {
    const [, name] = path.split(`/examples/${id}/`);
    if (name === undefined || name === "partners.yaml") return [];
    const side: Side = name.startsWith("export-after/") ? "after" : "now";
    return [{ name, side, content: new Blob([text]) }];
  });
}
