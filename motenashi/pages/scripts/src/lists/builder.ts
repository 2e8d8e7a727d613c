// The builder: a tree of conditions as rows that can be changed. It knows nothing of addresses and counts but what it
// is told; it tells when something was changed.

import { h, icon, newName } from "./dom.ts";
import { pickField, type Picked } from "./field_picker.ts";
import { numbersIn, readPattern } from "./pattern.ts";
import {
  arranged,
  asGroup,
  newGroup,
  newLeaf,
  newRelated,
  nodesOf,
  without,
  writeFilter,
  type Group,
  type Leaf,
  type Mode,
  type Node,
  type Related,
  type Written,
} from "./tree.ts";
import { isReady, valueEditor } from "./value_editor.ts";
import type { Choice, Field, Words } from "./vocabulary.ts";

export interface Told {
  counts: Map<number, number>; // by condition's number
  problems: Map<number, string>;
}

export class Builder {
  private root: Group = newGroup();
  private inPattern = false;

  /** `changed`: by a step (something chosen, added, removed), or while typing. */
  constructor(
    private readonly place: HTMLElement,
    private readonly words: Words,
    private readonly suggest: (
      field: string,
      typed: string,
      signal: AbortSignal,
    ) => Promise<Choice[]>,
    private readonly changed: (typing: boolean) => void,
  ) {}

  get written(): Written {
    return writeFilter(this.root, (leaf) => isReady(leaf, this.words));
  }

  /** Show another filter. */
  show(root: Group): void {
    this.root = root;
    this.draw();
  }

  /** What the server says of each condition. null: it is being asked. */
  tell(told: Told | null): void {
    const { numbers } = this.written;
    for (const row of this.place.querySelectorAll<HTMLElement>("[data-id]")) {
      const number = numbers.get(Number(row.dataset["id"]));
      const count = row.querySelector<HTMLElement>(
        ":scope > .fb-line > .fb-count",
      );
      const problem = row.querySelector<HTMLElement>(":scope > .fb-problem");
      if (!count || !problem) continue;
      row.classList.toggle("fb-waits", told === null);
      if (told === null) continue;
      const found = number === undefined ? undefined : told.counts.get(number);
      count.textContent = found === undefined ? "" : this.words.number(found);
      count.title =
        found === undefined
          ? ""
          : this.words.say("alone", { count: this.words.number(found) });
      problem.textContent =
        number === undefined ? "" : (told.problems.get(number) ?? "");
      row.classList.toggle("fb-wrong", problem.textContent !== "");
      const badge = row.querySelector<HTMLElement>(
        ":scope > .fb-line > .fb-badge",
      );
      if (badge) badge.textContent = number === undefined ? "" : String(number);
    }
  }

  /** The keys go to the condition with this number, or to the button that adds the first one. */
  focus(number = 0): void {
    const id = [...this.written.numbers].find(([, one]) => one === number)?.[0];
    const row =
      id === undefined
        ? null
        : this.place.querySelector<HTMLElement>(
            `[data-id="${id}"] :is(.fb-field, select)`,
          );
    (row ?? this.place.querySelector<HTMLElement>(".fb-add"))?.focus();
  }

  /** Ask for a field and add a condition on it to the outermost group. */
  add(anchor: HTMLElement): void {
    this.pick(anchor, this.root, "");
  }

  // ---- Drawing ----

  private draw(): void {
    const key = (document.activeElement as HTMLElement | null)?.dataset["key"];
    const wasInside = this.place.contains(document.activeElement);
    const list = h("ul", { class: "fb-list" });
    this.root.children.forEach((node, index) =>
      list.append(this.row(node, this.root, index, "")),
    );
    const several = this.root.children.length > 1 || this.root.mode !== "all";
    this.place.replaceChildren(
      several
        ? h(
            "div",
            { class: "fb-head" },
            this.words.say("must_hold"),
            this.modeSelect(this.root),
          )
        : "",
      this.root.children.length
        ? list
        : h("p", { class: "fb-empty" }, this.words.say("no_conditions")),
      this.buttons(this.root, ""),
    );
    if (this.root.children.length) this.place.append(this.pattern());
    if (wasInside && key)
      this.place
        .querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
        ?.focus();
  }

  private row(
    node: Node,
    parent: Group,
    index: number,
    list: string,
  ): HTMLElement {
    if (node.kind === "group") return this.groupRow(node, parent, index, list);
    if (node.kind === "related") return this.relatedRow(node, parent, index);
    if (node.kind === "leaf") return this.leafRow(node, parent, index, list);
    const line = h(
      "div",
      { class: "fb-line" },
      this.join(parent, index),
      this.badge(),
      h("code", { class: "fb-other" }, JSON.stringify(node.json)),
      this.count(),
      this.remove(node, this.words.say("unknown_condition")),
    );
    return this.item("fb-row", node, line);
  }

