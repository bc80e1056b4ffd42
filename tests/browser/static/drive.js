// What the tests do to a page, by name: window.text is the ArticleText over its article.

/** Selects a place of the text as the mouse or a screen reader would. */
window.select = (start, end) => {
  const range = text.rangeOf({ start, end });
  getSelection().setBaseAndExtent(
    range.startContainer,
    range.startOffset,
    range.endContainer,
    range.endOffset,
  );
};

/** Calls something so many times, and gives the last answer. */
window.times = (count, act) => {
  let answer;
  for (let i = 0; i < count; i++) answer = act(i);
  return answer;
};

/** The box of one character, in the viewport. */
window.boxOf = (at) => text.rangeOf({ start: at, end: at + 1 }).getBoundingClientRect();

/** Makes the browser one without the CSS Custom Highlight API. */
window.dropHighlights = () => {
  delete CSS.highlights;
  delete Object.getPrototypeOf(CSS).highlights;
};

/** The box of an element, in the viewport. */
window.box = (selector) => document.querySelector(selector).getBoundingClientRect();

/** How long something took, in ms. */
window.clock = (act) => {
  const began = performance.now();
  act();
  return performance.now() - began;
};
