/* The evaluator's results by keyboard: arrows and Enter walk the rows in sight, "=" puts in what the unit reported.
   Without this script the Tab key walks all fields, and a tick accepts a line. */
(() => {
  "use strict";
  const form = document.getElementById("evaluation-form");
  if (!form) return;
  const STEPS = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };
  const results = () => [...form.querySelectorAll(".finding:not([hidden]) [data-reported] input:not([type=hidden])")];

  form.addEventListener("keydown", (event) => {
    const input = event.target;
    const cell = input.closest("[data-reported]");
    if (!cell || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "=" && !input.value && cell.dataset.reported) {
      event.preventDefault();
      input.value = cell.dataset.reported;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const all = results();
    const next = all[all.indexOf(input) + step];
    if (!next) return;
    next.focus();
    next.select();
  });
})();
