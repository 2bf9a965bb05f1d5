/** Whoever can be late. */
export interface Punctual {
  /** Milliseconds, of the same clock as `now`. */
  deadline: number;
  /** Where it stands; null: nowhere. */
  queue: Queue | null;
  before: Punctual | null;
  behind: Punctual | null;
  expire(): void;
  /** Now, whatever it does. */
  hangUp(): void;
}

/**
 * Links from one to the next, which are cut when somebody leaves. Not a `Set`: whenever that is full of those who left it makes
 * another table, and the old one knows the new one. Where an old one was promoted, V8's collector of young objects keeps all
 * tables that came after it, with everybody in them, until the next full collection.
 */
interface Queue {
  first: Punctual | null;
  last: Punctual | null;
}

const EVERY_MS = 250;

/** One timer for all: callers with the same patience stand in the order in which their time ends. */
export class Deadlines {
  private readonly queues = new Map<number, Queue>();
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
      queue = { first: null, last: null };
      this.queues.set(wait, queue);
    }
    one.queue = queue;
    one.before = queue.last;
    if (queue.last === null) queue.first = one;
    else queue.last.behind = one;
    queue.last = one;
  }

  remove(one: Punctual): void {
    const { queue, before, behind } = one;
    if (queue === null) return;
    if (before === null) queue.first = behind;
    else before.behind = behind;
    if (behind === null) queue.last = before;
    else behind.before = before;
    one.queue = null;
    one.before = null;
    one.behind = null;
  }

  /** Whoever still stands here is hung up on. */
  stop(): void {
    clearInterval(this.timer);
    for (const queue of this.queues.values())
      for (let one = queue.first; one !== null; one = queue.first) {
        this.remove(one);
        one.hangUp();
      }
  }

  private sweep(now: number): void {
    for (const queue of this.queues.values())
      for (let one = queue.first; one !== null && one.deadline <= now; one = queue.first) {
        this.remove(one);
        one.expire();
      }
  }
}
