/* Taking a text over from last year's sheet without leaving the page: it is put into the field, which saves itself.
   Without this script the button sends the form, and the page comes back with the text in the field. */
(() => {
  "use strict";
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
})();
