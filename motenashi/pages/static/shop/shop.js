// The shop's buttons: open the chat (as somebody, in the demonstration), change between light and dark.

window.motenashi = window.motenashi || { ready: [] };

const withChat = (use) => window.motenashi.ready.push(use);

async function openChat(button, chat) {
  if (button.dataset.as !== undefined) {
    await chat.reset();
    // An address that a page claims: enough for a personal greeting, not for personal data.
    if (button.dataset.as) chat.visitor({ email: button.dataset.as });
  }
  await chat.open();
}

for (const button of document.querySelectorAll("[data-open-chat]")) {
  button.addEventListener("click", () => withChat((chat) => openChat(button, chat)));
}

function dress(theme) {
  document.documentElement.dataset.theme = theme;
  const box = document.querySelector("[data-motenashi]");
  if (box) box.dataset.theme = theme;
}

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

document.querySelector("[data-theme-switch]").addEventListener("click", () => {
  const theme = isDark() ? "light" : "dark";
  dress(theme);
  try {
    localStorage.setItem("motenashi_theme", theme);
  } catch {
    // then it holds for this page
  }
});

withChat(() => {
  if (document.documentElement.dataset.theme) dress(document.documentElement.dataset.theme);
});
