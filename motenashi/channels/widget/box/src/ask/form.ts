// The frame every card shares: a group named after the question, a place for what is wrong, send and skip.

import { el, freshId } from "../dom.ts";
import type { Answer } from "../wire.ts";
import type { Asking } from "./card.ts";

interface Frame {
  kind: string;
  parts: (HTMLElement | null)[];
  // The answer, or a sentence about what is still missing. Without it there is no send button.
  read?: () => Answer | string;
  sendLabel?: string | undefined;
  skippable?: boolean | undefined;
}

export function cardForm(asking: Asking, frame: Frame): HTMLElement {
  const { words } = asking;
  const error = el("p", { class: "error", role: "alert", id: freshId() });
  const submit = (event: Event): void => {
    event.preventDefault();
    const answer = frame.read?.();
    if (answer && typeof answer !== "string") return asking.send(answer);
    if (answer) complain(form, error, answer);
  };
  const skip = (): void => asking.send({ text: words.skip, card: { type: frame.kind, skipped: true } });
  const form = el(
    "form",
    {
      class: `card ${frame.kind}`,
      novalidate: true,
      onsubmit: submit,
      ...nameOf(asking),
      "aria-describedby": error.id,
    },
    ...frame.parts,
    error,
    el(
      "div",
      { class: "actions" },
      frame.skippable && el("button", { type: "button", class: "skip", onclick: skip }, words.skip),
      frame.read && el("button", { type: "submit", class: "primary" }, frame.sendLabel || words.send),
    ),
  );
  form.addEventListener("input", () => error.replaceChildren());
  return form;
}

export function nameOf(asking: Asking): Record<string, string> {
  return asking.labelledBy ? { "aria-labelledby": asking.labelledBy } : { "aria-label": asking.words.yourAnswer };
}

// Said aloud by role=alert; the focus goes to where it can be put right.
function complain(form: HTMLElement, error: HTMLElement, text: string): void {
  error.textContent = text;
  (
    form.querySelector<HTMLElement>("[data-first]") ?? form.querySelector<HTMLElement>("input, select, button")
  )?.focus();
}
