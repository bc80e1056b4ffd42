/** How much is written: an element with data-counts="id" says how many characters the field of that id holds. */

document.addEventListener("input", ({ target }) => count(target));
document.addEventListener("change", ({ target }) => count(target));

/** @param {EventTarget | null} field */
function count(field) {
  if (!(field instanceof HTMLTextAreaElement)) return;
  const line = document.querySelector(`[data-counts="${CSS.escape(field.id)}"]`);
  if (!line) return;
  const { length } = [...field.value]; // code points, as everywhere
  line.textContent = `${length.toLocaleString("en")} character${length === 1 ? "" : "s"}`;
}
