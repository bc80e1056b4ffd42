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
 * How the page lies in the map: read in one go, before anything is written.
 * @param {HTMLElement} map
 * @param {HTMLElement} scroller
 * @param {Element} text
 */
export function frameOf(map, scroller, text) {
  const { scrollTop, clientHeight } = scroller;
  const box = text.getBoundingClientRect();
  const lead = box.top - scroller.getBoundingClientRect().top + scrollTop;
  // A little ground below the text; the galley's long tail is left out.
  const total = Math.max(lead + box.height + 120, clientHeight);
  return { lead, total, scale: map.clientHeight / total, scrollTop, clientHeight };
}

/**
 * Sets every bar to its place; called after a layout.
 * @param {HTMLElement} map
 * @param {HTMLElement} scroller
 * @param {Element} text
 * @param {Spot[]} spots measured from the text
 */
export function placeMinimap(map, scroller, text, spots, frame = frameOf(map, scroller, text)) {
  const { lead, total, scale } = frame;
  const bars = new Map(Array.from(map.querySelectorAll("i"), (bar) => [bar.dataset.id, bar]));
  for (const { mark, top, bottom } of spots) {
    const bar = bars.get(mark.id);
    if (!bar) continue;
    bar.style.insetBlockStart = `${Math.round((lead + top) * scale)}px`;
    bar.style.blockSize = `${Math.max(3, Math.round((bottom - top) * scale) - 2)}px`;
  }
  const view = /** @type {HTMLElement | null} */ (map.querySelector(".view"));
  /** @param {{ scrollTop: number, clientHeight: number }} seen */
  const follow = ({ scrollTop, clientHeight }) => {
    if (!view) return;
    view.style.insetBlockStart = `${scrollTop * scale}px`;
    view.style.blockSize = `${Math.max(0, Math.min(clientHeight, total - scrollTop)) * scale}px`;
  };
  follow(frame);
  scroller.onscroll = () => follow(scroller);
  map.onclick = (event) => {
    const y = event.clientY - map.getBoundingClientRect().top;
    scroller.scrollTo({ top: y / scale - scroller.clientHeight / 2 });
  };
}
