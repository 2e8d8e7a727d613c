// The view for paper opens the printer's dialogue by itself, and again by its button.

export function printAtOnce(root: Document): void {
  const button = root.querySelector<HTMLButtonElement>("[data-print]");
  if (!button) return;
  for (const folded of root.querySelectorAll<HTMLDetailsElement>("details"))
    if (!folded.closest(".menu")) folded.open = true;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  window.addEventListener("load", () => window.print(), { once: true });
}
