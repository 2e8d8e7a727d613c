// What was said, in order. Elements stay where they are once shown, so a screen reader hears each message once.

import type { Conversation } from "./conversation.ts";
import { el, freshId, hidden } from "./dom.ts";
import { showDisplay } from "./show/display.ts";
import type { Outgoing } from "./store.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Entry } from "./wire.ts";
import type { Words } from "./words/words.ts";

export class Log {
  readonly element = el("div", { class: "log", role: "log", "aria-live": "off", tabindex: "0" });
  lastSaidId = "";
  private shown = new Map<string, HTMLElement>();
  private typing: HTMLElement | null = null;
  private follows = true; // until the visitor scrolls back to read

  constructor(
    private readonly conversation: Conversation,
    private readonly surroundings: Surroundings,
  ) {
    this.element.addEventListener("scroll", () => (this.follows = this.isNearEnd()), { passive: true });
    this.element.addEventListener("load", () => this.follow(), true); // a picture came and took its room
    new ResizeObserver(() => this.follow()).observe(this.element);
  }

  draw(words: Words): void {
    this.element.setAttribute("aria-label", words.log);
    const { entries, waiting } = this.conversation;
    const wanted = new Map<string, () => HTMLElement>();
    for (const entry of entries) {
      if (isVisible(entry)) wanted.set(keyOf(entry), () => this.entry(entry, words));
    }
    for (const item of waiting) wanted.set(item.id, () => visitorSaid(item.text, "", words));
    this.place(wanted);
    this.describeWaiting(waiting, words);
    for (const entry of entries) if (entry.author === "visitor") this.describe(this.shown.get(keyOf(entry)));
    this.showTyping(words);
    this.lastSaidId = lastSaid(this.element);
    this.follow();
    // Only what comes from now on is read aloud, not the talk that a reload brought back.
    if (entries.length) queueMicrotask(() => this.element.setAttribute("aria-live", "polite"));
  }

  toEnd(): void {
    this.follows = true;
    this.follow();
  }

  // To the end, but never past the beginning of what was said last.
  private follow(): void {
    if (!this.follows) return;
    const last = this.element.querySelector<HTMLElement>("article:last-of-type");
    const end = this.element.scrollHeight - this.element.clientHeight;
    this.element.scrollTop = last?.classList.contains("theirs") ? Math.min(end, last.offsetTop - 10) : end;
  }

  private isNearEnd(): boolean {
    const last = this.element.querySelector<HTMLElement>("article:last-of-type");
    const seen = this.element.scrollTop + this.element.clientHeight;
    return seen > this.element.scrollHeight - 80 || (last !== null && this.element.scrollTop >= last.offsetTop - 20);
  }

  private place(wanted: Map<string, () => HTMLElement>): void {
    for (const [key, element] of this.shown) {
      if (wanted.has(key)) continue;
      element.remove();
      this.shown.delete(key);
    }
    let before: Element | null = null;
    for (const [key, make] of wanted) {
      const element: HTMLElement = this.shown.get(key) ?? make();
      this.shown.set(key, element);
      const place: Element | null = before ? before.nextElementSibling : this.element.firstElementChild;
      if (place !== element) this.element.insertBefore(element, place);
      before = element;
    }
  }

  private entry(entry: Entry, words: Words): HTMLElement {
    if (entry.author === "visitor") return visitorSaid(entry.text ?? "", entry.at, words);
    if (entry.author === "system") return el("p", { class: "system" }, entry.text);
    const who = entry.author === "bot" ? words.bot : words.operator;
    const parts = (entry.reply?.displays ?? []).map((display) => showDisplay(display, words, this.surroundings));
    if (!parts.length && entry.text) parts.push(el("p", { class: "bubble", dir: "auto", id: freshId() }, entry.text));
    return el(
      "article",
      { class: "theirs", lang: entry.reply?.language ?? null, title: timeOf(entry.at, words) },
      hidden(`${who}: `),
      ...parts,
    );
  }

  private describeWaiting(waiting: Outgoing[], words: Words): void {
    waiting.forEach((item, place) => {
      const element = this.shown.get(item.id);
      if (item.refused !== undefined) this.describe(element, `${words.refused} ${item.refused}`, item, words);
      else this.describe(element, this.conversation.line === "broken" ? words.waiting : place ? "" : words.sending);
    });
  }

  // The small line under a message of the visitor: where it is, and what can be done about it.
  private describe(element: HTMLElement | undefined, text = "", refused?: Outgoing, words?: Words): void {
    const line = element?.querySelector(".fate");
    if (!line || line.firstChild?.textContent === text || (!text && !line.firstChild)) return;
    line.replaceChildren();
    if (text) line.append(text);
    if (!refused || !words) return;
    line.append(
      el("button", { type: "button", onclick: () => this.conversation.again(refused) }, words.tryAgain),
      el("button", { type: "button", onclick: () => this.conversation.discard(refused) }, words.discard),
    );
  }

  private showTyping(words: Words): void {
    const busy =
      this.conversation.line === "sending" && this.conversation.waiting.some((item) => item.refused === undefined);
    if (busy && !this.typing) {
      this.typing = el("div", { class: "typing", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
      this.typing.title = words.typing;
    }
    if (busy && this.typing) this.element.append(this.typing);
    else this.typing?.remove();
  }
}

// A visitor's entry keeps the key it had while it waited, so it stays the same element when it arrives.
const keyOf = (entry: Entry): string => (entry.author === "visitor" && entry.id ? entry.id : `#${entry.seq}`);

const isVisible = (entry: Entry): boolean => Boolean(entry.text || entry.reply?.displays?.length);

function visitorSaid(text: string, at: string, words: Words): HTMLElement {
  return el(
    "article",
    { class: "ours", title: at && timeOf(at, words) },
    hidden(`${words.you}: `),
    el("p", { class: "bubble", dir: "auto" }, text),
    el("div", { class: "fate" }),
  );
}

function lastSaid(log: HTMLElement): string {
  const bubbles = log.querySelectorAll<HTMLElement>(".theirs .bubble");
  return bubbles.item(bubbles.length - 1)?.id ?? "";
}

function timeOf(at: string, words: Words): string {
  return new Date(at).toLocaleString(words.language, { dateStyle: "medium", timeStyle: "short" });
}
