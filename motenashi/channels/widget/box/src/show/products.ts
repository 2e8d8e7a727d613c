// Products side by side, to be leafed through by finger, wheel, arrow buttons or Tab.

import { el, freshId, icon } from "../dom.ts";
import { safeLink, safePicture } from "../safe_link.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Button, ProductTile, SingleProduct } from "../wire.ts";
import type { Words } from "../words/words.ts";
import { anchor } from "./links.ts";

export function showProducts(products: ProductTile[], words: Words, around: Surroundings): HTMLElement {
  return carousel(
    products.map((product) => tile(product, words, around)),
    words.products,
    words,
  );
}

export function showSingleProduct(card: SingleProduct, words: Words, around: Surroundings): HTMLElement {
  const pictures = card.images.map(([, url], place) => picture(url, `${card.title} ${place + 1}`, around));
  return el(
    "div",
    { class: "product single" },
    pictures.length > 1 ? carousel(pictures, words.pictures, words) : pictures[0],
    el("h3", { id: freshId(), class: "bubble-title" }, card.title),
    card.subtitle && el("p", {}, card.subtitle),
    buttons(card.buttons ?? [], card.title, words, around),
  );
}

function tile(product: ProductTile, words: Words, around: Surroundings): HTMLElement {
  const url = safeLink(product.url, around.server);
  const title = url ? anchor(url, words, document.createTextNode(product.title)) : product.title;
  return el(
    "div",
    { class: "product" },
    picture(product.image, "", around),
    el("h3", {}, title),
    product.subtitle && el("p", {}, product.subtitle),
    buttons(product.buttons ?? [], product.title, words, around),
  );
}

// Decorative beside a title; with words of its own where it stands alone.
function picture(url: string | undefined, alt: string, around: Surroundings): HTMLElement {
  const safe = safePicture(url, around.server);
  return safe
    ? el("img", { src: safe, alt, loading: "lazy" })
    : el("div", { class: "no-picture", "aria-hidden": "true" });
}

function buttons(list: Button[], title: string, words: Words, around: Surroundings): HTMLElement | null {
  if (!list.length) return null;
  return el("div", { class: "product-buttons" }, ...list.map((button) => oneButton(button, title, words, around)));
}

function oneButton(button: Button, title: string, words: Words, around: Surroundings): HTMLElement {
  const described = `${button.label}: ${title}`;
  if ((button.kind ?? "url") === "url") {
    const link = anchor(safeLink(button.url, around.server), words, document.createTextNode(button.label));
    if (link instanceof HTMLAnchorElement) link.setAttribute("aria-label", described);
    return link;
  }
  const act = (): void => {
    if (button.kind === "client_action") around.act(button.client_action ?? "", { name: button.name, title });
    else around.say({ text: button.label, card: { type: "button", name: button.name, value: button.label } });
  };
  return el("button", { type: "button", class: "link", "aria-label": described, onclick: act }, button.label);
}

function carousel(items: HTMLElement[], label: string, words: Words): HTMLElement {
  // Where nothing inside takes the focus, the list does, so that arrow keys can move it.
  const still = !items.some((item) => item.querySelector("a, button"));
  const list = el(
    "ul",
    { class: "slides", "aria-label": label, tabindex: still ? 0 : null },
    ...items.map((item) => el("li", {}, item)),
  );
  if (items.length < 2) return list;
  const move = (direction: number) => (): void => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollBy({ left: direction * list.clientWidth * 0.8, behavior: calm ? "auto" : "smooth" });
  };
  return el(
    "div",
    { class: "carousel" },
    list,
    el(
      "button",
      { type: "button", class: "leaf before", "aria-label": words.before, onclick: move(-1) },
      icon("before"),
    ),
    el("button", { type: "button", class: "leaf after", "aria-label": words.after, onclick: move(1) }, icon("after")),
  );
}
