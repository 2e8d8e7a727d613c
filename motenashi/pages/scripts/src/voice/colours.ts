// Colours by the names that voice.css gives them, as the page shows them now: light-dark() is worked out by the browser.

export interface Ink {
  text: string;
  muted: string;
  line: string;
  surface: string;
  font: string;
  of(name: string): string;
  soft(name: string): string;
}

export function ink(place: HTMLElement): Ink {
  const probe = document.createElement("span");
  probe.hidden = true;
  place.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const known = new Map<string, string>();
  const of = (name: string): string => {
    const full = name.startsWith("chart-") ? name : `chart-${name}`;
    const found = known.get(full) ?? read(full);
    known.set(full, found);
    return found;
  };
  const told = {
    text: read("text"),
    muted: read("text-muted"),
    line: read("line"),
    surface: read("surface"),
    font: getComputedStyle(place).fontFamily,
  };
  for (const name of [
    "positive",
    "neutral",
    "negative",
    "rival",
    "accent",
    ...[1, 2, 3, 4, 5, 6, 7, 8].map(String),
  ])
    of(name);
  probe.remove();
  return { ...told, of, soft: (name) => withAlpha(of(name), 0.22) };
}

function withAlpha(colour: string, alpha: number): string {
  const numbers = colour.match(/[\d.]+/g) ?? ["0", "0", "0"];
  return `rgb(${numbers.slice(0, 3).join(" ")} / ${alpha})`;
}
