// Link companies by keyboard: J and K (or the arrows) move from row to row, Enter edits the row, A accepts its
// suggestion, N goes to the next row that is not linked, on the next page if need be. Without this script the
// Tab key does.
(() => {
  "use strict";
  const button = (row) => row.querySelector("td:last-child a");
  const rows = () => [...document.querySelectorAll("table.links tbody tr")].filter(button);
  const current = () => document.activeElement.closest?.("table.links tbody tr");

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    const next = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[at + by];
    if (next) button(next).focus();
  }

  function nextUnlinked() {
    const all = rows();
    const isOpen = (row) => row.querySelector(".badge use[href$='#ring'], .badge use[href$='#review']");
    const found = all.slice(all.indexOf(current()) + 1).find(isOpen);
    if (found) button(found).focus();
    else document.querySelector("#link-table a[rel=next]")?.click();
  }

  const keys = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), n: nextUnlinked,
    a: () => current()?.querySelector(".offer button")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    const isTyping = event.target.closest?.("input, textarea, select, [role=listbox], details[open]");
    const isArrow = event.key.startsWith("Arrow");
    if (!isPlain || isTyping || !Object.hasOwn(keys, event.key) || (isArrow && !current())) return;
    event.preventDefault();
    keys[event.key]();
  });

  // A page that came in place of another begins at its first row, so that the keys go on.
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.target;
    if (target.id === "link-table" && document.activeElement === document.body) step(1);
  });
})();
