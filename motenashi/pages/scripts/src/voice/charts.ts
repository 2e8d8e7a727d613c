// Draws every picture of a page with Chart.js: one configuration a kind of picture, in the colours of the page.

import {
  BarController,
  BarElement,
  BubbleController,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartConfiguration,
} from "chart.js";

import { bars, stack } from "./bars.ts";
import { counting } from "./choice.ts";
import { ink } from "./colours.ts";
import { lines } from "./lines.ts";
import { keywordMap } from "./map.ts";
import type { Picture } from "./picture.ts";
import { ranges } from "./ranges.ts";
import type { Drawing } from "./drawing.ts";

Chart.register(
  BarController,
  BarElement,
  BubbleController,
  CategoryScale,
  Filler,
  Legend,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  Tooltip,
);

const kinds: Record<Picture["kind"], (drawing: Drawing) => ChartConfiguration> =
  {
    stack,
    bars,
    lines,
    map: keywordMap,
    ranges,
  };
const drawn: { chart: Chart; place: HTMLElement; picture: Picture }[] = [];

export function drawAll(page: Document): void {
  for (const place of page.querySelectorAll<HTMLElement>("[data-chart]")) {
    const told = place.querySelector(
      "script[type='application/json']",
    )?.textContent;
    const canvas = place.querySelector("canvas");
    if (!told || !canvas) continue;
    const picture = JSON.parse(told) as Picture;
    place.classList.add("chart-drawn");
    fit(place, picture);
    drawn.push({ chart: draw(place, canvas, picture), place, picture });
  }
  for (const table of page.querySelectorAll<HTMLDetailsElement>(
    "[data-as-table]",
  ))
    table.open = false;
}

export function redrawAll(): void {
  for (const one of drawn) {
    const canvas = one.chart.canvas;
    one.chart.destroy();
    one.chart = draw(one.place, canvas, one.picture);
  }
}

// Bars that lie need as much height as there are of them.
function fit(place: HTMLElement, picture: Picture): void {
  if (!picture.horizontal) return;
  const legend = picture.series.length > 1 ? 40 : 0;
  place.style.height = `${Math.max(140, picture.labels.length * 34 + 44 + legend)}px`;
}

function draw(
  place: HTMLElement,
  canvas: HTMLCanvasElement,
  picture: Picture,
): Chart {
  const colours = ink(place);
  const config = kinds[picture.kind]({
    picture,
    ink: colours,
    narrow: place.clientWidth < 480,
    go,
  });
  Chart.defaults.font.family = colours.font;
  Chart.defaults.color = colours.muted;
  config.options = {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    ...config.options,
  };
  return new Chart(canvas, config);
}

function go(link: string | undefined): void {
  if (!link) return;
  counting();
  location.assign(link);
}
