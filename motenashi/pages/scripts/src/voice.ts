// Who lives here: what a script adds to the pages under /voice: pictures over their tables, and a choice that acts at
// once. Without it the tables stand open and the form has its button.

import { drawAll, redrawAll } from "./voice/charts.ts";
import { actAtOnce } from "./voice/choice.ts";

drawAll(document);
actAtOnce(document);

// Colours are those of light or dark, whichever is on; paper is always light.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  redrawAll(),
);
const chosen = document.documentElement.dataset["theme"];
addEventListener("beforeprint", () => {
  document.documentElement.dataset["theme"] = "light";
  redrawAll();
});
addEventListener("afterprint", () => {
  if (chosen === undefined) delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
  redrawAll();
});
