// The box itself, loaded on the first opening: puts conversation and panel together and gives the page its handles.

import { Conversation } from "./conversation.ts";
import type { Page } from "./loader.ts";
import { Panel } from "./panel.ts";
import { Server } from "./server.ts";
import { Store } from "./store.ts";
import type { Entry } from "./wire.ts";
import { visitorOf } from "./visitor.ts";

export interface Box {
  open(takeFocus?: boolean): void;
  close(): void;
  reset(): Promise<void>;
  identify(token: string): Promise<void>;
  visitor(about: Record<string, unknown>): void;
}

export function start(page: Page): Box {
  const store = new Store(page.bot);
  const server = new Server(page.server, page.language);
  const listener = {
    changed: () => panel.draw(),
    arrived: (entries: Entry[]) => entries.forEach((entry) => page.emit("message", entry)),
    identified: (good: boolean) => page.emit(good ? "identified" : "identity_refused", {}),
  };
  const conversation = new Conversation(store, server, listener, {
    bot: page.bot,
    visitor: () => visitorOf(store.visitor, page.language()),
  });
  const panel: Panel = new Panel(page, conversation);
  void conversation.begin();

  return {
    open: (takeFocus = true) => panel.open(takeFocus),
    close: () => panel.close(),
    identify: (token) => conversation.identify(token),
    visitor: (about) => {
      store.visitor = { ...store.visitor, ...about };
    },
    // Another person, or the same one anew: nothing of the talk before is left in this browser.
    reset: async () => {
      panel.close();
      conversation.forget();
    },
  };
}
