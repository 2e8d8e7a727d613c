// A picture as the page tells it: the twin of motenashi/pages/voice/charts.py.

export type Values = (number | null)[];

export interface Series {
  name: string;
  colour: string;
  values: Values;
  links: string[];
  low: Values;
  high: Values;
}

export interface Bubble {
  label: string;
  x: number;
  y: number;
  colour: string;
  link: string;
  words: string;
  links: [number, number][];
}

export interface Picture {
  kind: "stack" | "bars" | "lines" | "map" | "ranges";
  says: string;
  labels: string[];
  series: Series[];
  bubbles: Bubble[];
  horizontal: boolean;
  format: "number" | "percent" | "score" | "times";
  unit: string;
  mark: [number, string] | null;
  axes: [string, string];
  ends: [string, string];
  colours: string[];
}

const language = document.documentElement.lang || "en";
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });

export function inWords(value: number, format: Picture["format"]): string {
  if (format === "percent") return `${Math.round(value * 100)}%`;
  if (format === "times") return `×${fine.format(value)}`;
  if (format === "score" && Math.round(value) > 0)
    return `+${whole.format(value)}`;
  return whole.format(value).replace("-", "−");
}
