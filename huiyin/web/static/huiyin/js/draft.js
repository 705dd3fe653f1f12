// Keeps what is written in a form on the phone and sends it once, when there is a network. See docs/frontend.md for the contract.

import { button, fill, fresh, go, icon, make, say } from "./dom.js";
import { boxOf } from "./photos.js";
import { deliver } from "./send.js";
import * as store from "./store.js";

const SAVE_MS = 400;
const LONGEST_WAIT = 60;
const KEPT_MS = 30 * 24 * 3600 * 1000;

const here = new Set(); // drafts whose forms are on this page; the outbox leaves them alone

export function start(root) {
  fresh(root, "form[data-draft]").forEach((form) => new Draft(form).begin());
  fresh(root, "[data-outbox]").forEach((element) => new Outbox(element).begin());
}

function personOf(element) {
  return element.dataset.person || document.body.dataset.person || "";
}

/** Waits 2, 4, 8 … 60 s between tries, or as long as the server says. */
class Patience {
  constructor() {
    this.tries = 0;
    this.timer = null;
  }

  next(seconds) {
    this.tries += 1;
    return seconds == null ? Math.min(LONGEST_WAIT, Math.pow(2, this.tries)) : Math.max(1, seconds);
  }

  /** Calls `tick` each second with what is left, then `go`. */
  wait(seconds, tick, go) {
    this.stop();
    let left = seconds;
    tick(left);
    this.timer = setInterval(() => {
      left -= 1;
      if (left > 0) tick(left);
      else {
        this.stop();
        go();
      }
    }, 1000);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }
}

class Draft {
  constructor(form) {
    this.form = form;
    this.person = personOf(form);
    this.id = this.person + "|" + form.dataset.draft;
    this.status = form.querySelector("[data-draft-status]") || form.appendChild(make("div", { class: "note draft", role: "status", hidden: true }));
    this.box = boxOf(form);
    this.patience = new Patience();
    this.busy = false;
    this.gone = false;
    this.pressed = null;
    this.locked = [];
  }

