// The exact time beside a day shows by hover and focus (CSS); Escape puts it away until the next time.

export function tellTimes(root: Document): void {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const one of root.querySelectorAll(".moment:hover, .moment:focus"))
      one.classList.add("tip-away");
  });
  const again = (event: Event) => {
    if (event.target instanceof Element)
      event.target.closest(".moment")?.classList.remove("tip-away");
  };
  root.addEventListener("focusin", again);
  root.addEventListener("pointerover", (event) => {
    const from = event.relatedTarget;
    const one =
      event.target instanceof Element ? event.target.closest(".moment") : null;
    if (one && !(from instanceof Node && one.contains(from)))
      one.classList.remove("tip-away");
  });
}
