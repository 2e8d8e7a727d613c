// One display card as elements. Cards of kinds we do not know yet are passed over in silence.

import { el, freshId } from "../dom.ts";
import { safePicture } from "../safe_link.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Display } from "../wire.ts";
import type { Words } from "../words/words.ts";
import { showFile, showLinks, showPlace, showVideo } from "./links.ts";
import { showProducts, showSingleProduct } from "./products.ts";

export function showDisplay(card: Display, words: Words, around: Surroundings): HTMLElement | null {
  switch (card.card) {
    case "text":
      return said(card.text, card.image, around);
    case "image":
      return said(card.text ?? "", card.url, around);
    case "video":
      return showVideo(card, words, around);
    case "file":
      return showFile(card, words, around);
    case "links":
      return group(said(card.text ?? "", card.image, around), showLinks(card.links, words, around));
    case "articles": {
      const links = card.articles.map((article) => ({ url: article.url ?? "", text: article.title || article.id }));
      return group(said(card.text ?? "", card.image, around), showLinks(links, words, around));
    }
    case "products":
      return group(said(card.text ?? "", "", around), showProducts(card.products, words, around));
    case "single_product":
      return group(said(card.text ?? "", "", around), showSingleProduct(card, words, around));
    case "place":
      return showPlace(card, words);
    default:
      return null;
  }
}

// Words in a bubble, with a picture above them where there is one.
export function said(text: string, image: string | undefined, around: Surroundings): HTMLElement | null {
  const url = safePicture(image, around.server);
  if (!text && !url) return null;
  return el(
    "div",
    { class: url ? "bubble pictured" : "bubble", id: freshId(), dir: "auto" },
    url && el("img", { src: url, alt: text ? "" : fileName(url), loading: "lazy" }),
    ...paragraphs(text),
  );
}

function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n{2,}/)
    .filter(Boolean)
    .map((part) => el("p", {}, part));
}

function fileName(url: string): string {
  return decodeURI(new URL(url).pathname.split("/").pop() ?? "");
}

function group(...parts: (HTMLElement | null)[]): HTMLElement {
  return el("div", { class: "group" }, ...parts);
}