  async begin() {
    here.add(this.id);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.queue();
    });
    this.listen();
    this.begun = this.takeUp();
    const early = await this.begun;
    this.form.dataset.ready = "";
    if (early) this.save();
  }

  listen() {
    this.form.addEventListener("click", (event) => {
      const pressed = event.target.closest("button, input[type=submit]");
      if (pressed && pressed.type === "submit") this.pressed = pressed;
    });
    const later = (event) => {
      const place = event.target.closest(".field");
      if (place) this.forgetErrors(place); // being mended
      delete this.form.dataset.kept;
      clearTimeout(this.saving);
      this.saving = setTimeout(() => this.save(), SAVE_MS);
    };
    this.form.addEventListener("input", later);
    this.form.addEventListener("change", later);
    this.form.addEventListener("fragment", (event) => this.record && this.record.state === "draft" && this.restore(event.target));
    document.addEventListener("visibilitychange", () => document.hidden && this.record && this.save());
    window.addEventListener("online", () => this.reconnected());
    window.addEventListener("offline", () => this.record && this.record.state === "draft" && this.showNetwork());
    window.addEventListener("pageshow", (event) => event.persisted && this.gone && location.reload());
  }

  async load() {
    const kept = await store.get("drafts", this.id);
    if (kept && (kept.state !== "draft" || Date.now() - kept.savedAt < KEPT_MS)) return kept; // a clock may jump: what is to be sent stays
    if (kept) await store.forget(this.id);
    return this.blank();
  }

  blank() {
    return { id: this.id, person: this.person, key: store.newKey(), fields: [], body: null, state: "draft", savedAt: Date.now() };
  }

  /** Goes on where the phone left off: fills the form in, shows the photos, sends what was queued. Tells whether somebody has begun to type
   * before the scripts had come. */
  async takeUp() {
    this.record = await this.load();
    this.keyField().value = this.record.key;
    const photos = await store.photosOf(this.id);
    if (this.box) this.box.keepWith(this, photos);
    if (this.box && this.box.pieces) store.sweepPieces();
    this.record.kept = this.record.fields.length > 0 || photos.length > 0;
    const bound = "bound" in this.form.dataset;
    const early = !bound && this.touched().size > 0;
    if (!bound) this.restore(this.form);
    this.showNetwork();
    if (this.record.kept && this.record.state === "draft") this.show("history", say("restored"), [button(say("discard"), () => this.discard())]);
    if (this.record.state !== "draft") {
      this.lock();
      this.attempt();
    }
    return early;
  }

  keyField() {
    const field = this.form.querySelector("input[name=key]") || this.form.appendChild(make("input", { type: "hidden", name: "key" }));
    return field;
  }

  // ---- what is kept ----

  controls() {
    const left = ["file", "password", "submit", "button", "reset", "image"];
    return Array.from(this.form.elements).filter(
      (field) => field.name && left.indexOf(field.type) < 0 && !("draftSkip" in field.dataset) && (field.type !== "hidden" || "keep" in field.dataset)
    );
  }

  read() {
    const fields = [];
    this.controls().forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked !== field.defaultChecked) fields.push([field.name, field.value, field.checked]);
      } else if (field.value !== initial(field)) fields.push([field.name, field.value]);
    });
    return fields;
  }

  /** The names of the fields that somebody has changed since the page came. */
  touched() {
    const hidden = this.controls().filter((field) => field.type === "hidden").map((field) => field.name);
    return new Set(this.read().map(([name]) => name).filter((name) => hidden.indexOf(name) < 0));
  }

  /** Fills in what was kept, within `part` alone: what was typed elsewhere since then is newer, and so is what was typed here before. */
  restore(part) {
    const typed = this.record.state === "draft" ? this.touched() : new Set();
    const controls = this.controls().filter((field) => part.contains(field) && !typed.has(field.name));
    this.record.fields.forEach(([name, value, checked]) => {
      controls.forEach((field) => {
        if (field.name !== name || "fixed" in field.dataset) return;
        if (field.type !== "checkbox" && field.type !== "radio") field.value = value;
        else if (field.value === value) field.checked = checked;
        field.dispatchEvent(new Event("draft:restored", { bubbles: true }));
      });
    });
  }

  async save() {
    clearTimeout(this.saving);
    await this.begun;
    if (this.gone || this.record.state !== "draft") return;
    const fields = this.read();
    if (!fields.length && !this.record.kept && !(this.box && this.box.items.length)) return;
    if (await this.sentElsewhere()) return;
    this.record.fields = fields;
    await this.keep();
  }

  /** Another tab has the same draft under the same key; what it has sent, or thrown away, is gone from the phone, and this page says so. */
  async sentElsewhere() {
    if (!this.record.kept || !(await store.gone("drafts", this.id))) return false;
    this.lock();
    this.show("circle-check", say("elsewhere"), [button(say("anew"), () => this.anew())]);
    return true;
  }

  async keep() {
    const form = this.form;
    Object.assign(this.record, {
      kept: true,
      savedAt: Date.now(),
      action: form.getAttribute("action") || location.href,
      uploadUrl: form.dataset.uploadUrl || "",
      csrfUrl: form.dataset.csrfUrl || "",
      piecesUrl: this.box ? this.box.pieces : "",
      page: location.pathname + location.search,
    });
    await store.put("drafts", this.record);
    this.form.dataset.kept = "";
  }

  idOf(item) {
    return this.id + "|" + item.name;
  }

  async added(item) {
    item.draft = this.id;
    item.id = this.idOf(item);
    const row = Object.assign({ lost: say("lost") }, item);
    delete row.figure;
    delete row.file;
    await store.put("photos", row);
    this.record.fields = this.read(); // choosing photos may send the page to the back, and the phone may throw it out
    await this.keep();
  }

  async removed(item) {
    await store.remove("photos", item.id);
    if (item.pieces) await store.removePieces(item.id, item.pieces);
  }

  async discard() {
    this.patience.stop();
    await store.forget(this.id);
    this.clear();
    this.record = this.blank();
    this.keyField().value = this.record.key;
    this.unlock();
    this.showNetwork();
  }

  clear() {
    this.form.reset();
    this.controls().filter((field) => field.type === "hidden").forEach((field) => (field.value = ""));
    this.controls().forEach((field) => field.dispatchEvent(new Event("draft:restored", { bubbles: true })));
    if (this.box) this.box.clear();
  }

  // ---- sending ----

  async queue() {
    await this.begun;
    if (this.busy || this.gone || this.record.state !== "draft") return;
    this.busy = true;
    if (this.box) {
      this.show("send", say("sending"), []); // photos may still be read, a film for a minute
      await this.box.work;
    }
    if (await this.sentElsewhere()) {
      this.busy = false;
      return;
    }
    this.forgetErrors();
    this.record.fields = this.read();
    this.record.body = this.snapshot();
    this.record.state = "queued";
    await this.keep();
    this.busy = false;
    this.lock();
    this.patience.tries = 0;
    this.attempt();
    this.status.scrollIntoView({ block: "center" }); // the button may be far from where it is said
  }

  /** What will be posted, the same at every try: the fields, the button, the time of writing; neither token nor key nor files. */
  snapshot() {
    Array.from(this.form.querySelectorAll("input[data-now]")).forEach((field) => {
      field.value = new Date().toISOString();
    });
    const pairs = [];
    new FormData(this.form).forEach((value, name) => {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "key") pairs.push([name, value]);
    });
    if (this.pressed && this.pressed.name) pairs.push([this.pressed.name, this.pressed.value]);
    return pairs;
  }

  /** `byHand`: somebody knows better than the phone, which may take itself to be without a network. */
  async attempt(byHand) {
    if (this.busy || this.gone) return;
    this.patience.stop();
    if (navigator.onLine === false && !byHand) {
      this.showQueued();
      return;
    }
    this.busy = true;
    this.show("send", say("sending"), []);
    const tell = (n, of, percent) => this.show("send", percent >= 0 ? say("piece", { n, of, p: percent }) : of ? say("photo", { n, of }) : say("sending"), []);
    const result = (await this.sentElsewhere()) ? null : await deliver(this.record, tell);
    this.busy = false;
    if (result) await this[result.kind](result);
  }

  reconnected() {
    if (!this.record || this.gone) return;
    if (this.record.state === "queued") this.attempt();
    else if (this.record.state === "draft") this.showNetwork();
  }

  async done(result) {
    this.gone = true;
    await keepReceipt(this.record, result);
    await store.forget(this.id);
    this.clear();
    go(result);
  }

  wait(result) {
    const seconds = this.patience.next(result.seconds);
    const words = result.busy ? "busy" : "down";
    // The buttons stay as they are while it counts, so that a slow finger meets one; and no screen reader reads out every second.
    const told = this.show("timer", say(words, { n: seconds }), this.retryOrEdit());
    const tick = (n) => {
      if (n === seconds) return;
      told.setAttribute("aria-live", "off");
      told.textContent = say(words, { n });
    };
    this.patience.wait(seconds, tick, () => this.attempt());
  }

  signin() {
    const login = this.form.dataset.loginUrl || document.body.dataset.loginUrl;
    const href = login && login + (login.indexOf("?") < 0 ? "?" : "&") + "next=" + encodeURIComponent(this.record.page);
    this.show("lock", say("signin"), [href && make("a", { class: "btn", href, target: store.fleeting(this.id) && "_blank" }, say("login")), button(say("try"), () => this.attempt(true))]);
  }

  stranger() {
    this.show("lock", say("person"), []);
  }

  forbidden() {
    this.show("circle-alert", say("forbidden"), this.retryOrEdit());
  }

  held(result) {
    this.show("circle-alert", result.text || say("held"), this.retryOrEdit());
  }

  sent(result) {
    const see = result.url && make("a", { class: "btn", href: result.url }, say("see"));
    this.show("circle-check", say("already"), [see, button(say("anew"), () => this.anew())]);
  }

  /** What is on the page becomes a draft of its own, under a new key. */
  async anew() {
    const items = this.box ? this.box.items : [];
    await store.remove("drafts", this.id); // its photos stay, under the new key
    this.record = this.blank();
    this.keyField().value = this.record.key;
    this.unlock();
    this.record.fields = this.read();
    for (const item of items) await this.added(Object.assign(item, { sentAs: "", refused: "" }));
    await this.keep();
    this.showNetwork();
  }

  async stale(result) {
    await this.edit();
    this.showErrors(result.errors, "held");
  }

  async fix(result) {
    await this.edit();
    this.showErrors(result.errors, "fix");
  }

  async photo() {
    const photos = await store.photosOf(this.id);
    await this.edit();
    photos.forEach((photo) => {
      const item = this.box && this.box.items.find((other) => other.id === photo.id);
      if (item) this.box.mark(Object.assign(item, { refused: photo.refused }));
    });
    this.show("circle-alert", say("refused"), []);
  }

  /** Back to a form that can be changed. */
  async edit() {
    this.patience.stop();
    this.record.state = "draft";
    this.record.body = null;
    await this.keep();
    this.unlock();
    this.showNetwork();
  }

  lock() {
    const fields = Array.from(this.form.elements).filter((field) => !field.disabled && !this.status.contains(field) && field.type !== "hidden");
    fields.forEach((field) => (field.disabled = true));
    this.locked = this.locked.concat(fields);
  }

  unlock() {
    this.locked.forEach((field) => (field.disabled = false));
    this.locked = [];
  }

  // ---- what is said ----

  /** Says how things stand, with ways out of it; answers the element that holds the words. */
  show(sign, text, ways) {
    const wayOut = ways.filter(Boolean);
    const told = make("span", {}, text);
    const fleeting = this.record.state === "queued" && store.fleeting(this.id);
    this.status.hidden = false;
    fill(
      this.status,
      make("p", {}, icon(sign), told),
      fleeting && make("p", {}, icon("circle-alert"), make("span", {}, say("fleeting"))),
      wayOut.length > 0 && make("p", { class: "row fw" }, ...wayOut)
    );
    return told;
  }

  showNetwork() {
    if (navigator.onLine === false) this.show("wifi-off", say("offline"), []);
    else this.status.hidden = true;
  }

  showQueued() {
    this.show("wifi-off", store.fleeting(this.id) ? say("unsent") : say("queued"), this.retryOrEdit());
  }

  retryOrEdit() {
    return [button(say("try"), () => this.attempt(true)), button(say("edit"), () => this.edit())];
  }

  showErrors(errors, word) {
    const general = [].concat(errors.__all__ || []);
    this.show("circle-alert", general.join(" ") || say(word), []);
    const wrong = Object.keys(errors).filter((name) => name !== "__all__").map((name) => this.showError(name, [].concat(errors[name])));
    const first = wrong.filter(Boolean)[0];
    if (first) first.focus();
    this.status.scrollIntoView({ block: "nearest" });
  }

  showError(name, texts) {
    const found = this.form.elements[name];
    const field = found && found.length !== undefined && !found.tagName ? found[0] : found;
    const text = make("p", { class: "err", "data-said": "" }, icon("circle-alert"), make("span", {}, texts.join(" ")));
    if (!field || field.type === "hidden") {
      this.status.append(text);
      return null;
    }
    text.id = "said-" + name;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), text.id].filter(Boolean).join(" "));
    (field.closest(".field") || field.parentNode).append(text);
    return field;
  }

  forgetErrors(place = this.form) {
    Array.from(place.querySelectorAll(".err[data-said], .field > .err")).forEach((text) => {
      if (!text.closest("[data-photos]")) text.remove();
    });
    Array.from(place.querySelectorAll("[aria-invalid]")).forEach((field) => field.removeAttribute("aria-invalid"));
  }
}

