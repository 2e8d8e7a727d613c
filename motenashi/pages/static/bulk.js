// Who lives here: small comforts of the pages of bulk actions. Everything works without them.

// A field's name is put into the text where the cursor stood.
for (const piece of document.querySelectorAll("[data-piece]")) {
  piece.addEventListener("click", () => {
    const into = document.getElementById(piece.dataset.into);
    into.setRangeText(piece.dataset.piece, into.selectionStart, into.selectionEnd, "end");
    into.focus();
  });
}

// Who writes a new value means to set it.
for (const box of document.querySelectorAll("[data-with]")) {
  const value = document.getElementById(box.dataset.with);
  value.addEventListener("input", () => {
    box.checked = true;
  });
}

// What was wrong is seen first.
document.querySelector(".notice-bad[role=alert]")?.focus();

// How far it is, every two seconds while somebody looks; when it comes to another state, the page is made anew.
const watched = document.querySelector("[data-progress]");
if (watched) {
  const format = new Intl.NumberFormat(document.documentElement.lang);
  const show = (name, number) => {
    const place = watched.querySelector(`[data-number="${name}"]`);
    if (place) place.textContent = format.format(number);
    const bar = watched.querySelector(`[data-bar="${name}"]`);
    if (bar) bar.value = number;
  };
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(watched.dataset.progress, { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      const now = await answer.json();
      if (now.state !== watched.dataset.state || now.undo !== (watched.dataset.undo ?? now.undo)) {
        location.reload();
        return;
      }
      show("prepared", now.prepared);
      show("over", now.over);
      for (const [name, number] of Object.entries(now.counts)) show(name, number);
    } catch {
      // The server is away for a moment; the next look may well work.
    }
  };
  setInterval(look, 2000);
}
