// Automatic log-off: who does nothing for a while is signed out, in all tabs together.

import { api } from "./api.js";
import { h } from "./dom.js";
import { text } from "./text.js";

const WARN_MS = 60_000;
const TELL_MS = 5_000;
/** The server counts requests only: who reads or writes for long tells it so. */
const PING_MS = 4 * 60_000;
const SIGNS = ["keydown", "pointerdown", "wheel", "touchmove"];

let channel = null;
let last = 0;
let told = 0;
let most = 0;
let timer = null;
let warning = null;
let leave = () => {};
let ended = () => {};

export const idle = { start, stop, tell, onEnd: (run) => { ended = run; } };

/** Begin to count. `leave(why)` signs out. */
function start(me, surroundings) {
  stop();
  leave = surroundings.leave;
  most = me.idle_minutes * 60_000;
  last = Date.now();
  channel = new BroadcastChannel(`triagewire:${location.pathname}`);
  channel.addEventListener("message", ({ data }) => heard(data));
  for (const sign of SIGNS) document.addEventListener(sign, active, { capture: true, passive: true });
  document.addEventListener("visibilitychange", look);
  // A page that the browser kept and brings back is looked at before anybody sees it.
  window.addEventListener("pageshow", look);
  timer = setInterval(look, 1_000);
}

/** Stop counting. */
function stop() {
  clearInterval(timer);
  for (const sign of SIGNS) document.removeEventListener(sign, active, { capture: true });
  document.removeEventListener("visibilitychange", look);
  window.removeEventListener("pageshow", look);
  channel?.close();
  channel = null;
  hide();
}

/** Tell the other tabs that the session has ended. */
function tell(why) {
  channel?.postMessage({ kind: "ended", why });
}

function active() {
  // What comes after the time is over comes too late: the first touch of the next person, perhaps.
  if (Date.now() - last >= most) {
    look();
    return;
  }
  last = Date.now();
  hide();
  if (last - told > TELL_MS) {
    told = last;
    channel?.postMessage({ kind: "active", at: last });
  }
  if (api.sinceForeground() > PING_MS) api.get("/desk/me").catch(() => {});
}

function heard({ kind, at, why }) {
  if (kind === "ended") {
    ended(why);
  } else if (kind === "active" && at > last && at <= Date.now()) {
    last = at;
    hide();
  }
}

function look() {
  const left = most - (Date.now() - last);
  if (left <= 0) {
    stopCounting();
    leave("idle");
  } else if (left <= WARN_MS) {
    warn(Math.ceil(left / 1_000));
  }
}

function stopCounting() {
  clearInterval(timer);
}

function warn(seconds) {
  if (warning === null) {
    const before = document.activeElement;
    const left = h("span", { class: "idle-left" });
    const stay = h("button", { type: "button", class: "primary" }, text.t("idle.stay"));
    const dialog = h(
      "dialog",
      { class: "idle", role: "alertdialog", "aria-labelledby": "idle-title", "aria-describedby": "idle-words" },
      h("h2", { id: "idle-title" }, text.t("idle.title")),
      h("p", { id: "idle-words" }, text.t("idle.words")),
      h("p", { "aria-live": "polite", class: "idle-count" }, left),
      h("div", { class: "ask-acts" }, stay),
    );
    stay.addEventListener("click", active);
    dialog.addEventListener("cancel", active);
    document.body.append(dialog);
    dialog.showModal();
    stay.focus();
    warning = { dialog, left, before };
  }
  // Every second would drown everything else that a screen reader says.
  if (seconds % 15 === 0 || seconds <= 10 || warning.left.textContent === "") {
    warning.left.textContent = text.t("idle.left", { count: seconds });
  }
}

function hide() {
  if (warning === null) return;
  const { dialog, before } = warning;
  warning = null;
  dialog.close();
  dialog.remove();
  if (before?.isConnected) before.focus({ preventScroll: true });
}
