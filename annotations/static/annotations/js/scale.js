/** The rating scale: the definition of what is chosen is shown in room kept for it, and keys choose. */

document.addEventListener("change", ({ target }) => {
  const form = target instanceof HTMLInputElement && target.closest(".scale") ? target.form : null;
  if (form) define(form);
});

/** @param {ParentNode} form */
export function define(form) {
  const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector(".scale :checked"))?.value;
  for (const line of form.querySelectorAll(".definition > [data-of]"))
    line.classList.toggle("on", line.getAttribute("data-of") === chosen);
}

/**
 * Chooses the rating with this number on the scale; false when there is none.
 * @param {number} number from 1
 */
export function rate(number) {
  const option = /** @type {HTMLInputElement | undefined} */ (
    document.querySelectorAll(".scale input")[number - 1]
  );
  if (!option || option.disabled) return false;
  option.focus();
  option.click();
  return true;
}
