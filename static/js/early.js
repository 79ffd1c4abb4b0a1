// Runs before the first paint, so that no page flashes in the wrong colours: a module would be too late.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    // A browser that keeps nothing shows the theme of the account.
  }
})();
