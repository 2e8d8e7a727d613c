// The launcher's look, and the colours every part of the box takes. A constructed sheet, so that a page's strict
// content security policy needs no exception for us.

import css from "./style/launcher.css";

export function launcherSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
