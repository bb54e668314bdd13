/* The table of indicators by keyboard: its buttons have keys, arrows walk the cells, cells copied from Excel fill it.
   Without this script every button works, and what is pasted into a blank is read by the server. */
(() => {
  "use strict";
  const table = document.querySelector("[data-lines-table]");
  if (!table) return;
  const place = table.elements.place;
  const cells = (column) => [...table.querySelectorAll(`input[data-column="${column}"]`)];

  // Which of a row's buttons has these keys. By code as well: with Alt, or a Thai keyboard, the key is another letter.
  const keysOf = (event) => [
    event.ctrlKey && "Control", event.altKey && "Alt", event.shiftKey && "Shift",
    event.code.startsWith("Key") ? event.code.slice(3) : event.key,
  ].filter(Boolean).join("+");

  table.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const row = event.target.closest("[data-line]");
    const pressed = keysOf(event);
    const button = row && [...row.querySelectorAll("[aria-keyshortcuts]")].find((each) => each.getAttribute("aria-keyshortcuts") === pressed);
    if (button) {
      event.preventDefault();
      place.value = event.target.id;
      table.requestSubmit(button);
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[pressed];
    if (!step || !event.target.matches("input[data-column]")) return;
    const column = cells(event.target.dataset.column);
    const next = column[column.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  });

  // What is further down the page is one key away: the blank of this dimension, the ways of balancing.
  document.addEventListener("keydown", (event) => {
    const wanted = `[data-goes-here="${keysOf(event)}"]`;
    const goal = event.target.closest("tbody")?.querySelector(wanted) ?? table.querySelector(wanted);
    if (event.isComposing || event.defaultPrevented || !goal) return;
    event.preventDefault();
    goal.focus();
  });

  // Saved from where somebody types: the next page goes on there. Buttons that are pressed keep the focus themselves.
  table.addEventListener("submit", (event) => {
    const focused = document.activeElement;
    if (!place.value && event.submitter?.matches(":not([formaction])") && focused?.id && table.contains(focused)) place.value = focused.id;
  });

  // Cells fill the table from where they are pasted; in a blank each row becomes a line, however many lines its cells have.
  const oneLine = (text) => text.replace(/\s*\n\s*/g, " ");
  table.addEventListener("cells", (event) => {
    const start = event.target;
    if (start.matches("textarea")) {
      event.preventDefault();
      const text = event.detail.map((row) => row.map(oneLine).join("\t")).join("\n");
      start.setRangeText(text, start.selectionStart, start.selectionEnd, "end");
      start.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    if (!start.matches("input[data-column]")) return;
    event.preventDefault();
    const rows = [...table.querySelectorAll("[data-line]")];
    const first = rows.indexOf(start.closest("[data-line]"));
    const columns = ["name", "unit_of_measure", "target", "weight"];
    const from = columns.indexOf(start.dataset.column);
    event.detail.forEach((row, down) => row.forEach((value, across) => {
      const cell = rows[first + down]?.querySelector(`input[data-column="${columns[from + across]}"]`);
      if (!cell || cell.disabled || cell.readOnly) return;
      cell.value = oneLine(value);
      cell.dispatchEvent(new Event("input", { bubbles: true }));
      cell.dispatchEvent(new Event("change", { bubbles: true }));
    }));
  });
})();
