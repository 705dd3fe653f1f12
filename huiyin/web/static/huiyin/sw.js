// A small service worker: keeps the pages that ask for it and their files, and answers with them when there is no network.
// Served at /sw.js by the web room with Service-Worker-Allowed: / and without caching. Nothing here sends or stores a draft.

const CACHE = "huiyin-1";
const PATIENCE_MS = 4000;
const OLDEST_MS = 24 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name.indexOf(CACHE) !== 0).map((name) => caches.delete(name)))).then(() => self.clients.claim())
  );
});

/** Staff pages are kept apart for each person and go when somebody else signs in. */
function shelf(person) {
  return CACHE + "-" + (person || "public");
}

self.addEventListener("message", (event) => {
  if (!event.data || !event.data.keep) return;
  event.waitUntil(keep(event.data.keep, shelf(event.data.person)));
});

async function keep(urls, name) {
  const shelves = await caches.keys();
  const others = shelves.filter((other) => other !== name && other !== shelf(""));
  if (name !== shelf("")) await Promise.all(others.map((other) => caches.delete(other)));
  const cache = await caches.open(name);
  await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url, { credentials: "same-origin" });
      if (response.ok && !response.redirected) await cache.put(url, response);
    })
  ).catch(() => {});
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const own = request.url.indexOf(self.location.origin + "/") === 0;
  if (request.method !== "GET" || !own) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.url.indexOf(self.location.origin + "/static/") === 0) event.respondWith(file(request));
});

/** The page from the network; from the shelf when there is none, or none within four seconds, and the page is kept and of today. */
async function page(request) {
  const kept = await fromShelf(request);
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([fetch(request).catch(() => kept), late]);
}

async function fromShelf(request) {
  const kept = await caches.match(request);
  const made = kept && Date.parse(kept.headers.get("Date"));
  return kept && (!made || Date.now() - made < OLDEST_MS) ? kept : null;
}

/** A file from the network; the kept one when there is none, or when a new release no longer has what a kept page is drawn with. */
async function file(request) {
  const kept = await caches.match(request);
  if (!kept) return fetch(request);
  const response = await fetch(request).catch(() => kept);
  return response.ok || response.status === 304 ? response : kept;
}
