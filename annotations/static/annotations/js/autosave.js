/**
 * A verdict saves itself as a draft while it is written, so that it is there on another machine too.
 *
 * What cannot be saved yet (an address half typed, no network, a session that has ended) is kept on the
 * device by drafts.js. A form that another tab has overtaken stops saving itself: its words stay.
 */
import { savedByServer, say } from "./drafts.js";
import { notice } from "./requests.js";

const PAUSE = 1500; // ms without a key until the words are sent

/** @type {Map<HTMLFormElement, number>} forms with words that were not sent yet, and their timers */
const waiting = new Map();
/** @type {WeakMap<HTMLFormElement, Promise<void>>} */
const underWay = new WeakMap();
/** @type {WeakSet<HTMLFormElement>} */
const overtaken = new WeakSet();

document.addEventListener("input", ({ target }) => {
  const form = /** @type {HTMLInputElement} */ (target).closest?.("form[data-saves-itself]");
  if (!(form instanceof HTMLFormElement) || overtaken.has(form)) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(send, PAUSE, form));
});

// What is submitted is not saved beside it, and is based on what was saved last.
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    const saving = underWay.get(form);
    if (!saving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    saving.then(() => form.requestSubmit(event.submitter));
  },
  true,
);

document.addEventListener("htmx:before:swap", sendAll);
addEventListener("pagehide", sendAll);
addEventListener("online", sendAll);
document.addEventListener("visibilitychange", () => document.hidden && sendAll());

function sendAll() {
  for (const form of waiting.keys()) send(form);
}

/** @param {HTMLFormElement} form */
function send(form) {
  clearTimeout(waiting.get(form));
  if (underWay.has(form)) {
    waiting.set(form, setTimeout(send, PAUSE, form));
    return;
  }
  waiting.delete(form);
  const saving = save(form).finally(() => underWay.delete(form));
  underWay.set(form, saving);
}

/** @param {HTMLFormElement} form */
async function save(form) {
  const { words, isWhole } = wordsOf(form);
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  /** @type {Response | undefined} */
  let answer;
  try {
    const headers = { "HX-Request": "true", "X-CSRFToken": token };
    answer = await fetch(form.action, { method: "POST", body: words, headers, keepalive: true });
  } catch {
    waiting.set(form, 0); // until the network is back
    return;
  }
  const key = form.dataset.draft ?? "";
  if (answer.status === 401) return notice("session");
  if (answer.status === 409) {
    overtaken.add(form);
    return say(key, "Changed in another tab. Save the draft to compare.");
  }
  if (!answer.ok) return;
  const { based_on, base, at } = await answer.json();
  const first = !field(form, "based_on").value;
  field(form, "based_on").value = based_on;
  field(form, "base").value = base;
  if (isWhole) savedByServer(form, Date.parse(at));
  for (const el of document.querySelectorAll("[data-when-saved]")) el.removeAttribute("hidden");
  if (first) document.dispatchEvent(new Event("claims-changed"));
}

/** @param {HTMLFormElement} form @param {string} name */
const field = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/**
 * What the form holds, without the rows of evidence that are not whole yet.
 * @param {HTMLFormElement} form
 */
function wordsOf(form) {
  const words = new FormData(form);
  words.set("do", "draft");
  words.set("auto", "1");
  const rows = words.getAll("evidence");
  const whole = rows.filter((n) => {
    const address = field(form, `evidence-${n}-address`);
    const asked = ["form", "question", "answer"].map((name) => words.get(`evidence-${n}-${name}`));
    const isAnswered = asked[0] === "question" && asked[1] && asked[2];
    const isAddress = /^\S+\.\S+$/.test(address.value.trim());
    return address !== document.activeElement && (isAddress || (isAnswered && !address.value));
  });
  words.delete("evidence");
  for (const n of whole) words.append("evidence", n);
  return { words, isWhole: whole.length === rows.length };
}
