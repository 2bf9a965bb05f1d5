import type { Evidence, Observation, PathTrace, Strength } from "../evidence/observation.ts";
import type { Text } from "../problem.ts";
import { clean, Page, type TextOptions } from "./text.ts";

/** What each file of evidence says, proves and does not prove. */
export function evidenceText(files: readonly Evidence[], options: TextOptions): string {
  const page = new Page(options);
  for (const [index, file] of files.entries()) {
    if (index > 0) page.line();
    page.line(`${page.paint.bold(clean(file.file))}  ${page.paint.dim(file.kind)}`);
    for (const path of file.paths) writePath(page, path);
    for (const observation of file.observations) writeObservation(page, observation);
    if (file.observations.length === 0 && file.paths.length === 0)
      page.wrapped(page.say({ en: "nothing in it speaks of a source address", zh: "其中没有关于源地址的内容" }), 2);
  }
  return page.text();
}

function writeObservation(page: Page, observation: Observation): void {
  page.line();
  const line = observation.line === null ? "" : `${observation.line}: `;
  page.wrapped(`${line}${observation.quote.trim().slice(0, 200)}`, 2);
  page.wrapped(`${page.say({ en: "says", zh: "内容" })}: ${page.say(observation.says)}`, 4);
  page.wrapped(`${page.say({ en: "proves", zh: "证明" })}: ${page.say(observation.proves)}`, 4);
  page.line(`    ${page.paint.dim(page.say(STRENGTH[observation.strength]))}`);
}

function writePath(page: Page, path: PathTrace): void {
  const to = path.destinationName ?? path.destination ?? "?";
  const hops = path.hops.length;
  page.wrapped(
    page.say({
      en: `path to ${to}: ${hops} hops${path.reached ? ", reached" : ", not seen to reach it"}; every address in it is a router's, none is the source`,
      zh: `到 ${to} 的路径：${hops} 跳${path.reached ? "，已到达" : "，未见到达"}；其中每个地址都是路由器的，没有一个是源地址`,
    }),
    2,
  );
  for (const { text } of path.hints) page.item(page.say(text));
}

export const STRENGTH: Record<Strength, Text> = {
  "destination-observed": { en: "seen at the destination (strongest)", zh: "目的端所见（最强）" },
  "translator-logged": { en: "recorded by the translator", zh: "转换设备的记录" },
  "third-party-observed": { en: "seen by a third party", zh: "第三方所见" },
  "provider-status": { en: "the provider's own state", zh: "云厂商的状态信息" },
  "config-predicted": { en: "configuration, not a sighting", zh: "配置，而非实际所见" },
  "path-hint": { en: "a hint about the path, no proof of a source", zh: "路径线索，不能证明源地址" },
  none: { en: "proves no source address", zh: "不能证明源地址" },
};
