/* What is asked of a page in the browser. Each function gives the faults it found, as lines. */
(() => {
  "use strict";
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const brief = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);

  // axe, in full or by the rules that depend on colours alone.
  const axeFaults = async (rules) => {
    const found = await axe.run(document, { resultTypes: ["violations"], elementRef: false, ...(rules && { runOnly: { type: "rule", values: rules } }) });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 140)} | ${(node.failureSummary ?? "").split("\n").slice(1).join(" ").trim().slice(0, 220)}`));
  };

  // Nothing scrolls sideways, and no text stands outside what the page can show.
  const sidewaysFaults = () => {
    const page = document.scrollingElement;
    const faults = page.scrollWidth > innerWidth ? [`${page.scrollWidth} px wide in a window of ${innerWidth}`] : [];
    return faults.concat(cutOff().map((element) => `cut off: ${brief(element)}`));
  };

  const clips = (style) => style.overflowX !== "visible" && !["auto", "scroll"].includes(style.overflowX);
  const scrolls = (element) => { for (let up = element.parentElement; up; up = up.parentElement) if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return true; return false; };
  const cutOff = () => {
    const faults = [];
    for (const element of document.querySelectorAll("main *, header *, footer *")) {
      if (!shown(element) || element.closest(".sr, svg, select, [hidden]")) continue;
      const style = getComputedStyle(element);
      const hidesText = clips(style) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && element.textContent.trim() && !["INPUT", "TEXTAREA", "PROGRESS"].includes(element.tagName);
      const hidesLines = ["hidden", "clip"].includes(style.overflowY) && element.scrollHeight > element.clientHeight + 1 && element.clientHeight > 1 && element.textContent.trim() && element.tagName !== "TEXTAREA";
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      const box = element.getBoundingClientRect();
      const beyond = hasText && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(element) && style.position !== "absolute";
      if (hidesText || hidesLines || beyond) faults.push(element);
    }
    return faults;
  };

  // WCAG 2.5.8: 24 px, or alone in a circle of 24 px, or a link in a line of text.
  const targetFaults = () => {
    const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")].filter((one) => shown(one) && !one.closest(".sr") && one.tabIndex >= 0);
    const boxes = new Map(targets.map((one) => [one, ["radio", "checkbox"].includes(one.type) ? boxOf(one) : one.getBoundingClientRect()]));
    return targets.filter((one) => {
      const box = boxes.get(one);
      if (!box.width || (box.width >= 24 && box.height >= 24) || inText(one)) return false;
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      return targets.some((other) => other !== one && !one.contains(other) && !other.contains(one) && near(boxes.get(other), x, y));
    }).map((one) => `${Math.round(boxes.get(one).width)} × ${Math.round(boxes.get(one).height)} px: ${brief(one)}`);
  };
  // A box to tick is hit by its label as well.
  const boxOf = (one) => [one, ...(one.labels ?? [])].map((each) => each.getBoundingClientRect()).reduce((largest, box) => (box.width * box.height > largest.width * largest.height ? box : largest));
  const near = (box, x, y) => box.width && Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) < 12;
  const inText = (one) => one.tagName === "A" && getComputedStyle(one).display === "inline";

  // For who hears the page: one h1, no heading left out, every table with headers and a name, every list of choices told.
  const heardFaults = () => {
    const faults = [];
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((one) => shown(one) || one.closest(".sr"));
    const levels = headings.map((one) => Number(one.tagName[1]));
    if (levels.filter((level) => level === 1).length !== 1) faults.push(`${levels.filter((level) => level === 1).length} h1`);
    if (levels[0] !== 1) faults.push(`the first heading is ${headings[0] ? brief(headings[0]) : "missing"}`);
    levels.forEach((level, place) => { if (place && level > levels[place - 1] + 1) faults.push(`h${level} after h${levels[place - 1]}: ${brief(headings[place])}`); });
    for (const heading of headings) if (!heading.textContent.trim()) faults.push(`empty ${brief(heading)}`);
    for (const table of document.querySelectorAll("table")) {
      if (!table.querySelector("th")) faults.push(`no header cell: ${brief(table)}`);
      if (!table.caption && !table.ariaLabel && !table.getAttribute("aria-labelledby")) faults.push(`no name: ${brief(table)}`);
      for (const cell of table.querySelectorAll("th")) if (!cell.scope) faults.push(`th without scope: ${brief(cell)}`);
    }
    for (const form of document.querySelectorAll("main form")) if (!form.querySelector("button, input[type=submit]") && !document.querySelector(`[form="${form.id}"]`)) faults.push(`no button: ${brief(form)}`);
    return faults.concat(sameNames());
  };

  // Two buttons or links of one name that do different things can't be told apart by ear.
  const nameOf = (one) => (one.getAttribute("aria-labelledby")?.split(" ").map((id) => document.getElementById(id)?.textContent).join(" ") || one.ariaLabel || one.textContent || one.querySelector("img")?.alt || "").replace(/\s+/g, " ").trim();
  const sameNames = () => {
    const byName = new Map();
    for (const one of document.querySelectorAll("main a[href], main button, main summary")) {
      if (!shown(one) || one.tabIndex < 0) continue;
      const does = one.href ?? (one.tagName === "SUMMARY" ? one.parentElement : (one.formAction || "") + (one.form?.action ?? "") + (one.name || "") + (one.value || ""));
      byName.set(nameOf(one), (byName.get(nameOf(one)) ?? new Set()).add(does));
    }
    return [...byName].filter(([, does]) => does.size > 1).map(([name, does]) => `${does.size} controls are called “${name}”`);
  };

  // A field that is wrong says so, is tied to its sentence, and is linked to from the summary, which has the focus.
  const errorFaults = () => {
    const faults = [];
    const wrong = [...document.querySelectorAll("[aria-invalid=true]")].filter((one) => one.type !== "hidden");
    const told = [...document.querySelectorAll("ul.errors, .err")].filter((one) => one.textContent.trim());
    const groups = [...document.querySelectorAll("fieldset[aria-describedby]")];
    const described = (one) => [one, one.closest("fieldset")].filter(Boolean).flatMap((each) => (each.getAttribute("aria-describedby") ?? "").split(" ")).filter(Boolean).map((id) => document.getElementById(id));
    for (const one of wrong) if (!described(one).some((note) => note?.matches(".errors, .autosave-note") && note.textContent.trim())) faults.push(`no sentence is tied to ${brief(one)}`);
    for (const note of told) {
      const holder = note.id ? note : note.closest("[id]");
      if (![...wrong, ...groups].some((one) => described(one).includes(holder)) && !note.closest("[role=alert]")) faults.push(`tied to no field: ${brief(note)}`);
    }
    if (!wrong.length && !told.length) return faults;
    const summary = document.querySelector(".summary[role=alert]");
    if (!summary) return [...faults, "no summary on top"];
    if (document.activeElement !== summary) faults.push(`the focus is at ${brief(document.activeElement)}`);
    const linked = [...summary.querySelectorAll("a")].map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    if (linked.includes(null)) faults.push("a link of the summary leads nowhere");
    for (const one of wrong) if (!linked.some((target) => target && (target === one || target.contains(one) || (one.closest("fieldset") && one.closest("fieldset").contains(target))))) faults.push(`no link to ${brief(one)}`);
    return faults;
  };

  // Styles that have just changed (theme, width) are drawn first.
  const drawn = () => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
  const narrowFaults = () => [...sidewaysFaults(), ...targetFaults()];
  window.looking = { axeFaults, sidewaysFaults, narrowFaults, targetFaults, heardFaults, errorFaults, drawn };
})();
