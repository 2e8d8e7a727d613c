// Talking to the server's door: plain requests in, answers or one of four kinds of trouble out.

import type { Answer, Opened, Turn } from "./wire.ts";

// again: no connection, or the server can't take it now; later: too many, wait; gone: the conversation is not there
// any more; refused: this very request will never be taken.
export class Trouble extends Error {
  constructor(
    readonly kind: "again" | "later" | "gone" | "refused",
    message = "",
    readonly seconds = 0,
    readonly code = "",
  ) {
    super(message);
  }
}

export interface Held {
  conversation: string;
  secret: string;
}

const PATIENCE = 20_000;

export class Server {
  constructor(
    private readonly base: string,
    private readonly language: () => string,
  ) {}

  open(body: object): Promise<Opened> {
    return this.ask<Opened>("POST", "", "", body);
  }

  say(held: Held, id: string, answer: Answer, visitor: object): Promise<Turn> {
    const body = { id, text: answer.text, ...(answer.card && { card: answer.card }), visitor };
    return this.ask<Turn>("POST", `/${encodeURIComponent(held.conversation)}/messages`, held.secret, body);
  }

  since(held: Held, seq: number): Promise<Turn> {
    return this.ask<Turn>("GET", `/${encodeURIComponent(held.conversation)}/messages?after=${seq}`, held.secret);
  }

  identify(held: Held, token: string): Promise<{ secret: string }> {
    return this.ask("POST", `/${encodeURIComponent(held.conversation)}/identify`, held.secret, { token });
  }

  private async ask<T>(method: string, path: string, secret: string, body?: object): Promise<T> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(`${this.base}/widget/conversations${path}`, {
        method,
        signal: stop.signal,
        credentials: "omit",
        cache: "no-store",
        headers: {
          "Accept-Language": this.language(),
          ...(body && { "Content-Type": "application/json" }),
          ...(secret && { Authorization: `Bearer ${secret}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw await troubleOf(response);
      return (await response.json()) as T;
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble("again");
    } finally {
      clearTimeout(timer);
    }
  }
}

async function troubleOf(response: Response): Promise<Trouble> {
  const told = await response.json().then(
    (data) => data.error ?? {},
    () => ({}),
  );
  const message = typeof told.message === "string" ? told.message : "";
  const code = typeof told.code === "string" ? told.code : "";
  if (response.status === 429) return new Trouble("later", message, Number(told.retry_after) || 5, code);
  if (response.status >= 500 || response.status === 408) return new Trouble("again", "", 0, code);
  // Only our own door's word counts: a proxy's 404 while the server restarts must not end a conversation.
  if (response.status === 404)
    return code === "not_found" && !told.field
      ? new Trouble("gone", message, 0, code)
      : new Trouble(told.field ? "refused" : "again", message, 0, code);
  return new Trouble("refused", message, 0, code);
}
