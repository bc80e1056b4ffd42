/**
 * Answers that say no without showing the form again: the sentence is set above the form that was
 * sent, which stays as it is. One whose form has left the panel meanwhile is said in a toast.
 */
import { contextOf } from "./requests.js";
import { toast } from "./toast.js";

/** @param {Element} panel */
export function keepForms(panel) {
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = contextOf(event);
    const { status } = ctx.response ?? { status: 0 };
    if (ctx.target !== panel || ctx.request.method === "GET" || status === 401 || status >= 500) return;
    const form = ctx.sourceElement;
    if (form instanceof HTMLFormElement && !form.isConnected) {
      // Another claim has been opened since: it stays open.
      event.preventDefault();
      if (status >= 400) toast("What you sent was refused. Open the claim again: what you typed is kept.");
    } else if (status >= 400 && !ctx.text?.includes('id="panel-h"')) {
      panel.querySelector(".panel-body > [role=alert]")?.remove();
      ctx.target = panel.querySelector(".panel-body") ?? panel;
      ctx.swap = "afterbegin";
      ctx.target.scrollTop = 0;
    }
  });
}
