/* What is asked of the control that has the focus now. */
(() => {
  "use strict";
  const brief = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const sticks = (element) => { for (let up = element; up; up = up.parentElement) if (["sticky", "fixed"].includes(getComputedStyle(up).position)) return true; return false; };
  const isMarked = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== "rgba(0, 0, 0, 0)";
  };
  // Some of it can be seen: neither below another thing nor out of the window (WCAG 2.4.11).
  const isInSight = (element) => {
    const box = element.getBoundingClientRect();
    const across = [0.05, 0.5, 0.95].map((share) => box.left + box.width * share);
    const down = [0.1, 0.5, 0.9].map((share) => box.top + box.height * share);
    return across.some((x) => down.some((y) => {
      const top = document.elementFromPoint(x, y);
      return top && (element.contains(top) || top.contains(element) || [...(element.labels ?? [])].some((label) => label.contains(top)));
    }));
  };
  let before = null;
  // Past the last stop Tab begins anew, with or without a stop at the browser itself in between.
  const begins = (element) => document.querySelector("a[href], button, input:not([type=hidden])") === element;
  const follows = (element) => {
    if (!before?.isConnected || begins(element) || sticks(element) || sticks(before)) return true;
    const [last, now] = [before.getBoundingClientRect(), element.getBoundingClientRect()];
    const sameColumn = now.left < last.right && last.left < now.right;
    return Boolean(before.compareDocumentPosition(element) & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY)) && !(sameColumn && now.bottom < last.top);
  };

  // {…} of the control that has the focus, and what is wrong with that; `onward`: it was reached by Tab.
  const here = (onward) => {
    const element = document.activeElement;
    if (element === document.body) { before = null; return { tag: "body", id: "", name: "", value: "", goes: "", css: "", text: "", type: "", faults: [] }; }
    const faults = [];
    if (element.id !== "main" && !isMarked(element)) faults.push(`no mark of the focus: ${brief(element)}`);
    if (!isInSight(element)) faults.push(`out of sight: ${brief(element)}`);
    if (onward && before && before !== element && !follows(element)) faults.push(`not in reading order, after ${brief(before)}: ${brief(element)}`);
    if (onward && before === element) faults.push(`a trap: ${brief(element)}`);
    before = element;
    const text = (element.ariaLabel ?? element.textContent).replace(/\s+/g, " ").trim();
    return { tag: element.tagName.toLowerCase(), id: element.id, name: element.name ?? "", value: element.value ?? "", goes: element.getAttribute("href") ?? "", css: element.className, text, type: element.type ?? "", faults };
  };
  window.keys = { here };
})();
