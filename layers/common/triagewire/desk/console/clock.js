// The time of the server, and what is left of a promise, counted down every second.

import { h } from "./dom.js";
import { text } from "./text.js";

const SOON_MINUTES = 5;
const FAR_MINUTES = 24 * 60;

let ahead = 0;
let announce = () => {};
const shown = new Map();

export const clock = { sync, now, tick, start, countdown, standing, remaining, onBreach };

/** Learn the server's time from an answer. */
function sync(iso) {
  const at = Date.parse(iso);
  if (!Number.isNaN(at)) ahead = at - Date.now();
}

/** The server's time in milliseconds. */
function now() {
  return Date.now() + ahead;
}

/** Begin to count. */
function start() {
  setInterval(tick, 1_000);
}

/** Say breaches with `run(text)`. */
function onBreach(run) {
  announce = run;
}

/**
 * An element that counts down to the reminder and the breach of a line. `at` is the server's time
 * of the answer that brought the line; `zone` the site's, for times that are far.
 */
function countdown(line, at, { zone, which } = {}) {
  if (typeof at === "string") sync(at);
  const element = h("span", { class: "countdown" });
  element.track = (next) => {
    shown.set(element, { promise: promiseOf(next, which), zone, id: next.id, was: null });
    draw(element);
  };
  element.track(line);
  return element;
}

/** The promise that counts for a line: the first response, then that the need is settled. */
function promiseOf(line, which) {
  if (which) return line[which] && { ...line[which], kind: which };
  const { clock: response, resolution } = line;
  const open = (promise) => promise && promise.state !== "stopped";
  if (open(response)) return { ...response, kind: "clock" };
  if (open(resolution)) return { ...resolution, kind: "resolution" };
  return response && { ...response, kind: "clock" };
}

/** Milliseconds until a promise is broken; negative when it is. */
function remaining(promise) {
  return Date.parse(promise.due_at) - now();
}

/** How a promise stands: {state: "none|stopped|paused|late|soon|reminded|running", words, more}. */
function standing(promise, zone) {
  if (!promise) return { state: "none", words: text.t("countdown.none"), more: "" };
  if (promise.state === "stopped") {
    const key = promise.breached ? "countdown.stopped_late" : "countdown.stopped";
    return { state: "stopped", words: text.t(key), more: "" };
  }
  if (promise.state === "paused") {
    return { state: "paused", words: text.t("countdown.paused"), more: "" };
  }
  const left = remaining(promise) / 60_000;
  const of = promise.kind === "resolution" ? "countdown.resolution_" : "countdown.";
  if (left <= 0) {
    return { state: "late", words: text.t(`${of}late`, { span: text.span(-left) }), more: "" };
  }
  const toRemind = promise.remind_at ? (Date.parse(promise.remind_at) - now()) / 60_000 : 0;
  const state = toRemind > 0 ? "running" : left <= SOON_MINUTES ? "soon" : "reminded";
  const words =
    left >= FAR_MINUTES
      ? text.t(`${of}due_at`, { at: text.when(promise.due_at, zone) })
      : text.t(`${of}due_in`, { span: short(left) });
  const more = toRemind > 0 ? text.t("countdown.reminder_in", { span: text.span(toRemind) }) : "";
  return { state, words, more };
}

/** With seconds when it is close. */
function short(minutes) {
  if (minutes >= SOON_MINUTES) return text.span(minutes);
  const seconds = Math.floor(minutes * 60);
  return text.t("span.exact", {
    minutes: Math.floor(seconds / 60),
    seconds: String(seconds % 60).padStart(2, "0"),
  });
}

function tick() {
  for (const element of shown.keys()) {
    if (element.isConnected) draw(element);
    else if (element.dataset.seen) shown.delete(element);
  }
}

function draw(element) {
  const tracked = shown.get(element);
  const { state, words, more } = standing(tracked.promise, tracked.zone);
  if (element.isConnected) element.dataset.seen = "yes";
  if (element.dataset.state !== state) element.dataset.state = state;
  const [main, second] = element.childNodes;
  if (!main) {
    element.append(h("span", { class: "countdown-main" }, words));
    element.append(h("span", { class: "countdown-more" }, more));
  } else {
    if (main.textContent !== words) main.textContent = words;
    if (second.textContent !== more) second.textContent = more;
  }
  if (state === "late" && tracked.was !== null && tracked.was !== "late") {
    announce(text.t("countdown.broken", { id: tracked.id }));
  }
  tracked.was = state;
}
