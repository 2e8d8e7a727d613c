// The strip of all the time: shows which part of it is on the screen, and goes where somebody points.

import type { LongLine } from "./long_line.ts";

export function followStrip(root: Document, line: LongLine): void {
  const strip = root.querySelector<HTMLElement>("[data-strip]");
  const part = strip?.querySelector<SVGRectElement>("[data-strip-window]");
  if (!strip || !part) return;
  const begins = Number(strip.dataset["begins"]);
  const span = Number(strip.dataset["ends"]) - begins || 1;
  const place = (moment: string) =>
    Math.min(
      100,
      Math.max(0, (100 * (Date.parse(moment) / 1000 - begins)) / span),
    );

  line.watch(() => {
    const seen = line.onScreen();
    if (!seen) return;
    const [right, left] = [place(seen[0]), place(seen[1])];
    const width = Math.max(0.8, right - left);
    part.setAttribute("x", `${Math.min(left, 100 - width)}%`);
    part.setAttribute("width", `${width}%`);
  });

  strip.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in another tab
    const link =
      event.target instanceof Element ? event.target.closest("a") : null;
    if (!link) return;
    const address = link.getAttribute("href") ?? "";
    const day = new URL(address, location.href).searchParams.get("at");
    if (!day) return;
    event.preventDefault();
    void line.goToDay(day).then((found) => {
      if (!found) location.assign(address);
    });
  });
}
