// How it was: stars, faces, thumbs.

import { el, freshId, hidden, icon } from "../dom.ts";
import type { HappinessRating, Like, StarRating } from "../wire.ts";
import type { Asking } from "./card.ts";
import { cardForm } from "./form.ts";

const FACES = ["😠", "🙁", "😐", "🙂", "😄"];
// Zoho SalesIQ's names for the five faces, from worst to best.
const MOODS = ["angry", "sad", "neutral", "happy", "excited"];

export function askStars(card: StarRating, asking: Asking): HTMLElement {
  const level = card.level ?? 5;
  const stars = choices(
    Array.from({ length: level }, (_, place) => asking.words.stars(place + 1, level)),
    () => icon("star"),
  );
  const read = (): string | { text: string; card: Record<string, unknown> } => {
    const value = stars.chosen() + 1;
    return value
      ? { text: `${value}/${level}`, card: { type: "star-rating", value, level } }
      : asking.words.wrong.choose;
  };
  return cardForm(asking, { kind: "star-rating", parts: [stars.element], read, skippable: card.skippable });
}

export function askHappiness(card: HappinessRating, asking: Asking): HTMLElement {
  const level = card.level === 3 ? 3 : 5;
  const shown = level === 3 ? [1, 2, 3] : [0, 1, 2, 3, 4];
  const moods = asking.words.moods;
  const faces = choices(
    shown.map((face) => moods[face] ?? ""),
    (place) => el("span", { class: "face", "aria-hidden": "true" }, FACES[shown[place] ?? 0]),
  );
  const read = (): string | { text: string; card: Record<string, unknown> } => {
    const face = shown[faces.chosen()];
    if (face === undefined) return asking.words.wrong.choose;
    return {
      text: moods[face] ?? "",
      card: { type: "happiness-rating", value: faces.chosen() + 1, level, mood: MOODS[face] },
    };
  };
  return cardForm(asking, { kind: "happiness-rating", parts: [faces.element], read, skippable: card.skippable });
}

export function askLike(card: Like, asking: Asking): HTMLElement {
  const thumb = (value: "like" | "dislike", sign: string, text: string, name: string): HTMLElement =>
    el(
      "button",
      { type: "button", class: "thumb", onclick: () => asking.send({ text, card: { type: "like", value } }) },
      icon(sign),
      el("span", {}, name),
    );
  const parts = [
    el(
      "div",
      { class: "thumbs" },
      thumb("like", "up", "👍", asking.words.like),
      thumb("dislike", "down", "👎", asking.words.dislike),
    ),
  ];
  return cardForm(asking, { kind: "like", parts, skippable: card.skippable });
}

// Radio buttons that look like their pictures; arrow keys move between them as in any radio group.
function choices(labels: string[], sign: (place: number) => Node): { element: HTMLElement; chosen(): number } {
  const name = freshId();
  const radios = labels.map((_, place) => el("input", { type: "radio", name, value: place }));
  const options = radios.map((radio, place) =>
    el("label", { title: labels[place] }, radio, sign(place), hidden(labels[place] ?? "")),
  );
  const element = el("div", { class: "rating", role: "presentation" }, ...options);
  const chosen = (): number => radios.findIndex((radio) => radio.checked);
  element.addEventListener("change", () =>
    options.forEach((option, place) => option.classList.toggle("filled", place <= chosen())),
  );
  return { element, chosen };
}
