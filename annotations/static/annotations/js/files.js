/** The page of a project's files: the format by the file's name, and a file that is too large. */
import "./desk.js";
import "./requests.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".bring"));
const file = /** @type {HTMLInputElement | null} */ (document.querySelector("#file"));
const format = /** @type {HTMLSelectElement | null} */ (document.querySelector("#format"));
const guess = document.querySelector("#h-format");
let isGuessed = false;

/** The one format whose files end like this name, packed or not. @param {string} name */
function formatOf(name) {
  const plain = name.toLowerCase().replace(/\.(gz|zst)$/, "");
  const found = [...(format?.options ?? [])].filter(
    ({ dataset }) => dataset.ending && plain.endsWith(`.${dataset.ending}`),
  );
  return found.length === 1 ? (found[0]?.value ?? "") : "";
}

/** @param {string} sentence */
function say(sentence) {
  if (guess) guess.textContent = sentence;
}

file?.addEventListener("change", () => {
  const chosen = file.files?.[0];
  const most = Number(form?.dataset.most);
  const isTooLarge = chosen && chosen.size > most;
  file.setCustomValidity(
    isTooLarge ? `The file is larger than ${most / 2 ** 20} MB. Pack it, or bring it in parts.` : "",
  );
  file.reportValidity();
  // What the person chose stays.
  if (!format || !chosen || (format.value && !isGuessed)) return;
  format.value = formatOf(chosen.name);
  isGuessed = Boolean(format.value);
  say((isGuessed && guess?.getAttribute("data-guess")) || "");
});

format?.addEventListener("change", () => {
  isGuessed = false;
  say("");
});
