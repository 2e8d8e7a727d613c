// Choosing a time zone.

import { el } from "../dom.ts";
import type { Words } from "../words/words.ts";
import { browserZone } from "./days.ts";

export function zoneField(zone: string, words: Words): { label: HTMLElement; field: HTMLSelectElement } {
  const zones = new Set([zone, browserZone(), "UTC", ...(Intl.supportedValuesOf?.("timeZone") ?? [])]);
  const options = [...zones].map((name) =>
    el("option", { value: name, selected: name === zone }, name.replace(/_/g, " ")),
  );
  const field = el("select", {}, ...options);
  return { label: el("label", { class: "field" }, el("span", {}, words.timeZone), field), field };
}
