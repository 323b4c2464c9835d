// The score by keyboard and pointer: arrows go from mark to mark, a readout tells the words of the one under the hand, and
// a mark to come is moved by dragging it or by shift and arrow. Without this file every mark is a link with a title.
(() => {
  "use strict";

  const sheet = () => document.querySelector(".score-sheet");
  const readout = () => document.querySelector(".readout");
  const room = () => document.getElementById("move");
  const marksOf = (row) => [...row.querySelectorAll("a.mark")];
  const middle = (mark) => mark.getBoundingClientRect().left + mark.getBoundingClientRect().width / 2;

  function tell(words) {
    const line = readout();
    if (line) line.textContent = words ?? "";
  }

  const wordsOf = (mark) => {
    const name = mark.closest("tr").querySelector("th").textContent.trim();
    return `${name} · ${mark.querySelector("title").textContent}`;
  };

  // One stop for the tab key: the mark nearest to now, then the one that had the focus last.
  function settle(chosen) {
    const all = [...(sheet()?.querySelectorAll("a.mark") ?? [])];
    const stop = chosen ?? all.find((mark) => mark.matches(".due, .upcoming, [data-moves]")) ?? all.at(-1);
    for (const mark of all) mark.setAttribute("tabindex", mark === stop ? "0" : "-1");
  }

  // On a narrow screen the sheet is wider than the page: it opens where now is.
  function scrollToNow() {
    const now = sheet()?.querySelector("thead svg .line-accent");
    if (!now || sheet().scrollWidth <= sheet().clientWidth) return;
    sheet().scrollLeft += now.getBoundingClientRect().left - sheet().getBoundingClientRect().left - sheet().clientWidth * 0.6;
  }

  function go(mark, key) {
    const row = mark.closest("tr");
    const marks = marksOf(row);
    if (key === "ArrowLeft" || key === "ArrowRight") return marks[marks.indexOf(mark) + (key === "ArrowLeft" ? -1 : 1)];
    if (key === "Home" || key === "End") return marks.at(key === "Home" ? 0 : -1);
    const rows = [...sheet().querySelectorAll("tbody tr:has(a.mark)")];
    const next = rows[rows.indexOf(row) + (key === "ArrowUp" ? -1 : 1)];
    const place = middle(mark);
    return next && marksOf(next).reduce((a, b) => (Math.abs(middle(b) - place) < Math.abs(middle(a) - place) ? b : a));
  }

  // The server says which day that is and what stands in the way; the mark keeps the focus until Enter.
  const propose = (mark, query) =>
    htmx.ajax("GET", `${mark.dataset.moves}?${query}`, { target: "#move", swap: "innerHTML" });

  const proposed = () => room()?.querySelector("[data-to]")?.dataset.to;

  function shift(mark, step) {
    const from = room()?.dataset.of === mark.dataset.moves ? proposed() : undefined;
    room().dataset.of = mark.dataset.moves;
    propose(mark, `to=${from ?? mark.dataset.on}&step=${step}`);
  }

  function forget() {
    if (!room()?.firstChild) return false;
    room().replaceChildren();
    delete room().dataset.of;
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const mark = event.target.closest?.("a.mark");
    if (!mark || !mark.closest(".score-sheet") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && mark.dataset.moves && /^Arrow(Left|Right)$/.test(event.key)) {
      shift(mark, event.key === "ArrowLeft" ? -1 : 1);
    } else if (event.key === "Enter" && room()?.dataset.of === mark.dataset.moves && proposed()) {
      room().querySelector("form").requestSubmit();
    } else if (event.key === "Escape" && forget()) {
      tell(wordsOf(mark));
    } else if (/^(Arrow|Home|End)/.test(event.key)) {
      go(mark, event.key)?.focus();
    } else return;
    event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    const mark = event.target.closest?.(".score-sheet a.mark");
    if (!mark) return;
    settle(mark);
    tell(wordsOf(mark));
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  document.addEventListener("pointerover", (event) => {
    const mark = event.target.closest?.(".score-sheet a.mark");
    if (mark && !drag) tell(wordsOf(mark));
  });

  let drag = null;
  const iso = (date) => date.toISOString().slice(0, 10);

  function dayAt(event) {
    const svg = drag.mark.ownerSVGElement;
    const perDay = svg.getBoundingClientRect().width / Number(sheet().dataset.days);
    const date = new Date(`${drag.mark.dataset.on}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + Math.round((event.clientX - drag.x) / perDay));
    return date;
  }

  document.addEventListener("pointerdown", (event) => {
    const mark = event.target.closest?.(".score-sheet a.mark[data-moves]");
    if (!mark || event.button) return;
    drag = { mark, x: event.clientX, home: mark.getAttribute("transform"), hasMoved: false };
    mark.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || (!drag.hasMoved && Math.abs(event.clientX - drag.x) < 4)) return;
    drag.hasMoved = true;
    drag.mark.classList.add("moving");
    const scale = drag.mark.ownerSVGElement.viewBox.baseVal.width / drag.mark.ownerSVGElement.getBoundingClientRect().width;
    const place = Number(/translate\(([-\d.]+)/.exec(drag.home)[1]) + (event.clientX - drag.x) * scale;
    drag.mark.setAttribute("transform", `translate(${place})`);
    tell(`${wordsOf(drag.mark)} → ${dayAt(event).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" })}`);
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { mark, home, hasMoved } = drag;
    const to = iso(dayAt(event));
    mark.classList.remove("moving");
    mark.setAttribute("transform", home);
    drag = null;
    if (!hasMoved) return;
    mark.addEventListener("click", (click) => click.preventDefault(), { once: true });
    if (to === mark.dataset.on) return;
    room().dataset.of = mark.dataset.moves;
    propose(mark, `to=${to}`).then(() => room().querySelector("button[type=submit]")?.focus());
  });
  document.addEventListener("pointercancel", () => {
    if (drag) drag.mark.setAttribute("transform", drag.home);
    drag = null;
  });
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest?.(".score-sheet a.mark")) event.preventDefault();
  });

  const begin = () => {
    settle();
    scrollToNow();
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "results") begin();
  });
  begin();
})();
