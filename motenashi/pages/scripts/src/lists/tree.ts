// A filter as somebody builds it: groups (all, any, none) of conditions, some of which ask about one related record at
// a time. Read from and written to the filter's JSON; whatever the JSON may say has its place here.

import { readPattern, type Pattern } from "./pattern.ts";

export type Json =
  null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonMap = { [key: string]: Json };
export type Mode = "all" | "any" | "none";

export interface Group {
  kind: "group";
  id: number;
  mode: Mode;
  children: Node[];
}

/** `operator` "" and `value` undefined: not chosen yet. */
export interface Leaf {
  kind: "leaf";
  id: number;
  field: string;
  operator: string;
  value: Json | undefined;
}

export interface Related {
  kind: "related";
  id: number;
  list: string;
  none: boolean;
  atLeast: number;
  group: Group;
}

/** Something that we cannot show as anything else, kept as it is. */
export interface Other {
  kind: "other";
  id: number;
  json: Json;
}

export type Node = Group | Leaf | Related | Other;

let newest = 0;
const newId = () => ++newest;

export const newGroup = (mode: Mode = "all", children: Node[] = []): Group => ({
  kind: "group",
  id: newId(),
  mode,
  children,
});

export const newLeaf = (
  field: string,
  operator: string,
  value?: Json,
): Leaf => ({
  kind: "leaf",
  id: newId(),
  field,
  operator,
  value,
});

export const newRelated = (list: string, group: Group): Related => ({
  kind: "related",
  id: newId(),
  list,
  none: false,
  atLeast: 1,
  group,
});

// ---- Reading ----

export interface Known {
  isList: (name: string) => boolean;
  isFlag: (operator: string) => boolean;
}

const isMap = (json: Json | undefined): json is JsonMap =>
  typeof json === "object" && json !== null && !Array.isArray(json);

export function readFilter(filter: Json, known: Known): Group {
  const conditions = isMap(filter) ? filter["if"] : undefined;
  const pattern =
    isMap(filter) && typeof filter["pattern"] === "string"
      ? filter["pattern"]
      : "";
  return readGroup(conditions, pattern, known);
}

function readGroup(
  conditions: Json | undefined,
  pattern: string,
  known: Known,
): Group {
  const items = Array.isArray(conditions)
    ? conditions
    : conditions === undefined
      ? []
      : [conditions];
  const nodes = items.map((item) => readItem(item, known));
  const tree = pattern ? readPattern(pattern) : null;
  if (tree === null) return newGroup("all", nodes.flat());
  const used = new Set<number>();
  const group = asGroup(arranged(tree, nodes, used));
  const forgotten = nodes.filter((_, index) => !used.has(index + 1)).flat();
  return forgotten.length ? newGroup("all", [group, ...forgotten]) : group;
}

/** The conditions as a pattern joins them; one that it names twice is there twice. */
export function arranged(
  pattern: Pattern,
  nodes: Node[][],
  used: Set<number>,
): Node {
  if (pattern.kind === "number") {
    const found = nodes[pattern.number - 1] ?? [];
    const fresh = used.has(pattern.number) ? found.map(copied) : found;
    used.add(pattern.number);
    return fresh.length === 1 ? fresh[0]! : newGroup("all", fresh);
  }
  if (pattern.kind === "not") {
    const part = arranged(pattern.part, nodes, used);
    // "not (a or b)" is "none of a, b"
    if (part.kind === "group" && part.mode === "any")
      return { ...part, mode: "none" };
    return newGroup("none", [part]);
  }
  const parts = pattern.parts.map((part) => arranged(part, nodes, used));
  return newGroup(pattern.kind === "and" ? "all" : "any", parts);
}

export const asGroup = (node: Node): Group =>
  node.kind === "group" ? node : newGroup("all", [node]);

/** The same node once more, under ids of its own. */
export function copied(node: Node): Node {
  const id = newId();
  if (node.kind === "group")
    return { ...node, id, children: node.children.map(copied) };
  if (node.kind === "related")
    return { ...node, id, group: copied(node.group) as Group };
  return { ...node, id };
}

/** The conditions of one item: its fields, each with its operators; they all have to hold. */
function readItem(item: Json, known: Known): Node[] {
  if (!isMap(item) || Object.keys(item).length === 0) return [other(item)];
  return Object.entries(item).flatMap(([field, written]): Node[] => {
    if (
      known.isList(field) &&
      !(isMap(written) && ("some" in written || "none" in written))
    )
      return [anyOf(field, written)];
    if (!isMap(written) || !("some" in written || "none" in written))
      return readLeaves(field, written, known);
    return known.isList(field)
      ? readRelated(field, written, known)
      : [other({ [field]: written })];
  });
}

const other = (json: Json): Other => ({ kind: "other", id: newId(), json });

/** A list that is asked as a whole: is there any, or none? How large it is, is kept as it was written. */
function anyOf(list: string, written: Json): Node {
  const asked =
    isMap(written) && Object.keys(written).length === 1
      ? Object.keys(written)[0]
      : (written ?? "is_empty");
  if (asked !== "is_empty" && asked !== "is_not_empty")
    return other({ [list]: written });
  return { ...newRelated(list, newGroup()), none: asked === "is_empty" };
}