  private leafRow(
    leaf: Leaf,
    parent: Group,
    index: number,
    list: string,
  ): HTMLElement {
    const field = this.words.field(leaf.field, list);
    const label = field ? this.words.fullName(field, list) : leaf.field;
    const line = h(
      "div",
      { class: "fb-line" },
      this.join(parent, index),
      this.badge(),
      h(
        "span",
        { class: "fb-picks" },
        h(
          "button",
          {
            type: "button",
            class: "fb-field",
            "data-key": `${leaf.id}-field`,
            "aria-haspopup": "dialog",
            "aria-label": this.words.say("change_field", { field: label }),
            onclick: (event) =>
              this.changeField(
                event.currentTarget as HTMLElement,
                leaf,
                parent,
                list,
              ),
          },
          label,
          icon("down"),
        ),
      ),
      this.operatorSelect(leaf, field, label),
      field
        ? this.value(leaf, field, list, label)
        : h("span", { class: "fb-value" }, plain(leaf.value)),
      this.count(),
      this.remove(leaf, label),
    );
    return this.item(field ? "fb-row" : "fb-row fb-gone", leaf, line);
  }

  private operatorSelect(
    leaf: Leaf,
    field: Field | undefined,
    label: string,
  ): HTMLElement {
    const offered = field?.operators ?? [];
    const all = offered.includes(leaf.operator)
      ? offered
      : [leaf.operator, ...offered];
    const select = h("select", {
      class: "fb-operator",
      "data-key": `${leaf.id}-operator`,
      "aria-label": this.words.say("operator_of", { field: label }),
    });
    for (const name of all)
      select.append(h("option", { value: name }, this.words.operator(name)));
    select.value = leaf.operator;
    select.addEventListener("change", () => {
      const before = this.words.shape(leaf.operator);
      leaf.operator = select.value;
      const now = this.words.shape(leaf.operator);
      if (before === "text" && now === "texts" && leaf.value !== undefined)
        leaf.value = [leaf.value];
      else if (
        before === "texts" &&
        now === "text" &&
        Array.isArray(leaf.value)
      )
        leaf.value = leaf.value[0];
      else if (now === "flag") leaf.value = true;
      else if (before !== now) leaf.value = undefined;
      this.redraw();
    });
    return select;
  }

  private value(
    leaf: Leaf,
    field: Field,
    list: string,
    label: string,
  ): HTMLElement {
    const name = list ? `${list}.${field.name}` : field.name;
    const editor = valueEditor({
      leaf,
      field,
      words: this.words,
      label: this.words.say("value_of", { field: label }),
      suggest: (typed, signal) => this.suggest(name, typed, signal),
      changed: (typing) => this.changed(typing),
    });
    return h(
      "span",
      { class: editor ? "fb-value" : "fb-value fb-alone" },
      editor,
    );
  }

  private groupRow(
    group: Group,
    parent: Group,
    index: number,
    list: string,
  ): HTMLElement {
    const title = this.words.say(`mode_${group.mode}`);
    const head = h(
      "div",
      { class: "fb-line" },
      this.join(parent, index),
      this.modeSelect(group),
      h("span", { class: "fb-space" }),
      this.remove(group, title),
    );
    return this.nest("fb-group", group, head, group, list, title);
  }

  private relatedRow(
    related: Related,
    parent: Group,
    index: number,
  ): HTMLElement {
    const known = this.words.list(related.list);
    const label = known?.atLeastOne ?? related.list;
    const how = h("select", {
      class: "fb-quantity",
      "data-key": `${related.id}-how`,
      "aria-label": this.words.say("how_many"),
    });
    how.append(
      h("option", { value: "some" }, label),
      h("option", { value: "more" }, known?.atLeast ?? label),
      h("option", { value: "none" }, known?.none ?? label),
    );
    how.value = related.none ? "none" : related.atLeast > 1 ? "more" : "some";
    how.addEventListener("change", () => {
      related.none = how.value === "none";
      related.atLeast = how.value === "more" ? Math.max(2, related.atLeast) : 1;
      this.redraw();
    });
    const least = h("input", {
      type: "number",
      min: 2,
      max: 9999,
      class: "fb-least",
      "data-key": `${related.id}-least`,
      "aria-label": this.words.say("at_least_how_many"),
    });
    least.value = String(related.atLeast);
    least.hidden = how.value !== "more";
    least.addEventListener("input", () => {
      const number = Math.floor(Number(least.value));
      if (number >= 2) {
        related.atLeast = number;
        this.changed(true);
      }
    });
    const head = h(
      "div",
      { class: "fb-line" },
      this.join(parent, index),
      this.badge(),
      how,
      least,
      related.group.children.length > 1 ? this.modeSelect(related.group) : null,
      h("span", { class: "fb-space" }),
      this.count(),
      this.remove(related, label),
    );
    return this.nest(
      "fb-related",
      related,
      head,
      related.group,
      related.list,
      label,
    );
  }

