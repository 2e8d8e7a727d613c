// A panel to choose a field from: a search box over all fields, in groups. Opens below the button that asked for it.

import { h } from "./dom.ts";
import { fits, OptionList, type Option } from "./option_list.ts";
import type { RelatedList, Words } from "./vocabulary.ts";

export interface Picked {
  list: string; // "" for the record's own
  field: string;
}

let close: (() => void) | null = null;

/** One panel at a time; Escape or a click elsewhere closes it and leaves everything as it was. */
export function pickField(
  anchor: HTMLElement,
  list: string,
  words: Words,
  picked: (choice: Picked) => void,
): void {
  close?.();
  const options = optionsOf(list, words);
  const input = h("input", {
    type: "text",
    class: "fb-search",
    placeholder: words.say("search_fields"),
    "aria-label": words.say("search_fields"),
  });
  const found = new OptionList(input, words.say("fields"), (option) => {
    const [ofList, field] = JSON.parse(option.value) as [string, string];
    end();
    anchor.focus();
    picked({ list: ofList, field });
  });
  const panel = h(
    "div",
    {
      class: "fb-picker",
      role: "dialog",
      "aria-label": words.say("choose_field"),
    },
    input,
    found.element,
  );

  function end(): void {
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    close = null;
  }
  function outside(event: Event): void {
    if (!panel.contains(event.target as globalThis.Node)) end();
  }
  const look = () =>
    found.show(
      options.filter((option) =>
        input.value.trim()
          ? fits(input.value, option.label, option.group ?? "")
          : !option.rare,
      ),
      words.say("no_field"),
    );

  input.addEventListener("input", look);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      end();
      anchor.focus();
    } else if (event.key === "Tab") end();
    else found.key(event);
  });
  document.addEventListener("pointerdown", outside, true);
  close = end;
  anchor.setAttribute("aria-expanded", "true");
  anchor.after(panel);
  look();
  input.focus();
}

interface FieldOption extends Option {
  rare: boolean; // found by searching only
}

function optionsOf(list: string, words: Words): FieldOption[] {
  const { fields, lists } = words.vocabulary;
  const ofList = (one: RelatedList, outermost: boolean) =>
    one.fields.map((field) => {
      const own =
        field.group === one.fields[0]?.group || field.group === field.label;
      const whose = own ? one.group : `${one.group} › ${field.group}`;
      const rare =
        field.kind === "id" || (outermost && field.name.includes("."));
      return {
        value: JSON.stringify([one.name, field.name]),
        label: field.label,
        group: whose,
        rare,
      };
    });
  const inside = words.list(list);
  if (inside) return ofList(inside, false);
  return [
    ...fields.map((field) => ({
      value: JSON.stringify(["", field.name]),
      label: field.label,
      group: field.group,
      rare: field.kind === "id",
    })),
    ...lists.flatMap((one) => ofList(one, true)),
  ];
}
