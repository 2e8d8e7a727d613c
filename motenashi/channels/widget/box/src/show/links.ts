// What leads elsewhere: links, files, videos, places.

import { el, freshId, hidden, icon } from "../dom.ts";
import { safeLink, safePicture } from "../safe_link.ts";
import type { Surroundings } from "../surroundings.ts";
import type { FileCard, Link, Place, Video } from "../wire.ts";
import type { Words } from "../words/words.ts";

const VIDEO_FILE = /\.(mp4|webm|ogv|mov|m4v)$/i;

export function showLinks(links: Link[], words: Words, around: Surroundings): HTMLElement {
  return el("ul", { class: "links" }, ...links.map((link) => el("li", {}, oneLink(link, words, around))));
}

function oneLink(link: Link, words: Words, around: Surroundings): HTMLElement {
  const url = safeLink(link.url, around.server);
  const text = link.text || url;
  const picture = safePicture(link.icon, around.server);
  const sign = picture ? el("img", { src: picture, alt: "", loading: "lazy" }) : icon("link");
  return anchor(url, words, sign, el("span", { dir: "auto" }, text));
}

// A page of the same site opens here, where the box opens again with it; everything else in a new tab.
export function anchor(url: string, words: Words, ...children: Node[]): HTMLElement {
  if (!url) return el("span", { class: "link" }, ...children);
  if (new URL(url).origin === location.origin) return el("a", { class: "link", href: url }, ...children);
  return el(
    "a",
    { class: "link", href: url, target: "_blank", rel: "noopener noreferrer" },
    ...children,
    hidden(` (${words.newTab})`),
  );
}

export function showFile(card: FileCard, words: Words, around: Surroundings): HTMLElement {
  const url = safeLink(card.url, around.server);
  const name = card.name || decodeURI(url ? (new URL(url).pathname.split("/").pop() ?? "") : "") || words.download;
  return el(
    "div",
    { class: "group" },
    card.text && el("p", { class: "bubble", id: freshId(), dir: "auto" }, card.text),
    el("div", { class: "links" }, anchor(url, words, icon("file"), el("span", { dir: "auto" }, name))),
  );
}

// A video file plays here; a page of a video service is a link, since no page asked for that service's scripts.
export function showVideo(card: Video, words: Words, around: Surroundings): HTMLElement {
  const url = safePicture(card.url, around.server);
  const isFile = url && VIDEO_FILE.test(new URL(url).pathname);
  const label = card.text || words.watch;
  const video = isFile
    ? el("video", { src: url, controls: true, preload: "none", "aria-label": label, playsinline: true })
    : el("div", { class: "links" }, anchor(url, words, icon("play"), el("span", {}, words.watch)));
  return el(
    "div",
    { class: "group" },
    card.text && el("p", { class: "bubble", id: freshId(), dir: "auto" }, card.text),
    video,
  );
}

export function showPlace(card: Place, words: Words): HTMLElement {
  const where = `${card.latitude.toFixed(5)}, ${card.longitude.toFixed(5)}`;
  const url = `https://www.openstreetmap.org/?mlat=${card.latitude}&mlon=${card.longitude}#map=16/${card.latitude}/${card.longitude}`;
  return el(
    "div",
    { class: "group" },
    el("p", { class: "bubble", id: freshId(), dir: "auto" }, card.label || where),
    el("div", { class: "links" }, anchor(url, words, icon("place"), el("span", {}, words.openMap))),
  );
}
