// Which pages a visitor looks at, and for how long: only after a yes, told to our own server, under a number that this
// browser made up. Nothing about the browser is read, and a no forgets the number here and there.

import css from "./style/visits.css";

export interface Site {
  server: string;
  bot: string;
  asks: boolean; // we ask; else the site's own tool does, by motenashi.visits(true)
  language(): string;
}

export interface Visits {
  answer(agreed: boolean): void;
}

const ANSWER = "motenashi:visits"; // the number after a yes, "no" after a no
const BEAT = 30_000; // ms between two words about a page that is still looked at

const WORDS = {
  en: {
    ask: "May we note which pages you look at, so that our advice fits what you need? Only we see it, and you can say no at any time.",
    yes: "Yes",
    no: "No, thanks",
    name: "Your choice about visits",
  },
  ja: {
    ask: "ご案内の参考に、ご覧になったページを記録してもよろしいですか。当社だけが利用し、いつでもお断りいただけます。",
    yes: "はい",
    no: "いいえ",
    name: "閲覧記録についての確認",
  },
};

function kept(): string {
  try {
    return localStorage.getItem(ANSWER) ?? "";
  } catch {
    return "no"; // where nothing can be kept, a yes can't either
  }
}

function keep(answer: string): boolean {
  try {
    localStorage.setItem(ANSWER, answer);
    return true;
  } catch {
    return false;
  }
}

function number(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The conversation of this browser, with the secret that proves it is ours.
function held(bot: string): { conversation?: string; secret?: string } {
  try {
    return (JSON.parse(localStorage.getItem(`motenashi:${bot}:held`) ?? "null") as object | null) ?? {};
  } catch {
    return {};
  }
}

export function watch(site: Site): Visits {
  let stop: (() => void) | null = null;
  let bar: HTMLElement | null = null;

  const send = (method: "POST" | "DELETE", body: object): void => {
    const init = {
      method,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
      keepalive: true,
    };
    fetch(`${site.server}/widget/visits`, init).catch(() => undefined); // a visit not told is a visit not told
  };

  // One look at the page that is open now; ends when the address changes or the answer does.
  function look(browser: string): (telling: boolean) => void {
    const view = number();
    const page = location.pathname;
    let visible = document.visibilityState === "visible" ? Date.now() : 0;
    let spent = 0;
    const tell = (): void => {
      if (visible) {
        spent += Date.now() - visible;
        visible = Date.now();
      }
      const { conversation = "", secret = "" } = held(site.bot);
      const seconds = Math.round(spent / 1000);
      send("POST", { browser, view, page, title: document.title, seconds, agreed: true, conversation, secret });
    };
    const turned = (): void => {
      if (document.visibilityState === "hidden") {
        tell();
        visible = 0;
      } else visible = Date.now();
    };
    const beat = setInterval(() => visible && tell(), BEAT);
    document.addEventListener("visibilitychange", turned);
    tell();
    return (telling) => {
      clearInterval(beat);
      document.removeEventListener("visibilitychange", turned);
      if (visible && telling) tell();
    };
  }

  function begin(browser: string): void {
    let path = location.pathname;
    let end = look(browser);
    // Pages that change without being loaded anew.
    const moved = setInterval(() => {
      if (location.pathname === path) return;
      path = location.pathname;
      end(true);
      end = look(browser);
    }, 1_000);
    stop = () => {
      clearInterval(moved);
      end(false); // after a no not one word more
    };
  }

  function answer(agreed: boolean): void {
    bar?.remove();
    bar = null;
    const before = kept();
    if (agreed) {
      if (stop) return;
      const browser = before && before !== "no" ? before : number();
      if (keep(browser)) begin(browser);
      return;
    }
    stop?.();
    stop = null;
    keep("no");
    if (before && before !== "no") send("DELETE", { browser: before });
  }

  function ask(): void {
    const words = WORDS[site.language().toLowerCase().startsWith("ja") ? "ja" : "en"];
    bar = document.createElement("div");
    const root = bar.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const box = document.createElement("section");
    box.setAttribute("aria-label", words.name);
    const text = document.createElement("p");
    text.textContent = words.ask;
    const buttons = document.createElement("div");
    for (const agreed of [false, true]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = agreed ? words.yes : words.no;
      button.addEventListener("click", () => answer(agreed));
      buttons.append(button);
    }
    box.append(text, buttons);
    root.append(box);
    bar.dataset.motenashiVisits = "";
    document.body.append(bar);
  }

  const before = kept();
  if (before && before !== "no") begin(before);
  else if (!before && site.asks) {
    if (document.body) ask();
    else document.addEventListener("DOMContentLoaded", ask);
  }
  return { answer };
}
