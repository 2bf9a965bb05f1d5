import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { sendEchoes } from "./echo.ts";
import { END_SETTINGS, MAIL_RULES, ROUTER_SETTINGS, WITNESS, waysBack } from "./kernel-text.ts";
import { type MailServer, startMail } from "./mail.ts";
import { DESTINATION, type Plan, type Probe, SENDER } from "./plan.ts";
import { HELD, LISTENS, type Report } from "./worker.ts";

/** What one packet came to. */
export interface Sighting {
  readonly result: string;
  /** null: nothing arrived. */
  readonly arrived: { readonly source: string; readonly way: number } | null;
  /** Of a connection that was made before addresses began to drain. */
  readonly isHeld?: true;
}

/**
 * One network at a time. The sender and the destination stay, each with its worker; the routers between them are made for
 * every plan and removed after it.
 */
export class Lane {
  private readonly folder: string;
  private readonly prefix: string;
  private sender: Worker | null = null;
  private destination: Worker | null = null;
  private count = 0;

  /** The mail server at the destination; null: none. */
  readonly mail: MailServer | null;

  constructor(index: number, mail: MailServer | null = null) {
    this.mail = mail;
    this.prefix = `seenas-${index}-`;
    this.folder = `/run/seenas/${index}`;
  }

  private named = (node: string): string => `${this.prefix}${node}`;
  private inside = (node: string): string => `nsenter --net=/run/netns/${this.named(node)}`;

  async open(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    this.write("end.sh", END_SETTINGS);
    this.write("router.sh", ROUTER_SETTINGS);
    this.write("dst4", waysBack());
    this.write("dst.nft", WITNESS);
    const ends = [SENDER, DESTINATION];
    await this.run(`set -e
${ends.map((node) => `ip netns add ${this.named(node)}`).join("\n")}
${ends.map((node) => `${this.inside(node)} sh ./end.sh`).join("\n")}
${this.inside(DESTINATION)} sh -c 'ip -4 -batch dst4 && ip -6 -batch dst4 && ip addr add ${LISTENS[4]}/32 dev lo && ip addr add ${LISTENS[6]}/128 dev lo nodad && nft -f dst.nft'
`);
    this.sender = new Worker(this.named(SENDER), "sender");
    this.destination = new Worker(this.named(DESTINATION), "destination");
    await Promise.all([this.sender.ready, this.destination.ready]);
    if (this.mail !== null) await startMail(this.mail, this.enter(DESTINATION));
  }

  close(): void {
    this.sender?.end();
    this.destination?.end();
  }

  /** Builds the network, sends, takes it down again. Throws what the kernel refused. */
  async realise(plan: Plan, probes: readonly Probe[], look?: () => Promise<void>): Promise<readonly Sighting[]> {
    try {
      await this.build(plan);
      const held = plan.before === null ? null : await this.hold(plan);
      const seen = await this.send(probes);
      await look?.();
      return held === null ? seen : [...seen, await held()];
    } finally {
      await this.remove(plan);
    }
  }

  /** For tools that are run inside: `nsenter --net=…` of that node. */
  enter(node: string): readonly string[] {
    return ["nsenter", `--net=/run/netns/${this.named(node)}`];
  }

  /** Who answers TCP at the destination: the mail server, or the lab. */
  switchMail(isOn: boolean): void {
    const rules = [`flush chain inet lab mail`, ...(isOn ? MAIL_RULES : [])].join("; ");
    const [command = "", ...words] = [...this.enter(DESTINATION), "nft", rules];
    execFileSync(command, words, { stdio: "ignore" });
  }

  /** Connects, then lets addresses drain: established connections keep theirs. Gives what comes of the same connection later. */
  private async hold({ nodes, probe }: Plan): Promise<() => Promise<Sighting>> {
    const { sender, destination } = this;
    if (sender === null || destination === null) throw new Error("the lane is not open");
    const id = `${HELD}${this.count}`;
    this.count += 1;
    await sender.ask({ kind: "hold", id, ...probe }, id);
    for (const { name, ruleset } of nodes) this.write(`${name}.nft`, `flush ruleset\n${ruleset}`);
    await this.run(nodes.map(({ name }) => `${this.inside(name)} nft -f ${name}.nft || exit 1`).join("\n"));
    destination.arrived.delete(id);
    return async () => {
      const result = await sender.ask({ kind: "hold", id, ...probe }, id);
      await destination.ask({ kind: "settle" }, "settled");
      return { result, arrived: destination.arrived.get(id) ?? null, isHeld: true };
    };
  }

  private async build({ nodes: later, before, wires, family, sender, arrivals }: Plan): Promise<void> {
    const nodes = before ?? later;
    const links = wires.map(({ from, to }, index) => {
      const mac = `address 02:00:00:00:${(index >> 8).toString(16).padStart(2, "0")}:${(index & 255).toString(16).padStart(2, "0")}`;
      return `link add ${from.device} ${mac} netns ${this.named(from.node)} type veth peer name ${to.device} ${mac} netns ${this.named(to.node)}`;
    });
    this.write("make", [...nodes.map(({ name }) => `netns add ${this.named(name)}`), ...links].join("\n"));
    for (const { name, commands, ruleset } of nodes) {
      this.write(`${name}.ip`, commands.join("\n"));
      this.write(`${name}.nft`, ruleset);
    }
    this.write("sender", sender.commands.join("\n"));
    this.write("sender.nft", sender.ruleset);
    const ways = arrivals.map(
      (_, way) => `link set d${way} arp off up\nroute add default dev d${way} table ${1001 + way}`,
    );
    this.write("ways", ways.join("\n"));
    const steps = [
      ...nodes.map(({ name }) => `${this.inside(name)} sh ./router.sh ${name} ${family}`),
      `{ ip -n ${this.named(SENDER)} -${family} -batch sender${sender.ruleset === "" ? "" : ` && ${this.inside(SENDER)} nft -f sender.nft`}; }`,
      `ip -n ${this.named(DESTINATION)} -${family} -batch ways`,
    ];
    await this.run(`ip -batch make || exit 1
${steps.map((step) => `${step} & pids="$pids $!"`).join("\n")}
for pid in $pids; do wait $pid || failed=1; done
exit \${failed:-0}`);
  }

