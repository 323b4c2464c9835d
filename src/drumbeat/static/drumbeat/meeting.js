// Texts of a meeting save themselves. What was typed while an answer was under way is never swapped away: it is saved again
// from the same beginning, and the house puts it together with what others wrote.
(() => {
  "use strict";

  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig.elt;
    const field = form.querySelector?.("textarea");
    if (!form.matches?.(".live-text") || !field) return;
    const isUnchanged = field.value === event.detail.requestConfig.parameters.text;
    const isState = event.detail.target.matches(".saved");
    if (isUnchanged || isState) return;
    event.detail.shouldSwap = false;
    window.setTimeout(() => form.requestSubmit(), 300);
  });
})();
