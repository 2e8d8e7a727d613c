// A day, a moment, or the time between two: month, times and zone put together.

import { el } from "../dom.ts";
import type { Calendar, RangeCalendar } from "../wire.ts";
import type { Words } from "../words/words.ts";
import type { Asking } from "./card.ts";
import { dayText, isoMoment, knownZone, momentOf, today, type Day } from "./days.ts";
import { cardForm } from "./form.ts";
import { Month } from "./month.ts";
import { zoneField } from "./zones.ts";

type Point = Record<string, unknown>;

export function askCalendar(card: Calendar, asking: Asking): HTMLElement {
  const { words } = asking;
  let day: Day = "";
  const parts = new Parts(
    card,
    words,
    (chosen) => {
      day = chosen;
      parts.tell(dayText(day, words.language, { dateStyle: "full" }));
    },
    (it) => (it === day ? "chosen" : ""),
  );
  const time = card.time ? timeField(words.time) : null;
  const read = (): string | { text: string; card: Point } => {
    if (!day) return words.wrong.day;
    if (time && !time.field.value) return words.wrong.time;
    return {
      text: pointText(day, time?.field.value),
      card: { type: "calendar", ...point(day, time?.field.value, parts.zone) },
    };
  };
  return cardForm(asking, {
    kind: "calendar",
    parts: [...parts.elements, row(time?.label, parts.zoneLabel)],
    read,
    sendLabel: card.button,
    skippable: card.skippable,
  });
}

export function askRangeCalendar(card: RangeCalendar, asking: Asking): HTMLElement {
  const { words } = asking;
  let from: Day = "";
  let to: Day = "";
  const show = (day: Day): string => (day ? dayText(day, words.language, { dateStyle: "medium" }) : "…");
  const parts = new Parts(
    card,
    words,
    (day) => {
      if (!from || to || day < from) [from, to] = [day, ""];
      else to = day;
      parts.tell(words.fromTo(show(from), show(to)));
    },
    (it) => (it === from || it === to ? "chosen" : to && it > from && it < to ? "between" : ""),
  );
  const times = card.time ? [timeField(`${words.from}: ${words.time}`), timeField(`${words.to}: ${words.time}`)] : [];
  const read = (): string | { text: string; card: Point } => {
    if (!from || !to) return words.wrong.bothDays;
    const [a, b] = times.map((it) => it.field.value);
    if (times.length && (!a || !b)) return words.wrong.time;
    if (a && b && `${from}${a}` >= `${to}${b}`) return words.wrong.order;
    return {
      text: `${pointText(from, a)} - ${pointText(to, b)}`,
      card: { type: "range-calendar", from: point(from, a, parts.zone), to: point(to, b, parts.zone) },
    };
  };
  return cardForm(asking, {
    kind: "range-calendar",
    parts: [...parts.elements, row(...times.map((it) => it.label), parts.zoneLabel)],
    read,
    sendLabel: card.button,
    skippable: card.skippable,
  });
}

// What both calendars show: title, month, what was chosen, zone.
class Parts {
  readonly elements: HTMLElement[];
  readonly zoneLabel: HTMLElement | undefined;
  private readonly zones: { field: HTMLSelectElement } | null = null;
  private readonly ownZone: string;
  private readonly chosen: HTMLElement;

  constructor(
    card: Calendar | RangeCalendar,
    words: Words,
    choose: (day: Day) => void,
    marked: (day: Day) => "" | "chosen" | "between",
  ) {
    this.ownZone = knownZone(card.time_zone);
    if (card.choose_zone) {
      const zones = zoneField(this.ownZone, words);
      [this.zones, this.zoneLabel] = [zones, zones.label];
    }
    this.chosen = el("p", { class: "chosen", role: "status" }, words.noDay);
    const month = new Month({
      words,
      first: card.first ?? "",
      last: card.last ?? "",
      today: today(this.ownZone),
      marked,
      choose,
    });
    this.elements = [
      card.title ? el("p", { class: "card-title" }, card.title) : null,
      month.element,
      this.chosen,
    ].filter((it) => it !== null);
  }

  get zone(): string {
    return this.zones?.field.value || this.ownZone;
  }

  tell(text: string): void {
    this.chosen.textContent = text;
  }
}

function timeField(label: string): { label: HTMLElement; field: HTMLInputElement } {
  const field = el("input", { type: "time", step: 300 });
  return { label: el("label", { class: "field" }, el("span", {}, label), field), field };
}

function row(...fields: (HTMLElement | undefined)[]): HTMLElement | null {
  const there = fields.filter((it) => it !== undefined);
  return there.length ? el("div", { class: "row" }, ...there) : null;
}

const pointText = (day: Day, time: string | undefined): string => (time ? `${day} ${time}` : day);

function point(day: Day, time: string | undefined, zone: string): Point {
  if (!time) return { value: day, time_zone_id: zone };
  return { value: isoMoment(day, time, zone), epoch_ms: momentOf(day, time, zone), time_zone_id: zone };
}
