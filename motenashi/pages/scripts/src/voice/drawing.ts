// What each kind of picture is handed, and what all of them share.

import type { ActiveElement, ChartEvent, ChartOptions } from "chart.js";

import type { Ink } from "./colours.ts";
import type { Picture } from "./picture.ts";

export interface Drawing {
  picture: Picture;
  ink: Ink;
  narrow: boolean;
  go(link: string | undefined): void;
}

// A click on a part leads on, and the pointer says so before.
export function leads(
  of: (part: ActiveElement) => string | undefined,
  go: Drawing["go"],
): Pick<ChartOptions, "onClick" | "onHover"> {
  return {
    onClick: (_event: ChartEvent, parts: ActiveElement[]) => {
      if (parts[0]) go(of(parts[0]));
    },
    onHover: (event: ChartEvent, parts: ActiveElement[]) => {
      const target = event.native?.target;
      if (target instanceof HTMLElement)
        target.style.cursor = parts[0] && of(parts[0]) ? "pointer" : "default";
    },
  };
}

export function legend(ink: Ink, shown: boolean): object {
  return {
    display: shown,
    position: "bottom",
    labels: {
      color: ink.text,
      boxWidth: 14,
      boxHeight: 14,
      padding: 14,
      font: { size: 13 },
    },
  };
}

export function shortened(label: string, most: number): string {
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}
