import type { Evidence, Text } from "@seenas/core";
import type { EvidenceFileView, NoteView, ObservationView } from "../protocol.ts";
import { lineCount, linesOf } from "./reading.ts";
import { observationView } from "./verdict-view.ts";

const LOOKED_AFTER = 80;

/** Each file of evidence with what its lines say, in the order of lines. */
export function evidenceViews(
  evidence: readonly Evidence[],
  judged: readonly ObservationView[],
  blobOf: (file: string) => Blob | undefined,
): Promise<readonly EvidenceFileView[]> {
  const byPlace = new Map(judged.map((one) => [keyOf(one), one]));
  return Promise.all(
    evidence.map(async (one) => {
      const content = blobOf(one.file);
      const all = one.observations.map((observation) => {
        const view = observationView(observation);
        return byPlace.get(keyOf(view)) ?? view;
      });
      const isText = one.kind !== "pcap";
      return {
        file: one.file,
        kind: one.kind,
        lines: content === undefined || !isText ? null : await lineCount(content).catch(() => null),
        notes: [
          ...all.flatMap((observation): NoteView[] =>
            observation.line === null ? [] : [{ line: observation.line, observation, text: null }],
          ),
          ...(content === undefined || !isText ? [] : await hopNotes(one, content)),
        ].sort((a, b) => a.line - b.line),
        loose: all.filter(({ line }) => line === null),
        hints: one.paths.flatMap(({ hints }) => hints.map(({ text }) => text)),
      };
    }),
  );
}

const keyOf = ({ file, line, quote, source }: ObservationView): string => `${file} ${line} ${quote} ${source}`;

/** A hop is a router's address: said beside each, since it is what is taken for the answer most often. */
async function hopNotes({ paths }: Evidence, content: Blob): Promise<readonly NoteView[]> {
  const notes: NoteView[] = [];
  for (const path of paths) {
    const after = await linesOf(content, path.line + 1, Math.max(LOOKED_AFTER, path.hops.length * 2)).catch(() => []);
    let hop = 0;
    for (const [index, line] of after.entries()) {
      const expected = path.hops[hop];
      if (expected === undefined) break;
      if (Number(/^\s*(\d+)[.\s:]/.exec(line)?.[1]) !== expected.ttl) continue;
      hop += 1;
      const isEnd = expected.replies.some(({ address }) => address !== null && address === path.destination);
      notes.push({
        line: path.line + 1 + index,
        observation: null,
        text: expected.replies.length === 0 ? SILENT : isEnd ? REACHED : ROUTER,
      });
    }
  }
  return notes;
}

const ROUTER: Text = { en: "a router on the way, never the source", zh: "途中的路由器，绝不是源地址" };
const SILENT: Text = { en: "no reply: no proof that nothing is there", zh: "无回复：不能证明那里没有设备" };
const REACHED: Text = { en: "the destination itself answered", zh: "目的端自己作了回复" };
