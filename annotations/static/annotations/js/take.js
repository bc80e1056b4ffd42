/** Takes into a form what somebody else made of a field meanwhile: buttons with data-take. */

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-take]") : null;
  const form = button?.closest("form") ?? document.querySelector("form.form");
  if (!(button instanceof HTMLElement) || !(form instanceof HTMLFormElement)) return;
  const field = form.elements.namedItem(button.dataset.take ?? "");
  const value = button.dataset.value ?? "";
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value !== "";
  else if (field) /** @type {HTMLInputElement | RadioNodeList} */ (field).value = value;
  const named =
    field instanceof RadioNodeList ? form.querySelector(`[name="${button.dataset.take}"]:checked`) : field;
  const changed = named instanceof HTMLElement ? named : form;
  changed.dispatchEvent(new Event("input", { bubbles: true }));
  changed.focus();
  button.replaceWith("Taken into the form.");
});
