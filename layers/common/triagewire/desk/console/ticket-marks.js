// What a text is made of when it is shown: plain stretches, the words that a rule matched, and
// signs that cannot be seen. All of it stays text; nothing here knows of markup.

const NAMES = new Map([
  [0x00ad, "SHY"], [0x061c, "ALM"], [0x180e, "MVS"], [0x200b, "ZWSP"], [0x200c, "ZWNJ"],
  [0x200d, "ZWJ"], [0x200e, "LRM"], [0x200f, "RLM"], [0x2028, "LS"], [0x2029, "PS"],
  [0x202a, "LRE"], [0x202b, "RLE"], [0x202c, "PDF"], [0x202d, "LRO"], [0x202e, "RLO"],
  [0x2060, "WJ"], [0x2066, "LRI"], [0x2067, "RLI"], [0x2068, "FSI"], [0x2069, "PDI"],
  [0xfeff, "BOM"],
]);
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}]/u;
const JOINER = /[\u200c\u200d]/;
const JOINED = /[\p{Extended_Pictographic}\u{1f3fb}-\u{1f3ff}\ufe0f\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Mongolian}]/u;
const WORD = /[\p{L}\p{N}]/u;
const COMBINING = /\p{M}/u;
const QUOTES = new Map([["’", "'"], ["‘", "'"], ["ʼ", "'"], ["`", "'"], ["“", '"'], ["”", '"']]);

/** The name by which a sign that cannot be seen is shown, such as `RLO`; "" for any other. */
export function hiddenName(sign, before = "", after = "") {
  if (!HIDDEN.test(sign) || sign === "\r") return "";
  if (JOINER.test(sign) && JOINED.test(before) && JOINED.test(after)) return "";
  const code = sign.codePointAt(0);
  return NAMES.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A text without case, accents and odd spaces, and for each of its signs where it stood. */
function folded(text) {
  const signs = [], places = [];
  let at = 0;
  for (const sign of text) {
    for (const one of plainOf(sign)) {
      if (one === " " && signs[signs.length - 1] === " ") continue;
      signs.push(one);
      places.push(at);
    }
    at += sign.length;
  }
  places.push(at);
  return { signs, places };
}

const SIMPLE = /^[!-~]$/;

/** A sign as the rules compare it: none for what is not seen, more for a ligature. */
function plainOf(sign) {
  if (SIMPLE.test(sign)) return QUOTES.get(sign) ?? sign.toLowerCase();
  if (/\s/.test(sign)) return " ";
  const plain = QUOTES.get(sign) ?? sign.normalize("NFKD").toLowerCase();
  return [...plain].filter((each) => !COMBINING.test(each) && !HIDDEN.test(each));
}

/** The words that a reason quotes; a reason of several places holds them with dots between. */
export function wordsOf(span) {
  return (span ?? "").split(" … ").map((each) => each.trim()).filter(Boolean);
}

/** Where the words of reasons stand in a text: `[begins, ends, number of the reason]`. */
export function places(text, spans) {
  if (!text || !spans.length) return [];
  const { signs, places: at } = folded(text);
  const hay = signs.join(""), units = unitsOf(signs), found = [];
  for (const [number, span] of spans.entries()) {
    for (const words of wordsOf(span)) {
      const needle = folded(words).signs.join("").trim();
      for (const [begins, ends] of occurrences(hay, needle)) {
        found.push([at[units.get(begins)], at[units.get(ends)], number]);
      }
    }
  }
  return found;
}

// A sign of an upper plane takes two places in a string, so places in it are told by a map.
function unitsOf(signs) {
  const units = new Map();
  let at = 0;
  for (const [number, sign] of signs.entries()) {
    units.set(at, number);
    at += sign.length;
  }
  return units.set(at, signs.length);
}

function* occurrences(hay, needle) {
  const most = 200;
  if (!needle) return;
  for (let at = hay.indexOf(needle), n = 0; at >= 0 && n < most; at = hay.indexOf(needle, at + 1)) {
    const ends = at + needle.length;
    if (joins(hay, at) || joins(hay, ends)) continue;
    n += 1;
    yield [at, ends];
  }
}

// Whether a place is in the middle of a word: "pain" is not found in "painting".
function joins(hay, at) {
  return at > 0 && at < hay.length && WORD.test(hay[at - 1]) && WORD.test(hay[at]);
}

/**
 * A text cut into `{text, reasons}` stretches: `reasons` are the numbers of the spans that match
 * there, none for what nothing matched.
 */
export function stretches(text, spans) {
  const found = places(text, spans).sort(([one], [other]) => one - other);
  const cuts = [...new Set([0, text.length, ...found.flatMap(([a, b]) => [a, b])])];
  cuts.sort((one, other) => one - other);
  const cut = [];
  let running = [], next = 0;
  for (let n = 0; n + 1 < cuts.length; n += 1) {
    const [begins, ends] = [cuts[n], cuts[n + 1]];
    while (next < found.length && found[next][0] <= begins) running.push(found[next++]);
    running = running.filter(([, until]) => until >= ends);
    const reasons = [...new Set(running.map(([, , each]) => each))].sort((one, other) => one - other);
    cut.push({ text: text.slice(begins, ends), reasons });
  }
  return cut;
}

/**
 * A text cut into `{text}` and `{hidden, times}` parts: `hidden` names what cannot be seen, which
 * stands there so many times in a row.
 */
export function visible(text) {
  if (!HIDDEN.test(text)) return text ? [{ text }] : [];
  const parts = [], signs = [...text];
  let plain = "";
  for (const [n, sign] of signs.entries()) {
    const name = hiddenName(sign, signs[n - 1] ?? "", signs[n + 1] ?? "");
    if (!name) {
      plain += sign === "\r" ? "" : sign;
      continue;
    }
    if (plain) parts.push({ text: plain });
    plain = "";
    const last = parts.at(-1);
    if (last?.hidden === name) last.times += 1;
    else parts.push({ hidden: name, times: 1 });
  }
  if (plain) parts.push({ text: plain });
  return parts;
}