/** A receipt stays until its page has been shown: its code is at no address to come back to, and the network may drop before it comes. */
function keepReceipt(record, result) {
  const { url, fields } = result;
  return fields && store.put("drafts", { id: "receipt|" + fields.key, person: record.person, state: "receipt", url, fields, savedAt: Date.now() });
}

function initial(field) {
  if (field.type === "hidden") return "";
  if (field.tagName !== "SELECT") return field.defaultValue;
  const chosen = Array.from(field.options).find((option) => option.defaultSelected) || field.options[0];
  return chosen ? chosen.value : "";
}

class Outbox {
  constructor(element) {
    this.element = element;
    this.person = personOf(element);
    this.patience = new Patience();
    this.busy = false;
  }

  async begin() {
    window.addEventListener("online", () => this.flush());
    const shown = document.querySelector("[data-shown]");
    if (shown) {
      await store.remove("drafts", "receipt|" + shown.dataset.shown);
      delete shown.dataset.shown;
    }
    return this.flush();
  }

  async mine() {
    const rows = await store.all("drafts");
    return rows.filter((row) => row.person === this.person);
  }

  async waiting() {
    const rows = await this.mine();
    return rows.filter((row) => row.state === "queued" && !here.has(row.id));
  }

  async flush() {
    if (this.busy) return;
    this.busy = true;
    this.patience.stop();
    const results = [];
    if (navigator.onLine !== false) {
      for (const record of await this.waiting()) {
        const result = await deliver(record, () => {});
        if (result.kind === "done") await this.taken(record, result);
        results.push(result);
      }
    }
    this.busy = false;
    await this.report(results);
  }

