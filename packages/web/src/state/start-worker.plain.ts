/** The worker from the text that stands in the same file: a page opened from a disk may load no other. */
export function startWorker(): Worker {
  const text = document.getElementById("seenas-worker")?.textContent ?? "";
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker(url, { name: "seenas" });
}
