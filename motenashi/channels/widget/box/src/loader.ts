// What a page loads before anybody clicks: the launcher button and window.motenashi. The box itself (chat.ts) comes
// with the first opening, or at once when a talk was open before a reload or words still wait to be sent.

import type { Box } from "./chat.ts";
import { launcherSheet } from "./launcher_style.ts";
import type { Site, Visits } from "./visits.ts";

declare const CHAT_FILE: string; // put in by the build
declare const VISITS_FILE: string;

type Listener = (data: unknown) => void;
type Ready = (chat: Api) => void;

export interface Api {
  open(): Promise<void>;
  close(): void;
  reset(): Promise<void>;
  identify(token: string): Promise<void>;
  visitor(about: Record<string, unknown>): void;
  on(event: string, listener: Listener): () => void;
  clientActions: Record<string, (data: unknown) => void>;
  visits(agreed: boolean): void; // for a site's own consent tool: yes or no to noting which pages are looked at
  language: string;
  ready: { push(fn: Ready): void } | Ready[];
}

export interface Page {
  root: ShadowRoot;
  host: HTMLElement;
  launcher: HTMLButtonElement;
  server: string;
  bot: string;
  title: string;
  api: Api;
  language(): string;
  emit(event: string, data: unknown): void;
}

const script = (document.currentScript ?? document.querySelector('script[src*="/widget.js"]')) as HTMLScriptElement;
const server = new URL(script.src).origin;
const bot = script.dataset.bot ?? "storefront";
const openKey = `motenashi:${bot}:open`;

// data-lang on the script, else the page's own language, else the browser's.
function language(): string {
  return api.language || script.dataset.lang || document.documentElement.lang || navigator.language || "en";
}

function remembered(): boolean {
  try {
    const waiting = Object.keys(localStorage).some((key) => key.startsWith(`motenashi:${bot}:out:`));
    return waiting || sessionStorage.getItem(openKey) === "1";
  } catch {
    return false;
  }
}

const listeners = new Map<string, Set<Listener>>();
const queued: { visitor: Record<string, unknown>[]; token: string } = { visitor: [], token: "" };
let box: Promise<Box> | null = null;

// Only a page that asks for it (data-visits="ask" or "site"), and no browser that says it does not want it.
const wantsVisits =
  !!script.dataset.visits &&
  navigator.doNotTrack !== "1" &&
  !(navigator as unknown as { globalPrivacyControl?: boolean }).globalPrivacyControl;
const tracker = wantsVisits
  ? import(`${server}/widget/${VISITS_FILE}`).then((module: { watch(site: Site): Visits }) =>
      module.watch({ server, bot, asks: script.dataset.visits === "ask", language }),
    )
  : null;
tracker?.catch(() => undefined); // switched off at the server: the chat goes on without

const api: Api = {
  language: "",
  clientActions: {},
  ready: [],
  open: async () => (await load()).open(),
  close: () => void box?.then((it) => it.close()),
  reset: async () => (await load()).reset(),
  visits: (agreed) => void tracker?.then((it) => it.answer(agreed)),
  identify: async (token) => {
    queued.token = token;
    if (box) await (await box).identify(token);
  },
  visitor: (about) => {
    queued.visitor.push(about);
    void box?.then((it) => it.visitor(about));
  },
  on: (event, listener) => {
    const those = listeners.get(event) ?? new Set();
    listeners.set(event, those.add(listener));
    return () => void those.delete(listener);
  },
};

function emit(event: string, data: unknown): void {
  for (const listener of listeners.get(event) ?? []) {
    try {
      listener(data);
    } catch (error) {
      console.error(error); // the page's own mistake must not stop the talk
    }
  }
}

function load(): Promise<Box> {
  launcher.setAttribute("aria-busy", "true");
  box ??= import(`${server}/widget/${CHAT_FILE}`)
    .then((module: { start(page: Page): Box }) => {
      const it = module.start(page);
      for (const about of queued.visitor) it.visitor(about);
      if (queued.token) void it.identify(queued.token);
      return it;
    })
    .catch((error: unknown) => {
      box = null; // the next click tries again
      throw error;
    })
    .finally(() => launcher.removeAttribute("aria-busy"));
  return box;
}

const host = document.createElement("div");
const root = host.attachShadow({ mode: "open" });
const launcher = document.createElement("button");
const page: Page = { root, host, launcher, server, bot, title: script.dataset.title ?? "", api, language, emit };

function draw(): void {
  const japanese = language().toLowerCase().startsWith("ja");
  const label = document.createElement("span");
  label.textContent = script.dataset.label ?? (japanese ? "チャットで相談" : "Chat with us");
  const bubble = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  bubble.setAttribute("viewBox", "0 0 24 24");
  bubble.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M4 5h16v11h-8l-5 4v-4H4z");
  bubble.append(path);
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.lang = japanese ? "ja" : "en";
  launcher.setAttribute("aria-haspopup", "dialog");
  launcher.setAttribute("aria-expanded", "false");
  launcher.append(bubble, label);
  launcher.addEventListener("click", () => void api.open());
  root.adoptedStyleSheets = [launcherSheet()];
  root.append(launcher);
  host.dataset.motenashi = "";
  if (script.dataset.theme) host.dataset.theme = script.dataset.theme;
  document.body.append(host);
}

// The page may have put functions into window.motenashi.ready before we came.
function greet(): void {
  const holder = window as unknown as { motenashi?: Partial<Api> };
  const early = holder.motenashi?.ready;
  Object.assign(api.clientActions, holder.motenashi?.clientActions);
  if (holder.motenashi?.language) api.language = holder.motenashi.language;
  api.ready = { push: (fn: Ready) => fn(api) };
  holder.motenashi = api;
  draw();
  if (Array.isArray(early)) for (const fn of early) fn(api);
  if (!remembered()) return;
  void load().then((it) => {
    if (sessionStorage.getItem(openKey) === "1") it.open(false);
  });
}

if (document.body) greet();
else document.addEventListener("DOMContentLoaded", greet);
