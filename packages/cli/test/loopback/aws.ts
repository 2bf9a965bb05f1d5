import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Resource } from "./scenario.ts";
import { type Answer, type Asked, json } from "./server.ts";

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly locationName?: string }>>;
  readonly member?: { readonly shape: string; readonly locationName?: string };
}

/** What the client itself knows of the service: the names of elements in its XML. */
interface Model {
  readonly operations: Readonly<Record<string, { readonly output?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Where installations of the client keep it. */
const PLACES = [
  "/usr/lib/python3/dist-packages/{awscli/,}botocore/data",
  '"$HOME"/.pyenv/versions/*/lib/python3*/site-packages/botocore/data',
  "/usr/local/lib/python3*/{site,dist}-packages/botocore/data",
  "/usr/local/aws-cli/v2/current/dist/awscli/botocore/data",
];

/** The model of EC2; null: not found. */
export function ec2Model(): Model | null {
  const pattern = PLACES.map((place) => `${place}/ec2/2016-11-15/service-2.json*`).join(" ");
  const found = spawnSync("bash", ["-c", `ls ${pattern} 2>/dev/null | tail -n 1`], { encoding: "utf8" }).stdout.trim();
  if (found === "") return null;
  const bytes = readFileSync(found);
  return JSON.parse((found.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}

/**
 * Answers as EC2 (its query protocol, in XML) and Direct Connect (JSON) do.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/making-api-requests.html
 */
export function awsAnswers(model: Model, resources: readonly Resource[]): (asked: Asked) => Answer {
  const lists = Object.assign({}, ...resources) as Resource;
  return ({ headers, body }) => {
    if (headers["x-amz-target"] !== undefined)
      return { ...json({ virtualInterfaces: [] }), type: "application/x-amz-json-1.1" };
    const action = new URLSearchParams(body).get("Action") ?? "";
    const shape = model.operations[action]?.output?.shape;
    if (shape === undefined) return { status: 400, type: "text/xml", body: "<Response/>" };
    const inner = structure(model, shape, { ...emptyLists(model, shape), ...lists });
    return {
      type: "text/xml",
      body: `<?xml version="1.0"?><${action}Response><requestId>r</requestId>${inner}</${action}Response>`,
    };
  };
}

/** The service names a list that holds nothing, too. */
const emptyLists = (model: Model, name: string): Resource =>
  Object.fromEntries(
    Object.entries(model.shapes[name]?.members ?? {})
      .filter(([, { shape }]) => model.shapes[shape]?.type === "list")
      .map(([member]) => [member, []]),
  );

const structure = (model: Model, name: string, value: unknown): string =>
  Object.entries(model.shapes[name]?.members ?? {})
    .map(([member, { shape, locationName = member }]) => {
      const held = (value as Resource)[member];
      return held === undefined || held === null ? "" : element(locationName, written(model, shape, held));
    })
    .join("");

function written(model: Model, name: string, value: unknown): string {
  const shape = model.shapes[name];
  if (shape?.type === "structure") return structure(model, name, value);
  if (shape?.type !== "list" || shape.member === undefined) return escaped(String(value));
  const { shape: inner, locationName = "item" } = shape.member;
  return (value as readonly unknown[]).map((one) => element(locationName, written(model, inner, one))).join("");
}

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;" })[letter] ?? "&gt;");
