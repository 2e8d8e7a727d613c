// What this browser keeps of a conversation: shared by all tabs of the site, still there after a reload.
// Every waiting message lies under a key of its own, so two tabs that write at once never overwrite each other.

import type { Held } from "./server.ts";
import type { Answer, Entry } from "./wire.ts";

export interface Outgoing extends Answer {
  id: string;
  at: number;
  refused?: string;
}

const MOST_ENTRIES = 300;

export class Store {
  private readonly prefix: string;
  private readonly memory = new Map<string, string>(); // where the browser forbids storage

  constructor(bot: string) {
    this.prefix = `motenashi:${bot}:`;
  }

  // `changed` is called when another tab wrote something of ours.
  onOtherTab(changed: () => void): () => void {
    const listen = (event: StorageEvent): void => {
      if (event.key === null || event.key.startsWith(this.prefix)) changed();
    };
    window.addEventListener("storage", listen);
    return () => window.removeEventListener("storage", listen);
  }

  get held(): Held | null {
    return this.read<Held | null>("held", null);
  }

  set held(held: Held | null) {
    this.write("held", held);
  }

  // Made before the first request: the server makes one conversation of it, however often and from wherever we ask.
  get openingId(): string {
    const known = this.read<string>("opening", "");
    if (known) return known;
    const fresh = freshUuid();
    this.write("opening", fresh);
    return fresh;
  }

  get visitor(): Record<string, unknown> {
    return this.read("visitor", {});
  }

  set visitor(visitor: Record<string, unknown>) {
    this.write("visitor", visitor);
  }

  get state(): { action: string; more: boolean } {
    return this.read("state", { action: "", more: false });
  }

  set state(state: { action: string; more: boolean }) {
    this.write("state", state);
  }

  get entries(): Entry[] {
    return this.read<Entry[]>("entries", []);
  }

  // Entries may arrive twice and out of order; each has its place by number.
  merge(entries: Entry[]): void {
    if (!entries.length) return;
    const all = new Map([...this.entries, ...entries].map((entry) => [entry.seq, entry]));
    this.write("entries", [...all.values()].sort((a, b) => a.seq - b.seq).slice(-MOST_ENTRIES));
  }

  // The number up to which nothing is missing.
  get seenUpTo(): number {
    let last = 0;
    for (const { seq } of this.entries) {
      if (last && seq !== last + 1) break;
      last = seq;
    }
    return last;
  }

  get outbox(): Outgoing[] {
    return this.names("out:")
      .map((name) => this.read<Outgoing | null>(name, null))
      .filter((item): item is Outgoing => item !== null)
      .sort((a, b) => a.at - b.at);
  }

  put(item: Outgoing): void {
    this.write(`out:${item.id}`, item);
  }

  remove(id: string): void {
    this.write(`out:${id}`, null);
  }

  // Forget the conversation; what was not sent yet stays and goes to the next one.
  forgetConversation(): void {
    for (const name of ["held", "opening", "entries", "state"]) this.write(name, null);
  }

  forgetAll(): void {
    this.forgetConversation();
    this.write("visitor", null);
    for (const item of this.outbox) this.remove(item.id);
  }

  private names(start: string): string[] {
    const keys = new Set(this.memory.keys());
    try {
      for (let i = 0; i < localStorage.length; i++) keys.add(localStorage.key(i) ?? "");
    } catch {
      // no storage here: memory has all there is
    }
    return [...keys].filter((key) => key.startsWith(this.prefix + start)).map((key) => key.slice(this.prefix.length));
  }

  private read<T>(name: string, otherwise: T): T {
    let text = this.memory.get(this.prefix + name) ?? null;
    try {
      text ??= localStorage.getItem(this.prefix + name);
      return text === null ? otherwise : (JSON.parse(text) as T);
    } catch {
      return otherwise;
    }
  }

  private write(name: string, value: unknown): void {
    const key = this.prefix + name;
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
      this.memory.delete(key);
    } catch {
      if (value === null) this.memory.delete(key);
      else this.memory.set(key, JSON.stringify(value)); // full or forbidden: at least this page remembers
    }
  }
}

// randomUUID exists only where the page came by https (or from this machine).
export function freshUuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
