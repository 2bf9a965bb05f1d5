import type { Text } from "@seenas/core";
import type { ReactElement } from "react";
import { Icon } from "../parts/icons.tsx";
import { Problems } from "../parts/problems.tsx";
import type { FileView, Side } from "../protocol.ts";
import type { Page } from "../state/use-page.ts";
import { type Say, useSay } from "../words/say.tsx";
import { GiveButtons } from "./give.tsx";
import { Machine } from "./machine.tsx";

const TITLE: Text = { en: "What was given", zh: "已给出的内容" };
const CLEAR: Text = { en: "Remove all", zh: "全部移除" };
const REMOVE: Text = { en: "Remove", zh: "移除" };
const NAME: Text = { en: "File", zh: "文件" };
const AS: Text = { en: "Read as", zh: "识别为" };
const SIZE: Text = { en: "Size", zh: "大小" };
const ADD: Text = { en: "Add more", zh: "继续添加" };
const AFTER: Text = { en: "The estate after (for a comparison)", zh: "变更后的资产（用于比较）" };
const TOO_MANY_SHOWN = 400;

/** Each file: what it was read as, what was not, and why. */
export function FileList({ page }: { readonly page: Page }): ReactElement {
  const say = useSay();
  const { files, problems, hosts, interfaces, hostsAfter } = page.inventory;
  const count = files.filter(({ as }) => as !== "archive").length;
  const found: Text = {
    en: `${counted(count, "file")} · ${counted(hosts, "host")} with ${counted(interfaces, "interface")}`,
    zh: `${count} 个文件 · ${hosts} 台主机、${interfaces} 个网卡`,
  };
  const afterFiles = files.filter(({ side }) => side === "after");
  return (
    <section className="files">
      <header className="section-head">
        <h1>{say(TITLE)}</h1>
        <span className="facts">{say(found)}</span>
        {files.length > 0 && (
          <button type="button" className="button quiet" onClick={() => void page.clear()}>
            {say(CLEAR)}
          </button>
        )}
      </header>
      <Problems problems={problems} />
      <FileTable page={page} files={files.filter(({ side }) => side === "now")} />
      <h2>{say(ADD)}</h2>
      <GiveButtons side="now" give={(given) => void page.give(given)} />
      <Machine page={page} />
      <h2>
        {say(AFTER)}
        {hostsAfter > 0 && <span className="facts"> {hostsAfter}</span>}
      </h2>
      {afterFiles.length > 0 && <FileTable page={page} files={afterFiles} />}
      <GiveButtons side="after" give={(given) => void page.give(given)} />
    </section>
  );
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function FileTable({ page, files }: { readonly page: Page; readonly files: readonly FileView[] }): ReactElement | null {
  const say = useSay();
  if (files.length === 0) return null;
  // What needs a look stands first.
  const sorted = [...files].sort((a, b) => rankOf(a) - rankOf(b));
  return (
    <table className="file-table">
      <thead>
        <tr>
          <th scope="col">{say(NAME)}</th>
          <th scope="col">{say(AS)}</th>
          <th scope="col" className="numeric">
            {say(SIZE)}
          </th>
          <th>
            <span className="offscreen">{say(REMOVE)}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, TOO_MANY_SHOWN).map((file) => (
          <FileRow
            key={`${file.side} ${file.name}`}
            file={file}
            remove={(name, side) => void page.remove(name, side)}
          />
        ))}
        {sorted.length > TOO_MANY_SHOWN && (
          <tr>
            <td colSpan={4}>+{sorted.length - TOO_MANY_SHOWN}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

const rankOf = ({ problems, as }: FileView): number =>
  as === "unread" || problems.some(({ level }) => level === "error") ? 0 : problems.length > 0 ? 1 : 2;

function FileRow({
  file,
  remove,
}: {
  readonly file: FileView;
  readonly remove: (name: string, side: Side) => void;
}): ReactElement {
  const say = useSay();
  return (
    <tr>
      <td>
        <code>{file.name}</code>
        <Problems problems={file.problems.map((one) => ({ ...one, file: one.line === null ? null : one.file }))} />
      </td>
      <td>
        <span className={`badge as-${file.as}`}>{say(readAs(file))}</span>
        {file.count > 0 && <span className="facts"> {say(countOf(file))}</span>}
      </td>
      <td className="numeric">{file.sizeBytes === null ? "" : sizeWords(file.sizeBytes)}</td>
      <td className="numeric">
        <button
          type="button"
          className="icon-button"
          aria-label={`${say(REMOVE)}: ${file.name}`}
          onClick={() => remove(file.name, file.side)}
        >
          <Icon name="close" />
        </button>
      </td>
    </tr>
  );
}

const AS_WORDS: Record<FileView["as"], Text> = {
  configuration: { en: "configuration", zh: "配置" },
  guest: { en: "tables of a host", zh: "主机的路由表" },
  evidence: { en: "evidence", zh: "证据" },
  manifest: { en: "list of what was collected", zh: "采集清单" },
  archive: { en: "archive", zh: "压缩包" },
  nothing: { en: "empty", zh: "空文件" },
  unread: { en: "not read", zh: "未读取" },
};

function readAs({ as, kind }: FileView): Text {
  if (as === "evidence" && kind === "unknown") return { en: "not recognised", zh: "未能识别" };
  const words = AS_WORDS[as];
  return kind === null || as !== "evidence" ? words : { en: kind, zh: `证据：${kind}` };
}

const countOf = ({ as, count }: FileView): Text =>
  as === "configuration"
    ? { en: counted(count, "resource"), zh: `${count} 个资源` }
    : as === "archive"
      ? { en: counted(count, "file"), zh: `${count} 个文件` }
      : { en: counted(count, "finding"), zh: `${count} 条内容` };

const KILO = 1000;

export function sizeWords(bytes: number): string {
  if (bytes < KILO) return `${bytes} B`;
  if (bytes < KILO * KILO) return `${(bytes / KILO).toFixed(bytes < 10 * KILO ? 1 : 0)} kB`;
  return `${(bytes / KILO / KILO).toFixed(bytes < 10 * KILO * KILO ? 1 : 0)} MB`;
}

const TWO_EXPORTS: Text = { en: "Two exports of one estate", zh: "同一资产的两份导出" };

/** What was parted without being asked is said, and can be undone. */
export function TwoExports({ page }: { readonly page: Page }): ReactElement | null {
  const say: Say = useSay();
  const { twoExports } = page.inventory;
  if (twoExports === null) return null;
  const told: Text = {
    en: `Answers are about ${twoExports.now}; ${twoExports.after} is the estate after, for the comparison.`,
    zh: `答案依据 ${twoExports.now}；${twoExports.after} 作为变更后的资产用于比较。`,
  };
  return (
    <aside className="banner" aria-label={say(TWO_EXPORTS)}>
      <strong>{say(TWO_EXPORTS)}</strong> {say(told)}
      <button type="button" className="button quiet" onClick={() => page.show("estate")}>
        {say({ en: "Compare", zh: "比较" })}
      </button>
      <button type="button" className="button quiet" onClick={() => void page.join(true)}>
        {say({ en: "Read both as one estate", zh: "当作一个资产读取" })}
      </button>
    </aside>
  );
}
