// A line of ten thousand rows of which only those on the screen are in the page. A short one stays as it came.

import {
  Virtualizer,
  observeWindowOffset,
  observeWindowRect,
  windowScroll,
} from "@tanstack/virtual-core";
import { Parts } from "./parts.ts";

const OVERSCAN = 8; // rows kept above and below the screen
const USUAL_HEIGHT = 108; // px of a row that nobody has measured yet

export class LongLine {
  readonly total: number;
  private readonly skip: number;
  private readonly here: HTMLElement[];
  private readonly parts: Parts;
  private readonly shown = new Map<number, HTMLElement>();
  private readonly opened = new Set<number>();
  private readonly watchers: (() => void)[] = [];
  private virtual: Virtualizer<Window, HTMLElement> | null = null;
  private trouble: HTMLElement | null = null;

  constructor(private readonly list: HTMLOListElement) {
    this.total = Number(list.dataset["total"]);
    this.skip = Number(list.dataset["skip"]);
    this.here = [...list.children] as HTMLElement[];
    this.parts = new Parts(
      list.dataset["source"] ?? "",
      this.total,
      () => this.draw(),
      () => this.tell("failed", "again", () => this.draw()),
      () => this.tell("changed", "show", () => location.reload()),
    );
  }

  begin(): void {
    if (this.total <= this.here.length) {
      addEventListener("scroll", () => this.watchers.forEach((one) => one()), {
        passive: true,
      });
      return;
    }
    this.parts.keep(
      this.skip,
      this.here.map((row) => row.outerHTML),
    );
    const height =
      this.here.reduce((sum, row) => sum + row.offsetHeight, 0) /
        this.here.length || USUAL_HEIGHT;
    for (const paging of document.querySelectorAll("[data-paging]"))
      paging.remove();
    this.list.replaceChildren();
    this.list.classList.add("lines-windowed");
    // The element keeps its own height, so that the browser need not guess where to scroll.
    const virtual = new Virtualizer<Window, HTMLElement>({
      count: this.total,
      getScrollElement: () => window,
      estimateSize: () => Math.round(height),
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      initialOffset: () => window.scrollY,
      scrollMargin: this.top(),
      scrollPaddingStart: this.covered(),
      overscan: OVERSCAN,
      rangeExtractor: (range) => this.indexes(range.startIndex, range.endIndex),
      onChange: () => this.draw(),
    });
    this.virtual = virtual;
    virtual._didMount();
    virtual._willUpdate();
    this.list.addEventListener(
      "toggle",
      (event) => this.remember(event.target),
      true,
    );
    // What stands above the list grows and shrinks: filters open, the window gets narrower.
    new ResizeObserver(() => this.place()).observe(document.body);
    this.draw();
    if (this.skip > 0) this.goTo(this.skip);
  }

  /** Tells whenever other rows are on the screen. */
  watch(one: () => void): void {
    this.watchers.push(one);
    one();
  }

  /** The days of the first and the last row on the screen, as ISO moments; null where none is. */
  onScreen(): [string, string] | null {
    const rows = this.virtual
      ? [...this.shown.entries()]
          .sort(([a], [b]) => a - b)
          .map(([, row]) => row)
      : this.here;
    const top = this.covered();
    const seen = rows.filter((row) => {
      const { top: begins, bottom: ends } = row.getBoundingClientRect();
      return ends > top && begins < innerHeight;
    });
    const times = seen.flatMap(
      (row) => row.querySelector("time")?.dateTime ?? [],
    );
    const [newest, oldest] = [times[0], times[times.length - 1]];
    return newest && oldest ? [newest, oldest] : null;
  }

  /** To the first row that is no later than a day. False when it could not be found out. */
  async goToDay(day: string): Promise<boolean> {
    const index = await this.parts.before(day);
    if (index === null) return false;
    this.goTo(index);
    return true;
  }

  private goTo(index: number): void {
    if (this.virtual) this.virtual.scrollToIndex(index, { align: "start" });
    else this.here[index - this.skip]?.scrollIntoView({ block: "start" });
  }

  private top(): number {
    return Math.round(this.list.getBoundingClientRect().top + scrollY);
  }

  /** How much of the screen's top the header and the strip cover. */
  private covered(): number {
    return (
      Number.parseFloat(
        getComputedStyle(document.documentElement).scrollPaddingTop,
      ) || 0
    );
  }

