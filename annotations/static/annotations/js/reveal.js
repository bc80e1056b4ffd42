/** Brings a passage into view, a third from the top, where the eye expects it. */

/**
 * @param {Range} range
 * @param {Element} [scroller] the page itself if there is none
 * @param {number} [share] of the height, from the top
 */
export function reveal(range, scroller = document.documentElement, share = 0.36) {
  const box = range.getBoundingClientRect();
  const page = scroller === document.documentElement;
  const top = page ? 0 : scroller.getBoundingClientRect().top;
  const height = scroller.clientHeight;
  // What can be read already stays where it is.
  if (box.top >= top + height * 0.05 && box.bottom <= top + height * 0.9) return;
  scroller.scrollTo({ top: scroller.scrollTop + box.top - top - height * share });
}
