// Sends one draft: token, photos one by one, the form last. It touches no page; what came of it is told in one word.

import * as pieces from "./pieces.js";
import * as store from "./store.js";

const FORM_MS = 60000;
const PHOTO_MS = 180000;
const MOST_TRIES = 3; // of a piece, or a file, that arrives damaged

/** Answers {kind}: done (url), wait (seconds or null, busy), signin, stranger, forbidden, fix (errors), sent (url), stale (errors),
 * photo (the refused one is marked), held (text). `tell` is called with (n, of) before each photo and with
 * (n, of, percent) after each piece of a large one. */
export async function deliver(record, tell) {
  try {
    const token = record.csrfUrl ? await freshToken(record) : "";
    const photos = await store.photosOf(record.id);
    let missing = 0;
    for (let n = 0; n < photos.length; n += 1) {
      if (photos[n].sentAs) continue;
      tell(n + 1, photos.length);
      const tellShare = (percent) => tell(n + 1, photos.length, percent);
      if (!(await (photos[n].pieces ? uploadPieces(record, photos[n], token, tellShare) : upload(record, photos[n], token)))) missing += 1;
    }
    tell(0, 0);
    return await post(record, photos, token, missing);
  } catch (stop) {
    if (stop.kind) return stop;
    return { kind: "wait", seconds: null };
  }
}

/** A way out of the middle: an outcome that is thrown. */
function outcome(kind, more) {
  return Object.assign(new Error(kind), { kind }, more);
}

async function request(url, options, milliseconds) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), milliseconds);
  const headers = Object.assign({ Accept: "application/json" }, options.headers);
  try {
    const response = await fetch(url, Object.assign({ credentials: "same-origin", cache: "no-store", signal: stop.signal }, options, { headers }));
    const type = response.headers.get("Content-Type") || "";
    const isJson = type.indexOf("application/json") === 0;
    const body = isJson ? await response.json() : null;
    return { status: response.status, ok: response.ok, body, moved: response.redirected, retry: response.headers.get("Retry-After") };
  } finally {
    clearTimeout(timer);
  }
}

function seconds(answer) {
  const given = parseInt(answer.retry, 10);
  return given >= 0 ? given : null;
}

/** Throws what is the same for every request: signed out, refused, busy, down. */
function common(answer) {
  if (answer.status === 401 || (answer.moved && !answer.body)) throw outcome("signin");
  if (answer.status === 403) throw outcome("forbidden");
  if (answer.status === 429) throw outcome("wait", { seconds: seconds(answer) || 5, busy: true });
  if (answer.status === 408 || (answer.status >= 500 && answer.status !== 507)) throw outcome("wait", { seconds: seconds(answer) });
}

async function freshToken(record) {
  const answer = await request(record.csrfUrl, { method: "GET" }, FORM_MS);
  common(answer);
  if (!answer.ok || !answer.body) throw outcome("held", { text: textOf(answer) });
  if (String(answer.body.person) !== record.person) throw outcome(answer.body.person == null ? "signin" : "stranger");
  return answer.body.token;
}

function guarded(token) {
  return token ? { "X-CSRFToken": token } : {};
}

/** What the phone says of a file goes with it. */
function say(body, photo) {
  Object.keys(photo.said || {}).forEach((name) => body.append(name, photo.said[name]));
  return body;
}

/** True when the photo is with the server, false when there is no room for it. */
async function upload(record, photo, token) {
  const body = new FormData();
  body.append("key", record.key);
  body.append("name", photo.name);
  say(body, photo).append("file", new Blob([photo.bytes], { type: photo.type }), photo.name);
  const answer = await request(record.uploadUrl, { method: "POST", body, headers: guarded(token) }, PHOTO_MS);
  if (answer.status === 507) return false;
  common(answer);
  if (!answer.ok || !answer.body) {
    if (answer.body && answer.body.code === "differs") await again(photo);
    judged(answer);
    await refuse(photo, textOf(answer));
  }
  return taken(photo, answer.body.id);
}

async function taken(photo, id) {
  photo.sentAs = String(id);
  photo.refused = "";
  await store.put("photos", photo);
  return true;
}

