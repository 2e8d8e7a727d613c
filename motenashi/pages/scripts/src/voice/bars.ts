// Bars: one series, or several stacked; standing over time, lying for names.

import type { ChartConfiguration, ChartDataset } from "chart.js";

import { leads, legend, shortened, type Drawing } from "./drawing.ts";
import { inWords } from "./picture.ts";

export function stack(drawing: Drawing): ChartConfiguration {
  return bar(drawing, true);
}

export function bars(drawing: Drawing): ChartConfiguration {
  return bar(drawing, false);
}

function bar(
  { picture, ink, narrow, go }: Drawing,
  stacked: boolean,
): ChartConfiguration {
  const lying = picture.horizontal;
  const datasets: ChartDataset<"bar">[] = picture.series.map((series) => ({
    label: series.name,
    data: series.values as number[],
    backgroundColor: picture.colours.length
      ? picture.colours.map((name) => ink.of(name))
      : ink.of(series.colour),
    // A gap in the colour of the ground parts the pieces, for eyes that see colours otherwise.
    borderColor: ink.surface,
    borderWidth: stacked ? (lying ? { right: 2 } : { top: 2 }) : 0,
    borderSkipped: false,
    borderRadius: stacked ? 2 : 4,
    maxBarThickness: 44,
    categoryPercentage: 0.82,
    barPercentage: 0.92,
  }));
  const names = {
    stacked,
    grid: { display: false },
    border: { color: ink.line },
    ticks: {
      color: ink.text,
      autoSkip: !lying,
      maxRotation: 0,
      font: { size: narrow ? 11 : 12 },
      callback: (_value: unknown, place: number) =>
        shortened(picture.labels[place] ?? "", narrow ? 12 : 22),
    },
  };
  const numbers = {
    stacked,
    beginAtZero: true,
    grid: { color: ink.line },
    border: { display: false },
    ticks: {
      color: ink.muted,
      precision: 0,
      maxTicksLimit: 6,
      callback: (value: unknown) => inWords(Number(value), picture.format),
    },
  };
  return {
    type: "bar",
    data: { labels: picture.labels, datasets },
    options: {
      indexAxis: lying ? "y" : "x",
      scales: { x: lying ? numbers : names, y: lying ? names : numbers },
      interaction: {
        mode: "nearest",
        axis: lying ? "y" : "x",
        intersect: true,
      },
      plugins: {
        legend: legend(ink, picture.series.length > 1),
        tooltip: {
          callbacks: {
            title: (items: { dataIndex: number }[]) =>
              picture.labels[items[0]?.dataIndex ?? 0] ?? "",
            label: (item: { dataset: { label?: string }; raw: unknown }) =>
              `${item.dataset.label ?? ""}: ${inWords(Number(item.raw), picture.format)}`,
          },
        },
      },
      ...leads(
        (part) => picture.series[part.datasetIndex]?.links[part.index],
        go,
      ),
    },
  } as ChartConfiguration;
}
