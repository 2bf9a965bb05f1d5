import { EXACT_COUNT } from "../clickhouse/columns.ts";
import { CLICKHOUSE_WORDS, clickHouseText } from "./clickhouse-words.ts";
import type { Request } from "./request.ts";
import { selectOf } from "./select.ts";

/** The table that seenas keeps in ClickHouse. */
export const clickHouseSql = ({ question, table }: Request): string =>
  selectOf(question, {
    words: CLICKHOUSE_WORDS,
    text: clickHouseText,
    before: "",
    from: table,
    columns: {
      address: "IPv6NumToString(seen)",
      port: "seen_port",
      workload: "workload",
      before_address: "IPv6NumToString(before)",
      before_port: "before_port",
      destination_address: "IPv6NumToString(destination)",
      destination_port: "destination_port",
      protocol: "protocol",
      reporter: "reporter",
      evidence_kind: "kind",
      strength: "strength",
    },
    time: (expression) => expression,
    at: "at_us",
    until: "until_us",
    count: EXACT_COUNT,
    distinct: true,
  });
