// A presentation by keys: arrows, space and page keys move between slides, F fills the screen, Escape goes back to the pack.
(() => {
  "use strict";

  const slides = [...document.querySelectorAll(".slide")];
  const told = document.getElementById("told");
  let place = Math.max(0, slides.findIndex((slide) => `#${slide.id}` === location.hash));

  function show(number) {
    place = Math.min(Math.max(number, 0), slides.length - 1);
    slides[place].scrollIntoView({ block: "start" });
    slides[place].focus({ preventScroll: true });
    history.replaceState(null, "", `#${slides[place].id}`);
    told.textContent = `Slide ${place + 1} of ${slides.length}`;
  }

  function fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  const moves = {
    ArrowRight: () => show(place + 1),
    ArrowDown: () => show(place + 1),
    PageDown: () => show(place + 1),
    " ": () => show(place + 1),
    ArrowLeft: () => show(place - 1),
    ArrowUp: () => show(place - 1),
    PageUp: () => show(place - 1),
    Home: () => show(0),
    End: () => show(slides.length - 1),
    f: fill,
    Escape: () => document.querySelector(".leave-show").click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !moves[event.key]) return;
    if (event.key === " " && event.target.closest("a, button")) return;
    event.preventDefault();
    moves[event.key]();
  });

  // Scrolled by hand, the keys go on from what is seen.
  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => (place = slides.indexOf(entry.target))),
    { threshold: 0.6 },
  );
  slides.forEach((slide) => seen.observe(slide));
  if (location.hash) show(place);
})();
