// Before anything is drawn: light or dark as chosen here last time, else as the system has it.
(() => {
  try {
    const chosen = localStorage.getItem("motenashi_theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // a browser without storage follows the system
  }
})();
