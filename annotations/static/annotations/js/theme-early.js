// Runs before the first paint, so that a page kept dark does not flash white. theme.js keeps the choice.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the page follows the system.
}
