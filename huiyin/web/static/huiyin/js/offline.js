// Asks the service worker, where there is one, to keep this page and what it is drawn with, so that a reload without network works.

const SETTLED_MS = 1500;
const PERSON = document.body.dataset.person || "";

export async function start() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  try {
    await navigator.serviceWorker.register("/sw.js");
    const registration = await navigator.serviceWorker.ready;
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS)); // until the other parts of the page are loaded
    const page = location.pathname + location.search;
    registration.active.postMessage({ keep: [page].concat(drawnWith()), person: PERSON });
  } catch (refused) {
    // It is an extra; drafts are kept without it.
  }
}

/** The files of our own that this page is drawn with; their names carry hashes, so only what was loaded is known. */
function drawnWith() {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const linked = Array.from(document.querySelectorAll("link[href], script[src]"), (element) => element.href || element.src);
  const all = new Set(loaded.concat(linked).map((url) => url.split("#")[0]));
  return Array.from(all).filter((url) => url.indexOf(location.origin + "/static/") === 0);
}
