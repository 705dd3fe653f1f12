// Where people act on what a fragment lists, it must be the answer to what stands in the form now: while that is asked for nothing can be
// pressed, and what could not be had is said, with a way to ask again.

import { button, fill, fresh, icon, make, say } from "./dom.js";

export function start(root) {
  fresh(root, "[data-answers]").forEach((asker) => {
    const own = (act) => (event) => event.detail.elt === asker && act(event.detail.target);
    const asked = own((target) => Array.from(target.querySelectorAll("button")).forEach((old) => (old.disabled = true)));
    const failed = own((target) => {
      const text = make("p", { role: "status" }, icon("circle-alert"), make("span", {}, say("unanswered")));
      fill(target, make("div", { class: "note soon" }, text, make("p", {}, button(say("try"), () => asker.dispatchEvent(new Event("change"))))));
    });
    asker.addEventListener("htmx:beforeRequest", asked);
    asker.addEventListener("htmx:sendError", failed);
    asker.addEventListener("htmx:responseError", failed);
  });
}
