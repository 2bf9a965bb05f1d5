/** Whoever can be late. */
export interface Punctual {
  /** Milliseconds, of the same clock as `now`. */
  deadline: number;
  /** Where it stands; null: nowhere. */
  queue: Set<Punctual> | null;
  expire(): void;
}

const EVERY_MS = 250;

/** One timer for all: callers with the same patience stand in the order in which their time ends. */
export class Deadlines {
  private readonly queues = new Map<number, Set<Punctual>>();
  private readonly timer: NodeJS.Timeout;
  private readonly patienceMs: number;

  constructor(patienceMs: number) {
    this.patienceMs = patienceMs;
    this.timer = setInterval(() => this.sweep(Date.now()), EVERY_MS);
  }

  /** @param afterMs null: the usual patience. A second one takes the place of the first. */
  add(one: Punctual, afterMs: number | null): void {
    const wait = afterMs ?? this.patienceMs;
    this.remove(one);
    one.deadline = Date.now() + wait;
    let queue = this.queues.get(wait);
    if (queue === undefined) {
      queue = new Set();
      this.queues.set(wait, queue);
    }
    queue.add(one);
    one.queue = queue;
  }

  remove(one: Punctual): void {
    one.queue?.delete(one);
    one.queue = null;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sweep(now: number): void {
    for (const queue of this.queues.values())
      for (const one of queue) {
        if (one.deadline > now) break;
        this.remove(one);
        one.expire();
      }
  }
}
