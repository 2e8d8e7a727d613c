// One conversation as the box lives it: what was said, what still waits to be sent, and keeping both true through
// reloads, other tabs, lost connections and server restarts. Shows nothing; `changed` says when to look again.

import { Trouble, type Server } from "./server.ts";
import { freshUuid, type Outgoing, type Store } from "./store.ts";
import type { Answer, Entry, Turn } from "./wire.ts";

export type Line = "ready" | "sending" | "broken";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

export interface Listener {
  changed(): void;
  arrived(entries: Entry[]): void; // new words of the other side
  identified(good: boolean): void;
}

export class Conversation {
  line: Line = "ready";
  notice = ""; // a sentence of the server about why it goes slowly, or not at all
  private wait = FIRST_WAIT;
  private working: Promise<void> | null = null;
  private sleeper: (() => void) | null = null;
  private poll = 0;
  private lastNews = Date.now();
  private watching = false;
  private token = "";
  private lost = 0; // conversations in a row that the server did not know

  constructor(
    private readonly store: Store,
    private readonly server: Server,
    private readonly listener: Listener,
    private readonly about: { bot: string; visitor: () => object },
  ) {
    store.onOtherTab(() => {
      this.lastNews = Date.now();
      listener.changed();
    });
    window.addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => {
      if (this.watching && !document.hidden) void this.deliver(true); // after a sleep, at once
      this.look();
    });
  }

  get entries(): Entry[] {
    return this.store.entries;
  }

  // What the visitor said and the server has not confirmed.
  get waiting(): Outgoing[] {
    const arrived = new Set(this.store.entries.map((entry) => entry.id));
    return this.store.outbox.filter((item) => !arrived.has(item.id));
  }

  get action(): string {
    return this.store.state.action;
  }

  // Open the conversation if there is none, catch up with it otherwise.
  begin(): Promise<void> {
    this.wake();
    return this.deliver(true);
  }

  say(answer: Answer): void {
    this.store.put({ ...answer, id: freshUuid(), at: Date.now() });
    this.lastNews = Date.now();
    this.listener.changed();
    this.wake();
    void this.deliver();
  }

  again(item: Outgoing): void {
    const { refused: _, ...fresh } = item;
    this.store.put(fresh);
    this.listener.changed();
    void this.deliver();
  }

  discard(item: Outgoing): void {
    this.store.remove(item.id);
    this.listener.changed();
  }

  startAgain(): Promise<void> {
    this.store.forgetConversation();
    for (const item of this.store.outbox) this.store.remove(item.id);
    this.notice = "";
    this.listener.changed();
    this.wake();
    return this.deliver(true);
  }

  forget(): void {
    this.store.forgetAll();
    this.token = "";
    this.notice = "";
    this.listener.changed();
  }

  async identify(token: string): Promise<void> {
    this.token = token;
    const held = this.store.held;
    if (!held) return; // goes along with the opening
    try {
      const { secret } = await this.server.identify(held, token);
      this.store.held = { ...held, secret };
      this.listener.identified(true);
    } catch {
      this.listener.identified(false);
    }
  }

  // Ask now and then while somebody looks: often right after something happened, rarely later.
  watch(watching: boolean): void {
    this.watching = watching;
    this.look();
  }

  private look(): void {
    clearTimeout(this.poll);
    if (!this.watching || document.hidden) return;
    const quiet = Date.now() - this.lastNews;
    const pause = this.store.state.more ? 1_500 : quiet < 60_000 ? 4_000 : quiet < 600_000 ? 15_000 : 60_000;
    this.poll = window.setTimeout(() => void this.deliver(true).finally(() => this.look()), pause);
  }

  // One worker a tab.
  private deliver(catchUp = false): Promise<void> {
    if (this.working) return catchUp ? this.working : this.working.then(() => this.deliver());
    this.working = this.work(catchUp).finally(() => {
      this.working = null;
    });
    return this.working;
  }

  private async work(catchUp: boolean): Promise<void> {
    for (;;) {
      try {
        if (await alone(() => this.step(catchUp))) return;
        catchUp = false;
        this.wait = FIRST_WAIT;
        this.set("ready");
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (await this.handle(error)) return;
      }
    }
  }

  // One thing to do; true when nothing is left.
  private async step(catchUp: boolean): Promise<boolean> {
    const held = this.store.held;
    if (!held) {
      await this.open();
      return false;
    }
    const next = this.store.outbox.find((item) => !item.refused);
    if (next) {
      this.set("sending");
      this.take(await this.server.say(held, next.id, next, this.about.visitor()), held.conversation);
      this.store.remove(next.id);
      this.lost = 0;
      return false;
    }
    if (!catchUp) {
      this.notice = "";
      this.set("ready");
      return true;
    }
    this.take(await this.server.since(held, this.store.seenUpTo), held.conversation);
    this.lost = 0;
    return false;
  }

  private async open(): Promise<void> {
    this.set("sending");
    const id = this.store.openingId;
    const opened = await this.server.open({
      id,
      bot: this.about.bot,
      visitor: this.about.visitor(),
      ...(this.token && { token: this.token }),
    });
    if (this.store.openingId !== id) return; // somebody else sits here now
    this.store.held = { conversation: opened.conversation, secret: opened.secret };
    this.take(opened, opened.conversation);
    if (this.token) this.listener.identified(!opened.token_refused);
  }

  private take(turn: Turn, conversation: string): void {
    if (this.store.held?.conversation !== conversation) return; // the visitor began anew meanwhile
    const known = new Set(this.store.entries.map((entry) => entry.seq));
    const fresh = turn.entries.filter((entry) => !known.has(entry.seq));
    this.store.merge(turn.entries);
    if (turn.state) this.store.state = turn.state;
    if (fresh.length) this.lastNews = Date.now();
    const theirs = fresh.filter((entry) => entry.author !== "visitor");
    if (theirs.length) this.listener.arrived(theirs);
    this.listener.changed();
    this.look();
  }

  // True when there is no use in going on.
  private async handle(trouble: Trouble): Promise<boolean> {
    if (trouble.kind === "gone") {
      this.store.forgetConversation(); // the next round opens a new one; unsent words go there
      if (this.lost++) await pause(Math.min(FIRST_WAIT * 2 ** this.lost, LONGEST_WAIT));
      return false;
    }
    if (trouble.kind === "refused") return this.refuse(trouble);
    this.notice = trouble.kind === "later" ? trouble.message : "";
    this.set("broken");
    if (trouble.kind === "later") await pause(trouble.seconds * 1000);
    else await this.sleep(this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }

  private refuse(trouble: Trouble): boolean {
    const next = this.store.held && this.store.outbox.find((item) => !item.refused);
    if (next) {
      this.store.put({ ...next, refused: trouble.message || " " });
      this.listener.changed();
      return false;
    }
    this.notice = trouble.message;
    this.set("ready");
    return true;
  }

  private set(line: Line): void {
    if (this.line === line) return;
    this.line = line;
    this.listener.changed();
  }

  // Until the time is over, or a sign that the connection may be back (`wake`).
  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.sleeper = null;
        resolve();
      };
      const timer = window.setTimeout(done, milliseconds);
      this.sleeper = done;
    });
  }

  private wake(): void {
    this.wait = FIRST_WAIT;
    this.sleeper?.();
  }
}

// As long as the server asked for, whatever happens meanwhile.
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

// One step at a time over all tabs, so messages keep their order; a tab that waits holds nobody up.
function alone(step: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks ? navigator.locks.request("motenashi:deliver", step) : step();
}
