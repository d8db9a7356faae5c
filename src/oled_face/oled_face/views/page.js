// Copyright 2026 The emotion_agent authors. SPDX-License-Identifier: Apache-2.0
const canvas = document.getElementById('panel');
const pen = canvas.getContext('2d');
const scale = 8, gap = 1;

function draw(picture) {
  const {width, height} = picture;
  if (canvas.width !== width * scale) canvas.width = width * scale;
  if (canvas.height !== height * scale) canvas.height = height * scale;
  pen.fillStyle = picture.gap;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const bytes = atob(picture.bits);
  for (let y = 0; y < height; y++) {
    const light = y < picture.bandRows ? picture.band : picture.lit;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const lit = bytes.charCodeAt(i >> 3) & (0x80 >> (i & 7));
      pen.fillStyle = lit ? light : picture.dark;
      pen.fillRect(x * scale, y * scale, scale - gap, scale - gap);
    }
  }
}

const stream = new EventSource('stream');
stream.onmessage = message => { draw(JSON.parse(message.data)); document.body.className = ''; };
stream.onerror = () => { document.body.className = 'lost'; };