  async taken(record, result) {
    await keepReceipt(record, result);
    await store.forget(record.id);
  }

  async report(results) {
    const waiting = await this.waiting();
    const unseen = (await this.mine()).filter((row) => row.state === "receipt" && Date.now() - row.savedAt < KEPT_MS);
    const stuck = results.some((result) => result.kind !== "done" && result.kind !== "wait");
    const gone = results.filter((result) => result.kind === "done" && !result.fields);
    const lines = gone.map((result) => line("circle-check", say("sent"), say("see"), result.url));
    unseen.forEach((row) => lines.push(line("circle-check", say("sent"), say("see"), () => go(row))));
    if (waiting.length) lines.push(line("wifi-off", say(stuck ? "stuck" : "waiting", { n: waiting.length }), say("open"), waiting[0].page));
    this.element.hidden = lines.length === 0;
    fill(this.element, ...lines);
    const soon = results.filter((result) => result.kind === "wait")[0];
    if (soon) this.patience.wait(this.patience.next(soon.seconds), () => {}, () => this.flush());
  }
}

/** One line of the outbox; `way` is an address or what to do. */
function line(sign, text, word, way) {
  const onward = typeof way === "string" ? make("a", { class: "end", href: way }, word) : button(word, way, "link end");
  return make("p", { class: "toast on-dark", role: "status" }, icon(sign), make("span", {}, text), onward);
}
