/** The whole article at a glance: a bar for every mark, and the part in view. */

/** @typedef {import("./measure.js").Spot} Spot */

/**
 * Sets the bars and the view's box; called when the marks change.
 * @param {HTMLElement} map
 * @param {import("./paint.js").Mark[]} marks
 */
export function fillMinimap(map, marks) {
  const view = document.createElement("span");
  view.className = "view";
  map.replaceChildren(
    view,
    ...marks.map(({ id, line, on }) => {
      const bar = document.createElement("i");
      bar.dataset.id = id;
      bar.className = line === "plain" || line === "aside" ? line : `r-${line}`;
      bar.classList.toggle("on", Boolean(on));
      return bar;
    }),
  );
}

/**
 * Sets every bar to its place; called after a layout.
 * @param {HTMLElement} map
 * @param {HTMLElement} scroller
 * @param {Element} text
 * @param {Spot[]} spots measured from the text
 */
export function placeMinimap(map, scroller, text, spots) {
  const lead = text.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  // A little ground below the text; the galley's long tail is left out.
  const total = Math.max(lead + text.getBoundingClientRect().height + 120, scroller.clientHeight);
  const scale = map.clientHeight / total;
  const bars = new Map(Array.from(map.querySelectorAll("i"), (bar) => [bar.dataset.id, bar]));
  for (const { mark, top, bottom } of spots) {
    const bar = bars.get(mark.id);
    if (!bar) continue;
    bar.style.insetBlockStart = `${Math.round((lead + top) * scale)}px`;
    bar.style.blockSize = `${Math.max(3, Math.round((bottom - top) * scale) - 2)}px`;
  }
  const view = /** @type {HTMLElement | null} */ (map.querySelector(".view"));
  const follow = () => {
    if (!view) return;
    view.style.insetBlockStart = `${scroller.scrollTop * scale}px`;
    view.style.blockSize = `${Math.max(0, Math.min(scroller.clientHeight, total - scroller.scrollTop)) * scale}px`;
  };
  follow();
  scroller.onscroll = follow;
  map.onclick = (event) => {
    const y = event.clientY - map.getBoundingClientRect().top;
    scroller.scrollTo({ top: y / scale - scroller.clientHeight / 2 });
  };
}
