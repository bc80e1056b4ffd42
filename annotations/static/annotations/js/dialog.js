/** Native dialogs by attribute: data-opens="id" opens one, data-close in it closes it; focus returns by itself. */

document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element)) return;
  const opener = target.closest("[data-opens]");
  if (opener) openDialog(opener.getAttribute("data-opens") ?? "");
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  // The backdrop is the dialog itself, its content is in it.
  if (target instanceof HTMLDialogElement) target.close();
});

/** @param {string} id */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
