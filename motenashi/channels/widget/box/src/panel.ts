// The window of the chat: its frame, when it opens and closes, and where the focus goes.

import { Composer } from "./composer.ts";
import type { Conversation } from "./conversation.ts";
import { el, freshId, icon } from "./dom.ts";
import type { Page } from "./loader.ts";
import { Log } from "./log.ts";
import css from "./style/panel.css";
import type { Surroundings } from "./surroundings.ts";
import { Tray } from "./tray.ts";
import type { Answer, Entry } from "./wire.ts";
import { wordsFor, type Words } from "./words/words.ts";

type Place = "log" | "tray" | "composer";

export class Panel {
  private words: Words;
  private readonly frame: HTMLElement;
  private readonly title = el("h2", { id: freshId() });
  private readonly closeButton = el(
    "button",
    { type: "button", class: "quiet", onclick: () => this.close() },
    icon("close"),
  );
  private readonly againButton = el(
    "button",
    { type: "button", class: "quiet", onclick: () => this.startAgain() },
    icon("again"),
  );
  private readonly status = el("p", { class: "status", role: "status" });
  private readonly log: Log;
  private readonly tray: Tray;
  private readonly composer: Composer;
  private isOpen = false;
  private lastWords: Words | null = null;
  private saidFrom: Place | null = null; // where the answer that is still on its way came from

  constructor(
    private readonly page: Page,
    private readonly conversation: Conversation,
  ) {
    this.words = wordsFor(page.language());
    const sayFrom = (place: Place) => (answer: Answer) => this.say(answer, place);
    const surroundings = (place: Place): Surroundings => ({
      server: page.server,
      say: sayFrom(place),
      act: (name, data) => page.api.clientActions[name]?.(data),
    });
    this.log = new Log(conversation, surroundings("log"));
    this.tray = new Tray(surroundings("tray"));
    this.composer = new Composer(sayFrom("composer"));
    this.frame = el(
      "section",
      {
        class: "panel",
        role: "dialog",
        "aria-labelledby": this.title.id,
        hidden: true,
        onkeydown: (event: KeyboardEvent) => this.key(event),
      },
      el("header", {}, this.title, this.againButton, this.closeButton),
      this.log.element,
      this.status,
      this.tray.element,
      this.composer.element,
    );
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    page.root.adoptedStyleSheets = [...page.root.adoptedStyleSheets, sheet];
    page.root.append(this.frame);
    this.draw();
  }

  open(takeFocus: boolean): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.frame.hidden = false;
    this.page.launcher.hidden = true;
    this.page.launcher.setAttribute("aria-expanded", "true");
    // Full-screen on a phone nothing else can be reached: then it is a modal dialog, otherwise a part of the page.
    this.frame.setAttribute("aria-modal", String(matchMedia("(max-width: 480px)").matches));
    remember(this.page.bot, true);
    this.conversation.watch(true);
    void this.conversation.begin();
    this.draw();
    this.log.toEnd();
    if (takeFocus) this.focusWriting();
    this.page.emit("open", {});
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.frame.hidden = true;
    this.page.launcher.hidden = false;
    this.page.launcher.setAttribute("aria-expanded", "false");
    remember(this.page.bot, false);
    this.conversation.watch(false);
    this.page.launcher.focus();
    this.page.emit("close", {});
  }

  draw(): void {
    if (!this.frame) return;
    const entries = this.conversation.entries;
    this.translate(entries);
    const hadFocus = this.tray.element.contains(this.page.root.activeElement);
    this.log.draw(this.words);
    const question = this.conversation.waiting.length ? null : openQuestion(entries);
    const trayChanged = this.tray.draw(question, this.words, this.log.lastSaidId);
    const over = ["end", "block"].includes(this.conversation.action);
    this.composer.draw(this.words, question?.reply?.input, over, question?.seq ?? 0);
    this.showStatus();
    if (trayChanged) this.moveFocus(hadFocus, question);
  }

  // Whoever answers goes on where the next question stands. The focus is never taken from somebody who is writing,
  // nor moved on its own account: only after an answer, to where that answer leads.
  private moveFocus(hadFocus: boolean, question: Entry | null): void {
    const active = this.page.root.activeElement;
    const atWork = active !== null && !this.tray.element.contains(active) && !this.composer.element.contains(active);
    if (!this.isOpen || atWork || !this.composer.isIdle) return;
    if (!question) {
      if (hadFocus) this.focusWriting(); // what had the focus is gone
      return;
    }
    const follows = this.saidFrom === "tray" || (this.saidFrom === "composer" && question.reply?.input !== undefined);
    this.saidFrom = null;
    if (follows && (usesFingers() || !this.tray.focus())) this.focusWriting();
  }

  // On a touch screen the focus would bring up the keyboard and cover what was said.
  private focusWriting(): void {
    if (usesFingers()) this.log.element.focus({ preventScroll: true });
    else this.composer.focus();
  }

  private translate(entries: Entry[]): void {
    const reply = entries.findLast((entry) => entry.reply)?.reply;
    this.words = wordsFor(reply ? (reply.language ?? "en") : this.page.language());
    if (this.words === this.lastWords) return;
    this.lastWords = this.words;
    this.frame.lang = this.words.language;
    this.title.textContent = this.page.title || this.words.title;
    name(this.closeButton, this.words.close);
    name(this.againButton, this.words.startAgain);
  }

  private showStatus(): void {
    const { line, notice, entries, waiting } = this.conversation;
    const words = this.words;
    const ending = { end: words.ended, block: words.blocked }[this.conversation.action] ?? "";
    const slow = line === "broken" ? words.offline : !entries.length && line === "sending" ? words.connecting : "";
    const text = notice || slow || (waiting.length ? "" : ending);
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.hidden = !text;
  }

  private say(answer: Answer, from: Place): void {
    this.saidFrom = from;
    this.page.emit("sent", answer);
    this.conversation.say(answer);
    this.log.toEnd();
  }

  private startAgain(): void {
    void this.conversation.startAgain();
    this.focusWriting();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) {
      event.stopPropagation();
      this.close();
    }
  }
}

// The last entry, if it is ours and offers something to answer with.
function openQuestion(entries: Entry[]): Entry | null {
  const last = entries.at(-1);
  return last?.reply && (last.reply.input || last.reply.chips?.length) ? last : null;
}

const usesFingers = (): boolean => matchMedia("(pointer: coarse)").matches;

function name(button: HTMLButtonElement, label: string): void {
  button.setAttribute("aria-label", label);
  button.title = label;
}

// The loader opens the box again after a reload when this says so.
function remember(bot: string, open: boolean): void {
  try {
    sessionStorage.setItem(`motenashi:${bot}:open`, open ? "1" : "0");
  } catch {
    // a browser without storage forgets; nothing else is lost
  }
}
