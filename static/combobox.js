// A combobox with a list from the server (ARIA 1.2) out of any .combo that names its list in data-options-url:
// type, choose with arrows, Home, End and Enter or the mouse. Without this script the form searches by itself.
(() => {
  "use strict";
  const WAIT = 150;
  const combos = new WeakMap();
  function upgrade(combo) {
    const input = combo.querySelector("input");
    const list = combo.querySelector("[role=listbox]");
    const value = document.createElement("input");
    value.type = "hidden";
    value.name = combo.dataset.name;
    combo.append(value);
    combo.closest("form")?.querySelector("[data-without-script]")?.remove();
    input.role = "combobox";
    input.ariaAutoComplete = "list";
    input.ariaExpanded = "false";
    input.setAttribute("aria-controls", list.id);
    const state = { combo, input, list, value, initial: input.defaultValue, active: -1, timer: 0, request: null };
    combos.set(combo, state);
    if (input.value !== state.initial) load(state); // typed before this script had come
    return state;
  }

  const stateOf = (target) => {
    const combo = target.closest?.(".combo[data-options-url]");
    return combo && (combos.get(combo) || upgrade(combo));
  };
  const options = (state) => [...state.list.querySelectorAll("[data-value]")];
  const isOpen = (state) => !state.list.hidden;
  const say = (state, text) => { state.combo.querySelector("[role=status]").textContent = text; };

  function show(state, open) {
    state.list.hidden = !open;
    state.input.ariaExpanded = String(open);
    if (!open) activate(state, -1);
  }

  function activate(state, index) {
    state.active = index;
    options(state).forEach((option, place) => {
      option.classList.toggle("active", place === index);
      option.ariaSelected = String(place === index);
      if (place === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) state.input.removeAttribute("aria-activedescendant");
    else state.input.setAttribute("aria-activedescendant", options(state)[index].id);
  }

  async function load(state) {
    state.request?.abort();
    const request = state.request = new AbortController();
    const url = new URL(state.combo.dataset.optionsUrl, location.href);
    const isTyped = state.input.value !== state.initial || state.combo.closest(".invalid");
    url.searchParams.set("q", isTyped ? state.input.value : "");
    try {
      const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
      const answer = await fetch(url, { headers, signal: request.signal });
      const elsewhere = answer.headers.get("HX-Redirect");
      if (elsewhere) return location.assign(elsewhere);
      if (!answer.ok) throw new Error(String(answer.status));
      fill(state, await answer.text());
    } catch (error) {
      if (error.name === "AbortError") return;
      show(state, false);
      say(state, state.combo.dataset.failed);
    }
  }

  function fill(state, html) {
    state.list.innerHTML = html;
    const found = options(state);
    found.forEach((option, index) => { option.id = `${state.list.id}-${index}`; });
    const { none, one, many } = state.combo.dataset;
    const line = { role: "option", ariaDisabled: "true", className: "muted", textContent: none };
    if (!found.length) state.list.append(Object.assign(document.createElement("li"), line));
    say(state, found.length > 1 ? many.replace("{n}", found.length) : found.length ? one : none);
    activate(state, -1);
    show(state, document.activeElement === state.input);
  }

  function choose(state, option) {
    state.input.value = option.dataset.label;
    state.value.value = option.dataset.value;
    state.initial = state.input.value;
    show(state, false);
    state.input.dispatchEvent(new Event("change", { bubbles: true }));
    if ("submit" in state.combo.dataset) state.input.form.requestSubmit();
  }

  function move(state, key) {
    const last = options(state).length - 1;
    const next = { ArrowDown: state.active + 1, ArrowUp: state.active - 1, Home: 0, End: last }[key];
    activate(state, next > last ? Math.min(0, last) : next < 0 ? last : next);
  }

  const keys = {
    Enter(state) {
      if (!isOpen(state)) load(state);
      else if (state.active >= 0) choose(state, options(state)[state.active]);
      else move(state, "Home");
      return true;
    },
    Escape(state) {
      if (isOpen(state)) show(state, false);
      else state.input.form.querySelector("[data-cancel]")?.click();
      return true;
    },
  };
  keys.ArrowDown = keys.ArrowUp = (state, key) => {
    if (isOpen(state)) move(state, key);
    else load(state);
    return true;
  };
  keys.Home = keys.End = (state, key) => {
    const isChoosing = isOpen(state) && state.active >= 0;
    if (isChoosing) move(state, key);
    return isChoosing;
  };

  document.addEventListener("keydown", (event) => {
    const state = Object.hasOwn(keys, event.key) && !event.isComposing && stateOf(event.target);
    if (state && event.target === state.input && keys[event.key](state, event.key)) event.preventDefault();
  });
  document.addEventListener("input", (event) => {
    const state = stateOf(event.target);
    if (!state) return;
    state.value.value = "";
    clearTimeout(state.timer);
    state.timer = setTimeout(() => load(state), WAIT);
  });
  document.addEventListener("focusin", (event) => {
    if (stateOf(event.target)?.input === event.target) event.target.select();
  });
  document.addEventListener("focusout", (event) => {
    const state = stateOf(event.target);
    if (state && event.target === state.input) show(state, false);
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.(".combo .listbox")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest(".combo [data-value]");
    const state = stateOf(event.target);
    if (option) choose(state, option);
    else if (state && !isOpen(state)) load(state);
  });

  document.querySelectorAll(".combo[data-options-url]").forEach(stateOf);
})();
