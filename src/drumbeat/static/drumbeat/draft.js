// The builder's hands: problems go to their fields, steps are dragged or moved by keys, usual rules fill the rule, the text
// has numbers. Every deed is a button of the form too; without this file the page posts as a whole.
(() => {
  "use strict";

  const form = () => document.getElementById("builder");
  const steps = () => [...document.querySelectorAll("details.step")];

  // What is wrong stands in the list of #live; at its field it is repeated.
  function placeProblems() {
    for (const line of form()?.querySelectorAll(".field .problem") ?? []) line.textContent = "";
    for (const item of document.querySelectorAll("#live .problems:not(.mild) li")) {
      const field = form().querySelector(`.field[data-name="${CSS.escape(item.dataset.field)}"] .problem`);
      if (field) field.textContent += `${item.querySelector("span").textContent} ${item.querySelector("small").textContent} `;
    }
  }

  function number() {
    const text = document.getElementById("text");
    const numbers = document.querySelector(".sheet .numbers");
    if (!text) return;
    numbers.textContent = text.value.split("\n").map((_, n) => n + 1).join("\n");
    numbers.style.translate = `0 ${-text.scrollTop}px`;
  }

  const send = (act) =>
    htmx.ajax("POST", form().action, { source: form(), target: "#builder", select: "#builder", swap: "outerHTML", values: { act } });

  // The fields keep the places of the list, so a step is moved by asking the server, with all that was typed.
  function move(from, to) {
    if (to < 0 || to >= steps().length || from === to) return;
    opened = new Set();
    send(`move:${from}:${to}`).then(() => document.querySelector(`#step-${to} > summary`)?.focus());
  }

  document.addEventListener("keydown", (event) => {
    const summary = event.target.closest?.("details.step > summary");
    if (!summary || !event.altKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
    event.preventDefault();
    const at = Number(summary.parentElement.dataset.at);
    move(at, at + (event.key === "ArrowUp" ? -1 : 1));
  });

  let held = null;
  document.addEventListener("dragstart", (event) => {
    const summary = event.target.closest?.("details.step > summary");
    if (!summary) return;
    held = summary.parentElement;
    held.classList.add("held");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.at);
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("details.step");
    if (!held || !over) return;
    event.preventDefault();
    for (const step of steps()) step.classList.toggle("over", step === over && step !== held);
  });
  document.addEventListener("drop", (event) => {
    const over = event.target.closest?.("details.step");
    if (!held || !over) return;
    event.preventDefault();
    move(Number(held.dataset.at), Number(over.dataset.at));
  });
  document.addEventListener("dragend", () => {
    for (const step of steps()) step.classList.remove("over", "held");
    held = null;
  });

  // A usual rule is copied into the rule before the change is sent.
  document.addEventListener(
    "change",
    (event) => {
      const filled = document.getElementById(event.target.dataset?.fills ?? "");
      if (!filled || !event.target.value) return;
      filled.value = event.target.value;
      event.target.value = "";
    },
    true,
  );

  // The line of a step tells at once what was typed below it.
  document.addEventListener("input", (event) => {
    const step = event.target.closest?.("details.step");
    if (step && /\.title$/.test(event.target.name)) step.querySelector("summary .what").textContent = event.target.value;
    if (step && /\.minutes$/.test(event.target.name)) step.querySelector("summary .min").textContent = event.target.value && `${event.target.value} min`;
    if (event.target.id === "text") number();
  });
  document.addEventListener("scroll", (event) => event.target.id === "text" && number(), true);

  // Another kind has other fields, another key other names to choose from: the form is drawn anew.
  document.addEventListener("change", (event) => {
    if (/^steps\.\d+\.(kind|step)$/.test(event.target.name ?? "")) {
      event.stopPropagation();
      send(`open:${event.target.closest("details.step").dataset.at}`);
    }
  }, true);

  document.addEventListener("click", (event) => {
    const item = event.target.closest?.(".problems li[data-field]");
    if (!item) return;
    event.preventDefault();
    const text = document.getElementById("text");
    if (text) return goToLine(text, Number(item.dataset.line));
    const field = form().querySelector(`.field[data-name="${CSS.escape(item.dataset.field)}"]`);
    field?.closest("details")?.setAttribute("open", "");
    field?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });

  function goToLine(text, line) {
    const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf("\n", before);
    text.focus();
    text.setSelectionRange(before, end < 0 ? text.value.length : end);
    text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
  }

  // Which steps are open is remembered over a swap of the whole form.
  let opened = new Set();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.responseURL.includes("/login/")) {
      event.detail.shouldSwap = false;
      const note = document.querySelector("#live .state");
      note?.insertAdjacentHTML("afterbegin", '<p class="note" role="alert">You were signed out. Sign in again in another tab and go on here: nothing is lost.</p>');
      return;
    }
    opened = new Set(steps().filter((step) => step.open).map((step) => step.querySelector('[name$=".step"]')?.value));
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const step of steps()) if (opened.has(step.querySelector('[name$=".step"]')?.value)) step.open = true;
    placeProblems();
    number();
  });
  placeProblems();
  number();
})();
