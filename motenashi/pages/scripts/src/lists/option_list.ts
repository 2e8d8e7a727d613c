// The list below a combobox: options in groups, one of them under the keys. Roles and keys as the ARIA practices ask.

import { h, newName } from "./dom.ts";

export interface Option {
  value: string;
  label: string;
  group?: string;
  hint?: string;
}

export class OptionList {
  readonly element = h("div", {
    class: "fb-options",
    role: "listbox",
    id: newName("options"),
  });
  private options: Option[] = [];
  private here = -1;

  constructor(
    private readonly input: HTMLInputElement,
    label: string,
    private readonly pick: (option: Option) => void,
  ) {
    this.element.setAttribute("aria-label", label);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.element.id);
    input.setAttribute("autocomplete", "off");
    this.hide();
    // A click must not take the focus out of the input before it is heard.
    this.element.addEventListener("mousedown", (event) =>
      event.preventDefault(),
    );
    this.element.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>(
        "[role=option]",
      );
      if (row) this.choose(Number(row.dataset["index"]));
    });
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  show(options: Option[], nothing: string, first = 0): void {
    this.options = options;
    this.element.replaceChildren();
    let group: HTMLElement = this.element;
    let name: string | undefined;
    options.forEach((option, index) => {
      if (option.group !== undefined && option.group !== name) {
        name = option.group;
        const title = h(
          "div",
          {
            class: "fb-options-title",
            id: newName("group"),
            role: "presentation",
          },
          name,
        );
        group = h("div", { role: "group", "aria-labelledby": title.id }, title);
        this.element.append(group);
      }
      const row = h(
        "div",
        {
          role: "option",
          class: "fb-option",
          id: `${this.element.id}-${index}`,
          "data-index": index,
        },
        h("span", {}, option.label),
        option.hint
          ? h("span", { class: "fb-option-hint" }, option.hint)
          : null,
      );
      row.setAttribute("aria-selected", "false");
      group.append(row);
    });
    if (options.length === 0) {
      if (!nothing) return this.hide();
      this.element.append(
        h(
          "div",
          { class: "fb-options-none", role: "option", "aria-disabled": "true" },
          nothing,
        ),
      );
    }
    this.element.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.move(options.length ? first : -1);
  }

  hide(): void {
    this.element.hidden = true;
    this.here = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** True when the key was for the list. */
  key(event: KeyboardEvent): boolean {
    if (!this.shown || event.isComposing) return false;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown")
      this.move(this.here >= last ? 0 : this.here + 1);
    else if (event.key === "ArrowUp")
      this.move(this.here <= 0 ? last : this.here - 1);
    else if (event.key === "Enter" && this.here >= 0) this.choose(this.here);
    else return false;
    event.preventDefault();
    return true;
  }

  private choose(index: number): void {
    const option = this.options[index];
    if (option) this.pick(option);
  }

  private move(to: number): void {
    this.element
      .querySelector("[aria-selected=true]")
      ?.setAttribute("aria-selected", "false");
    this.here = to;
    const row =
      to < 0 ? null : document.getElementById(`${this.element.id}-${to}`);
    row?.setAttribute("aria-selected", "true");
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }
}

/** Does every word of the query stand somewhere in the texts? */
export function fits(query: string, ...texts: string[]): boolean {
  const whole = folded(texts.join(" "));
  return folded(query)
    .split(/\s+/)
    .every((word) => whole.includes(word));
}

const folded = (text: string) => text.normalize("NFKC").toLowerCase().trim();
