// A step on a scale, or two: native ranges, whose steps have names.

import { el, freshId } from "../dom.ts";
import type { RangeSlider, Slider } from "../wire.ts";
import type { Asking } from "./card.ts";
import { cardForm } from "./form.ts";

export function askSlider(card: Slider, asking: Asking): HTMLElement {
  const one = range(card.values, Math.floor((card.values.length - 1) / 2), asking.words.yourAnswer);
  const read = (): { text: string; card: Record<string, unknown> } => {
    const value = card.values[Number(one.field.value)] ?? "";
    return { text: value, card: { type: "slider", value } };
  };
  return cardForm(asking, { kind: "slider", parts: [one.row, ends(card.values)], read, skippable: card.skippable });
}

export function askRangeSlider(card: RangeSlider, asking: Asking): HTMLElement {
  const { words } = asking;
  const last = card.values.length - 1;
  const from = range(card.values, 0, words.from);
  const to = range(card.values, last, words.to);
  // One end pushes the other along, so the beginning never lies behind the end.
  from.field.addEventListener("input", () => to.set(Math.max(Number(to.field.value), Number(from.field.value))));
  to.field.addEventListener("input", () => from.set(Math.min(Number(from.field.value), Number(to.field.value))));
  const read = (): { text: string; card: Record<string, unknown> } => {
    const [a, b] = [from, to].map((end) => card.values[Number(end.field.value)] ?? "");
    return { text: `${a} - ${b}`, card: { type: "range-slider", from: a, to: b } };
  };
  return cardForm(asking, {
    kind: "range-slider",
    parts: [from.row, to.row, ends(card.values)],
    read,
    skippable: card.skippable,
  });
}

function range(
  values: string[],
  at: number,
  label: string,
): { row: HTMLElement; field: HTMLInputElement; set(place: number): void } {
  const id = freshId();
  const output = el("output", { for: id });
  const field = el("input", { type: "range", id, min: 0, max: Math.max(values.length - 1, 0), step: 1, value: at });
  const show = (): void => {
    const value = values[Number(field.value)] ?? "";
    output.textContent = value;
    field.setAttribute("aria-valuetext", value);
  };
  field.addEventListener("input", show);
  show();
  const set = (place: number): void => {
    field.value = String(place);
    show();
  };
  return { row: el("div", { class: "range" }, el("label", { for: id }, label), output, field), field, set };
}

function ends(values: string[]): HTMLElement {
  return el(
    "div",
    { class: "ends", "aria-hidden": "true" },
    el("span", {}, values[0] ?? ""),
    el("span", {}, values.at(-1) ?? ""),
  );
}
