// What stands between talk and composer: suggested answers, or the card that the bot's last words ask with.

import { askCard } from "./ask/card.ts";
import { el } from "./dom.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Entry } from "./wire.ts";
import type { Words } from "./words/words.ts";

export class Tray {
  readonly element = el("div", { class: "tray", hidden: true });
  private shown = "";

  constructor(private readonly around: Surroundings) {}

  // True when something else stands there now.
  draw(question: Entry | null, words: Words, labelledBy: string): boolean {
    const wanted = question ? `${question.seq} ${words.language}` : "";
    if (wanted === this.shown) return false;
    this.shown = wanted;
    const content = question ? this.content(question, words, labelledBy) : null;
    this.element.replaceChildren(...(content ? [content] : []));
    this.element.hidden = !content;
    return true;
  }

  // False when there is nothing to put the focus on.
  focus(): boolean {
    const first =
      this.element.querySelector<HTMLElement>("[data-first]:not([disabled])") ??
      this.element.querySelector<HTMLElement>("input, select, button:not([disabled])");
    first?.focus();
    return Boolean(first);
  }

  private content(question: Entry, words: Words, labelledBy: string): HTMLElement | null {
    const reply = question.reply;
    if (reply?.input) return askCard(reply.input, { words, labelledBy, send: (answer) => this.around.say(answer) });
    const chips = reply?.chips ?? [];
    return el(
      "div",
      { class: "chips", role: "group", "aria-label": words.suggestions },
      ...chips.map((chip) =>
        el("button", { type: "button", dir: "auto", onclick: () => this.around.say({ text: chip }) }, chip),
      ),
    );
  }
}
