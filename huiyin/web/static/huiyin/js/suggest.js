// While somebody types: asks the server what it sounds like and puts its answer below the field. It never has to be used.

import { fresh } from "./dom.js";

const PAUSE_MS = 350;
const SHORTEST = 2;

export function start(root) {
  fresh(root, "[data-suggest-url]").forEach(listen);
}

function listen(field) {
  const form = field.form;
  const target = document.querySelector(field.dataset.suggestTarget);
  const names = (field.dataset.suggestWith || "").split(/\s+/).filter(Boolean);
  let timer = null;
  let asked = "";
  let number = 0;

  const ask = async () => {
    const body = new URLSearchParams();
    body.append("text", field.value.trim());
    names.forEach((name) => body.append(name, valueOf(form, name)));
    const question = body.toString();
    if (question === asked || field.disabled || target.querySelector("input:checked")) return;
    asked = question;
    if (field.value.trim().length < SHORTEST) {
      target.textContent = "";
      return;
    }
    const mine = (number += 1);
    try {
      const token = form.querySelector("input[name=csrfmiddlewaretoken]");
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      if (token) headers["X-CSRFToken"] = token.value;
      const response = await fetch(field.dataset.suggestUrl, { method: "POST", body: question, headers, credentials: "same-origin" });
      if (!response.ok || response.redirected) throw new Error(response.status);
      const html = await response.text();
      // An older answer that comes late, or one that comes after the choice, changes nothing any more.
      if (mine === number && !target.querySelector("input:checked")) show(target, html);
    } catch (silence) {
      asked = ""; // without a network there is no suggestion, and the next key asks again
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  };

  field.addEventListener("input", later);
  form.addEventListener("draft:restored", later);
  form.addEventListener("change", (event) => names.indexOf(event.target.name) >= 0 && later());
  target.addEventListener("click", (event) => event.target.closest("[data-next]") && next(target));
  if (field.value.trim()) later();
}

function valueOf(form, name) {
  const field = form.elements[name];
  return field && field.value !== undefined ? field.value : "";
}

function show(target, html) {
  target.textContent = "";
  target.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  const options = target.querySelectorAll("[data-option]");
  options.forEach((option, n) => (option.hidden = n > 0));
  target.querySelectorAll("[data-next]").forEach((button) => (button.hidden = options.length < 2));
  target.dispatchEvent(new Event("fragment", { bubbles: true }));
}

/** Shows the next option in turn. */
function next(target) {
  const options = Array.from(target.querySelectorAll("[data-option]"));
  const shown = options.findIndex((option) => !option.hidden);
  options.forEach((option, n) => (option.hidden = n !== (shown + 1) % options.length));
}
