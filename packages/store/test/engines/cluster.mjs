// ClickHouse servers and a ZooKeeper of our own: processes on loopback ports, everything in one folder that is removed.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const CLUSTER_NAME = "seenas_test";

const ZOOKEEPER_JAR = "/usr/share/java/zookeeper.jar";

/** Why no cluster can be started here; null: one can. */
export function missingForCluster({ replicated }) {
  const missing = [];
  if (commandPath("clickhouse-server") === null) missing.push("clickhouse-server");
  if (replicated && commandPath("java") === null) missing.push("java");
  if (replicated && !existsSync(ZOOKEEPER_JAR)) missing.push("zookeeper");
  return missing.length === 0 ? null : `not installed: ${missing.join(", ")}`;
}

const commandPath = (name) =>
  (process.env["PATH"] ?? "")
    .split(":")
    .concat("/usr/sbin", "/usr/local/bin")
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null;

/**
 * @param shape replicas of each shard: `[2, 1]` is two shards, of which the first has two replicas. With `replicated`
 * false there is no ZooKeeper, and every server stands for itself.
 */
export async function startCluster({ shape, replicated = true, parent = tmpdir() }) {
  const folder = mkdtempSync(join(parent, "seenas-clickhouse-"));
  const count = shape.reduce((sum, replicas) => sum + replicas, 0);
  const ports = await freePorts(count * 3 + 1);
  const zookeeperPort = replicated ? ports[count * 3] : null;
  const zookeeper = zookeeperPort === null ? null : startZookeeper(folder, zookeeperPort);
  const places = shape.flatMap((replicas, shard) => Array.from({ length: replicas }, () => shard + 1));
  const nodes = places.map((shard, index) => ({
    name: `node${index + 1}`,
    shard,
    http: ports[index * 3],
    tcp: ports[index * 3 + 1],
    interserver: ports[index * 3 + 2],
  }));
  const running = nodes.map((node) => nodeOf(folder, node, nodes, zookeeperPort));
  const stop = async () => {
    await Promise.all(running.map((node) => node.kill()));
    await end(zookeeper);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    if (zookeeperPort !== null) await untilUp("zookeeper", zookeeper, () => isServing(zookeeperPort));
    await Promise.all(running.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: running, stop };
}

function nodeOf(folder, node, nodes, zookeeperPort) {
  const home = join(folder, node.name);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "config.xml"), configOf(home, node, nodes, zookeeperPort));
  writeFileSync(join(home, "users.xml"), USERS);
  let child = null;
  return {
    ...node,
    pid: () => child?.pid ?? null,
    url: (query = "", database = "seenas") => `clickhouse://127.0.0.1:${node.http}/${database}${query}`,
    /** A server that was killed may end once more when it is started; then it is started again, as the system would. */
    async start() {
      for (let tries = 0; !isRunning(child); tries += 1) {
        child = spawnQuietly(commandPath("clickhouse-server"), [`--config-file=${join(home, "config.xml")}`], home);
        const failed = await untilUp(node.name, child, () => pings(node.http)).then(
          () => null,
          (error) => error,
        );
        if (failed === null) return;
        if (tries === STARTS) throw new Error(`${failed.message}: ${lastWords(home)}`);
        await end(child);
        await sleep(1000);
      }
    },
    /** As a power cut ends it: without a word. */
    async kill() {
      await end(child);
      child = null;
    },
  };
}

const STARTS = 5;

const lastWords = (home) => readFileSync(join(home, "output.log"), "utf8").slice(-2000);

function spawnQuietly(command, args, home) {
  const log = openSync(join(home, "output.log"), "a");
  return spawn(command, args, { cwd: home, stdio: ["ignore", log, log] });
}

const isRunning = (child) => child !== null && child.exitCode === null && child.signalCode === null;

async function end(child) {
  if (!isRunning(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

function startZookeeper(folder, port) {
  const home = join(folder, "zookeeper");
  mkdirSync(home);
  const options = `tickTime=1000\ndataDir=${home}\nclientPort=${port}\nclientPortAddress=127.0.0.1\n`;
  writeFileSync(join(home, "zoo.cfg"), `${options}admin.enableServer=false\n4lw.commands.whitelist=srvr\n`);
  const main = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
  const args = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", ZOOKEEPER_JAR, main, join(home, "zoo.cfg")];
  return spawnQuietly(commandPath("java"), args, home);
}

async function untilUp(name, child, isUp) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (!isRunning(child)) throw new Error(`${name} ended at once`);
    if (await isUp()) return;
    await sleep(50);
  }
  throw new Error(`${name} does not answer`);
}

const pings = (port) =>
  fetch(`http://127.0.0.1:${port}/ping`).then(
    (response) => response.ok,
    () => false,
  );

async function isServing(port) {
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("srvr"));
    socket.once("data", (data) => resolve(data.toString().includes("Mode:")));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}

/** Below those that the system gives to connections of others, which could take one before its server does. */
const [FIRST_PORT, LAST_PORT] = [10_000, 32_000];

async function freePorts(count) {
  const servers = [];
  while (servers.length < count) {
    const server = await listening(FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT)));
    if (server !== null) servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Null: somebody else does. */
const listening = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });

function configOf(home, node, nodes, zookeeperPort) {
  const shards = [...new Set(nodes.map(({ shard }) => shard))];
  const replicas = (shard) =>
    nodes
      .filter((each) => each.shard === shard)
      .map(({ tcp }) => `<replica><host>127.0.0.1</host><port>${tcp}</port></replica>`)
      .join("");
  const shardXml = shards
    .map((shard) => `<shard><internal_replication>true</internal_replication>${replicas(shard)}</shard>`)
    .join("");
  const zookeeper =
    zookeeperPort === null
      ? ""
      : `<zookeeper><node><host>127.0.0.1</host><port>${zookeeperPort}</port></node><session_timeout_ms>15000</session_timeout_ms></zookeeper>
  <distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>`;
  return `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>${home}/server.log</log><errorlog>${home}/error.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${node.http}</http_port>
  <tcp_port>${node.tcp}</tcp_port>
  <interserver_http_port>${node.interserver}</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <path>${home}/data/</path>
  <tmp_path>${home}/tmp/</tmp_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <mark_cache_size>268435456</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <remote_servers><${CLUSTER_NAME}>${shardXml}</${CLUSTER_NAME}></remote_servers>
  <macros><shard>${node.shard}</shard><replica>${node.name}</replica></macros>
  ${zookeeper}
</yandex>
`;
}

/** An unavailable shard is skipped unless a query says otherwise: what a careless administrator may have set. */
const USERS = `<?xml version="1.0"?>
<yandex>
  <profiles><default><skip_unavailable_shards>1</skip_unavailable_shards></default></profiles>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <quotas><default></default></quotas>
</yandex>
`;
