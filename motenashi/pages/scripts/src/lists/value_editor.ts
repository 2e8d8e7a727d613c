// What stands behind an operator: one input, two, a choice, several values as tokens, weekdays. Each writes what was
// entered straight into the condition and tells; what is not entered in full yet is undefined.

import { h, icon, newName } from "./dom.ts";
import { fits, OptionList } from "./option_list.ts";
import type { Json, Leaf } from "./tree.ts";
import type { Choice, Field, Words } from "./vocabulary.ts";

export interface Editing {
  leaf: Leaf;
  field: Field;
  words: Words;
  label: string; // what a screen reader calls the input
  suggest: (typed: string, signal: AbortSignal) => Promise<Choice[]>;
  changed: (typing: boolean) => void;
}

const MOST_CHOICES_AT_ONCE = 200;

/** Null where the operator stands alone. */
export function valueEditor(editing: Editing): HTMLElement | null {
  const { leaf, field } = editing;
  switch (editing.words.shape(leaf.operator)) {
    case "flag":
      return null;
    case "texts":
      return tokens(editing);
    case "number":
    case "count":
      return numberInput(editing, leaf.value, (value) => set(editing, value));
    case "days":
      return h(
        "span",
        { class: "fb-days" },
        numberInput(editing, leaf.value, (value) => set(editing, value)),
        h("span", {}, editing.words.say("days")),
      );
    case "when":
      return whenInput(editing, leaf.value, editing.label, (value) =>
        set(editing, value),
      );
    case "range":
      return field.kind === "number" || field.kind === "money"
        ? twoEnds(editing, numberInput)
        : twoEnds(editing, (inside, value, write, label) =>
            whenInput(inside, value, label, write),
          );
    case "hours":
      return twoEnds(editing, timeInput);
    case "weekdays":
      return weekdays(editing);
    default:
      return oneText(editing);
  }
}

/** Is everything there that the operator needs? */
export function isReady(leaf: Leaf, words: Words): boolean {
  if (!leaf.operator) return false;
  if (words.shape(leaf.operator) === "flag") return true;
  const full = (value: Json | undefined): boolean =>
    Array.isArray(value)
      ? value.length > 0 && value.every(full)
      : value !== undefined && value !== null && value !== "";
  return full(leaf.value);
}

function set(
  { leaf, changed }: Editing,
  value: Json | undefined,
  typing = true,
): void {
  leaf.value = value;
  changed(typing);
}

type WriteValue = (value: Json | undefined) => void;

function numberInput(
  editing: Editing,
  value: Json | undefined,
  write: WriteValue,
  label = editing.label,
) {
  const input = h("input", {
    type: "text",
    inputmode: "decimal",
    class: "fb-number",
    "aria-label": label,
  });
  input.value =
    typeof value === "number" || typeof value === "string" ? String(value) : "";
  input.addEventListener("input", () => {
    const plain = input.value.normalize("NFKC").replaceAll(/[,\s]/g, "");
    const number = plain === "" ? Number.NaN : Number(plain);
    input.toggleAttribute(
      "aria-invalid",
      plain !== "" && !Number.isFinite(number),
    );
    write(Number.isFinite(number) ? number : undefined);
  });
  return input;
}

function timeInput(
  _: Editing,
  value: Json | undefined,
  write: WriteValue,
  label: string,
): HTMLElement {
  const input = h("input", { type: "time", "aria-label": label });
  input.value = typeof value === "string" ? value : "";
  input.addEventListener("input", () => write(input.value || undefined));
  return input;
}

/** A date, or a day that moves with the clock. */
function whenInput(
  { words }: Editing,
  value: Json | undefined,
  label: string,
  write: WriteValue,
): HTMLElement {
  const days = words.vocabulary.days;
  const moving = days.some((day) => day.value === value);
  const date = h("input", { type: "date", "aria-label": label });
  date.value = !moving && typeof value === "string" ? value.slice(0, 10) : "";
  date.hidden = moving;
  const which = h("select", {
    "aria-label": `${label}: ${words.say("which_day")}`,
    class: "fb-which",
  });
  which.append(h("option", { value: "" }, words.say("a_date")));
  for (const day of days)
    which.append(h("option", { value: day.value }, day.label));
  which.value = moving ? String(value) : "";
  which.addEventListener("change", () => {
    date.hidden = which.value !== "";
    write(which.value || date.value || undefined);
    if (!which.value) date.focus();
  });
  date.addEventListener("input", () => write(date.value || undefined));
  return h("span", { class: "fb-when" }, which, date);
}

function twoEnds(
  editing: Editing,
  input: (
    editing: Editing,
    value: Json | undefined,
    write: WriteValue,
    label: string,
  ) => HTMLElement,
): HTMLElement {
  const { leaf, words, label } = editing;
  const ends: (Json | undefined)[] = Array.isArray(leaf.value)
    ? [leaf.value[0], leaf.value[1]]
    : [undefined, undefined];
  const write = (place: 0 | 1) => (value: Json | undefined) => {
    ends[place] = value;
    const [low, high] = ends;
    set(
      editing,
      low !== undefined && high !== undefined ? [low, high] : undefined,
    );
  };
  return h(
    "span",
    { class: "fb-ends" },
    input(editing, ends[0], write(0), `${label}: ${words.say("lower_end")}`),
    h("span", { "aria-hidden": "true" }, "–"),
    input(editing, ends[1], write(1), `${label}: ${words.say("upper_end")}`),
  );
}

