import type { Rule } from "../../../../model/rule.ts";

export const outgoingAddress = {
  id: "gcp/sql/outgoing-address",
  ref: "SL-11",
  says: {
    en: "Cloud SQL opens connections from its address of type OUTGOING; PRIMARY and PRIVATE are what others connect to.",
    zh: "Cloud SQL 以类型为 OUTGOING 的地址发起连接；PRIMARY 和 PRIVATE 是他方连接它所用的地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/sql/v1/cloud_sql_resources.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T46", "gcp/sql-private-only", "gcp/sql-to-private"],
} as const satisfies Rule;

export const publicToPrivate = {
  id: "gcp/sql/public-to-private",
  ref: "SL-11 (private destination)",
  says: {
    en: "An instance with a public address alone does not reach private destinations.",
    zh: "仅有公网地址的实例无法到达私有目的地。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/sql-public-to-private"],
} as const satisfies Rule;

export const sqlRules: readonly Rule[] = [outgoingAddress, publicToPrivate];