  private place(): void {
    if (!this.virtual) return;
    const { options } = this.virtual;
    if (options.scrollMargin === this.top()) return;
    this.virtual.setOptions({
      ...options,
      scrollMargin: this.top(),
      scrollPaddingStart: this.covered(),
    });
    this.draw();
  }

  /** The rows of the screen with some around; and the one that has the focus, which would be lost with it. */
  private indexes(first: number, last: number): number[] {
    const from = Math.max(0, first - OVERSCAN);
    const until = Math.min(this.total - 1, last + OVERSCAN);
    const wanted = Array.from(
      { length: until - from + 1 },
      (_, place) => from + place,
    );
    const focused = this.focused();
    if (focused !== null && (focused < from || focused > until))
      wanted.push(focused);
    return wanted.sort((a, b) => a - b);
  }

  private focused(): number | null {
    const row = document.activeElement?.closest<HTMLElement>(".row");
    return row && this.list.contains(row) ? Number(row.dataset["index"]) : null;
  }

  private draw(): void {
    const virtual = this.virtual;
    if (!virtual) return;
    const items = virtual.getVirtualItems();
    const wanted = new Set(items.map((item) => item.index));
    for (const [index, row] of this.shown) {
      if (wanted.has(index)) continue;
      row.remove();
      this.shown.delete(index);
    }
    const margin = virtual.options.scrollMargin;
    let before: HTMLElement | null = null;
    for (const item of items) {
      const row = this.rowAt(item.index, before);
      row.style.top = `${item.start - margin}px`;
      before = row;
    }
    this.list.style.height = `${virtual.getTotalSize()}px`;
    virtual.measureElement(null);
    for (const item of items) {
      const row = this.shown.get(item.index);
      if (row) virtual.measureElement(row);
    }
    if (items.length)
      this.parts.need(items[0]!.index, items[items.length - 1]!.index);
    this.watchers.forEach((one) => one());
  }

  /** The row in the page, made or filled where it has to be, after the row before it: the order is that of time. */
  private rowAt(index: number, before: HTMLElement | null): HTMLElement {
    const there = this.shown.get(index);
    const piece = this.parts.row(index);
    if (
      there &&
      (!there.classList.contains("row-waiting") || piece === undefined)
    )
      return there;
    const row = piece === undefined ? this.waiting(index) : parsed(piece);
    for (const folded of row.querySelectorAll<HTMLDetailsElement>(
      "[data-folded]",
    ))
      folded.open = this.opened.has(index);
    if (there) there.replaceWith(row);
    else if (before) before.after(row);
    else this.list.prepend(row);
    this.shown.set(index, row);
    return row;
  }

  private waiting(index: number): HTMLElement {
    const row = document.createElement("li");
    row.className = "row row-follow_up row-waiting";
    row.dataset["index"] = String(index);
    row.ariaPosInSet = String(index + 1);
    row.ariaSetSize = String(this.total);
    const line = document.createElement("div");
    line.className = "row-line";
    const touch = document.createElement("div");
    touch.className = "touch";
    const title = document.createElement("p");
    title.className = "touch-title";
    title.ariaLabel = this.list.dataset["loading"] ?? "";
    touch.append(title);
    line.append(touch);
    row.append(line);
    row.style.minHeight = `${USUAL_HEIGHT}px`;
    return row;
  }

  private remember(target: EventTarget | null): void {
    if (!(target instanceof HTMLDetailsElement)) return;
    const index = Number(target.closest<HTMLElement>(".row")?.dataset["index"]);
    if (target.open) this.opened.add(index);
    else this.opened.delete(index);
  }

  /** A sentence at the foot of the screen, with the one thing to do about it. */
  private tell(words: string, button: string, act: () => void): void {
    this.trouble?.remove();
    const notice = document.createElement("div");
    notice.className = "notice notice-warn line-trouble";
    notice.role = "alert";
    const sentence = document.createElement("span");
    sentence.textContent = this.list.dataset[words] ?? "";
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = this.list.dataset[button] ?? "";
    again.addEventListener("click", () => {
      notice.remove();
      act();
    });
    notice.append(sentence, again);
    this.list.after(notice);
    this.trouble = notice;
  }
}

/** A piece of our own page. It is parsed without running anything in it. */
function parsed(piece: string): HTMLElement {
  const row = new DOMParser()
    .parseFromString(piece, "text/html")
    .querySelector<HTMLElement>(".row");
  if (!row) throw new Error("a row that is none");
  return document.importNode(row, true);
}
