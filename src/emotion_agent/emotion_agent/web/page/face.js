// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// Pictures: the drawn face pixel by pixel, as on the display, and that of the camera.

const LIT = [226, 240, 255], GLASS = [5, 7, 10];
const DARK_GAP_FROM = 4;  // device pixels of a pixel, from which on the gaps between them are seen

export class Face {
  constructor(canvas) {
    this._canvas = canvas;
    this._pixels = null;  // one device-independent pixel for each of the face
    this._perPixel = 0;
    new ResizeObserver(() => this._fit()).observe(canvas.parentElement);
  }

  /** Show {width, height, bits}: rows of width/8 bytes, most significant bit left, base64. */
  show({width, height, bits}) {
    if (this._pixels?.width !== width || this._pixels?.height !== height) {
      this._pixels = new ImageData(width, height);
      this._small = new OffscreenCanvas(width, height);
      this._fit();
    }
    const bytes = atob(bits), data = this._pixels.data;
    for (let i = 0; i < width * height; i++) {
      const lit = bytes.charCodeAt(i >> 3) & (0x80 >> (i & 7));
      data.set(lit ? LIT : GLASS, 4 * i);
      data[4 * i + 3] = 255;
    }
    this._small.getContext('2d').putImageData(this._pixels, 0, 0);
    this._draw();
  }

  // As many whole device pixels for each of the face as there is room for, so that all are alike.
  _fit() {
    if (!this._pixels) return;
    const {width, height} = this._pixels, frame = getComputedStyle(this._canvas);
    const border = parseFloat(frame.borderLeftWidth) + parseFloat(frame.borderRightWidth);
    const room = (this._canvas.parentElement.clientWidth - border) * devicePixelRatio;
    const perPixel = Math.max(1, Math.floor(room / width));
    if (perPixel === this._perPixel && this._canvas.width === perPixel * width) return;
    this._perPixel = perPixel;
    this._canvas.width = perPixel * width;
    this._canvas.height = perPixel * height;
    this._canvas.style.width = `${perPixel * width / devicePixelRatio + border}px`;
    this._draw();
  }

  _draw() {
    const pen = this._canvas.getContext('2d'), size = this._perPixel;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this._small, 0, 0, this._canvas.width, this._canvas.height);
    if (size < DARK_GAP_FROM) return;
    const gap = Math.max(1, Math.round(size / 8));
    pen.fillStyle = `rgb(${GLASS} / 70%)`;
    for (let x = size - gap; x < this._canvas.width; x += size) {
      pen.fillRect(x, 0, gap, this._canvas.height);
    }
    for (let y = size - gap; y < this._canvas.height; y += size) {
      pen.fillRect(0, y, this._canvas.width, gap);
    }
  }
}

/** Draw a JPEG (base64) on a canvas; one that cannot be read is left out. */
export async function showJpeg(canvas, jpeg) {
  const bytes = Uint8Array.from(atob(jpeg), letter => letter.charCodeAt(0));
  try {
    const picture = await createImageBitmap(new Blob([bytes], {type: 'image/jpeg'}));
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext('2d').drawImage(picture, 0, 0);
    picture.close();
  } catch { /* the last one stays */ }
}
