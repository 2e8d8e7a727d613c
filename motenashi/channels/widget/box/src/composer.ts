// Where the visitor writes. While the bot asks for typed text it takes on that question's format and checks it.

import { checkText } from "./ask/check_text.ts";
import { el, freshId, icon } from "./dom.ts";
import type { Answer, InputCard, TextInput } from "./wire.ts";
import type { Words } from "./words/words.ts";

const LONGEST = 10_000;
const MODES = { email: "email", tel: "tel", url: "url", number: "decimal", name: "text", text: "text" };
const FILLS = { email: "email", tel: "tel", url: "url", name: "name", number: "off", text: "off" };

export class Composer {
  private readonly error = el("p", { class: "error", role: "alert", id: freshId() });
  private readonly field = el("textarea", {
    rows: 1,
    maxlength: LONGEST,
    enterkeyhint: "send",
    "aria-describedby": this.error.id,
    onkeydown: (event: KeyboardEvent) => this.key(event),
    oninput: () => this.typed(),
  });
  private readonly sendButton = el("button", { type: "submit", class: "send" }, icon("send"));
  private readonly skipButton = el("button", { type: "button", class: "skip", onclick: () => this.skip() });
  private readonly form = el(
    "form",
    { novalidate: true, onsubmit: (event: Event) => this.submit(event) },
    this.skipButton,
    this.field,
    this.sendButton,
  );
  readonly element = el("div", { class: "composer" }, this.error, this.form);
  private words!: Words;
  private asked: TextInput | null = null;
  private question = -1;
  private mistakes = 0;
  private lastWrong = "";

  constructor(private readonly say: (answer: Answer) => void) {}

  get isIdle(): boolean {
    return this.field.value === "";
  }

  focus(): void {
    this.field.focus();
  }

  draw(words: Words, input: InputCard | undefined, over: boolean, question: number): void {
    this.words = words;
    this.element.hidden = over;
    if (question !== this.question) this.ask(input?.card === "text_input" ? input : null, question);
    const hint = this.asked?.placeholder || words.write;
    this.field.placeholder = hint;
    this.field.setAttribute("aria-label", this.asked ? words.yourAnswer : words.writeLabel);
    this.sendButton.setAttribute("aria-label", words.send);
    this.sendButton.title = words.send;
    this.skipButton.textContent = words.skip;
    this.skipButton.hidden = !this.asked?.skippable;
  }

  private ask(input: TextInput | null, question: number): void {
    this.question = question;
    this.asked = input;
    this.mistakes = 0;
    this.complain("");
    const format = input?.format ?? "text";
    this.field.inputMode = MODES[format];
    this.field.setAttribute("autocomplete", FILLS[format]);
    this.field.autocapitalize = format === "text" || format === "name" ? "sentences" : "none";
    if (input?.value && this.isIdle) this.field.value = input.value;
    this.fit();
  }

  private key(event: KeyboardEvent): void {
    // Enter also confirms what a Japanese input method offers; that one is not for us.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  private typed(): void {
    this.fit();
    if (this.error.textContent) this.complain("");
  }

  private fit(): void {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const text = this.field.value.trim();
    const wrong = !text
      ? this.asked
        ? this.words.wrong.empty
        : ""
      : this.asked
        ? checkText(this.asked, text, this.words)
        : "";
    // Who insists is let through: the server decides, and "I'd rather talk to somebody" is an answer, too.
    if (wrong && !(text && text === this.lastWrong)) {
      this.lastWrong = text;
      this.complain(this.asked?.errors?.[this.mistakes++ % (this.asked.errors.length || 1)] || wrong);
      return;
    }
    if (!text) return;
    this.clear();
    this.say({ text });
  }

  private skip(): void {
    this.clear();
    this.say({ text: this.words.skip, card: { type: "text_input", skipped: true } });
  }

  private clear(): void {
    this.field.value = "";
    this.lastWrong = "";
    this.complain("");
    this.fit();
    this.field.focus();
  }

  private complain(text: string): void {
    this.error.textContent = text;
    this.field.setAttribute("aria-invalid", String(Boolean(text)));
  }
}
