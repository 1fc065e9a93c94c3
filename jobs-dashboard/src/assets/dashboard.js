// Updates the parts of a page that are marked with `data-live`, copies texts, and goes to pages by keys. Without scripts, a page shows the same after a reload.
"use strict";

(() => {
  if (!navigator.clipboard) return;
  // The style sheet shows the buttons then, also those of parts that are loaded later.
  document.documentElement.classList.add("can-copy");
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const text = button && document.getElementById(button.dataset.copy);
    if (!text) return;
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  });
})();

(() => {
  const address = document.body.dataset.live;
  const parts = () => document.querySelectorAll("[data-live]:not(body)");
  if (!address || parts().length === 0 || !window.EventSource) return;

  const label = document.getElementById("live");
  const button = document.getElementById("pause");
  let source = null;
  let isPaused = sessionStorage.getItem("paused") === "yes";
  let isLoading = false;

  const show = (status) => {
    if (label) label.textContent = status;
  };

  // A part that the user is working in is not replaced, and no row moves away under the pointer.
  const isBusy = (part) =>
    (part.dataset.live === "calm" && part.matches(":hover")) ||
    part.contains(document.activeElement) ||
    part.querySelector("input:checked, details[open]") !== null ||
    (!window.getSelection().isCollapsed && part.contains(window.getSelection().anchorNode));

  const load = async () => {
    if (isLoading) return;
    isLoading = true;
    try {
      const response = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!response.ok) throw new Error(response.statusText);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of parts()) {
        const fresh = page.getElementById(part.id);
        if (fresh && !isBusy(part) && fresh.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(fresh));
      }
      show(isPaused ? "paused" : "live");
    } catch {
      show("disconnected");
    } finally {
      isLoading = false;
    }
  };

  const listen = () => {
    if (document.hidden || isPaused) {
      source?.close();
      source = null;
      show(isPaused ? "paused" : "");
    } else if (!source) {
      source = new EventSource(address);
      source.addEventListener("open", () => show("live"));
      source.addEventListener("error", () => show("disconnected"));
      source.addEventListener("sample", load);
    }
  };

  const pause = (paused) => {
    isPaused = paused;
    sessionStorage.setItem("paused", paused ? "yes" : "no");
    button.textContent = paused ? "Resume" : "Pause";
    listen();
    if (!paused) load();
  };

  button.hidden = false;
  button.addEventListener("click", () => pause(!isPaused));
  button.textContent = isPaused ? "Resume" : "Pause";
  document.addEventListener("visibilitychange", listen);
  listen();
})();

(() => {
  const pages = { o: "", j: "/jobs", f: "/failures", q: "/queues", r: "/recurring", p: "/processes" };
  const base = document.body.dataset.live.replace(/\/live$/, "");
  let isGoing = false;

  const click = (selector) => document.querySelector(selector)?.click();
  const actions = {
    "/": () => document.querySelector(".search input:not([type=hidden])")?.focus(),
    "?": () => location.assign(`${base}/help`),
    n: () => click("[rel=next]"),
    b: () => click("[rel=prev], [rel=first]"),
    l: () => click("#pause:not([hidden])"),
  };

  document.addEventListener("keydown", (event) => {
    const isField = event.target.closest("input, select, textarea, [contenteditable]");
    if (isField || event.ctrlKey || event.metaKey || event.altKey) return;
    const wasGoing = isGoing;
    isGoing = event.key === "g" && !wasGoing;
    const page = wasGoing ? pages[event.key] : undefined;
    if (page !== undefined) location.assign(`${base}${page}` || "/");
    else if (!wasGoing && actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  });
})();
