/** The rows of evidence in the verdict's form: one more, one less, and as many as a kept draft needs. */

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-adds-evidence]")) {
    event.preventDefault();
    addRow()?.querySelector("input:not([type=hidden])")?.dispatchEvent(new FocusEvent("focusin"));
    const row = document.querySelector("#evidence > :last-child");
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector("input:not([type=hidden])"))?.focus();
  }
  const remover = event.target.closest("[data-removes]");
  if (remover) removeRow(remover.closest("li"));
});

// A draft kept on the device may hold more rows than the page was sent with.
document.addEventListener("draft:restore", (event) => {
  const values = /** @type {CustomEvent<Record<string, string[]>>} */ (event).detail;
  const wanted = new Set(
    Object.keys(values).flatMap((name) => /^evidence-(\d+)-address$/.exec(name)?.[1] ?? []),
  );
  for (const li of document.querySelectorAll("#evidence > li"))
    wanted.delete(li.getAttribute("data-evidence") ?? "");
  for (const n of [...wanted].sort((a, b) => Number(a) - Number(b))) addRow(n);
});

/** @param {string} [wanted] the row's number in the names of its fields */
function addRow(wanted) {
  const list = document.getElementById("evidence");
  const template = document.getElementById("evidence-row");
  if (!list || !(template instanceof HTMLTemplateElement)) return null;
  const used = Array.from(list.children, (li) => Number(li.getAttribute("data-evidence")));
  const n = wanted ?? String(Math.max(-1, ...used) + 1);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML
    .replaceAll("__n__", n)
    .replaceAll("__number__", String(list.children.length + 1));
  const row = holder.content.firstElementChild;
  list.append(holder.content);
  return row;
}

/** @param {Element | null} row */
function removeRow(row) {
  const list = row?.parentElement;
  if (!row || !list) return;
  const form = row.closest("form");
  row.remove();
  for (const [i, number] of list.querySelectorAll(":scope > li > .n").entries())
    number.textContent = String(i + 1);
  form?.dispatchEvent(new Event("input", { bubbles: true }));
  /** @type {HTMLElement | null} */ (document.querySelector("[data-adds-evidence]"))?.focus();
}
