// Hides the questions that aren't asked for, as answers change. Without it they all stand there, each saying when it counts.
for (const form of document.querySelectorAll("form:has([data-only-if])")) {
  const refresh = () => {
    for (const box of form.querySelectorAll("[data-only-if]")) {
      const chosen = [...form.querySelectorAll(`[name="${box.dataset.onlyIf}"]:checked`)].map((one) => one.value);
      const asked = chosen.some((value) => box.dataset.is.split(" ").includes(value));
      box.hidden = !asked;
      box.querySelector(".only-if")?.remove();
    }
  };
  form.addEventListener("change", refresh);
  refresh();
}