/** Only these answers are about the file; any other, a page of something in between among them, is no reason to take it away. */
function judged(answer) {
  if ([413, 415, 422].indexOf(answer.status) < 0) throw outcome("held", { text: textOf(answer) });
}

async function refuse(photo, text) {
  photo.refused = text || "?";
  await store.put("photos", photo);
  throw outcome("photo");
}

/** What was damaged on its way is sent again after a while, but not for ever. */
async function again(photo) {
  photo.hurt = (photo.hurt || 0) + 1;
  await store.put("photos", photo);
  if (photo.hurt < MOST_TRIES) throw outcome("wait", { seconds: 2 });
}

/** The same for a large file: from where the server has it, piece by piece. Whatever breaks off goes on there at the next try. */
async function uploadPieces(record, photo, token, tell) {
  let where = await announce(record, photo, token);
  let tries = 0;
  while (where && !where.id) {
    const piece = await pieces.from(photo, where.offset);
    if (!piece) await refuse(photo, photo.lost || "");
    const headers = Object.assign({ "Content-Type": "application/octet-stream", "Upload-Offset": String(where.offset), "Upload-Hash": piece.sha256 }, guarded(token));
    const answer = await request(where.url, { method: "POST", body: new Blob([piece.bytes]), headers }, PHOTO_MS);
    const said = answer.body || {};
    if (answer.status === 507) return false;
    common(answer);
    if (answer.ok && answer.body) where = Object.assign({}, where, said);
    else if (answer.status === 409 && said.offset >= 0) where.offset = said.offset;
    else if (answer.status === 410) where = await announce(record, photo, token);
    else if (said.code === "differs") await again(photo).then(() => refuse(photo, textOf(answer)));
    else if (said.code !== "piece") {
      judged(answer);
      await refuse(photo, textOf(answer));
    }
    tries = answer.ok ? 0 : tries + 1;
    if (tries >= MOST_TRIES) throw outcome("wait", { seconds: null });
    tell(Math.floor((100 * where.offset) / photo.size));
  }
  return where ? taken(photo, where.id) : false;
}

/** Where the server has a large file so far: {url, offset}, {id} when it is whole, null when there is no room. */
async function announce(record, photo, token) {
  const body = new FormData();
  body.append("key", record.key);
  body.append("name", photo.name);
  body.append("size", String(photo.size));
  const answer = await request(record.piecesUrl, { method: "POST", body: say(body, photo), headers: guarded(token) }, FORM_MS);
  if (answer.status === 507) return null;
  common(answer);
  if (!answer.ok || !answer.body) {
    judged(answer);
    await refuse(photo, textOf(answer));
  }
  return answer.body;
}

async function post(record, photos, token, missing) {
  const body = new FormData();
  record.body.forEach(([name, value]) => body.append(name, value));
  body.append("key", record.key);
  photos.filter((photo) => photo.sentAs).forEach((photo) => body.append("photo", photo.sentAs));
  if (missing) body.append("photos_missing", String(missing));
  const answer = await request(record.action, { method: "POST", body, headers: guarded(token) }, FORM_MS);
  const said = answer.body || {};
  if (answer.ok && said.url) return { kind: "done", url: said.url, fields: said.fields, missing };
  if (answer.status === 422) return { kind: "fix", errors: said.errors || {} };
  if (answer.status === 409) return conflict(said, photos);
  common(answer);
  return { kind: "held", text: textOf(answer) };
}

async function conflict(said, photos) {
  if (said.code === "sent") return { kind: "sent", url: said.url || "" };
  if (said.code !== "photos") return { kind: "stale", errors: said.errors || {} };
  const missing = (said.missing || []).map(String);
  await Promise.all(photos.filter((photo) => missing.indexOf(photo.sentAs) >= 0).map((photo) => store.put("photos", Object.assign(photo, { sentAs: "" }))));
  return { kind: "wait", seconds: 1 };
}

/** The first thing an error answer says in words. */
function textOf(answer) {
  const said = answer.body || {};
  const errors = said.errors ? Object.keys(said.errors).map((name) => said.errors[name]) : [];
  const first = errors.length ? [].concat(errors[0])[0] : said.message || said.error;
  return first ? String(first) : "";
}
