// What the page says by itself: to screen readers, and in toasts.

import { h } from "./dom.js";
import { text } from "./text.js";

const SECONDS = 6;
const MOST = 3;
let polite = null;
let urgent = null;
let shelf = null;

export const notices = { frame, announce, alert, toast, clear };

/** The places where things are said; they are there before anything is said in them. */
function frame() {
  polite = h("div", { class: "unseen", "aria-live": "polite", role: "status" });
  urgent = h("div", { class: "unseen", "aria-live": "assertive", role: "alert" });
  shelf = h("div", { class: "toasts", role: "region", "aria-label": text.t("toast.region") });
  return [polite, urgent, shelf];
}

/** Say something to who cannot see it happen. */
function announce(words) {
  say(polite, words);
}

/** The same, at once. */
function alert(words) {
  say(urgent, words);
}

/**
 * Show a sentence for some seconds, with something that can be done about it: {label, run,
 * seconds, kind: "done" | "problem"}. It stays while it is pointed at or focused, and its `label`
 * may be a function of the seconds left. Returns a function that takes it away.
 */
function toast(words, { label, run, seconds = SECONDS, kind = "done" } = {}) {
  const named = (left) => (typeof label === "function" ? label(left) : label);
  const act = () => {
    close();
    run();
  };
  const button = run && h("button", { type: "button", class: "toast-act", on: { click: act } }, named(seconds));
  const dismiss = h(
    "button",
    { type: "button", class: "toast-close", "aria-label": text.t("toast.close"), on: { click: () => close() } },
    "×",
  );
  const element = h("div", { class: "toast", dataset: { kind } }, h("span", {}, words), button, dismiss);
  // An undo runs out when it runs out; a sentence stays for who is still reading it.
  const stays = () => !run && element.matches(":hover, :focus-within");
  const until = Date.now() + seconds * 1_000;
  const timer = setInterval(() => {
    if (!element.isConnected) clearInterval(timer);
    const left = Math.ceil((until - Date.now()) / 1_000);
    if (left <= 0 && !stays()) close();
    else if (button && typeof label === "function") button.textContent = named(Math.max(0, left));
  }, 500);
  function close() {
    clearInterval(timer);
    element.remove();
  }
  shelf.append(element);
  while (shelf.children.length > MOST) shelf.firstElementChild.remove();
  if (kind === "problem") alert(words);
  else announce(words);
  return close;
}

/** Take every word away. */
function clear() {
  for (const place of [polite, urgent, shelf]) place?.replaceChildren();
}

function say(place, words) {
  if (!place) return;
  place.textContent = "";
  // The same words twice are said twice only if they were gone in between.
  setTimeout(() => {
    place.textContent = words;
  }, 60);
}
