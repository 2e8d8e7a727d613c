// Who lives here: what a script adds to the page of a timeline. Without it the first rows, the links and the form do the
// same, a page at a time.

import { tellTimes } from "./timeline/tips.ts";
import { followStrip } from "./timeline/strip.ts";
import { LongLine } from "./timeline/long_line.ts";
import { printAtOnce } from "./timeline/paper.ts";

tellTimes(document);
printAtOnce(document);

const list = document.querySelector<HTMLOListElement>("[data-lines]");
if (list) {
  const line = new LongLine(list);
  line.begin();
  followStrip(document, line);
}
