/**
 * The worker from texts that stand in the same file: a page opened from a disk may load no other. What it needs only for
 * some questions stands in parts of its own, which it loads when it needs them; until then they are text.
 */
export function startWorker(): Worker {
  const loader = document.getElementById("seenas-worker")?.textContent ?? "";
  const parts = [...document.querySelectorAll<HTMLElement>("script[data-part]")];
  const url = URL.createObjectURL(new Blob([loader], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "seenas" });
  worker.postMessage(new Map(parts.map(({ dataset, textContent }) => [dataset["part"], textContent])));
  return worker;
}
