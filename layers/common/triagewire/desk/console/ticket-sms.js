// How many parts a text message is sent in: what its sender pays for, and its reader puts together.

import { text } from "./text.js";

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "\f^{}\\[~]|€";
const ONE = new Set(BASIC), TWO = new Set(EXTENDED);

/** `{length, parts, left, plain}`: `left` is what still fits the last part, in its own counting. */
export function smsParts(words) {
  const signs = [...words];
  const plain = signs.every((sign) => ONE.has(sign) || TWO.has(sign));
  const sizes = signs.map((sign) => (plain ? (TWO.has(sign) ? 2 : 1) : sign.length));
  const length = sizes.reduce((sum, each) => sum + each, 0);
  const [alone, joined] = plain ? [160, 153] : [70, 67];
  if (length <= alone) return { length, parts: length ? 1 : 0, left: alone - length, plain };
  // No sign is cut in two, so a part may end before it is full.
  let parts = 1, used = 0;
  for (const each of sizes) {
    if (used + each > joined) {
      parts += 1;
      used = 0;
    }
    used += each;
  }
  return { length, parts, left: joined - used, plain };
}

/** How long a text is, in words: an SMS is counted in its parts. */
export function lengthWords(words, { isSms, most }) {
  const length = text.number([...words].length);
  if (!isSms) return text.t("compose.count", { length, most: text.number(most) });
  const { parts, left, plain } = smsParts(words.trim());
  const told = text.t("compose.sms", { count: parts, length, left });
  return plain ? told : `${told} ${text.t("compose.sms_signs")}`;
}
