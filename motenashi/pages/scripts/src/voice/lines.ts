// Lines over time, each with a dash and a point of its own; a series with an interval lies in a band.

import type { ChartConfiguration, ChartDataset } from "chart.js";

import { leads, legend, type Drawing } from "./drawing.ts";
import { inWords } from "./picture.ts";

const dashes = [[], [6, 4], [2, 3], [10, 4, 2, 4], [1, 3], [14, 4]];
const points = [
  "circle",
  "rectRot",
  "triangle",
  "rect",
  "star",
  "crossRot",
] as const;

export function lines({
  picture,
  ink,
  narrow,
  go,
}: Drawing): ChartConfiguration {
  const datasets: ChartDataset<"line">[] = [];
  const links: (string[] | undefined)[] = [];
  picture.series.forEach((series, place) => {
    const colour = ink.of(series.colour);
    if (series.low.length) {
      const hidden = {
        pointRadius: 0,
        pointHitRadius: 0,
        borderWidth: 0,
        spanGaps: true,
      };
      datasets.push({
        label: "",
        data: series.low as number[],
        ...hidden,
        fill: false,
      });
      datasets.push({
        label: "",
        data: series.high as number[],
        ...hidden,
        fill: "-1",
        backgroundColor: ink.soft(series.colour),
      });
      links.push(undefined, undefined);
    }
    datasets.push({
      label: series.name,
      data: series.values as number[],
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2.2,
      borderDash: dashes[place % dashes.length] ?? [],
      pointStyle: points[place % points.length] ?? "circle",
      pointRadius: 4,
      pointHoverRadius: 6,
      spanGaps: true,
      fill: false,
    });
    links.push(series.links);
  });
  return {
    type: "line",
    data: { labels: picture.labels, datasets },
    options: {
      scales: {
        x: {
          grid: { display: false },
          border: { color: ink.line },
          ticks: {
            color: ink.text,
            maxRotation: 0,
            autoSkipPadding: 12,
            font: { size: narrow ? 11 : 12 },
          },
        },
        y: {
          beginAtZero: picture.format === "number",
          grid: {
            color: (tick: { tick: { value: number } }) =>
              picture.mark && tick.tick.value === picture.mark[0]
                ? ink.muted
                : ink.line,
          },
          border: { display: false },
          ticks: {
            color: ink.muted,
            maxTicksLimit: 6,
            ...(picture.format === "number" ? { precision: 0 } : {}),
            callback: (value: unknown) =>
              inWords(Number(value), picture.format),
          },
        },
      },
      interaction: { mode: "nearest", axis: "xy", intersect: false },
      plugins: {
        legend: {
          ...legend(ink, picture.series.length > 1),
          labels: {
            color: ink.text,
            usePointStyle: true,
            boxWidth: 10,
            boxHeight: 9,
            padding: 14,
            font: { size: 13 },
            filter: (item: { text: string }) => item.text !== "",
          },
        },
        tooltip: {
          filter: (item: { dataset: { label?: string } }) =>
            Boolean(item.dataset.label),
          callbacks: {
            label: (item: { dataset: { label?: string }; raw: unknown }) =>
              `${item.dataset.label ?? ""}: ${inWords(Number(item.raw), picture.format)}`,
          },
        },
      },
      ...leads((part) => links[part.datasetIndex]?.[part.index], go),
    },
  } as ChartConfiguration;
}
