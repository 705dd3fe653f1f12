// What is kept on the phone until the server has it: drafts, their photos and the pieces of large files, in IndexedDB, in memory where that
// is refused (pieces never: the file itself is held instead).

const NAME = "huiyin";
const TABLES = ["drafts", "photos", "pieces"];

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
      request.onupgradeneeded = () => {
        const there = request.result.objectStoreNames;
        TABLES.filter((table) => !there.contains(table)).forEach((table) => request.result.createObjectStore(table, { keyPath: "id" }));
      };
      request.onsuccess = () => {
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

/** Runs `ask` on one table; answers its result. A database that fails half-way answers undefined, and memory still holds the row. */
async function run(table, mode, ask) {
  const database = await open();
  if (!database) return undefined;
  return new Promise((resolve) => {
    try {
      const transaction = database.transaction(table, mode);
      const request = ask(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => resolve(undefined);
      transaction.onerror = () => resolve(undefined);
    } catch (refused) {
      resolve(undefined);
    }
  });
}

export async function get(table, id) {
  return (await run(table, "readonly", (rows) => rows.get(id))) || memory[table].get(id);
}

export async function all(table) {
  const kept = (await run(table, "readonly", (rows) => rows.getAll())) || [];
  const ids = new Set(kept.map((row) => row.id));
  return kept.concat(Array.from(memory[table].values()).filter((row) => !ids.has(row.id)));
}

/** Keeps a row; true when it will survive a reload. */
export async function put(table, row) {
  const key = await run(table, "readwrite", (rows) => rows.put(row));
  if (key === undefined) memory[table].set(row.id, row);
  else memory[table].delete(row.id);
  return key !== undefined;
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
  return (await run("pieces", "readwrite", (rows) => rows.put(Object.assign({ id: pieceId(item, n), at: Date.now() }, piece)))) !== undefined;
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