  private nest(
    style: string,
    node: Group | Related,
    head: HTMLElement,
    group: Group,
    list: string,
    title: string,
  ): HTMLElement {
    const rows = h("ul", { class: "fb-list" });
    group.children.forEach((child, index) =>
      rows.append(this.row(child, group, index, list)),
    );
    const inside = h(
      "div",
      { class: "fb-inside" },
      group.children.length ? rows : null,
      this.buttons(group, list),
    );
    const row = this.item(style, node, head, inside);
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", title);
    return h("li", {}, row);
  }

  private item(
    style: string,
    node: Node,
    ...children: HTMLElement[]
  ): HTMLElement {
    const nested = node.kind === "group" || node.kind === "related";
    const [line, ...rest] = children;
    return h(
      nested ? "div" : "li",
      { class: style, "data-id": node.id },
      line!,
      h("p", { class: "fb-problem", role: "alert" }),
      ...rest,
    );
  }

  private join(parent: Group, index: number): HTMLElement {
    const word = index === 0 ? "where" : parent.mode === "all" ? "and" : "or";
    return h("span", { class: "fb-join" }, this.words.say(word));
  }

  private badge = () => h("span", { class: "fb-badge", "aria-hidden": "true" });
  private count = () => h("span", { class: "fb-count" });

  private modeSelect(group: Group): HTMLElement {
    const select = h("select", {
      class: "fb-mode",
      "data-key": `${group.id}-mode`,
      "aria-label": this.words.say("how_joined"),
    });
    for (const mode of ["all", "any", "none"] as Mode[])
      select.append(
        h("option", { value: mode }, this.words.say(`mode_${mode}`)),
      );
    select.value = group.mode;
    select.addEventListener("change", () => {
      group.mode = select.value as Mode;
      this.redraw();
    });
    return select;
  }

  private remove(node: Node, label: string): HTMLElement {
    return h(
      "button",
      {
        type: "button",
        class: "fb-remove",
        "aria-label": this.words.say("remove_condition", { field: label }),
        onclick: () => this.take(node),
      },
      icon("cross"),
    );
  }

  private buttons(group: Group, list: string): HTMLElement {
    const inList = this.words.list(list);
    const add = h(
      "button",
      {
        type: "button",
        class: "fb-add",
        "data-key": `${group.id}-add`,
        "aria-haspopup": "dialog",
        onclick: (event) =>
          this.pick(event.currentTarget as HTMLElement, group, list),
      },
      icon("plus"),
      inList ? inList.addMore : this.words.say("add_condition"),
    );
    const line = h(
      "div",
      { class: "fb-buttons" },
      h("span", { class: "fb-picks" }, add),
    );
    if (!list || group.children.length > 1)
      line.append(
        h(
          "button",
          {
            type: "button",
            class: "fb-add fb-add-group",
            "data-key": `${group.id}-group`,
            onclick: () => this.nestGroup(group),
          },
          icon("plus"),
          this.words.say("add_group"),
        ),
      );
    return line;
  }

  // ---- Changing ----

  private redraw(): void {
    this.draw();
    this.changed(false);
  }

  private take(node: Node): void {
    const rows = [...this.place.querySelectorAll<HTMLElement>("[data-id]")];
    const here = rows.findIndex((row) => row.dataset["id"] === String(node.id));
    without(this.root, node.id);
    // A related record about which nothing is asked any more stays: "some response" is a condition of its own.
    for (const { node: other } of [...nodesOf(this.root)])
      if (other.kind === "group" && other.children.length === 0)
        without(this.root, other.id);
    this.redraw();
    const after = [
      ...this.place.querySelectorAll<HTMLElement>("[data-id] .fb-field"),
    ];
    (
      after[Math.min(here, after.length - 1)] ??
      this.place.querySelector<HTMLElement>(".fb-add")
    )?.focus();
  }

