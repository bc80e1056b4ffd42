/** What every request of htmx carries, and what is said when one fails. Nothing typed is lost by it. */
import { toast } from "./toast.js";

/** @typedef {{ target: Element, sourceElement: Element, swap: string, text?: string, request: { method: string, body: FormData | URLSearchParams | null, headers: Record<string, string> }, response?: { status: number } }} Context */

const FAILED =
  "The server did not answer. Nothing was lost: what you typed is kept on this device. Try again.";
const SLOW = 250; // ms until bars stand in for what is on its way

/** @param {Event} event @returns {Context} */
export const contextOf = (event) => /** @type {CustomEvent<{ ctx: Context }>} */ (event).detail.ctx;

/** Whether there is something to show: not where the session has ended or the server failed. @param {Event} event */
export function isAnswer(event) {
  const { status } = contextOf(event).response ?? { status: 0 };
  return status !== 401 && status < 500;
}

/**
 * @param {"GET" | "POST"} method
 * @param {string} address
 * @param {Element} target whose content the answer replaces
 * @param {Record<string, unknown>} [values]
 * @param {{ push?: string }} [how]
 * @returns {Promise<void>}
 */
export function ask(method, address, target, values = {}, how = {}) {
  const { htmx } = /** @type {any} */ (window);
  // A later GET takes the place of one that waits; a POST is never dropped, so it waits elsewhere.
  // Each queue is an hx-sync of its element.
  const source = method === "GET" ? target : document.body;
  return htmx.ajax(method, address, { source, target, swap: "innerHTML", values, ...how });
}

// The token changes when somebody signs in again in another tab; the form's own may be the old one.
document.addEventListener("htmx:config:request", (event) => {
  const { request } = contextOf(event);
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (!token || request.method === "GET") return;
  request.headers["X-CSRFToken"] = token;
  if (request.body?.has("csrfmiddlewaretoken")) request.body.set("csrfmiddlewaretoken", token);
});

/* ---------- while an answer is on its way ---------- */

/** @type {WeakMap<Element, number>} */
const timers = new WeakMap();

document.addEventListener("htmx:before:request", (event) => {
  const { target, request } = contextOf(event);
  target.ariaBusy = "true";
  clearTimeout(timers.get(target));
  // A form stays in view while it is sent.
  if (request.method === "GET" && target.hasAttribute("data-pane"))
    timers.set(target, setTimeout(showBars, SLOW, target));
});
document.addEventListener("htmx:finally:request", (event) => {
  const { target } = contextOf(event);
  clearTimeout(timers.get(target));
  target.ariaBusy = null;
  target.querySelector(":scope > .loading")?.remove();
});

/** @param {Element} target */
function showBars(target) {
  const bars = document.createElement("div");
  bars.className = "loading";
  bars.ariaHidden = "true";
  bars.append(...Array.from({ length: 9 }, () => document.createElement("i")));
  target.append(bars);
}

/* ---------- when it says no, or there is none ---------- */

document.addEventListener("htmx:response:error", (event) => {
  const status = contextOf(event).response?.status ?? 0;
  if (status === 401) notice("session");
  else if (status >= 500) toast(FAILED);
});

// htmx carries the style attribute of an element over to the new one of the same id, which the
// policy refuses with a report; a height that was dragged is not worth one.
document.addEventListener("htmx:before:swap", (event) => {
  const { target } = /** @type {any} */ (contextOf(event));
  if (!(target instanceof Element)) return;
  for (const el of target.querySelectorAll("[id][style]")) el.removeAttribute("style");
});

document.addEventListener("htmx:error", () => {
  if (navigator.onLine) toast(FAILED);
});

document.addEventListener("htmx:after:swap", (event) => {
  if (isAnswer(event)) notice("");
});

addEventListener("offline", () => notice("offline"));
addEventListener("online", () => notice(""));

/**
 * Shows the one line of that name under the bar, and hides the others.
 * @param {string} name
 */
export function notice(name) {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-notice]")))
    line.hidden = line.dataset.notice !== name;
}
