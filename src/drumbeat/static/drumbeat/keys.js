// Keys for lists of work: j and k move between .item lines, a letter presses what carries it as data-key.
// Everything here can also be done with the pointer or the tab key; without this file the pages work as they are.
(() => {
  "use strict";

  let place = 0;

  const items = () => [...document.querySelectorAll(".item")];
  const here = () => document.querySelector(".item.here");

  function moveTo(item, { focus = true } = {}) {
    here()?.classList.remove("here");
    if (!item) return;
    item.classList.add("here");
    place = items().indexOf(item);
    if (!focus) return;
    item.querySelector(".what")?.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  function moveBy(step) {
    const all = items();
    const at = all.indexOf(here());
    moveTo(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
  }

  function press(letter) {
    const target = here()?.querySelector(`[data-key="${letter}"]:not(:disabled)`);
    if (target?.matches("textarea")) target.focus();
    else target?.click();
    return Boolean(target);
  }

  function search() {
    const visible = [...document.querySelectorAll("input[type=search]")].filter((field) => field.checkVisibility());
    const field = visible.find((one) => one.closest("main")) ?? visible[0];
    field?.focus();
    field?.select();
    return Boolean(field);
  }

  function help() {
    const list = document.getElementById("keys-help");
    list?.togglePopover?.();
    return Boolean(list);
  }

  function focusOn(letter) {
    const field = document.querySelector(`[data-focus="${letter}"]`);
    field?.focus();
    return Boolean(field);
  }

  const deeds = new Map([
    ["j", () => moveBy(1)],
    ["k", () => moveBy(-1)],
    ["/", search],
    ["?", help],
  ]);
  for (const letter of "epwond") deeds.set(letter, () => press(letter));
  deeds.set("c", () => focusOn("c"));
  deeds.set(" ", () => !document.activeElement?.matches("a, button, summary") && press(" "));

  const isTyping = (target) =>
    target.isContentEditable || target.closest("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");

  const isOff = () => document.body.dataset.keys === "off";

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isOff()) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const deed = deeds.get(event.key);
    if (deed && deed() !== false) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const item = event.target.closest(".item");
    if (item && item !== here()) moveTo(item, { focus: false });
  });

  // A press of the pointer focuses before it clicks: moving then would shift the line away from under the click.
  let isPressed = false;
  document.addEventListener("pointerdown", () => (isPressed = true));
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (isPressed = false));

  document.addEventListener("focusin", (event) => {
    const item = event.target.closest(".item");
    if (item && item !== here() && !isPressed) moveTo(item, { focus: false });
  });

  // A finished line is swapped or gone: the next open one takes its place, and the focus when it was lost with it.
  document.addEventListener("htmx:afterSettle", () => {
    const all = items();
    if (!all.length || (here() && !here().matches(".done"))) return;
    const next = all.slice(place).find((item) => !item.matches(".done")) ?? all.find((item) => !item.matches(".done"));
    moveTo(next, { focus: document.activeElement === document.body });
  });

  moveTo(items().find((item) => !item.matches(".done")), { focus: false });
})();
