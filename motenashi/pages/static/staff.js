// Who lives here: small comforts of the staff's pages. Everything works without them.

// A flow begins in the middle of its picture; on a narrow screen, show that part first.
for (const frame of document.querySelectorAll(".graph-frame")) {
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
}

// A menu of the header closes like any menu: by Escape, or by a click elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Somebody who chooses from a list need not press a button as well.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// Advice that is being worked out is there in seconds: look again a few times, each time a little later.
if (document.querySelector("[data-look-again]")) {
  const looks = Number(sessionStorage.getItem(location.pathname) ?? 0);
  if (looks < 6) {
    sessionStorage.setItem(location.pathname, String(looks + 1));
    setTimeout(() => location.reload(), 2000 + 1000 * looks);
  }
} else {
  sessionStorage.removeItem(location.pathname);
}