  private async remove({ nodes, arrivals, sender }: Plan): Promise<void> {
    this.write("undo", sender.undo.join("\n"));
    this.write("unway", arrivals.map((_, way) => `link del d${way}`).join("\n"));
    this.write("unmake", nodes.map(({ name }) => `netns del ${this.named(name)}`).join("\n"));
    const family = sender.undo.some((line) => /^(rule|addr|route)/.test(line));
    const undo = `ip -n ${this.named(SENDER)}`;
    const unfilter = sender.ruleset === "" ? "" : `${this.inside(SENDER)} nft flush ruleset\n`;
    await this.run(
      `${unfilter}${family ? `${undo} -4 -force -batch undo 2>/dev/null; ${undo} -6 -force -batch undo 2>/dev/null` : `${undo} -force -batch undo 2>/dev/null`}
ip -n ${this.named(DESTINATION)} -force -batch unway 2>/dev/null
ip -force -batch unmake 2>/dev/null
exit 0`,
    );
  }

  async send(probes: readonly Probe[]): Promise<readonly Sighting[]> {
    const { sender, destination } = this;
    if (sender === null || destination === null) throw new Error("the lane is not open");
    if (probes.some(({ protocol }) => protocol === "icmp"))
      return sendEchoes(this.enter(SENDER), this.enter(DESTINATION), probes);
    const first = this.count;
    this.count += probes.length;
    const results = await Promise.all(
      probes.map((probe, index) => sender.ask({ kind: "send", id: `${first + index}`, ...probe }, `${first + index}`)),
    );
    await destination.ask({ kind: "settle" }, "settled");
    // Nobody answers a datagram: on a busy machine it may be on its way for a while.
    const isOpen = (wait: number) => (probe: Probe, index: number) =>
      wait < (probe.isAwaited ? LONG_WAITS : SHORT_WAITS) && isMissing(destination, first)(probe, index);
    for (let wait = 0; probes.some(isOpen(wait)); wait += 1) {
      // A link that is only just up may lose one: TCP sends again by itself, and so does the lab.
      if (AGAIN.includes(wait)) await this.sendAgain(probes, first);
      await sleep(WAIT_MS);
      await destination.ask({ kind: "settle" }, "settled");
    }
    return results.map((result, index) => {
      const id = `${first + index}`;
      const arrived = destination.arrived.get(id) ?? null;
      destination.arrived.delete(id);
      return { result, arrived };
    });
  }

  private async sendAgain(probes: readonly Probe[], first: number): Promise<void> {
    const { sender, destination } = this;
    if (sender === null || destination === null) return;
    const missing = probes.flatMap((probe, index) =>
      isMissing(destination, first)(probe, index) ? [{ ...probe, id: `${first + index}` }] : [],
    );
    await Promise.all(missing.map((probe) => sender.ask({ kind: "send", ...probe }, probe.id)));
  }

  private write = (name: string, text: string): void => writeFileSync(`${this.folder}/${name}`, `${text}\n`);

  private run(script: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = spawn("sh", ["-c", script], { cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      child.stderr.on("data", (data) => {
        said += data;
      });
      child.once("error", reject);
      child.once("close", (status) => (status === 0 ? resolve() : reject(new KernelRefused(said.trim()))));
    });
  }
}

const WAIT_MS = 20;
const SHORT_WAITS = 3;
const LONG_WAITS = 100;
/** After so many waits. */
const AGAIN: readonly number[] = [10, 40, 80];

const isMissing =
  (destination: Worker, first: number) =>
  ({ protocol }: Probe, index: number): boolean =>
    protocol === "udp" && !destination.arrived.has(`${first + index}`);

/** The kernel or a tool took something of a plan for wrong: a fault of the lab, never an answer. */
export class KernelRefused extends Error {}

class Worker {
  readonly ready: Promise<unknown>;
  readonly arrived = new Map<string, { readonly source: string; readonly way: number }>();
  private readonly waiting = new Map<string, (result: string) => void>();
  private readonly child: ChildProcess;

  constructor(namespace: string, role: string) {
    const inside = [`--net=/run/netns/${namespace}`, process.execPath, process.argv[1] ?? "", "lab", "worker", role];
    this.child = spawn("nsenter", inside, { stdio: ["pipe", "pipe", "inherit"] });
    this.ready = new Promise((resolve) => this.waiting.set("ready", resolve));
    if (this.child.stdout !== null)
      createInterface({ input: this.child.stdout }).on("line", (line) => this.hear(JSON.parse(line)));
  }

  ask(order: object, id: string): Promise<string> {
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.stdin?.write(`${JSON.stringify(order)}\n`);
    });
  }

  end(): void {
    this.child.stdin?.end();
  }

  private hear(report: Report): void {
    if (report.kind === "arrived") return void this.arrived.set(report.id, report);
    const id = report.kind === "sent" ? report.id : report.kind;
    this.waiting.get(id)?.(report.kind === "sent" ? report.result : report.kind);
    this.waiting.delete(id);
  }
}
