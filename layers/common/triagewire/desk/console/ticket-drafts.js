// Texts that somebody has begun to write: nothing of them is lost while this tab is open, also when
// they are logged off or load the page anew. What the tab keeps is encrypted with a key that the
// desk gives to that member alone, so whoever comes to the desk after them reads nothing.

const KEPT = "triagewire.drafts";
const EMPTY = { words: "", subject: "", template: "", language: "" };
const NONCE_BYTES = 12;

let begun = new Map();
let owner = null;
let key = null;
let turn = 0;

export const drafts = { open, read, keep, drop, move, has };

/** Have at hand what `me` had begun; of anybody else's nothing is left. */
async function open(me) {
  if (owner === me.member) return;
  owner = me.member;
  begun = new Map();
  key = await keyOf(me);
  begun = new Map(key ? await kept() : []);
}

/** What was begun on a ticket: `kind` is "reply" or "note". */
function read(ticket, kind) {
  return { ...EMPTY, ...begun.get(`${ticket} ${kind}`) };
}

/** Keep it; an empty one is none. */
function keep(ticket, kind, draft) {
  if (!draft.words.trim()) {
    drop(ticket, kind);
    return;
  }
  begun.set(`${ticket} ${kind}`, { ...EMPTY, ...draft });
  save();
}

/** Forget it: it was sent, or is not wanted. */
function drop(ticket, kind) {
  if (begun.delete(`${ticket} ${kind}`)) save();
}

/** Let what was begun on a ticket stand on another, into which it was merged, before what is there. */
function move(from, to) {
  for (const kind of ["reply", "note"]) {
    const [moved, there] = [read(from, kind), read(to, kind)];
    if (!moved.words.trim()) continue;
    keep(to, kind, there.words.trim() ? { ...moved, words: `${moved.words}\n\n${there.words}` } : moved);
    drop(from, kind);
  }
}

/** Whether anything of a kind, or of any, is unsent on a ticket. */
function has(ticket, kind = "") {
  return [...begun.keys()].some((each) => each.startsWith(`${ticket} ${kind}`));
}

async function keyOf({ draft_key: given }) {
  if (!given || !globalThis.crypto?.subtle) return null;
  return crypto.subtle.importKey("raw", bytesOf(given), "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function kept() {
  try {
    const sealed = bytesOf(sessionStorage.getItem(KEPT));
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.slice(0, NONCE_BYTES) },
      key,
      sealed.slice(NONCE_BYTES),
    );
    return JSON.parse(new TextDecoder().decode(opened));
  } catch {
    // There is none, or it is somebody else's: either way there is nothing to bring back.
    sessionStorage.removeItem(KEPT);
    return [];
  }
}

/** Keep all of them; of two that are written at once the later one stays. */
async function save() {
  const mine = (turn += 1);
  if (!key) return;
  if (!begun.size) {
    sessionStorage.removeItem(KEPT);
    return;
  }
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const words = new TextEncoder().encode(JSON.stringify([...begun]));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, words);
  if (mine === turn) store(new Uint8Array([...nonce, ...new Uint8Array(sealed)]));
}

function store(bytes) {
  try {
    let binary = "";
    for (const each of bytes) binary += String.fromCharCode(each);
    sessionStorage.setItem(KEPT, btoa(binary));
  } catch {
    // The tab's store is full or switched off: the text is still in its box.
  }
}

function bytesOf(base64) {
  const plain = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
