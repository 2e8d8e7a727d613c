// Who lives here: small comforts of the staff's pages. Everything works without them.

// A flow begins in the middle of its picture; on a narrow screen, show that part first.
for (const frame of document.querySelectorAll(".graph-frame")) {
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
}

// The account menu closes like any menu: by Escape, or by a click elsewhere.
const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
