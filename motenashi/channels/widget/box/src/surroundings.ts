// What a card in the log or the tray may do to the world.

import type { Answer } from "./wire.ts";

export interface Surroundings {
  server: string; // what relative addresses belong to
  say(answer: Answer): void;
  act(name: string, data: unknown): void; // a function the page registered in motenashi.clientActions
}
