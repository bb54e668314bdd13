/* The sheet of an indicator, in an agreement or in the library. Without this script its buttons send the form, and rows are typed in one by one. */
(() => {
  "use strict";

  // A text is taken over from last year's sheet without leaving the page: it is put into the field, which saves itself.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    const field = button && document.getElementById(button.dataset.take);
    if (!field || field.disabled) return;
    event.preventDefault();
    field.value = button.dataset.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });

  // Cells copied from Excel fill the table of what a result is made of, from where they are pasted, along the columns that
  // are shown; rows are added as they are needed. The table saves itself once, as a whole.
  const digitsLike = (sample, text) => (/[๐-๙]/.test(sample) ? text.replace(/\d/g, (digit) => "๐๑๒๓๔๕๖๗๘๙"[digit]) : text);
  const numberedOtherwise = (text, number) => text.replace(/[\d๐-๙]+(?=[^\d๐-๙]*$)/, digitsLike(text, String(number)));
  const addRow = (body) => {
    const row = body.rows[body.rows.length - 1].cloneNode(true);
    const place = body.rows.length;
    row.querySelector(".no").textContent = digitsLike(body.rows[0].querySelector(".no").textContent, String(place + 1));
    row.querySelectorAll("input").forEach((input) => {
      input.name = input.id = input.name.replace(/\d+/, place);
      input.setAttribute("aria-label", numberedOtherwise(input.getAttribute("aria-label"), place + 1));
      input.value = "";
      input.removeAttribute("value");
    });
    body.append(row);
  };
  document.addEventListener("cells", (event) => {
    const start = event.target;
    const body = start.closest("#item-rows");
    if (!body || !start.matches("input") || start.disabled) return;
    event.preventDefault();
    const shown = [...start.closest("tr").querySelectorAll("input")].filter((input) => input.offsetParent);
    const columns = shown.map((input) => input.name.split("-")[2]);
    const [first, from] = [start.closest("tr").rowIndex - body.rows[0].rowIndex, shown.indexOf(start)];
    while (body.rows.length < first + event.detail.length) addRow(body);
    event.detail.forEach((cells, down) => cells.slice(0, columns.length - from).forEach((cell, along) => {
      body.querySelector(`[name="items-${first + down}-${columns[from + along]}"]`).value = cell.replace(/\s*\n\s*/g, " ");
    }));
    for (const type of ["input", "change"]) start.dispatchEvent(new Event(type, { bubbles: true }));
  });
})();
