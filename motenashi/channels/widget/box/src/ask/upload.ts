// Files. The server takes none yet, and the card says so instead of pretending.

import { el } from "../dom.ts";
import type { Upload } from "../wire.ts";
import type { Asking } from "./card.ts";
import { cardForm } from "./form.ts";

export function askUpload(card: Upload, asking: Asking): HTMLElement {
  return cardForm(asking, {
    kind: "upload",
    parts: [el("p", { class: "note" }, asking.words.noUpload)],
    skippable: card.skippable,
  });
}
