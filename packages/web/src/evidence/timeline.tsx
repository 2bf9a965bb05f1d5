import type { Text } from "@seenas/core";
import type { ReactElement } from "react";
import type { EvidenceFileView, ObservationView } from "../protocol.ts";
import { useSay } from "../words/say.tsx";

const TITLE: Text = { en: "Sightings by source address", zh: "按源地址的观察时间线" };
const NO_TIME: Text = { en: "no time", zh: "无时间" };
const ROW = 30;
const LEFT = 190;
const UNTIMED = 90;
const WIDTH = 1180;
const MOST_ROWS = 20;
const MOST_DOTS = 400;

interface Sighting {
  readonly observation: ObservationView;
  readonly at: number | null;
}

/** One row a source address; when each was seen, from left to right. */
export function Timeline({ files }: { readonly files: readonly EvidenceFileView[] }): ReactElement | null {
  const say = useSay();
  const rows = rowsOf(files);
  if (rows.length === 0) return null;
  const times = rows.flatMap(([, all]) => all.flatMap(({ at }) => (at === null ? [] : [at])));
  const first = Math.min(...times);
  const last = Math.max(...times);
  const shown = rows.slice(0, MOST_ROWS);
  const height = shown.length * ROW + 30;
  const xOf = (at: number | null): number =>
    at === null
      ? LEFT + 30
      : LEFT + UNTIMED + (last === first ? 0.5 : (at - first) / (last - first)) * (WIDTH - LEFT - UNTIMED - 20);
  return (
    <figure className="timeline" data-testid="timeline">
      <figcaption>{say(TITLE)}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key. */}
      <div className="scroll-x" tabIndex={0}>
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          width={WIDTH}
          height={height}
          role="img"
          aria-label={summaryOf(rows, say(TITLE))}
        >
          {shown.map(([source, all], index) => {
            const y = index * ROW + 16;
            return (
              <g key={source}>
                <line className="rail" x1={LEFT} x2={WIDTH - 8} y1={y} y2={y} />
                <text x="0" y={y + 4} className="source">
                  {source}
                </text>
                {all.slice(0, MOST_DOTS).map(({ observation, at }, dot) => (
                  <circle
                    // biome-ignore lint/suspicious/noArrayIndexKey: sightings may be equal in everything.
                    key={dot}
                    className={`dot effect-${observation.effect}`}
                    cx={xOf(at)}
                    cy={y}
                    r="5.500"
                  >
                    <title>{`${observation.at ?? say(NO_TIME)} ${observation.file}:${observation.line ?? ""} ${observation.quote}`}</title>
                  </circle>
                ))}
              </g>
            );
          })}
          <text className="axis" x={LEFT + 4} y={height - 6}>
            {rows.some(([, all]) => all.some(({ at }) => at === null)) ? say(NO_TIME) : ""}
          </text>
          {times.length > 0 && (
            <>
              <text
                className={last > first ? "axis" : "axis middle"}
                x={last > first ? LEFT + UNTIMED : xOf(first)}
                y={height - 6}
              >
                {timeText(first)}
              </text>
              {last > first && (
                <text className="axis end" x={WIDTH - 8} y={height - 6}>
                  {timeText(last)}
                </text>
              )}
            </>
          )}
        </svg>
      </div>
    </figure>
  );
}

const timeText = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, "Z");

const summaryOf = (rows: readonly (readonly [string, readonly Sighting[]])[], title: string): string =>
  `${title}: ${rows.map(([source, all]) => `${source} ×${all.length}`).join(", ")}`;

function rowsOf(files: readonly EvidenceFileView[]): readonly (readonly [string, readonly Sighting[]])[] {
  const rows = new Map<string, Sighting[]>();
  for (const { notes, loose } of files)
    for (const observation of [...notes.flatMap((note) => note.observation ?? []), ...loose]) {
      if (observation.source === null) continue;
      const parsed = observation.at === null ? Number.NaN : Date.parse(observation.at);
      const at = Number.isNaN(parsed) ? null : parsed;
      rows.set(observation.source, [...(rows.get(observation.source) ?? []), { observation, at }]);
    }
  return [...rows].sort((a, b) => b[1].length - a[1].length);
}
