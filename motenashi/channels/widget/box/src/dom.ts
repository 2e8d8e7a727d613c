// Making elements. Text only ever becomes text nodes: nothing in this box parses HTML.

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

let counter = 0;

// An id that is unique within the box, for labels and descriptions.
export const freshId = (): string => `m${++counter}`;

// `class`, attributes and `onclick`-like listeners; true sets an empty attribute, false and null leave it out.
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

const ICONS: Record<string, string> = {
  close: "M6 6l12 12M18 6L6 18",
  again: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5",
  send: "M4 12l16-8-6 16-3-6.5z",
  before: "M15 5l-7 7 7 7",
  after: "M9 5l7 7-7 7",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  link: "M14 5h5v5M19 5l-8 8M11 6H6v12h12v-5",
  place: "M12 21c4-5 6-8 6-11a6 6 0 1 0-12 0c0 3 2 6 6 11zM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4",
  play: "M8 5l11 7-11 7z",
  star: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z",
  up: "M7 11v9H4v-9zM7 11l4-8c1.600 0 2.500 1 2.200 2.600L12.600 9H19c1.200 0 2 1 1.700 2.200l-1.700 7c-.3 1.100-1.100 1.800-2.200 1.800H7",
  down: "M17 13V4h3v9zM17 13l-4 8c-1.600 0-2.500-1-2.200-2.600l.6-3.400H5c-1.200 0-2-1-1.700-2.200l1.700-7C5.300 4.700 6.100 4 7.200 4H17",
};

export function icon(name: keyof typeof ICONS | string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name] ?? "");
  svg.append(path);
  return svg;
}

export const hidden = (text: string): HTMLElement => el("span", { class: "unseen" }, text);
