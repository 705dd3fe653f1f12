// Small helpers: words in the page's language, elements, icons.

const words = document.getElementById("words");

/** A text of parts/words.html with {name} filled in from `values`. */
export function say(word, values) {
  const text = (words && words.dataset[word]) || "";
  return text.replace(/\{(\w+)\}/g, (all, name) => (values && name in values ? String(values[name]) : all));
}

/** An element: make("a", {class: "btn", href: url}, "text", child). Texts are texts, never markup. */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.keys(attributes || {}).forEach((name) => {
    if (attributes[name] !== false && attributes[name] != null) element.setAttribute(name, attributes[name] === true ? "" : attributes[name]);
  });
  children.filter((child) => child != null && child !== "").forEach((child) => element.append(child));
  return element;
}

/** A symbol of the sprite; the page always has one already, which tells where the sprite lies. */
export function icon(name, classes) {
  const known = document.querySelector("svg use");
  const sprite = known ? known.getAttribute("href").split("#")[0] : "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", classes ? "i " + classes : "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", sprite + "#" + name);
  svg.append(use);
  return svg;
}

/** A plain button that does `act`. */
export function button(text, act, classes) {
  const made = make("button", { type: "button", class: classes || "btn" }, text);
  made.addEventListener("click", act);
  return made;
}

/** Goes on to where the server says: an address, or a post when what is shown there must stand in no address (a receipt). */
export function go(result) {
  if (!result.fields) {
    location.assign(result.url);
    return;
  }
  const form = make("form", { method: "post", action: result.url, hidden: true });
  Object.keys(result.fields).forEach((name) => form.append(make("input", { type: "hidden", name, value: result.fields[name] })));
  document.body.append(form);
  form.submit();
}

/** Empties an element and puts the children in. */
export function fill(element, ...children) {
  element.textContent = "";
  children.filter(Boolean).forEach((child) => element.append(child));
}

const started = {};

/** All matches in root, root itself included; each is answered once, so that parts may be started again and again. */
export function fresh(root, selector) {
  const known = started[selector] || (started[selector] = new WeakSet());
  const found = Array.from(root.querySelectorAll(selector));
  if (root.matches && root.matches(selector)) found.unshift(root);
  return found.filter((element) => !known.has(element) && known.add(element));
}