  private pick(anchor: HTMLElement, group: Group, list: string): void {
    pickField(anchor, list, this.words, (picked) => {
      const node = this.made(picked, list);
      group.children.push(node);
      this.redraw();
      const row = this.place.querySelector<HTMLElement>(
        `[data-id="${node.id}"]`,
      );
      const first = row?.querySelector<HTMLElement>(
        ".fb-value input:not([hidden]), .fb-value select",
      );
      (
        first ?? row?.querySelector<HTMLElement>(".fb-operator, select")
      )?.focus();
    });
  }

  private made(picked: Picked, within: string): Node {
    const leaf = this.newCondition(picked);
    return picked.list && picked.list !== within
      ? newRelated(picked.list, newGroup("all", [leaf]))
      : leaf;
  }

  private newCondition(picked: Picked): Leaf {
    const operator =
      this.words.field(picked.field, picked.list)?.operators[0] ?? "is";
    return newLeaf(
      picked.field,
      operator,
      this.words.shape(operator) === "flag" ? true : undefined,
    );
  }

  private changeField(
    anchor: HTMLElement,
    leaf: Leaf,
    parent: Group,
    list: string,
  ): void {
    pickField(anchor, list, this.words, (picked) => {
      const field = this.words.field(picked.field, picked.list);
      if (
        picked.list === list &&
        field?.operators.includes(leaf.operator) &&
        !field.choices.length
      ) {
        leaf.field = picked.field; // what was entered may well fit the other field
      } else {
        parent.children[parent.children.indexOf(leaf)] = this.made(
          picked,
          list,
        );
      }
      this.redraw();
    });
  }

  private nestGroup(group: Group): void {
    const inner = newGroup("any");
    group.children.push(inner);
    this.draw();
    const add = this.place.querySelector<HTMLElement>(
      `[data-key="${inner.id}-add"]`,
    );
    add?.focus();
    add?.click();
  }

  // ---- The pattern, for those who like to write ----

  private pattern(): HTMLElement {
    const id = newName("pattern");
    const input = h("input", {
      type: "text",
      id,
      class: "fb-pattern-input",
      spellcheck: "false",
      "aria-describedby": `${id}-hint`,
    });
    const wrong = h("p", { class: "fb-problem", role: "alert" });
    const details = h(
      "details",
      { class: "fb-pattern" },
      h("summary", {}, this.words.say("pattern")),
      h("label", { for: id }, this.words.say("pattern_label")),
      input,
      h(
        "p",
        { class: "hint", id: `${id}-hint` },
        this.words.say("pattern_hint"),
      ),
      wrong,
    );
    details.open = this.inPattern;
    const fill = () => {
      const { filter, numbers } = this.written;
      input.value = String(
        filter?.["pattern"] ?? [...numbers.values()].join(" and "),
      );
    };
    fill();
    this.place.classList.toggle("fb-numbered", this.inPattern);
    details.addEventListener("toggle", () => {
      this.inPattern = details.open;
      this.place.classList.toggle("fb-numbered", details.open);
      if (details.open && document.activeElement !== input) fill();
    });
    input.addEventListener("change", () => {
      wrong.textContent = this.arrange(input.value);
      if (!wrong.textContent) this.redraw();
    });
    return details;
  }

  /** The conditions, joined as a pattern says; what is wrong with the pattern, or ''. */
  private arrange(text: string): string {
    const { numbers } = this.written;
    const pattern = readPattern(text);
    if (pattern === null) return this.words.say("pattern_wrong");
    const named = numbersIn(pattern);
    const unknown = [...named].find(
      (number) => number < 1 || number > numbers.size,
    );
    if (unknown !== undefined)
      return this.words.say("pattern_unknown", {
        number: unknown,
        most: numbers.size,
      });
    const unused = [...numbers.values()].find((number) => !named.has(number));
    if (unused !== undefined)
      return this.words.say("pattern_unused", { number: unused });
    const byNumber: Node[][] = [];
    for (const { node } of nodesOf(this.root)) {
      const number = numbers.get(node.id);
      if (number !== undefined) byNumber[number - 1] = [node];
    }
    const notReady = unfinished(this.root, numbers);
    this.root = asGroup(arranged(pattern, byNumber, new Set()));
    if (notReady.length) this.root = newGroup("all", [this.root, ...notReady]);
    return "";
  }
}

/** The conditions that stand under no number, since something is still missing in them. */
const unfinished = (group: Group, numbers: Map<number, number>): Node[] =>
  group.children.flatMap((node) =>
    node.kind === "group"
      ? unfinished(node, numbers)
      : numbers.has(node.id)
        ? []
        : [node],
  );

const plain = (value: unknown) =>
  typeof value === "string" ? value : JSON.stringify(value ?? "");
