// Texts that somebody has begun to write: nothing of them is lost while this tab is open.

const begun = new Map();
const EMPTY = { words: "", subject: "", template: "", language: "" };

export const drafts = { read, keep, drop, has };

/** What was begun on a ticket: `kind` is "reply" or "note". */
function read(ticket, kind) {
  return { ...EMPTY, ...begun.get(`${ticket} ${kind}`) };
}

/** Keep it; an empty one is none. */
function keep(ticket, kind, draft) {
  if (!draft.words.trim()) drop(ticket, kind);
  else begun.set(`${ticket} ${kind}`, { ...EMPTY, ...draft });
}

/** Forget it: it was sent, or is not wanted. */
function drop(ticket, kind) {
  begun.delete(`${ticket} ${kind}`);
}

/** Whether anything of a kind, or of any, is unsent on a ticket. */
function has(ticket, kind = "") {
  return [...begun.keys()].some((each) => each.startsWith(`${ticket} ${kind}`));
}

// Closing the tab would lose them, so the browser asks first.
window.addEventListener("beforeunload", (event) => {
  if (begun.size) event.preventDefault();
});
