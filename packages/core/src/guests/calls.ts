import type { Protocol } from "../model/flow.ts";
import type { Assumption } from "../model/outcome.ts";
import type { GuestSend, WayToCall } from "./guest.ts";

/** Programs use UDP both ways, and Linux looks routes up once or twice accordingly. */
export function waysToCall(protocol: Protocol): readonly WayToCall[] {
  if (protocol === "tcp") return [{ connected: true, assumption: null }];
  if (protocol === "icmp") return [{ connected: false, assumption: null }];
  return [
    { connected: true, assumption: CONNECTED_UDP },
    { connected: false, assumption: UNCONNECTED_UDP },
  ];
}

const CONNECTED_UDP: Assumption = {
  id: "udp-connected",
  basis: "open",
  text: { en: "the program connects its UDP socket before it sends", zh: "程序在发送前对 UDP 套接字执行 connect" },
  ask: null,
};
const UNCONNECTED_UDP: Assumption = {
  id: "udp-unconnected",
  basis: "open",
  text: { en: "the program sends from an unconnected UDP socket", zh: "程序用未 connect 的 UDP 套接字发送" },
  ask: null,
};

/** What the guest sends by something the configuration does not have: a tunnel, a container bridge, another host's file. */
export function notInEstate(send: GuestSend): Assumption {
  const device = send.device ?? send.interfaceAddress ?? "?";
  return {
    id: `guest-device-unknown:${device}`,
    basis: "open",
    text: {
      en: `the guest sends by ${device}, which is none of the interfaces in the configuration (a tunnel, a bridge, or another host's file)`,
      zh: `操作系统从 ${device} 发送，但配置中没有该接口（可能是隧道、网桥，或文件来自另一台主机）`,
    },
    ask: {
      text: { en: `find out where ${device} leads`, zh: `请查明 ${device} 通向哪里` },
      command: send.interfaceAddress === null ? `ip -d addr show ${device}` : "ipconfig /all",
      settles: { en: "which interface of the cloud the packets take", zh: "数据包使用云上的哪个网卡" },
      inside: true,
    },
  };
}
