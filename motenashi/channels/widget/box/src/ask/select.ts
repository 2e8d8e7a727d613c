// One or several of a few options, all in sight.

import { el } from "../dom.ts";
import type { MultipleSelect, Select } from "../wire.ts";
import type { Asking } from "./card.ts";
import { cardForm } from "./form.ts";

export function askSelect(card: Select, asking: Asking): HTMLElement {
  const send = (option: string) => (): void => asking.send({ text: option, card: { type: "select", value: option } });
  const options = card.options.map((option) =>
    el("button", { type: "button", dir: "auto", onclick: send(option) }, option),
  );
  return cardForm(asking, {
    kind: "select",
    parts: [el("div", { class: "chips" }, ...options)],
    skippable: card.skippable,
  });
}

export function askMultipleSelect(card: MultipleSelect, asking: Asking): HTMLElement {
  const boxes = card.options.map((option) => el("input", { type: "checkbox", value: option }));
  const options = boxes.map((box) => el("label", { class: "option", dir: "auto" }, box, box.value));
  const read = (): string | { text: string; card: Record<string, unknown> } => {
    const values = boxes.filter((box) => box.checked).map((box) => box.value);
    return (
      countWrong(values.length, card, asking) || { text: values.join(", "), card: { type: "multiple-select", values } }
    );
  };
  return cardForm(asking, {
    kind: "multiple-select",
    parts: [el("div", { class: "options" }, ...options)],
    read,
    skippable: card.skippable,
  });
}

export function countWrong(count: number, card: { at_least?: number; at_most?: number }, { words }: Asking): string {
  const least = card.at_least ?? 1;
  if (count < least) return words.wrong.atLeast(least);
  return card.at_most != null && count > card.at_most ? words.wrong.atMost(card.at_most) : "";
}