function readRelated(list: string, written: JsonMap, known: Known): Node[] {
  const ways = (["some", "none"] as const).filter(
    (way) => written[way] !== undefined,
  );
  const pattern =
    typeof written["pattern"] === "string" ? written["pattern"] : "";
  return ways.map((way) => {
    const inner = written[way];
    const empty = isMap(inner) && Object.keys(inner).length === 0;
    // Lists of a related record's own are kept as they were written.
    const within = { ...known, isList: () => false };
    const group = readGroup(
      empty || inner === null || inner === true ? undefined : inner,
      pattern,
      within,
    );
    const least = written["at_least"];
    return {
      kind: "related",
      id: newId(),
      list,
      none: way === "none",
      atLeast: typeof least === "number" && least > 1 ? Math.floor(least) : 1,
      group,
    };
  });
}

function readLeaves(field: string, written: Json, known: Known): Node[] {
  if (isMap(written)) {
    const operators = Object.entries(written);
    if (operators.length === 0) return [other({ [field]: written })];
    return operators.map(([operator, value]) =>
      newLeaf(field, operator, value),
    );
  }
  return [newLeaf(field, ...shortForm(written, known))];
}

function shortForm(written: Json, known: Known): [string, Json] {
  if (written === null) return ["is_empty", true];
  if (typeof written === "boolean")
    return [written ? "is_true" : "is_false", true];
  if (typeof written === "number") return ["eq", written];
  if (Array.isArray(written)) return ["in", written];
  return known.isFlag(String(written))
    ? [String(written), true]
    : ["is", written];
}

// ---- Writing ----

export interface Written {
  filter: JsonMap | null; // null: nothing is asked for
  numbers: Map<number, number>; // of each condition of the outermost level, by the id of its node
}

/** The filter as JSON, leaving out what is not ready yet, and under which number each condition stands in it. */
export function writeFilter(
  root: Group,
  isReady: (leaf: Leaf) => boolean,
): Written {
  const list: Json[] = [];
  const numbers = new Map<number, number>();
  const pattern = written(root, isReady, list, numbers);
  if (pattern === null) return { filter: null, numbers };
  return {
    filter: pattern.plain ? { if: list } : { if: list, pattern: pattern.text },
    numbers,
  };
}

interface Text {
  text: string;
  plain: boolean; // just all of them, one after another: needs no pattern
  joins: "and" | "or" | "";
}

function written(
  node: Node,
  isReady: (leaf: Leaf) => boolean,
  list: Json[],
  numbers: Map<number, number>,
): Text | null {
  if (node.kind !== "group") {
    const condition = conditionOf(node, isReady);
    if (condition === undefined) return null;
    numbers.set(node.id, list.push(condition));
    return { text: String(list.length), plain: true, joins: "" };
  }
  const parts = node.children
    .map((child) => written(child, isReady, list, numbers))
    .filter((part): part is Text => part !== null);
  if (parts.length === 0) return null;
  const joins = node.mode === "all" ? "and" : "or";
  if (parts.length === 1 && node.mode !== "none") return parts[0]!;
  const inner = parts.map((part) =>
    part.joins && part.joins !== joins ? `(${part.text})` : part.text,
  );
  if (node.mode !== "none")
    return {
      text: inner.join(` ${joins} `),
      plain: joins === "and" && parts.every((part) => part.plain),
      joins,
    };
  const whole =
    parts.length === 1 && !parts[0]!.joins
      ? parts[0]!.text
      : `(${inner.join(" or ")})`;
  return { text: `not ${whole}`, plain: false, joins: "" };
}

function conditionOf(
  node: Leaf | Related | Other,
  isReady: (leaf: Leaf) => boolean,
): Json | undefined {
  if (node.kind === "other") return node.json;
  if (node.kind === "leaf")
    return isReady(node)
      ? { [node.field]: { [node.operator]: node.value ?? true } }
      : undefined;
  const inner = writeFilter(node.group, isReady).filter;
  const one: JsonMap = {
    [node.none ? "none" : "some"]: inner === null ? {} : inner["if"]!,
  };
  if (inner?.["pattern"] !== undefined) one["pattern"] = inner["pattern"];
  if (node.atLeast > 1) one["at_least"] = node.atLeast;
  return { [node.list]: one };
}

// ---- Moving about ----

/** The group that holds a node, and every node of a tree with its group. */
export function* nodesOf(
  group: Group,
): Generator<{ node: Node; parent: Group }> {
  for (const node of group.children) {
    yield { node, parent: group };
    if (node.kind === "group") yield* nodesOf(node);
    if (node.kind === "related") yield* nodesOf(node.group);
  }
}

export function without(root: Group, id: number): void {
  for (const { node, parent } of nodesOf(root))
    if (node.id === id) {
      parent.children.splice(parent.children.indexOf(node), 1);
      return;
    }
}
