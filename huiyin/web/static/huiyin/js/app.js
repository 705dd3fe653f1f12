// Looks at what a page asks for by its data attributes and loads only those parts. Without it every page still reads and submits.

const PARTS = [
  ["form[data-draft], [data-outbox]", () => import("./draft.js")],
  ["[data-photos]", () => import("./photos.js")],
  ["[data-suggest-url]", () => import("./suggest.js")],
  ["[data-compound]", () => import("./compound.js")],
  ["[data-key], [data-rows]", () => import("./keys.js")],
  ["[data-receipt], [data-print]", () => import("./receipt.js")],
  ["[data-files]", () => import("./filenames.js")],
  ["[data-map]", () => import("./map.js")],
  ["[data-county-map]", () => import("./countymap.js")],
  ["[data-offline]", () => import("./offline.js")],
  ["[data-answers]", () => import("./answers.js")],
  ["form[data-sign]", () => import("./sign.js")],
];

const PAUSES_MS = [1000, 2000, 4000];

/** A part, asked for again where its file did not come through a thin line; forms go on without one that never comes. */
async function come(selector, load) {
  for (const pause of PAUSES_MS) {
    try {
      return await load();
    } catch (broken) {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return load().catch((broken) => {
    document.dispatchEvent(new CustomEvent("without", { detail: selector }));
    throw broken;
  });
}

/** Starts the parts that `root` asks for; called again for fragments that htmx has put in. Resolves when all of them have begun. */
export function start(root) {
  const asked = PARTS.filter(([selector]) => (root.matches && root.matches(selector)) || root.querySelector(selector));
  return Promise.all(asked.map(([selector, load]) => come(selector, load).then((part) => void part.start(root))));
}

/** On phones the desk's menu is a strip: what is open now is moved into sight. Where it is a column nothing moves. */
function showCurrent() {
  const strip = document.querySelector(".rail");
  const current = strip && strip.querySelector("[aria-current]");
  if (current) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;
}

start(document).then(() => {
  document.documentElement.dataset.started = "yes"; // keys are heard and .js-only is offered from here on
});
showCurrent();
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) start(event.target);
});
