// Solves a proof of work away from the page: counts up until the PBKDF2 key of nonce and counter begins with the prefix asked for.
"use strict";
const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hexOf = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");

const keyOf = async (parameters, counter) => {
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost };
  return hexOf(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
};

self.addEventListener("message", async ({ data: parameters }) => {
  try {
    const steps = parameters.data.steps;
    for (let counter = 0; counter <= steps; counter += 1) {
      const derivedKey = await keyOf(parameters, counter);
      if (derivedKey.startsWith(parameters.keyPrefix)) {
        self.postMessage({ solution: { counter, derivedKey } });
        return;
      }
      if (counter % 4 === 0) self.postMessage({ done: counter / steps });
    }
    self.postMessage({ failed: true });
  } catch (_fault) { self.postMessage({ failed: true }); }
});
