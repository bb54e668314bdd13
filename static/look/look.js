/* Small comforts over pages that work without them. Every sentence comes from #sentences (templates/parts/sentences.html). */
(() => {
  "use strict";
  const words = document.getElementById("sentences").dataset;
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_all, key) => values[key]);
  const shown = (text) => String(text).replace(/[0-9]/g, (digit) => words.digits[digit]);
  const arabic = (text) => text.replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit));

  // Exact decimals: a number is {units, places}, units a BigInt. Nothing typed is ever rounded by a float.
  const parse = (text) => {
    const plain = arabic(text.trim()).replace(/[−–]/g, "-");
    if (!/^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d{1,4})?$/.test(plain)) return null;
    const [whole, fraction = ""] = plain.replace(/[,+]/g, "").split(".");
    return { units: BigInt(whole + fraction), places: fraction.length };
  };
  const at = (number, places) => number.units * 10n ** BigInt(places - number.places);
  const write = (units, places) => {
    const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
    const cut = digits.length - places;
    return (units < 0n ? "-" : "") + digits.slice(0, cut) + (places ? "." + digits.slice(cut) : "");
  };
  const plain = (units, places) => {
    const text = write(units, places);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  };

  /* The sum of the weights, as it is typed. */
  const addUp = () => {
    const inputs = [...document.querySelectorAll("input[data-weight]")];
    const bar = document.querySelector("[data-weight-sum]");
    if (!bar || !inputs.length) return;
    const sum = inputs.map((input) => parse(input.value)).reduce((total, number) => total + (number ? at(number, 4) : 0n), 0n);
    const target = bar.dataset.target;
    const missing = at(parse(target), 4) - sum;
    const state = missing > 0n ? "under" : missing < 0n ? "over" : "exact";
    const text = write(sum, 4).slice(0, -2);
    bar.dataset.state = state;
    bar.querySelector("[data-sum]").textContent = shown(text);
    bar.querySelector("progress").value = Number(text);
    const number = plain(missing < 0n ? -missing : missing, 4);
    const name = { under: "sumUnder", over: "sumOver", exact: "sumExact" }[state];
    bar.querySelector("[data-said]").textContent = say(name, { number: shown(number), target: shown(target) });
    listen();
  };

  /* Five levels from a start and a step. What can't be read as numbers goes to the server, which says why. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-levels]");
    if (!button) return;
    const box = button.closest("[data-levels]");
    const start = parse(box.querySelector("[data-level-start]").value);
    const step = parse(box.querySelector("[data-level-step]").value);
    if (!start || !step || !step.units) return;
    event.preventDefault();
    const places = Math.max(start.places, step.places);
    box.querySelectorAll("[data-level]").forEach((input) => {
      const value = at(start, places) + at(step, places) * BigInt(Number(input.dataset.level) - 1);
      input.value = shown(write(value, places));
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  /* What is copied from Excel is told as its cells, row by row, to whoever takes them where it is pasted: an event "cells",
     whose taker prevents that it is pasted as text. A cell alone is text like any other. Excel puts a cell of several
     lines between quotation marks. */
  const cellsIn = (text) => {
    const rows = [[]];
    for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*[\n\t](?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r?\n|$)/g)) {
      rows.at(-1).push((quoted?.replaceAll('""', '"') ?? plain).trim());
      if (!end) break;
      if (end !== "\t") rows.push([]);
    }
    return rows;
  };
  document.addEventListener("paste", (event) => {
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    const told = new CustomEvent("cells", { bubbles: true, cancelable: true, detail: cellsIn(text) });
    if (!event.target.dispatchEvent(told)) event.preventDefault();
  });

  /* Cells land in the fields of the levels: along the levels from the one they are pasted into; what lies across goes
     into the next rows of fields. */
  document.addEventListener("cells", (event) => {
    const box = event.target.closest?.("[data-paste]");
    if (!box || !event.target.dataset.cell) return;
    const rows = event.detail;
    const isTall = rows.length > rows[0].length;
    const [column, first] = event.target.dataset.cell.split("-");
    const left = box.querySelectorAll(`[data-cell^="${column}-"]`).length - Number(first) + 1;
    if (event.target.matches("textarea") && Math.max(rows.length, rows[0].length) > left) return;  // a text of its own
    event.preventDefault();
    const columns = [...new Set([...box.querySelectorAll("[data-cell]")].map((field) => field.dataset.cell.split("-")[0]))];
    rows.forEach((cells, down) => cells.forEach((cell, along) => {
      const [level, across] = isTall ? [down, along] : [along, down];
      const name = columns[columns.indexOf(column) + across];
      const field = box.querySelector(`[data-cell="${name}-${Number(first) + level}"]`);
      if (!field || field.disabled) return;
      field.value = cell;
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }));
  });

  /* What changes while the page stays open is told to who can't see it, in the one live region of the page: after a
     pause, so that nothing is repeated with each keystroke. data-announce names what its element's text is about. */
  const voice = document.getElementById("said");
  const toSay = new Map();
  const heard = new Map();
  let isOpen = false;
  let pause;
  const announce = (about, text) => {
    toSay.set(about, text);
    clearTimeout(pause);
    pause = setTimeout(speak, 900);
  };
  const speak = () => {
    voice.textContent = [...toSay.values()].join(" · ");
    toSay.clear();
  };
  const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const listen = () => document.querySelectorAll("[data-announce]").forEach((element) => {
    const about = element.dataset.announce;
    const text = textOf(element);
    const before = heard.get(about);
    heard.set(about, text);
    if (isOpen && before !== text && text) announce(about, text.startsWith(about) ? text : `${about}: ${text}`);
  });

  /* What is said beside a field that saves itself is tied to it, like the errors that came with the page. */
  const tie = () => document.querySelectorAll(".autosave-note").forEach((note) => {
    const wrong = note.childElementCount > 0;
    for (const field of document.getElementsByName(note.id.replace(/_autosave$/, ""))) {
      const told = (field.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id));
      const notes = told.filter((each) => each && each !== note).concat(wrong ? note : []);
      put(field, "aria-describedby", notes.map((each) => each.id).join(" "));
      put(field, "aria-invalid", notes.some((each) => each.matches("ul.errors, .autosave-note")) && "true");
    }
  });
  const put = (element, name, value) => (value ? element.setAttribute(name, value) : element.removeAttribute(name));

  /* Unsaved work: leaving is asked about while a guarded form holds something that the server doesn't. */
  const unsaved = new Set();
  let leaving = false;
  const formOf = (element) => element?.form ?? element?.closest?.("form");
  // Nothing has the focus: then it is with the body, and with no element at all where the page is being taken down or rebuilt.
  const focusedNow = () => (document.activeElement === document.body ? null : document.activeElement);
  const guarded = (element) => (formOf(element)?.matches("[data-guard]") ? formOf(element) : null);
  document.addEventListener("input", (event) => {
    const form = guarded(event.target);
    if (form && !event.target.matches("[data-unkept]")) {
      unsaved.add(form);
      form.dataset.edits = Number(form.dataset.edits ?? 0) + 1;
      tell(event.target, "typing", say("typing"));
    }
    if (event.target.matches("textarea")) grow(event.target);
    if (event.target.matches("[data-weight]")) addUp();
  }, true);  // while capturing: an edit is counted before htmx sends it
  // A form with data-elsewhere (language, signing out) leads away from what is being written.
  document.addEventListener("submit", (event) => { leaving = !event.defaultPrevented && !event.target.matches("[data-elsewhere]"); });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && [...unsaved].some((form) => form.isConnected)) event.preventDefault();
  });

  /* What became of autosaving. */
  const statusOf = (element) => (formOf(element) ?? element.closest?.("[data-autosave]") ?? document).querySelector("[data-save-status]");
  const tell = (element, state, text) => {
    const status = statusOf(element);
    if (status && status.querySelector("span").textContent !== text) status.querySelector("span").textContent = text;
    if (status) status.dataset.state = state;
    if (status && ["saved", "failed"].includes(state)) announce("saving", text);
    if (state === "typing") unmark(element);
    else mark(element, state);
  };
  const mark = (element, state) => {
    const field = element.closest?.(".field");
    if (field) field.dataset.state = state;
    if (field && state === "saved") mended(field, element);
  };
  // What was wrong with a field when the page came is right once it has been saved.
  const mended = (field, element) => {
    field.classList.remove("is-bad");
    field.querySelector("ul.errors")?.remove();
    const summary = document.querySelector(".summary[data-focus]");
    summary?.querySelector(`a[href="#${CSS.escape(element.id)}"]`)?.closest("li").remove();
    if (summary && !summary.querySelector("li")) summary.remove();
  };
  const unmark = (element) => delete element.closest?.(".field")?.dataset.state;
  const asSent = (element, xhr) => [undefined, element.value].includes(xhr.valuesSent?.get(element.id));
  const writes = (event) => event.detail.requestConfig && event.detail.requestConfig.verb !== "get";
  document.addEventListener("htmx:beforeSend", (event) => {
    if (!writes(event)) return;
    event.detail.xhr.editsSent = guarded(event.detail.elt)?.dataset.edits;
    tell(event.detail.elt, "saving", say("saving"));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!writes(event)) return;
    const { elt, xhr, successful } = event.detail;
    const form = guarded(elt);
    // Typed on while it was being saved: still unsaved.
    if (successful && form && xhr.editsSent !== form.dataset.edits) {
      tell(elt, "typing", say("typing"));
      if (asSent(elt, xhr)) mark(elt, "saved");  // what is unsaved stands in another field
      return;
    }
    if (successful && form) unsaved.delete(form);
    if (successful) return tell(elt, "saved", say("saved", { time: shown(clock(xhr)) }));
    const why = { 401: "signedOut", 409: "refused", 422: "refused" }[xhr.status] ?? "failed";
    return tell(elt, "failed", say(why));
  });
  // The server's time, as its answers carry it, where the server is: the clock of this device may be wrong.
  const clock = (xhr) => {
    const parts = { timeZone: words.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const [hours, minutes] = new Intl.DateTimeFormat("en-GB", parts).format(new Date(xhr.getResponseHeader("Date"))).split(":");
    return say("clock", { hours, minutes });
  };

  /* A swap takes nothing from under the typist: what was typed after the request left is put back, the caret with it,
     and saved again. At afterSwap, not later: a request waiting in line is sent before htmx settles. */
  const typedFields = () => [...document.querySelectorAll("input[id], textarea[id]")].filter((field) => !["checkbox", "radio", "file"].includes(field.type));
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.xhr.valuesSent = new Map(typedFields().map((field) => [field.id, field.value]));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const sent = xhr.valuesSent ?? new Map();
    xhr.typedSince = typedFields().filter((field) => sent.has(field.id) && sent.get(field.id) !== field.value)
      .map((field) => ({ id: field.id, value: field.value, caret: field === document.activeElement ? field.selectionStart : null }));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { xhr } = event.detail;
    for (const { id, value, caret } of xhr?.typedSince?.splice(0) ?? []) {
      const field = document.getElementById(id);
      if (!field || field.value === value) continue;
      field.value = value;
      if (caret !== null) field.setSelectionRange(caret, caret);
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
  });
  document.addEventListener("htmx:afterSettle", () => ready());

  /* Nor the focus from who had it: where a swap takes the focused control away, its likeness has it, or what stands there now. */
  const TAB_STOPS = "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select, textarea, summary, [tabindex]";
  const likeness = (element) => [element.tagName, element.getAttribute("href"), element.name, element.value, textOf(element)].join();
  let focused = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const element = focusedNow();
    focused = element && { element, like: likeness(element), places: placesOf(element) };
  });
  const placesOf = (element) => { const ids = []; for (let up = element.parentElement; up; up = up.parentElement) if (up.id) ids.push(up.id); return ids; };
  document.addEventListener("htmx:afterSwap", () => {
    if (!focused || focused.element.isConnected || focusedNow()) return;
    const place = focused.places.map((id) => document.getElementById(id)).find(Boolean);
    const stops = [...(place?.querySelectorAll(TAB_STOPS) ?? [])];
    (stops.find((element) => likeness(element) === focused.like) ?? stops[0])?.focus({ preventScroll: true });
  });

  /* Nor does it move in the window, where something above it grows or shrinks; what the browser has seen to is left so. */
  let stood = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const element = focusedNow(), box = element?.getBoundingClientRect();
    stood = element && box.bottom > 0 && box.top < innerHeight ? { element, top: box.top } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const { element, top } = stood ?? {};
    stood = null;
    if (element) requestAnimationFrame(() => { if (element === document.activeElement) scrollBy(0, element.getBoundingClientRect().top - top); });
  });

  /* Long texts show themselves whole, where the browser can't do it by style. */
  const growsItself = CSS.supports("field-sizing", "content");
  const grow = (area) => {
    if (growsItself) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };

  /* Ctrl+S saves, as everywhere. */
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    const form = guarded(focusedNow()) ?? document.querySelector("form[data-primary]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const ready = () => {
    document.querySelectorAll("textarea").forEach(grow);
    tie();
    addUp();
    listen();
  };
  ready();
  isOpen = true;
  const done = [...document.querySelectorAll(".toast")].map(textOf).join(" · ");
  if (done) announce("done", done);
  const first = document.querySelector("[data-focus]");
  // An address kept from before the form was sent (#main) must not take the focus away again.
  if (first && location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  first?.focus();
  // The tab that is open stands in sight, where a phone shows only some of them.
  const open = document.querySelector(".tabs a[aria-current]");
  const strip = open?.closest(".tabs");
  if (strip) strip.scrollLeft += open.getBoundingClientRect().left - strip.getBoundingClientRect().left - 24;
})();
