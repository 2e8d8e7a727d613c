// The map of keywords: to the right what sounds good, upwards what more customers say; lines join what is said together.

import type { Chart, ChartConfiguration, Plugin } from "chart.js";

import { leads, legend, shortened, type Drawing } from "./drawing.ts";
import { inWords, type Bubble, type Picture } from "./picture.ts";

const ROUND = [1, 10, 100, 1000, 10000, 100000].flatMap((one) => [
  one,
  2 * one,
  3 * one,
  5 * one,
  7 * one,
]);

export function keywordMap({
  picture,
  ink,
  narrow,
  go,
}: Drawing): ChartConfiguration {
  const bubbles = picture.bubbles;
  const most = Math.max(1, ...bubbles.map((one) => one.y));
  const least = Math.min(most, ...bubbles.map((one) => one.y));
  const size = (one: Bubble): number =>
    (narrow ? 4 : 6) + (narrow ? 9 : 16) * Math.sqrt(one.y / most);
  return {
    type: "bubble",
    data: {
      datasets: [
        {
          data: bubbles.map((one) => ({ x: one.x, y: one.y, r: size(one) })),
          backgroundColor: bubbles.map((one) => ink.soft(one.colour)),
          borderColor: bubbles.map((one) => ink.of(one.colour)),
          borderWidth: 1.5,
          pointStyle: bubbles.map((one) =>
            one.colour === "rival" ? "rectRot" : "circle",
          ),
        },
      ],
    },
    options: {
      layout: { padding: { top: 24, right: narrow ? 8 : 40, left: 4 } },
      scales: {
        x: {
          min: -1.08,
          max: 1.08,
          title: {
            display: true,
            text: `← ${picture.ends[0]}   ${picture.axes[0]}   ${picture.ends[1]} →`,
            color: ink.muted,
          },
          grid: {
            color: (item: { tick: { value: number } }) =>
              item.tick.value === 0 ? ink.muted : ink.line,
          },
          border: { display: false },
          ticks: { display: false, stepSize: 0.5 },
          afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
            axis.ticks = [-1, -0.5, 0, 0.5, 1].map((value) => ({ value }));
          },
        },
        y: {
          type: "logarithmic",
          min: Math.max(0.7, least / 1.5),
          max: most * 1.7,
          title: { display: !narrow, text: picture.axes[1], color: ink.muted },
          grid: { color: ink.line },
          border: { display: false },
          ticks: {
            color: ink.muted,
            callback: (value: unknown) => inWords(Number(value), "number"),
          },
          afterBuildTicks: (axis: {
            min: number;
            max: number;
            ticks: { value: number }[];
          }) => {
            axis.ticks = ROUND.filter(
              (one) => one >= axis.min && one <= axis.max,
            ).map((value) => ({ value }));
          },
        },
      },
      plugins: {
        legend: legend(ink, false),
        tooltip: {
          callbacks: {
            title: (items: { dataIndex: number }[]) =>
              bubbles[items[0]?.dataIndex ?? -1]?.label ?? "",
            label: (item: { dataIndex: number }) =>
              bubbles[item.dataIndex]?.words ?? "",
          },
        },
      },
      ...leads((part) => bubbles[part.index]?.link, go),
    },
    plugins: [
      joins(picture, ink.muted),
      names(picture, ink.text, ink.surface, ink.font, narrow),
    ],
  } as ChartConfiguration;
}

type Place = { x: number; y: number; options?: { radius?: number } };

function places(chart: Chart): Place[] {
  return chart.getDatasetMeta(0).data as unknown as Place[];
}

function joins(picture: Picture, colour: string): Plugin {
  const most = Math.max(
    1,
    ...picture.bubbles.flatMap((one) => one.links.map((link) => link[1])),
  );
  return {
    id: "joins",
    beforeDatasetsDraw(chart: Chart) {
      const at = places(chart);
      const pen = chart.ctx;
      pen.save();
      pen.strokeStyle = colour;
      picture.bubbles.forEach((one, place) => {
        for (const [other, customers] of one.links) {
          const [from, to] = [at[place], at[other]];
          if (!from || !to) continue;
          pen.globalAlpha = 0.12 + (0.4 * customers) / most;
          pen.lineWidth = 0.75 + (2.5 * customers) / most;
          pen.beginPath();
          pen.moveTo(from.x, from.y);
          pen.lineTo(to.x, to.y);
          pen.stroke();
        }
      });
      pen.restore();
    },
  };
}

// The most said ones get their names first; a name that would lie over another is left to the pointer and the table.
function names(
  picture: Picture,
  colour: string,
  ground: string,
  font: string,
  narrow: boolean,
): Plugin {
  return {
    id: "names",
    afterDatasetsDraw(chart: Chart) {
      const pen = chart.ctx;
      const taken: {
        left: number;
        top: number;
        right: number;
        bottom: number;
      }[] = [];
      pen.save();
      pen.font = `${narrow ? 11 : 12}px ${font}`;
      pen.textBaseline = "middle";
      pen.lineWidth = 4;
      pen.lineJoin = "round";
      places(chart).forEach((at, place) => {
        const label = shortened(
          picture.bubbles[place]?.label ?? "",
          narrow ? 12 : 24,
        );
        const wide = pen.measureText(label).width;
        const radius = at.options?.radius ?? 8;
        for (const [dx, dy] of [
          [-wide / 2, -radius - 9],
          [-wide / 2, radius + 9],
          [radius + 5, 0],
          [-wide - radius - 5, 0],
        ] as const) {
          const left = at.x + dx;
          const box = {
            left: left - 3,
            right: left + wide + 3,
            top: at.y + dy - 9,
            bottom: at.y + dy + 9,
          };
          const inside =
            box.left >= 0 &&
            box.right <= chart.width &&
            box.top >= 0 &&
            box.bottom <= chart.chartArea.bottom;
          if (
            !inside ||
            taken.some(
              (one) =>
                one.left < box.right &&
                box.left < one.right &&
                one.top < box.bottom &&
                box.top < one.bottom,
            )
          )
            continue;
          taken.push(box);
          pen.strokeStyle = ground;
          pen.strokeText(label, left, at.y + dy);
          pen.fillStyle = colour;
          pen.fillText(label, left, at.y + dy);
          break;
        }
      });
      pen.restore();
    },
  };
}
