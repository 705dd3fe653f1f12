// What is kept on the phone until the server has it: drafts, their photos and the pieces of large files, in IndexedDB, in memory where that
// is refused (pieces never: the file itself is held instead).

const NAME = "huiyin";
const TABLES = ["drafts", "photos", "pieces"];

const OPENING_MS = 5000; // some phones never answer (iOS 14 after a start): a form that waits for them would be dead

let opening = null;

function open() {
  if (!opening) {
    opening = new Promise((resolve) => {
      let request;
      try {
        request = indexedDB.open(NAME, 2);
      } catch (refused) {
        resolve(null);
        return;
      }
      const late = setTimeout(resolve, OPENING_MS, null);
      request.onupgradeneeded = () => {
        const there = request.result.objectStoreNames;
        TABLES.filter((table) => !there.contains(table)).forEach((table) => request.result.createObjectStore(table, { keyPath: "id" }));
      };
      request.onsuccess = () => {
        clearTimeout(late);
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => resolve(null);
      request.onblocked = () => resolve(null);
    });
  }
  return opening;
}

const memory = { drafts: new Map(), photos: new Map() };

/** Runs `ask` on one table; answers its result, null where the database fails: memory then holds the row. A connection that was cut while the
 * page lay in the background is opened once more. */
async function run(table, mode, ask, again) {
  const database = await open();
  if (!database) return null;
  return new Promise((resolve) => {
    const failed = (error) => {
      if (again || (error && error.name === "QuotaExceededError")) resolve(null);
      else {
        opening = null;
        resolve(run(table, mode, ask, true));
      }
    };
    try {
      const transaction = database.transaction(table, mode);
      const request = ask(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => failed(transaction.error);
    } catch (cut) {
      failed(cut);
    }
  });
}

/** What lies in memory is newer: it is there because the database did not take it. */
export async function get(table, id) {
  return memory[table].get(id) || (await run(table, "readonly", (rows) => rows.get(id))) || undefined;
}

/** Tells that a row is no longer there; a database that does not answer is no proof of it. */
export async function gone(table, id) {
  return !memory[table].has(id) && (await run(table, "readonly", (rows) => rows.get(id))) === undefined;
}

export async function all(table) {
  const kept = (await run(table, "readonly", (rows) => rows.getAll())) || [];
  return kept.filter((row) => !memory[table].has(row.id)).concat(Array.from(memory[table].values()));
}

/** Keeps a row; true when it will survive a reload. */
export async function put(table, row) {
  const key = await run(table, "readwrite", (rows) => rows.put(row));
  if (key === null) memory[table].set(row.id, row);
  else memory[table].delete(row.id);
  return key !== null;
}

/** Tells that something of a draft would not survive a reload. */
export function fleeting(draft) {
  const photos = Array.from(memory.photos.values());
  return memory.drafts.has(draft) || photos.some((photo) => photo.draft === draft) || Array.from(files.keys()).some((id) => id.indexOf(draft + "|") === 0);
}

export async function remove(table, id) {
  memory[table].delete(id);
  await run(table, "readwrite", (rows) => rows.delete(id));
}

/** The photos of a draft in the order in which they were added. */
export async function photosOf(draft) {
  const photos = await all("photos");
  return photos.filter((photo) => photo.draft === draft).sort((one, other) => one.added - other.added);
}

// ---- large files ----

const A_DAY = 24 * 3600 * 1000;
const files = new Map();

function pieceId(item, n) {
  return item + "#" + n;
}

/** Keeps a piece of a file; true when it will survive a reload. */
export async function putPiece(item, n, piece) {
  return (await run("pieces", "readwrite", (rows) => rows.put(Object.assign({ id: pieceId(item, n), at: Date.now() }, piece)))) !== null;
}

export async function getPiece(item, n) {
  return run("pieces", "readonly", (rows) => rows.get(pieceId(item, n)));
}

export async function removePieces(item, many) {
  files.delete(item);
  for (let n = 0; n < many; n += 1) await run("pieces", "readwrite", (rows) => rows.delete(pieceId(item, n)));
}

/** Holds a file that the phone could not keep, until the page is closed. */
export function hold(item, file) {
  files.set(item, file);
}

export function held(item) {
  return files.get(item);
}

/** Takes off the phone what was left of files whose page was closed while they were read; another page may be reading one just now. */
export async function sweepPieces() {
  const known = new Set((await all("photos")).map((photo) => photo.id));
  const ids = ((await run("pieces", "readonly", (rows) => rows.getAllKeys())) || []).map((id) => [id, id.slice(0, id.lastIndexOf("#"))]);
  for (const [id, item] of ids.filter((pair) => !known.has(pair[1]))) {
    const first = await getPiece(item, 0);
    if (!first || Date.now() - first.at > A_DAY) await run("pieces", "readwrite", (rows) => rows.delete(id));
  }
}

/** Takes a draft and its photos off the phone. */
export async function forget(draft) {
  const photos = await photosOf(draft);
  await Promise.all(photos.map((photo) => remove("photos", photo.id)));
  for (const photo of photos) if (photo.pieces) await removePieces(photo.id, photo.pieces);
  await remove("drafts", draft);
}

/** 128 random bits as 32 hex digits; works over plain http too. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join("");
}
