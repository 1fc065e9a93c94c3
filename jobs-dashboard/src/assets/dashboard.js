// Keeps what is marked `data-live` up to date. Without it every page is the same, only not by itself.
"use strict";

(() => {
  const address = document.body.dataset.live;
  const parts = () => document.querySelectorAll("[data-live]:not(body)");
  if (!address || parts().length === 0 || !window.EventSource) return;

  const state = document.getElementById("live");
  let source = null;
  let isLoading = false;

  const say = (word) => {
    if (state) state.textContent = word;
  };

  // Whoever is in the midst of something there is not disturbed, and no row moves away under a pointer.
  const isBusy = (part) =>
    (part.dataset.live === "calm" && part.matches(":hover")) ||
    part.contains(document.activeElement) ||
    part.querySelector("input:checked, details[open]") !== null ||
    (!window.getSelection().isCollapsed && part.contains(window.getSelection().anchorNode));

  const load = async () => {
    if (isLoading) return;
    isLoading = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts()) {
        const fresh = page.getElementById(part.id);
        if (fresh && !isBusy(part) && fresh.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(fresh));
      }
      say("live");
    } catch {
      say("out of reach");
    } finally {
      isLoading = false;
    }
  };

  const listen = () => {
    if (document.hidden) {
      source?.close();
      source = null;
      say("");
    } else if (!source) {
      source = new EventSource(address);
      source.addEventListener("open", () => say("live"));
      source.addEventListener("error", () => say("out of reach"));
      source.addEventListener("look", load);
    }
  };

  document.addEventListener("visibilitychange", listen);
  listen();
})();
