// What the pages need beyond HTMX: toasts with Undo, the consent window, ticks in a list that is searched.
// Everything here is an improvement; each form works without it.
(() => {
  "use strict";
  const TOAST_SECONDS = 10;
  const REPORT_MILLISECONDS = 500;
  const channel = new BroadcastChannel("ledgerbridge-connect");
  let unfinished = ""; // what to say when people come back while the consent window has not reported

  function keepWhileUsed(toast) {
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), TOAST_SECONDS * 1000); };
    const stop = () => clearTimeout(timer);
    for (const event of ["mouseenter", "focusin"]) toast.addEventListener(event, stop);
    for (const event of ["mouseleave", "focusout"]) toast.addEventListener(event, () => { stop(); start(); });
    start();
  }

  function showToast(message, undo) {
    const toast = document.getElementById("toast-template").content.cloneNode(true).firstElementChild;
    toast.querySelector("p").textContent = message;
    if (undo) {
      const form = toast.querySelector("form");
      form.action = undo;
      form.hidden = false;
    }
    document.getElementById("toasts").replaceChildren(toast);
    keepWhileUsed(toast);
  }

  document.addEventListener("toast", (event) => showToast(event.detail.message, event.detail.undo));
  for (const toast of document.querySelectorAll(".toast")) keepWhileUsed(toast);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest(".toast").remove();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Undo in a toast is sent by HTMX when the row it concerns is on the page; the server names the row.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-connect]") && openConsent(form)) return;
    if (form.closest(".toast") && window.htmx) {
      const row = document.querySelector(`[data-undo="${CSS.escape(form.getAttribute("action"))}"]`);
      if (!row) return;
      event.preventDefault();
      form.closest(".toast").remove();
      window.htmx.ajax("POST", form.action, {
        target: row, swap: "outerHTML", values: Object.fromEntries(new FormData(form)),
      });
    }
  });

  // The consent page opens in a window of its own; a blocked window leaves a plain navigation.
  function openConsent(form) {
    const target = `connect-${Date.now()}`;
    if (!window.open("about:blank", target, "popup,width=720,height=820")) return false;
    form.target = target;
    form.querySelector("[name=window]").value = "1";
    unfinished = form.dataset.connect;
    return true;
  }

  // The pressed button shows that its answer is awaited (HTMX marks the form alone); no answer at all is told.
  document.addEventListener("htmx:before:request", ({ detail }) => {
    detail.ctx.request.submitter?.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    detail.ctx.request.submitter?.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:error", ({ detail }) => {
    if (!detail.ctx?.sourceElement.matches("form, a, button")) return; // what asks by itself asks again
    showToast(document.getElementById("toast-template").dataset.unanswered, null);
  });

  // Fragments say with autofocus where the focus goes. The browser honours that once per document and complains
  // afterwards, so the wish is taken over before it sees it.
  document.addEventListener("htmx:before:swap", (event) => {
    for (const { fragment } of event.detail.tasks) {
      for (const element of fragment.querySelectorAll("[autofocus]")) {
        element.removeAttribute("autofocus");
        element.dataset.focus = "";
      }
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    const element = document.querySelector("[data-focus]");
    if (!element) return;
    delete element.dataset.focus;
    element.focus();
  });

  // What shows the connection's state reads itself again. Where the focus was, it is put on what stands there now.
  async function refresh(card) {
    const address = card.dataset.refresh + (card.contains(document.activeElement) ? "?focus=1" : "");
    if (window.htmx) return window.htmx.ajax("GET", address, { source: card, target: card, swap: "outerHTML" });
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    card.outerHTML = await answer.text();
    document.querySelector(`#${card.id} [autofocus]`)?.focus();
  }
  const refreshCards = () => document.querySelectorAll("[data-refresh]").forEach(refresh);

  channel.addEventListener("message", (event) => {
    if (event.data.problem) {
      if (unfinished) unfinished = event.data.problem;
      return;
    }
    unfinished = "";
    refreshCards();
    showToast(event.data.report, null);
  });
  // Closing the window by hand reports nothing, so what may have changed is read when people come back. A window
  // that closes itself has reported just before; one that has a problem to tell stays open.
  window.addEventListener("focus", () => {
    if (!unfinished) return;
    refreshCards();
    setTimeout(() => {
      if (unfinished) showToast(unfinished, null);
      unfinished = "";
    }, REPORT_MILLISECONDS);
  });

  const result = document.querySelector("[data-report], [data-problem]");
  if (result) {
    channel.postMessage({ ...result.dataset });
    if (result.dataset.report) window.close();
  }

  // A tick while a search is under way is not in it, and its answer would take the tick away: search anew.
  document.addEventListener("change", (event) => {
    const search = document.getElementById(event.target.closest("[data-search]")?.dataset.search);
    if (!search?.matches(".htmx-request")) return;
    window.htmx.trigger(search, "htmx:abort");
    window.htmx.trigger(search, "input");
  });
})();
