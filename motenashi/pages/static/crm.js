// Who lives here: the page /crm keeps its numbers fresh while somebody looks. Everything works without it.

const page = document.querySelector("[data-state]");
if (page) {
  const changed = page.querySelector(".crm-changed");
  const away = page.querySelector(".crm-away");

  const put = (now) => {
    for (const [name, text] of Object.entries(now.texts)) {
      for (const place of page.querySelectorAll(`[data-live="${name}"]`)) {
        if (place.textContent !== text) place.textContent = text;
      }
    }
    for (const [name, [done, expected]] of Object.entries(now.bars)) {
      const bar = page.querySelector(`[data-live-bar="${name}"]`);
      if (!bar) continue;
      bar.max = Math.max(expected, done, 1);
      bar.value = done;
    }
  };

  // Somebody who is about to press a button, or has opened something, is not interrupted; they are told. While much
  // happens, the page is not made anew all the time either.
  const atWork = () => page.contains(document.activeElement) || page.querySelector("details[open]") !== null;
  const fresh = () => performance.now() < 5000;

  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(page.dataset.state, { headers: { accept: "application/json" }, redirect: "error" });
      away.hidden = answer.ok;
      if (!answer.ok) return;
      const now = await answer.json();
      put(now);
      if (now.shape === page.dataset.shape) {
        changed.hidden = true;
      } else if (atWork()) {
        changed.hidden = false;
      } else if (!fresh()) {
        location.reload();
      }
    } catch {
      away.hidden = false;
    }
  };
  setInterval(look, 3000);
}
