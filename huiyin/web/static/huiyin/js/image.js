// Shrinks a photo before it is kept and sent, so that it goes through a thin line. What cannot be shrunk is kept as it is.

const LONG_SIDE = 1600;
const QUALITY = 0.8;

// Engines that do not know the property draw a photo on canvas without turning it upright.
const TURNS = Boolean(window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image"));

export function readBytes(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

function decoded(url) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = url;
  });
}

async function drawn(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = await decoded(url);
    const scale = Math.min(1, LONG_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // behind pictures that are partly transparent
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The photo as a JPEG with a long side of 1600 pixels at most, or the file itself when it cannot be drawn or would not get smaller. */
export async function shrink(file) {
  if (!TURNS) return file;
  try {
    const small = await drawn(file);
    return small && small.size > 0 && small.size < file.size ? small : file;
  } catch (undrawable) {
    return file;
  }
}
