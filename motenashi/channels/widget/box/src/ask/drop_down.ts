// One or several of many options, with a search field: a combobox with a list, as the ARIA practices describe it.

import { el, freshId, icon } from "../dom.ts";
import type { DropDown, Option } from "../wire.ts";
import type { Asking } from "./card.ts";
import { cardForm } from "./form.ts";
import { countWrong } from "./select.ts";

export function askDropDown(card: DropDown, asking: Asking): HTMLElement {
  const picker = new Picker(card, asking);
  const read = (): string | { text: string; card: Record<string, unknown> } => {
    const chosen = card.options.filter((option) => picker.chosen.has(option.value));
    if (card.multiple) {
      const answer = {
        text: chosen.map((it) => it.label).join(", "),
        card: { type: "drop-down", values: chosen.map((it) => it.value) },
      };
      return countWrong(chosen.length, card, asking) || answer;
    }
    const [one] = chosen;
    return one
      ? { text: one.label, card: { type: "drop-down", value: one.value, label: one.label } }
      : asking.words.wrong.choose;
  };
  return cardForm(asking, { kind: "drop-down", parts: picker.parts, read, skippable: card.skippable });
}

class Picker {
  readonly chosen: Set<string>;
  readonly parts: HTMLElement[];
  private readonly list = el("ul", { role: "listbox", id: freshId(), hidden: true });
  private readonly tokens = el("div", { class: "tokens" });
  private readonly count = el("span", { class: "unseen", role: "status" });
  private readonly field: HTMLInputElement;
  private shown: Option[] = [];
  private active = -1;

  constructor(
    private readonly card: DropDown,
    private readonly asking: Asking,
  ) {
    this.chosen = new Set(card.options.filter((option) => option.selected).map((option) => option.value));
    const label = card.label || card.placeholder || asking.words.search;
    this.field = el("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      placeholder: card.placeholder || asking.words.search,
      "aria-label": label,
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      "aria-autocomplete": "list",
      "data-first": true,
      oninput: () => this.open(),
      onclick: () => this.open(),
      onkeydown: (event: KeyboardEvent) => this.key(event),
      onblur: () => this.close(),
    });
    this.list.setAttribute("aria-label", label);
    if (card.multiple) this.list.setAttribute("aria-multiselectable", "true");
    this.parts = [this.tokens, el("div", { class: "combobox" }, this.list, this.field), this.count];
    this.showChosen();
  }

  private open(): void {
    const wanted = fold(this.field.value);
    const one =
      !this.card.multiple && this.card.options.some((it) => this.chosen.has(it.value) && it.label === this.field.value);
    this.shown = this.card.options.filter((option) => one || fold(option.label).includes(wanted));
    this.active = -1;
    this.draw();
    this.count.textContent = this.shown.length
      ? this.asking.words.results(this.shown.length)
      : this.asking.words.nothingFound;
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.count.textContent = "";
  }

  private draw(): void {
    const options = this.shown.map((option, place) =>
      el(
        "li",
        {
          role: "option",
          id: `${this.list.id}-${place}`,
          dir: "auto",
          "aria-selected": String(this.chosen.has(option.value)),
          class: place === this.active ? "active" : null,
          // mousedown comes before the field loses the focus and the list closes
          onmousedown: (event: Event) => {
            event.preventDefault();
            this.pick(option);
          },
        },
        option.label,
      ),
    );
    this.list.replaceChildren(...options);
    this.list.hidden = !options.length;
    this.field.setAttribute("aria-expanded", String(Boolean(options.length)));
    const active = options[this.active];
    if (active) this.field.setAttribute("aria-activedescendant", active.id);
    else this.field.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.list.hidden) this.open();
      const count = this.shown.length;
      if (count)
        this.active =
          (this.active + moves[event.key]! + (this.active < 0 && event.key === "ArrowUp" ? 1 : 0) + count) % count;
      this.draw();
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const option = this.shown[this.active] ?? (this.shown.length === 1 ? this.shown[0] : undefined);
      if (option) this.pick(option);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Backspace" && !this.field.value && this.card.multiple) {
      const last = [...this.chosen].pop();
      if (last !== undefined) this.chosen.delete(last);
      this.showChosen();
    }
  }

  private pick(option: Option): void {
    if (!this.card.multiple) this.chosen.clear();
    if (!this.chosen.delete(option.value)) this.chosen.add(option.value);
    if (this.card.multiple) this.field.value = "";
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.showChosen();
    this.close();
  }

  private showChosen(): void {
    const chosen = this.card.options.filter((option) => this.chosen.has(option.value));
    if (!this.card.multiple) {
      if (chosen[0]) this.field.value = chosen[0].label;
      return;
    }
    const token = (option: Option): HTMLElement => {
      const remove = (): void => {
        this.chosen.delete(option.value);
        this.showChosen();
        this.field.focus();
      };
      return el(
        "button",
        { type: "button", class: "token", "aria-label": this.asking.words.remove(option.label), onclick: remove },
        option.label,
        icon("close"),
      );
    };
    this.tokens.replaceChildren(...chosen.map(token));
  }
}

// Width, case and kana do not matter when searching.
function fold(text: string): string {
  const narrow = text.normalize("NFKC").toLowerCase().trim();
  return narrow.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}
