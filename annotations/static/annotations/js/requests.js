/** What every request of htmx carries, and what is said when one fails. Nothing typed is lost by it. */
import { toast } from "./toast.js";

/** @typedef {{ request: { method: string, body: FormData | null, headers: Record<string, string> }, response?: { status: number } }} Context */

const FAILED =
  "The server did not answer. Nothing was lost: what you typed is kept on this device. Try again.";

/** @param {Event} event @returns {Context} */
const contextOf = (event) => /** @type {CustomEvent<{ ctx: Context }>} */ (event).detail.ctx;

// The token changes when somebody signs in again in another tab; the form's own may be the old one.
document.addEventListener("htmx:config:request", (event) => {
  const { request } = contextOf(event);
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (!token || request.method === "GET") return;
  request.headers["X-CSRFToken"] = token;
  if (request.body?.has("csrfmiddlewaretoken")) request.body.set("csrfmiddlewaretoken", token);
});

document.addEventListener("htmx:response:error", (event) => {
  const status = contextOf(event).response?.status ?? 0;
  if (status === 401) notice("session");
  else if (status >= 500) toast(FAILED);
});

document.addEventListener("htmx:error", () => {
  if (navigator.onLine) toast(FAILED);
});

document.addEventListener("htmx:after:swap", () => notice(""));

addEventListener("offline", () => notice("offline"));
addEventListener("online", () => notice(""));

/**
 * Shows the one line of that name under the bar, and hides the others.
 * @param {string} name
 */
function notice(name) {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-notice]")))
    line.hidden = line.dataset.notice !== name;
}
