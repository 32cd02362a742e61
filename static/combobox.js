// A combobox with a list from the server (ARIA 1.2): type, choose with arrows, Home, End and Enter or the mouse. Made
// out of any .combo that names its list in data-options-url, and of any select[data-options], which it stands in for
// with a copy of #combo-template. Without this script the form searches by itself.
(() => {
  "use strict";
  const [WAIT, TYPED] = [150, "typed:"]; // milliseconds; what begins the value of what was typed and not chosen
  const combos = new WeakMap();

  function upgrade(combo, value) {
    const [input, list] = combo.querySelectorAll("input, [role=listbox]");
    Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
    input.setAttribute("aria-controls", list.id);
    combo.append(value);
    combo.closest("form")?.querySelector("[data-without-script]")?.remove();
    const state = { combo, input, list, value, initial: input.defaultValue, active: -1, timer: 0, request: null };
    combos.set(combo, state);
    if (input.value !== state.initial) load(state); // typed before this script had come
  }

  function replace(select) {
    const combo = document.getElementById("combo-template").content.firstElementChild.cloneNode(true);
    const [input, list] = combo.querySelectorAll("input, [role=listbox]");
    for (const name of ["id", "aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    input.defaultValue = select.value && select.selectedOptions[0].text;
    input.placeholder = select.options[0].text;
    const hasFocus = document.activeElement === select;
    Object.assign(select, { id: "", hidden: true }).before(combo);
    Object.assign(list, { id: `${input.id}-list`, ariaLabel: input.labels[0].textContent });
    combo.dataset.optionsUrl += `?field=${encodeURIComponent(select.name)}`;
    upgrade(combo, select);
    if (hasFocus) input.focus();
  }

  function upgradeAll() {
    document.querySelectorAll("select[data-options]:not([hidden])").forEach(replace);
    for (const combo of document.querySelectorAll(".combo[data-name]")) {
      const { name, value: initial = "" } = combo.dataset;
      const value = Object.assign(document.createElement("input"), { type: "hidden", name, value: initial });
      if (!combos.has(combo)) upgrade(combo, value);
    }
  }

  const stateOf = (target) => combos.get(target.closest?.(".combo"));
  const fieldOf = (target) => stateOf(target)?.input === target && stateOf(target);
  const options = (state) => [...state.list.querySelectorAll("[data-value]")];
  const isOpen = (state) => !state.list.hidden;
  function keep(state, value, label) {
    if (state.value.options) state.value.replaceChildren(new Option(label, value, true, true));
    else state.value.value = value;
  }

  function show(state, open) {
    state.list.hidden = !open;
    state.input.ariaExpanded = String(open);
    if (open) state.list.scrollIntoView({ block: "nearest" });
    else activate(state, -1);
  }

  function activate(state, index) {
    state.active = index;
    options(state).forEach((option, place) => {
      option.classList.toggle("active", place === index);
      option.ariaSelected = String(place === index);
    });
    const option = options(state)[index];
    if (!option) return state.input.removeAttribute("aria-activedescendant");
    option.scrollIntoView({ block: "nearest" });
    state.input.setAttribute("aria-activedescendant", option.id);
  }

  async function load(state) {
    state.request?.abort();
    const request = state.request = new AbortController();
    const url = new URL(state.combo.dataset.optionsUrl, location.href);
    const isTyped = state.input.value !== state.initial || (state.input.name && state.combo.closest(".invalid"));
    url.searchParams.set("q", isTyped ? state.input.value : "");
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    try {
      const answer = await fetch(url, { headers, signal: request.signal });
      const elsewhere = answer.headers.get("HX-Redirect");
      if (elsewhere) location.assign(elsewhere);
      else fill(state, answer.ok ? await answer.text() : "", answer.ok);
    } catch (error) {
      if (error.name !== "AbortError") fill(state, "", false);
    }
  }

  function fill(state, html, isAnswer) {
    state.list.innerHTML = html;
    const found = options(state);
    const { none, one, many, failed } = state.combo.dataset;
    const count = found.length > 1 ? many.replace("{n}", found.length) : found.length ? one : isAnswer ? none : failed;
    const line = { role: "option", ariaDisabled: "true", className: "muted", textContent: count };
    if (!found.length) state.list.append(Object.assign(document.createElement("li"), line));
    found.forEach((option, index) => { option.id = `${state.list.id}-${index}`; });
    state.combo.querySelector("[role=status]").textContent = count;
    activate(state, -1);
    show(state, document.activeElement === state.input);
  }

  function choose(state, option) {
    clearTimeout(state.timer);
    state.request?.abort();
    state.input.value = state.initial = option.dataset.label;
    keep(state, option.dataset.value, option.dataset.label);
    show(state, false);
    if ("submit" in state.combo.dataset) state.input.form.requestSubmit();
  }

  function move(state, key) {
    const last = options(state).length - 1;
    const next = { ArrowDown: state.active + 1, ArrowUp: state.active - 1, Home: 0, End: last }[key];
    activate(state, next > last ? Math.min(0, last) : next < 0 ? last : next);
  }

  const arrow = (state, key) => (isOpen(state) ? move(state, key) : load(state));
  const end = (state, key) => isOpen(state) && state.active >= 0 && move(state, key);
  const pressed = (state) => isOpen(state) && options(state)[state.active];
  const enter = (state) => (pressed(state) ? choose(state, pressed(state)) : arrow(state, "Home"));
  const cancel = (state) => state.input.form.querySelector("[data-cancel]")?.click();
  const escape = (state) => (isOpen(state) ? show(state, false) : cancel(state));
  const keys = { ArrowDown: arrow, ArrowUp: arrow, Home: end, End: end, Enter: enter, Escape: escape };

  document.addEventListener("keydown", (event) => {
    const state = Object.hasOwn(keys, event.key) && !event.isComposing && fieldOf(event.target);
    if (state && keys[event.key](state, event.key) !== false) event.preventDefault();
  });
  document.addEventListener("input", (event) => {
    const state = stateOf(event.target);
    if (!state) return;
    const text = state.value.options ? state.input.value : "";
    keep(state, text && TYPED + text, text);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => load(state), WAIT);
  });
  document.addEventListener("focusin", ({ target }) => { if (fieldOf(target)) target.select(); });
  document.addEventListener("focusout", ({ target }) => { if (fieldOf(target)) show(fieldOf(target), false); });
  document.addEventListener("mousedown", (event) => { // the focus stays in the field
    if (event.target.closest?.(".combo .listbox")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const [option, state] = [event.target.closest(".combo [data-value]"), stateOf(event.target)];
    if (option) choose(state, option);
    else if (state && !isOpen(state)) load(state);
  });
  document.addEventListener("htmx:after:swap", upgradeAll);
  upgradeAll();
})();
