// Free times to choose from, of one day or of several. Shown on the clock of the zone the visitor wants.

import { el } from "../dom.ts";
import type { DateTimeSlots, TimeSlots } from "../wire.ts";
import type { Asking } from "./card.ts";
import { dayText, knownZone, momentOf, wallClock, type Day } from "./days.ts";
import { cardForm } from "./form.ts";
import { zoneField } from "./zones.ts";

export function askTimeSlots(card: TimeSlots, asking: Asking): HTMLElement {
  return askSlots(
    "time-slots",
    card,
    card.slots.map((time) => ({ day: card.date ?? "", time })),
    card.date ?? "",
    card.button,
    asking,
  );
}

export function askDateTimeSlots(card: DateTimeSlots, asking: Asking): HTMLElement {
  const slots = Object.keys(card.slots)
    .sort()
    .flatMap((day) => (card.slots[day] ?? []).map((time) => ({ day, time })));
  return askSlots("date-time-slots", card, slots, card.title ?? "", undefined, asking);
}

interface Slot {
  day: Day;
  time: string;
}

function askSlots(
  kind: string,
  card: TimeSlots | DateTimeSlots,
  slots: Slot[],
  title: string,
  button: string | undefined,
  asking: Asking,
): HTMLElement {
  const { words } = asking;
  const ownZone = knownZone(card.time_zone);
  const zones = card.choose_zone ? zoneField(ownZone, words) : null;
  const days = el("div", { class: "slot-days" });
  const name = `slot-${title}-${slots.length}`;
  let chosen = -1;
  const draw = (): void =>
    days.replaceChildren(...slotDays(slots, ownZone, zones?.field.value ?? ownZone, name, chosen, asking));
  days.addEventListener("change", (event) => (chosen = Number((event.target as HTMLInputElement).value)));
  zones?.field.addEventListener("change", draw);
  draw();
  const read = (): string | { text: string; card: Record<string, unknown> } => {
    const slot = slots[chosen];
    if (!slot) return words.wrong.time;
    const text = kind === "time-slots" ? slot.time : `${slot.day} ${slot.time}`;
    return {
      text,
      card: {
        type: kind,
        ...(slot.day && { date: slot.day }),
        time: slot.time,
        time_zone_id: card.time_zone || ownZone,
      },
    };
  };
  const heading = slots.length ? (/^\d{4}-\d\d-\d\d$/.test(title) ? "" : title) : words.noTimes;
  const zoneNote =
    card.time_zone && !zones ? el("p", { class: "note" }, words.timesIn(ownZone.replace(/_/g, " "))) : null;
  const parts = [heading ? el("p", { class: "card-title" }, heading) : null, zoneNote, days, zones?.label ?? null];
  return cardForm(asking, { kind, parts, ...(slots.length && { read }), sendLabel: button, skippable: card.skippable });
}

// The slots by the day on which they fall in the shown zone, which may be another day than in their own.
function slotDays(
  slots: Slot[],
  ownZone: string,
  zone: string,
  name: string,
  chosen: number,
  { words }: Asking,
): HTMLElement[] {
  const groups = new Map<Day, HTMLElement[]>();
  slots.forEach((slot, place) => {
    const clock = slot.day ? wallClock(momentOf(slot.day, slot.time, ownZone), zone) : `T${slot.time}`;
    const [day = "", time = ""] = clock.split("T");
    const radio = el("input", { type: "radio", name, value: place, checked: place === chosen });
    groups.set(day, [...(groups.get(day) ?? []), el("label", { class: "slot" }, radio, el("span", {}, time))]);
  });
  return [...groups].map(([day, times]) => {
    const label = day ? dayText(day, words.language, { weekday: "short", month: "short", day: "numeric" }) : words.time;
    return el("fieldset", {}, el("legend", {}, label), el("div", { class: "slots" }, ...times));
  });
}
