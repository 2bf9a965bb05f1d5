import { setOf } from "../../../address/address-set.ts";
import { type Ip, parseIp } from "../../../address/ip.ts";
import type { Alternative } from "../../../model/egress.ts";
import type { Host } from "../../../model/estate.ts";
import type { Problem } from "../../../problem.ts";
import { assumed, blocked, stepOf, translated, unknown } from "../alternatives.ts";
import { fullPath, UNKNOWN_PROJECT } from "../links.ts";
import { askReceiver, askSql } from "./asks.ts";
import { answering, EVERYTHING, INSIDE, outside, stageOf } from "./pool-egress.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import { notARange } from "./read/problems.ts";
import type { RawSqlInstance } from "./read/raw.ts";
import { outgoingAddress, publicToPrivate } from "./rules/sql.ts";
import { senderOf } from "./stand-in.ts";

/** Cloud SQL instances, which open connections to the servers that they replicate from. */
export const sqlSenders = ({ sqlInstances }: WorkloadExport, problems: Problem[]): readonly Host[] =>
  sqlInstances.map((seen) => hostOf(seen, problems));

interface Who {
  readonly path: string;
  readonly name: string;
  readonly origin: Seen<RawSqlInstance>["origin"];
}

function hostOf({ value, origin }: Seen<RawSqlInstance>, problems: Problem[]): Host {
  const { name, project, selfLink } = value;
  const who = {
    path: fullPath(selfLink ?? "") ?? `projects/${project ?? UNKNOWN_PROJECT}/instances/${name}`,
    name,
    origin,
  };
  const ofType = (type: string): readonly Ip[] =>
    (value.ipAddresses ?? []).flatMap((one) => {
      if (one.type !== type || !one.ipAddress) return [];
      const ip = parseIp(one.ipAddress);
      if (ip === undefined) problems.push(notARange(`Cloud SQL instance ${name}`, one.ipAddress, origin));
      return ip === undefined ? [] : [ip];
    });
  const outgoing = ofType("OUTGOING");
  const isPrivate = Boolean(value.settings?.ipConfiguration?.privateNetwork) || ofType("PRIVATE").length > 0;
  const toPublic = outgoing.length > 0 ? seenAs(who, outgoing) : notListed(who);
  const toPrivate = isPrivate ? privately(who) : noWay(who);
  const stage = stageOf(
    [
      { prefixes: INSIDE, hop: answering(text(who), toPrivate), name: "to private addresses", rule: publicToPrivate },
      { prefixes: EVERYTHING, hop: answering(text(who), toPublic), name: "to public addresses", rule: outgoingAddress },
    ],
    [],
    origin,
  );
  return senderOf(who, {
    network: value.settings?.ipConfiguration?.privateNetwork ?? "",
    egress: outside(who.path, stage, stepOf(outgoingAddress, text(who), who.path, origin)),
    sendsFromAny: [],
  });
}

const text = ({ name }: Who) => ({ en: `Cloud SQL instance ${name}`, zh: `Cloud SQL 实例 ${name}` });

const seenAs = ({ name, path, origin }: Who, outgoing: readonly Ip[]): Alternative =>
  translated(setOf(...outgoing), { translator: "provider", resource: path }, [
    stepOf(
      outgoingAddress,
      { en: `${name} connects from its outgoing address`, zh: `${name} 以其出站地址发起连接` },
      path,
      origin,
    ),
  ]);

const notListed = (who: Who): Alternative =>
  unknown(
    stepOf(
      outgoingAddress,
      { en: `no address of type OUTGOING is listed for ${who.name}`, zh: `${who.name} 没有列出 OUTGOING 类型的地址` },
      who.path,
      who.origin,
    ),
    assumed(
      "open",
      `sql-outgoing:${who.name}`,
      `from which address ${who.name} connects is not known`,
      `${who.name} 以哪个地址发起连接未知`,
      askSql(who),
    ),
    who.path,
  );

/** Which of its addresses inside the producer's network is used is in no field: https://docs.cloud.google.com/sql/docs/mysql/private-ip */
const privately = (who: Who): Alternative =>
  unknown(
    stepOf(
      outgoingAddress,
      {
        en: `${who.name} reaches private addresses from the range allocated to it`,
        zh: `${who.name} 从为其分配的地址段去往私有地址`,
      },
      who.path,
      who.origin,
    ),
    assumed(
      "open",
      `sql-private-source:${who.name}`,
      `which address of its allocated range ${who.name} uses is not known`,
      `${who.name} 使用所分配地址段中的哪个地址未知`,
      askReceiver,
    ),
    who.path,
  );

const noWay = (who: Who): Alternative =>
  blocked(
    stepOf(
      publicToPrivate,
      { en: `${who.name} has no private network`, zh: `${who.name} 没有私有网络` },
      who.path,
      who.origin,
    ),
  );
