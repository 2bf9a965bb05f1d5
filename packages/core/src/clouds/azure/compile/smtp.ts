import type { Filter } from "../../../model/egress.ts";
import type { Flag, Resource } from "../read/resource.ts";
import { parseId } from "../read/resource-id.ts";
import { smtpBlocked, smtpHint } from "../rules/outbound.ts";
import { byDefault, open, say } from "./say.ts";
import type { World } from "./world.ts";

// https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity
const SMTP = 25;

/** Mail to the internet: blocked unless the subscription is of the kind that is not, or somebody exempted it. */
export function smtpFilter(world: World, sender: Pick<Resource, "id"> & { readonly allowPort25Out?: Flag }): Filter {
  const subscription = parseId(sender.id)?.subscription ?? "";
  const enterprise = isEnterprise(world, subscription);
  const hinted = sender.allowPort25Out === true;
  const ask = {
    text: say("connect to port 25 of any mail server from the VM", "请从虚拟机连接任一邮件服务器的 25 端口"),
    command: "nc -vz -w 5 MAIL-SERVER 25",
    settles: say("whether the subscription may send mail directly", "该订阅能否直接发送邮件"),
  };
  const holdsText = say("the subscription is not exempt from the block of port 25", "该订阅未豁免 25 端口封锁");
  const liftedText = say(
    "the subscription may use port 25 (Enterprise Agreement, or exempted)",
    "该订阅可以使用 25 端口（企业协议或已豁免）",
  );
  const holds =
    enterprise || hinted ? open("port-25-blocked", holdsText, ask) : byDefault("port-25-blocked", holdsText, ask);
  const lifted = enterprise ? byDefault("port-25-open", liftedText, ask) : open("port-25-open", liftedText, ask);
  return {
    match: { protocols: ["tcp"], ports: [{ first: SMTP, last: SMTP }] },
    action: "deny",
    rule: hinted && !enterprise ? smtpHint : smtpBlocked,
    resource: null,
    text: say("the platform blocks TCP port 25 to the internet", "平台封锁到互联网的 TCP 25 端口"),
    origin: null,
    unless: { holds, lifted },
  };
}

/** The page speaks of virtual machines alone: of other workloads it says neither that they may send mail nor that they may not. */
export const mailOfService = (resource: string): Filter => ({
  match: { protocols: ["tcp"], ports: [{ first: SMTP, last: SMTP }] },
  action: "deny",
  rule: smtpBlocked,
  resource,
  text: say("the platform blocks TCP port 25 to the internet", "平台封锁到互联网的 TCP 25 端口"),
  origin: null,
  unless: {
    holds: open(
      "port-25-blocked-service",
      say("port 25 is blocked for this service as it is for VMs", "该服务与虚拟机一样被封锁 25 端口"),
    ),
    lifted: open("port-25-open-service", say("port 25 is open for this service", "该服务可以使用 25 端口")),
  },
});

/** `EnterpriseAgreement_2014-09-01` and its successors; in the answer of `az rest` for the subscription. */
const isEnterprise = (world: World, subscription: string): boolean =>
  [...world.all.subscriptions.values()].some(
    ({ key, quota }) =>
      key === `/subscriptions/${subscription.toLowerCase()}` && /^enterpriseagreement/i.test(quota ?? ""),
  );
