/* Solves a puzzle of app/puzzles.py in a worker: finds n such that SHA-256("challenge:about:n") begins with `bits` zero bits.
   Own SHA-256: the browser's is asynchronous, which is too slow for a hundred thousand short texts. */
"use strict";
const K = new Uint32Array(64);
const H = new Uint32Array(8);
{
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) H[found] = (Math.sqrt(n) % 1) * 0x100000000;
    K[found++] = (Math.cbrt(n) % 1) * 0x100000000;
  }
}
const w = new Uint32Array(64);
const state = new Uint32Array(8);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

function sha256(bytes, length) {
  const end = ((length + 8) >> 6) * 64 + 64;
  bytes.fill(0, length, end);
  bytes[length] = 0x80;
  new DataView(bytes.buffer).setUint32(end - 4, length * 8);
  state.set(H);
  for (let at = 0; at < end; at += 64) block(bytes, at);
  return state;
}

self.onmessage = ({ data: { challenge, about, bits } }) => {
  const start = new TextEncoder().encode(`${challenge}:${about}:`);
  const bytes = new Uint8Array(start.length + 128);
  bytes.set(start);
  for (let n = 0; ; n++) {
    const digits = String(n);
    for (let i = 0; i < digits.length; i++) bytes[start.length + i] = digits.charCodeAt(i);
    const [first] = sha256(bytes, start.length + digits.length);
    if (bits === 0 || first >>> (32 - bits) === 0) { self.postMessage(digits); return; }
  }
};
