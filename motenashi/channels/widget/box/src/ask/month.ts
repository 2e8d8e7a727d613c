// A month to pick days from: a grid moved through with the arrow keys, as the ARIA practices describe it.

import { el, freshId, icon } from "../dom.ts";
import type { Words } from "../words/words.ts";
import { addDays, addMonths, dayText, monthOf, weekday, type Day } from "./days.ts";

export interface MonthOptions {
  words: Words;
  first: Day; // '' for no bound
  last: Day;
  today: Day;
  marked(day: Day): "" | "chosen" | "between";
  choose(day: Day): void;
}

export class Month {
  readonly element: HTMLElement;
  private focused: Day;
  private readonly heading = el("div", { class: "month-name", "aria-live": "polite", id: freshId() });
  private readonly grid = el("table", {
    role: "grid",
    "aria-labelledby": this.heading.id,
    onkeydown: (event: KeyboardEvent) => this.key(event),
  });
  private readonly before: HTMLButtonElement;
  private readonly after: HTMLButtonElement;

  constructor(private readonly options: MonthOptions) {
    const { words } = options;
    this.focused = this.within(options.today);
    this.before = el(
      "button",
      { type: "button", class: "quiet", "aria-label": words.monthBefore, onclick: () => this.turn(-1) },
      icon("before"),
    );
    this.after = el(
      "button",
      { type: "button", class: "quiet", "aria-label": words.monthAfter, onclick: () => this.turn(1) },
      icon("after"),
    );
    this.element = el(
      "div",
      { class: "month" },
      el("div", { class: "month-head" }, this.before, this.heading, this.after),
      this.grid,
    );
    this.draw();
  }

  draw(): void {
    const { words, first, last } = this.options;
    this.heading.textContent = dayText(this.focused, words.language, { year: "numeric", month: "long" });
    const start = `${monthOf(this.focused)}-01`;
    const monday = addDays(start, -((weekday(start) - words.weekStart + 7) % 7));
    const weeks = Array.from({ length: 6 }, (_, week) =>
      Array.from({ length: 7 }, (_, day) => addDays(monday, week * 7 + day)),
    );
    const inMonth = weeks.filter((week) => week.some((day) => monthOf(day) === monthOf(start)));
    this.grid.replaceChildren(
      el("thead", {}, el("tr", {}, ...(weeks[0] ?? []).map((day) => this.weekdayCell(day)))),
      el("tbody", {}, ...inMonth.map((week) => el("tr", {}, ...week.map((day) => this.cell(day, start))))),
    );
    this.before.disabled = Boolean(first) && monthOf(first) >= monthOf(start);
    this.after.disabled = Boolean(last) && monthOf(last) <= monthOf(start);
  }

  private weekdayCell(day: Day): HTMLElement {
    const { language } = this.options.words;
    return el(
      "th",
      { scope: "col", abbr: dayText(day, language, { weekday: "long" }) },
      dayText(day, language, { weekday: language === "ja" ? "narrow" : "short" }),
    );
  }

  private cell(day: Day, start: Day): HTMLElement {
    if (monthOf(day) !== monthOf(start)) return el("td", {});
    const { words, marked, today } = this.options;
    const mark = marked(day);
    const button = el(
      "button",
      {
        type: "button",
        class: `day ${mark}${day === today ? " today" : ""}`,
        tabindex: day === this.focused ? 0 : -1,
        disabled: !this.allowed(day),
        "aria-label": dayText(day, words.language, { dateStyle: "full" }),
        "aria-pressed": String(mark === "chosen"),
        "aria-current": day === today ? "date" : null,
        "data-day": day,
        "data-first": day === this.focused,
        onclick: () => this.pick(day),
      },
      String(Number(day.slice(8))),
    );
    return el("td", { role: "gridcell" }, button);
  }

  private pick(day: Day): void {
    this.focused = day;
    this.options.choose(day);
    this.show();
  }

  private turn(months: number): void {
    this.focused = this.within(addMonths(this.focused, months));
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    const moved = this.moved(event.key);
    if (!moved) return;
    event.preventDefault();
    this.focused = this.within(moved);
    this.show();
  }

  private moved(key: string): Day | null {
    const days: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    if (key in days) return addDays(this.focused, days[key]!);
    const place = (weekday(this.focused) - this.options.words.weekStart + 7) % 7;
    if (key === "Home") return addDays(this.focused, -place);
    if (key === "End") return addDays(this.focused, 6 - place);
    if (key === "PageUp") return addMonths(this.focused, -1);
    return key === "PageDown" ? addMonths(this.focused, 1) : null;
  }

  private show(): void {
    this.draw();
    this.grid.querySelector<HTMLElement>(`[data-day="${this.focused}"]`)?.focus();
  }

  private allowed(day: Day): boolean {
    return (!this.options.first || day >= this.options.first) && (!this.options.last || day <= this.options.last);
  }

  private within(day: Day): Day {
    if (this.options.first && day < this.options.first) return this.options.first;
    return this.options.last && day > this.options.last ? this.options.last : day;
  }
}
