// Files too large to be held at once: read, hashed and kept on the phone a piece at a time, without standing still in between.

import { readBytes } from "./image.js";
import { Sha256, sha256 } from "./sha256.js";
import * as store from "./store.js";

/** Bytes of a piece; the server's own, so that a piece is sent with the hash that was taken when it was chosen. */
export const PIECE = 1024 * 1024;
/** Up to here a file is sent whole, as photos are. */
export const WHOLE = 4 * PIECE;
const STEP = 64 * 1024;
const LONGEST_MS = 24;

/** Pauses whenever it has worked for a while, so that the page answers. */
class Breath {
  constructor() {
    this.since = performance.now();
  }

  async take() {
    if (performance.now() - this.since < LONGEST_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.since = performance.now();
  }
}

/** The hash of a file that is in memory, taken without standing still. */
export async function hashOf(bytes) {
  const all = new Uint8Array(bytes);
  const whole = new Sha256();
  const breath = new Breath();
  for (let at = 0; at < all.length; at += STEP) {
    whole.update(all.subarray(at, at + STEP));
    await breath.take();
  }
  return whole.hex();
}

/** Keeps `file` as the pieces of `item` and answers its hash. `tell` gets the share that is done, 0 to 1. Where the phone keeps nothing,
 * the file itself is held until the page is closed. Throws what reading throws. */
export async function keep(item, file, tell) {
  const whole = new Sha256();
  const breath = new Breath();
  let kept = true;
  for (let at = 0, n = 0; at < file.size; at += PIECE, n += 1) {
    const bytes = await readBytes(file.slice(at, at + PIECE));
    const all = new Uint8Array(bytes);
    const own = new Sha256();
    for (let from = 0; from < all.length; from += STEP) {
      const some = all.subarray(from, from + STEP);
      whole.update(some);
      own.update(some);
      await breath.take();
    }
    if (kept) kept = await store.putPiece(item.id, n, { bytes, sha256: own.hex() });
    tell(Math.min(1, (at + PIECE) / file.size));
  }
  if (!kept) {
    await store.removePieces(item.id, Math.ceil(file.size / PIECE));
    store.hold(item.id, file);
  }
  return whole.hex();
}

/** What to send from `offset` on: {bytes, sha256}, or null when the phone no longer has it. */
export async function from(item, offset) {
  const n = Math.floor(offset / PIECE);
  const start = offset % PIECE;
  const held = store.held(item.id);
  const kept = held ? { bytes: await readBytes(held.slice(n * PIECE, (n + 1) * PIECE)) } : await store.getPiece(item.id, n);
  if (!kept) return null;
  const bytes = start ? kept.bytes.slice(start) : kept.bytes;
  return { bytes, sha256: (!start && kept.sha256) || sha256(new Uint8Array(bytes)) };
}
