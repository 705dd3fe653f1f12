// Keys for those who work without a mouse: data-key on links, buttons and fields, Ctrl+Enter in forms, j and k in tables.

const TYPED = /^(INPUT|TEXTAREA|SELECT)$/;

let listening = false;

export function start() {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
    else press(event) || walk(event);
  });
}

function named(event) {
  const held = (event.ctrlKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + (event.metaKey ? "Meta+" : "");
  // Alt may turn a digit into another sign; the key cap is what was meant.
  const digit = /^Digit(\d)$/.exec(event.code || "");
  return held + (event.altKey && digit ? digit[1] : event.key);
}

function typing(element) {
  return TYPED.test(element.tagName) && ["checkbox", "radio", "button", "submit"].indexOf(element.type) < 0;
}

function press(event) {
  const name = named(event);
  const plain = !/^F\d+$|\+./.test(name);
  if (plain && typing(event.target)) return false;
  if (event.key === "Enter" && event.target.closest("a, button, summary, input, select")) return false; // theirs already
  const target = Array.from(document.querySelectorAll("[data-key]")).find((element) => same(element.dataset.key, name) && usable(element));
  if (!target) return false;
  event.preventDefault();
  if (typing(target)) target.focus();
  else target.click();
  return true;
}

function same(wanted, pressed) {
  return wanted.length === 1 ? wanted.toLowerCase() === pressed.toLowerCase() : wanted === pressed;
}

function usable(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

function submit(event) {
  const form = event.target.form || event.target.closest("form");
  const button = form && Array.from(form.elements).find((element) => element.type === "submit" && !element.disabled);
  if (!button) return;
  event.preventDefault();
  button.click();
}

/** j and k move through the rows of the first [data-rows] table, Enter opens the row's link. */
function walk(event) {
  const table = document.querySelector("[data-rows]");
  if (!table || typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = Array.from(table.querySelectorAll("tbody > tr"));
  const at = rows.findIndex((row) => row.classList.contains("on"));
  const step = { j: 1, k: -1 }[event.key];
  if (step && rows.length) {
    event.preventDefault();
    if (at >= 0) rows[at].classList.remove("on");
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    row.classList.add("on");
    row.scrollIntoView({ block: "nearest" });
    const link = row.querySelector("a");
    if (link) link.focus({ preventScroll: true });
  } else if (event.key === "Enter" && at >= 0 && event.target === document.body) {
    const link = rows[at].querySelector("a");
    if (link) link.click();
  }
}
