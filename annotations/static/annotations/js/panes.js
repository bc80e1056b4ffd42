/** The panes of a page, [data-pane]: F6 goes round them, and on a narrow screen a button brings the list. */

/**
 * Moves focus to the next pane that is shown.
 * @param {1 | -1} step
 */
export function nextPane(step) {
  const panes = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-pane]"))].filter(
    (pane) => pane.checkVisibility(),
  );
  if (!panes.length) return false;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(Math.max(at, step > 0 ? -1 : 0) + step + panes.length) % panes.length]?.focus();
  return true;
}

/**
 * A list that stands beside the text when there is room and comes in over it when there is not.
 * @param {HTMLElement} grid gets the class "listing" while the list is in
 * @param {HTMLElement} button
 * @param {HTMLElement} list
 * @returns {() => boolean} puts the list away; false when it was not in
 */
export function drawer(grid, button, list) {
  /** @param {boolean} open */
  const set = (open) => {
    grid.classList.toggle("listing", open);
    button.ariaExpanded = String(open);
  };
  const close = () => {
    if (!grid.classList.contains("listing")) return false;
    set(false);
    if (button.checkVisibility()) button.focus();
    return true;
  };
  button.addEventListener("click", () => {
    if (close()) return;
    set(true);
    /** @type {HTMLElement | null} */ (
      list.querySelector(".row[aria-current]") ?? list.querySelector("a, button")
    )?.focus();
  });
  // A claim chosen, or a press beside the list, puts it away.
  grid.addEventListener("click", ({ target }) => {
    if (target instanceof Element && (target.closest(".row") || !list.contains(target))) close();
  });
  return close;
}
