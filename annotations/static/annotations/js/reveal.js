/** Brings a passage into view, a third from the top, where the eye expects it. */

/**
 * What lies under the scroller's scroll-padding counts as covered, such as by a phone's panel.
 * @param {Range} range
 * @param {Element} [scroller] the page itself if there is none
 */
export function reveal(range, scroller = document.documentElement) {
  const style = getComputedStyle(scroller);
  const above = Number.parseFloat(style.scrollPaddingTop) || 0;
  const below = Number.parseFloat(style.scrollPaddingBottom) || 0;
  const edge = scroller === document.documentElement ? 0 : scroller.getBoundingClientRect().top;
  const top = edge + above;
  const height = scroller.clientHeight - above - below;
  const box = range.getBoundingClientRect();
  // What can be read already stays where it is.
  if (box.top >= top && box.bottom <= top + height) return;
  scroller.scrollTo({ top: scroller.scrollTop + box.top - top - height * 0.33 });
}
