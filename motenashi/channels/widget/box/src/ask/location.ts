// Where the visitor is: by the browser, if they allow it, or as an address they type.

import { el } from "../dom.ts";
import type { LocationInput } from "../wire.ts";
import type { Asking } from "./card.ts";
import { cardForm } from "./form.ts";

export function askLocation(card: LocationInput, asking: Asking): HTMLElement {
  const { words } = asking;
  const status = el("p", { class: "note", role: "status" });
  const address = el("input", { type: "text", autocomplete: "street-address" });
  const found = ({ coords }: GeolocationPosition): void => {
    const [latitude, longitude] = [coords.latitude.toFixed(6), coords.longitude.toFixed(6)];
    asking.send({ text: `${latitude},${longitude}`, card: { type: "location", latitude, longitude } });
  };
  const fail = (): void => {
    status.textContent = words.noLocation;
    address.focus();
  };
  const locate = (): void => {
    status.textContent = words.locating;
    if (navigator.geolocation)
      navigator.geolocation.getCurrentPosition(found, fail, { timeout: 15_000, maximumAge: 60_000 });
    else fail();
  };
  const button = el(
    "button",
    { type: "button", class: "primary", onclick: locate },
    card.button || words.shareLocation,
  );
  const read = (): string | { text: string; card: Record<string, unknown> } => {
    const text = address.value.trim();
    return text ? { text, card: { type: "location", address: text } } : words.wrong.empty;
  };
  const typed = el("label", { class: "field" }, el("span", {}, words.orAddress), address);
  return cardForm(asking, { kind: "location", parts: [button, status, typed], read, skippable: card.skippable });
}