function weekdays(editing: Editing): HTMLElement {
  const chosen = new Set(
    Array.isArray(editing.leaf.value) ? editing.leaf.value.map(String) : [],
  );
  const group = h("span", {
    class: "fb-weekdays",
    role: "group",
    "aria-label": editing.label,
  });
  for (const day of editing.words.vocabulary.weekdays) {
    const box = h("input", { type: "checkbox" });
    box.checked = chosen.has(day.value);
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(day.value);
      else chosen.delete(day.value);
      const inOrder = editing.words.vocabulary.weekdays
        .map((one) => one.value)
        .filter((one) => chosen.has(one));
      set(editing, inOrder.length ? inOrder : undefined, false);
    });
    group.append(h("label", {}, box, day.label));
  }
  return group;
}

/** One text: a choice among the values there can be, or typed, with what occurs below it. */
function oneText(editing: Editing): HTMLElement {
  const { leaf, field, words, label } = editing;
  const choosing =
    field.choices.length > 0 &&
    ["is", "is_not", "has", "has_not"].includes(leaf.operator);
  if (choosing) {
    const select = h("select", { "aria-label": label, class: "fb-choice" });
    select.append(h("option", { value: "" }, words.say("choose")));
    for (const choice of withValue(field.choices, leaf.value))
      select.append(h("option", { value: choice.value }, choice.label));
    select.value = typeof leaf.value === "string" ? leaf.value : "";
    select.addEventListener("change", () =>
      set(editing, select.value || undefined, false),
    );
    return select;
  }
  const input = h("input", {
    type: "text",
    "aria-label": label,
    class: "fb-text",
  });
  input.value =
    leaf.value === undefined || leaf.value === true ? "" : String(leaf.value);
  input.addEventListener("input", () =>
    set(editing, input.value.trim() || undefined),
  );
  if (!field.suggests || leaf.operator === "matches") return input;
  const list = suggestions(editing, input, (value) => {
    input.value = value;
    set(editing, value, false);
  });
  return h("span", { class: "fb-suggests" }, input, list.element);
}

/** Several texts: a token each, and an input for the next one. */
function tokens(editing: Editing): HTMLElement {
  const { leaf, words, label, field } = editing;
  const values = (
    Array.isArray(leaf.value) ? leaf.value : leaf.value ? [leaf.value] : []
  ).map(String);
  const box = h("span", { class: "fb-tokens" });
  const input = h("input", {
    type: "text",
    "aria-label": label,
    class: "fb-next",
    id: newName("next"),
  });
  const list = suggestions(editing, input, add, () => values);

  function write(): void {
    set(editing, values.length ? [...values] : undefined, false);
    draw();
  }
  function add(value: string): void {
    if (value && !values.includes(value)) values.push(value);
    input.value = "";
    write();
    input.focus();
  }
  function draw(): void {
    for (const old of box.querySelectorAll(".fb-token")) old.remove();
    values.forEach((value, index) => {
      const name =
        field.choices.find((choice) => choice.value === value)?.label ?? value;
      const drop = h(
        "button",
        {
          type: "button",
          "aria-label": words.say("remove_value", { value: name }),
          onclick: () => {
            values.splice(index, 1);
            write();
            input.focus();
          },
        },
        icon("cross"),
      );
      input.before(h("span", { class: "fb-token" }, h("span", {}, name), drop));
    });
    input.placeholder = values.length ? "" : words.say("add_values");
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      if (input.value.trim() && !field.choices.length) add(input.value.trim());
    } else if (
      event.key === "Backspace" &&
      input.value === "" &&
      values.length
    ) {
      values.pop();
      write();
    }
  });
  input.addEventListener("blur", () => {
    if (input.value.trim() && !field.choices.length) add(input.value.trim());
  });
  box.append(input, list.element);
  draw();
  return box;
}

/** The list of what occurs (or of all choices there are), below an input. */
function suggestions(
  editing: Editing,
  input: HTMLInputElement,
  pick: (value: string) => void,
  taken: () => string[] = () => [],
): OptionList {
  const { field, words } = editing;
  const list = new OptionList(input, words.say("values"), (option) => {
    list.hide();
    pick(option.value);
  });
  let asked: AbortController | null = null;
  let timer = 0;

  async function look(): Promise<void> {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    const typed = input.value.trim();
    const found = field.choices.length
      ? field.choices.filter((choice) =>
          fits(typed, choice.label, choice.value),
        )
      : await editing.suggest(typed, signal).catch(() => []);
    if (signal.aborted || document.activeElement !== input) return;
    const open = found
      .filter((choice) => !taken().includes(choice.value))
      .slice(0, MOST_CHOICES_AT_ONCE);
    // Among free values Enter keeps what was typed, unless somebody has gone down into the list.
    list.show(open, "", field.choices.length ? 0 : -1);
  }
  const soon = (wait: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), wait);
  };
  if (!field.suggests && !field.choices.length) return list;
  input.addEventListener("focus", () => soon(0));
  input.addEventListener("input", () => soon(150));
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asked?.abort();
    list.hide();
  });
  input.addEventListener("keydown", (event) => {
    if (list.key(event)) return;
    if (event.key === "Escape" && list.shown) {
      event.stopPropagation();
      list.hide();
    }
  });
  return list;
}

const withValue = (choices: Choice[], value: Json | undefined): Choice[] =>
  typeof value !== "string" ||
  !value ||
  choices.some((choice) => choice.value === value)
    ? choices
    : [...choices, { value, label: value }];
