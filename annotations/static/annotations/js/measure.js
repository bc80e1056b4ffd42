/** Where the marks lie on the page: read in one go, so that a single layout serves gutter, minimap and notes. */

/** @typedef {import("./paint.js").Painted} Painted */
/** @typedef {{ mark: Painted, line: DOMRect, top: number, bottom: number }} Spot px from the top of the host; line: the first one, in the viewport */

/**
 * @param {Painted[]} marks
 * @param {Element} host
 * @returns {Spot[]} in the order of the lines
 */
export function measure(marks, host) {
  const origin = host.getBoundingClientRect().top;
  return marks
    .flatMap((mark) => {
      const rects = mark.range.getClientRects();
      const line = rects[0];
      const last = rects[rects.length - 1];
      return line && last ? [{ mark, line, top: line.top - origin, bottom: last.bottom - origin }] : [];
    })
    .sort((a, b) => a.top - b.top || a.line.left - b.line.left);
}

/**
 * Calls when the text may have moved: its size changed, or a face arrived.
 * @param {Element} el
 * @param {() => void} act
 */
export function onLayout(el, act) {
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act();
    });
  };
  new ResizeObserver(soon).observe(el);
  document.fonts.ready.then(soon);
  document.fonts.addEventListener("loadingdone", soon);
}
