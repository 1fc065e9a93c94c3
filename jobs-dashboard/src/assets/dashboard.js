// Updates the parts of a page that are marked with `data-live`, and copies texts. Without scripts, a page shows the same after a reload.
"use strict";

(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
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
  let source = null;
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
      show("live");
    } catch {
      show("disconnected");
    } finally {
      isLoading = false;
    }
  };

  const listen = () => {
    if (document.hidden) {
      source?.close();
      source = null;
      show("");
    } else if (!source) {
      source = new EventSource(address);
      source.addEventListener("open", () => show("live"));
      source.addEventListener("error", () => show("disconnected"));
      source.addEventListener("sample", load);
    }
  };

  document.addEventListener("visibilitychange", listen);
  listen();
})();
