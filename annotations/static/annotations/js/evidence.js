/** The rows of evidence in the verdict's form: one more, one less, and as many as a kept draft needs. */
import { toast } from "./toast.js";

const list = () => document.getElementById("evidence");

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-adds-evidence]")) {
    event.preventDefault();
    const row = addRow();
    row?.scrollIntoView({ block: "nearest" });
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
  for (const li of list()?.children ?? []) wanted.delete(li.getAttribute("data-evidence") ?? "");
  for (const n of [...wanted].sort((a, b) => Number(a) - Number(b))) addRow(n);
});

/** @param {string} [wanted] the row's number in the names of its fields */
function addRow(wanted) {
  const rows = list();
  const template = document.getElementById("evidence-row");
  if (!rows || !(template instanceof HTMLTemplateElement)) return null;
  const used = Array.from(rows.children, (li) => Number(li.getAttribute("data-evidence")));
  const n = wanted ?? String(Math.max(-1, ...used) + 1);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML
    .replaceAll("__n__", n)
    .replaceAll("__number__", String(rows.children.length + 1));
  const row = holder.content.firstElementChild;
  rows.append(holder.content);
  renumber();
  return row;
}

/** @param {Element | null} row */
function removeRow(row) {
  const form = row?.closest("form");
  if (!row || !form) return;
  const next = row.nextSibling;
  const number = row.querySelector(".n")?.textContent;
  row.remove();
  renumber();
  form.dispatchEvent(new Event("input", { bubbles: true }));
  /** @type {HTMLElement | null} */ (document.querySelector("[data-adds-evidence]"))?.focus();
  toast(`Evidence ${number} removed`, {
    label: "Undo",
    run: () => {
      if (!form.isConnected) return;
      list()?.insertBefore(row, next?.isConnected ? next : null);
      renumber();
      form.dispatchEvent(new Event("input", { bubbles: true }));
      /** @type {HTMLElement | null} */ (row.querySelector("summary"))?.focus();
    },
  });
}

/** Numbers the rows anew from 1, and says how many there are. */
function renumber() {
  const rows = [...(list()?.children ?? [])];
  for (const [i, row] of rows.entries()) {
    const number = row.querySelector(":scope > .n");
    if (number) number.textContent = String(i + 1);
    for (const named of row.querySelectorAll("summary, [data-removes]"))
      named.ariaLabel = (named.ariaLabel ?? "").replace(/\d+$/, String(i + 1));
  }
  const count = document.querySelector("[data-counts-evidence]");
  if (count) count.textContent = rows.length ? String(rows.length) : "";
}
