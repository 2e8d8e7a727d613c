// The form above the numbers: acts when something is chosen, and the page says that it is counting.

export function actAtOnce(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("[data-voice-choice]");
  if (form) follow(form);
  for (const link of page.querySelectorAll<HTMLAnchorElement>(
    ".voice-tabs a, .voice-body a",
  )) {
    link.addEventListener("click", (event) => {
      if (
        event.button === 0 &&
        !event.ctrlKey &&
        !event.metaKey &&
        !event.shiftKey
      )
        counting();
    });
  }
  addEventListener("pageshow", () =>
    page.querySelector(".voice")?.classList.remove("voice-counting"),
  );
}

export function counting(): void {
  document.querySelector(".voice")?.classList.add("voice-counting");
  document
    .querySelector("[data-voice-body]")
    ?.setAttribute("aria-busy", "true");
}

function follow(form: HTMLFormElement): void {
  const period = form.querySelector<HTMLSelectElement>("select[name=period]");
  const days = [...form.querySelectorAll<HTMLInputElement>("input[type=date]")];
  const show = (): void => {
    const own = period?.value === "0";
    for (const day of days) {
      day.disabled = !own;
      if (day.parentElement) day.parentElement.hidden = !own;
    }
    form.querySelector("button")?.toggleAttribute("hidden", !own);
  };
  show();
  form.addEventListener("change", (event) => {
    show();
    // Own days are typed; they wait for the button.
    if (
      period?.value === "0" &&
      (event.target === period ||
        days.includes(event.target as HTMLInputElement))
    )
      return;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll<HTMLSelectElement>("select"))
      if (field.value === "") field.disabled = true;
    if (period?.value === "0") period.disabled = true;
    counting();
  });
  addEventListener("pageshow", () => {
    for (const field of form.querySelectorAll<HTMLSelectElement>("select"))
      field.disabled = false;
  });
}
