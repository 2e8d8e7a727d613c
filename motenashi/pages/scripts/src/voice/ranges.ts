// Values with their intervals, lying: a bar from low to high, a mark at the value, and a line to compare with.

import type { Chart, ChartConfiguration, Plugin } from "chart.js";

import { leads, legend, shortened, type Drawing } from "./drawing.ts";
import { inWords, type Picture } from "./picture.ts";

export function ranges({
  picture,
  ink,
  narrow,
  go,
}: Drawing): ChartConfiguration {
  const series = picture.series[0];
  if (!series) return { type: "bar", data: { labels: [], datasets: [] } };
  const colour = (place: number): string =>
    picture.colours[place] ?? series.colour;
  const told = (place: number): string => {
    const [value, low, high] = [
      series.values[place],
      series.low[place],
      series.high[place],
    ];
    if (value == null || low == null || high == null) return "";
    return `${inWords(value, picture.format)} (${inWords(low, picture.format)} – ${inWords(high, picture.format)})`;
  };
  return {
    type: "bar",
    data: {
      labels: picture.labels,
      datasets: [
        {
          label: series.name,
          data: series.values.map(
            (_value, place) =>
              [series.low[place], series.high[place]] as [number, number],
          ),
          backgroundColor: series.values.map((_value, place) =>
            ink.soft(colour(place)),
          ),
          borderColor: series.values.map((_value, place) =>
            ink.of(colour(place)),
          ),
          borderWidth: 1,
          borderSkipped: false,
          borderRadius: 4,
          maxBarThickness: 16,
        },
      ],
    },
    options: {
      indexAxis: "y",
      layout: { padding: { top: picture.mark?.[1] ? 18 : 0 } },
      scales: {
        x: scale(picture, series.low, series.high, ink),
        y: {
          grid: { display: false },
          border: { color: ink.line },
          ticks: {
            color: ink.text,
            autoSkip: false,
            font: { size: narrow ? 11 : 12 },
            callback: (_value: unknown, place: number) =>
              shortened(picture.labels[place] ?? "", narrow ? 14 : 34),
          },
        },
      },
      plugins: {
        legend: legend(ink, false),
        tooltip: {
          callbacks: {
            label: (item: { dataIndex: number }) => told(item.dataIndex),
          },
        },
      },
      ...leads((part) => series.links[part.index], go),
    },
    plugins: [
      marks(picture, ink.text, ink.muted, ink.font, (place) =>
        ink.of(colour(place)),
      ),
    ],
  } as ChartConfiguration;
}

function scale(
  picture: Picture,
  low: (number | null)[],
  high: (number | null)[],
  ink: Drawing["ink"],
): object {
  const ticks = {
    color: ink.muted,
    callback: (value: unknown) => inWords(Number(value), picture.format),
  };
  const shared = { grid: { color: ink.line }, border: { display: false } };
  if (picture.format === "percent")
    return { ...shared, min: 0, max: 1, ticks: { ...ticks, stepSize: 0.25 } };
  if (picture.format !== "times")
    return { ...shared, suggestedMin: -100, suggestedMax: 100, ticks };
  const least = Math.min(
    0.5,
    ...low.filter((one): one is number => one !== null && one > 0),
  );
  const most = Math.max(
    2,
    ...high.filter((one): one is number => one !== null),
  );
  return {
    ...shared,
    type: "logarithmic",
    min: least / 1.1,
    max: most * 1.1,
    ticks: { ...ticks, maxRotation: 0, autoSkip: true },
    afterBuildTicks: (axis: {
      min: number;
      max: number;
      ticks: { value: number }[];
    }) => {
      axis.ticks = ROUND.filter(
        (one) => one >= axis.min && one <= axis.max,
      ).map((value) => ({ value }));
    },
  };
}

const ROUND = [0.1, 0.2, 0.33, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50];

function marks(
  picture: Picture,
  text: string,
  muted: string,
  font: string,
  colour: (place: number) => string,
): Plugin {
  return {
    id: "marks",
    afterDatasetsDraw(chart: Chart) {
      const x = chart.scales["x"];
      const y = chart.scales["y"];
      if (!x || !y) return;
      const pen = chart.ctx;
      pen.save();
      if (picture.mark)
        line(
          pen,
          x.getPixelForValue(picture.mark[0]),
          chart.chartArea,
          picture.mark[1],
          muted,
          font,
        );
      picture.series[0]?.values.forEach((value, place) => {
        if (value === null) return;
        pen.fillStyle = colour(place);
        pen.strokeStyle = text;
        pen.lineWidth = 1.5;
        pen.beginPath();
        pen.arc(
          x.getPixelForValue(value),
          y.getPixelForValue(place),
          5,
          0,
          2 * Math.PI,
        );
        pen.fill();
        pen.stroke();
      });
      pen.restore();
    },
  };
}

function line(
  pen: CanvasRenderingContext2D,
  at: number,
  area: Chart["chartArea"],
  name: string,
  colour: string,
  font: string,
): void {
  pen.strokeStyle = colour;
  pen.setLineDash([4, 3]);
  pen.beginPath();
  pen.moveTo(at, area.top);
  pen.lineTo(at, area.bottom);
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = colour;
  pen.font = `12px ${font}`;
  const half = pen.measureText(name).width / 2;
  pen.fillText(
    name,
    Math.min(Math.max(at - half, 0), pen.canvas.clientWidth - 2 * half - 2),
    area.top - 6,
  );
}
