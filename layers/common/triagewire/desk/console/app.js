// The beginning: sign in, learn who works here, show the first view.

import { api } from "./api.js";
import { auth } from "./auth.js";
import { clock } from "./clock.js";
import { h, replace } from "./dom.js";
import { emergency } from "./emergency.js";
import { header } from "./header.js";
import { idle } from "./idle.js";
import { keys } from "./keys.js";
import { notices } from "./notices.js";
import { said } from "./problems.js";
import { router } from "./router.js";
import { shell } from "./shell.js";
import { text } from "./text.js";
import { later } from "./later.js";
import queue, { queuePath } from "./queue.js";

const VIEWS = [
  queue,
  later("#/tickets/:ticket", "queue.ticket", () => import("./ticket.js")),
  later("#/review/:site", "nav.review", () => import("./review.js")),
  later("#/mine", "nav.mine", () => import("./mine.js")),
  later("#/teams/:site", "nav.work", () => import("./work.js")),
  later("#/on-call/:site", "nav.on_call", () => import("./on_call.js")),
  later("#/search/:site", "nav.search", () => import("./search.js")),
  later("#/undelivered/:site", "nav.undelivered", () => import("./undelivered.js")),
  later("#/measures/:site", "nav.measures", () => import("./measures.js")),
];

const ME = "/desk/me";
let isOpen = false;
let isGoing = false;

run();

async function run() {
  auth.load();
  if (auth.start() && !location.search) warm();
  await text.load();
  text.onChange(redraw);
  clock.onBreach((words) => notices.announce(words));
  clock.start();
  keys.start();
  api.onSignedOut(() => end("signed_out", { keepsView: true }));
  idle.onEnd((why) => end(why, { keepsView: why === "idle" }));
  header.onSignOut = () => leave("signed_out_by_you");
  emergency.onChange = changed;
  await enter();
}

/** Ask at once for what the first view wants, while its words are on their way. */
function warm() {
  api.warm(ME);
  const [, site, team] = /^#\/queues\/([^/?]+)\/([^/?]+)$/.exec(location.hash) ?? [];
  if (team) api.warm(queuePath(decodeURIComponent(site), decodeURIComponent(team)));
}

/** Come in: back from the sign-in page, still signed in, or not at all. */
async function enter() {
  try {
    await auth.finish();
  } catch {
    signedOut("failed");
    return;
  }
  if (auth.start()) await open();
  else if (auth.ended() && !auth.ended().again) signedOut(auth.ended().why);
  else await signIn();
}

/** To the sign-in page and back to the view; a session that it still has is ended before. */
async function signIn() {
  isGoing = true;
  const kept = auth.ended();
  if (kept?.open) {
    await auth.leave({ again: true });
    return;
  }
  history.replaceState(null, "", location.pathname + (location.hash || kept?.hash || ""));
  await auth.begin();
}

async function open() {
  try {
    isOpen = true;
    shell.me = await api.get(ME);
  } catch (error) {
    if (error.status !== 401) refused(error);
    return;
  }
  if (shell.me.sites.length === 0) {
    refused(null);
    return;
  }
  shell.start(shell.me);
  idle.start(shell.me, { leave });
  await router.start(VIEWS, shell, () => header.home(shell));
  // The first view stands: what comes next is fetched before it is asked for.
  header.counts = true;
  header.refresh(shell).catch(() => {});
  for (const view of VIEWS) view.warm?.();
}

/** Draw everything in the other language, where one is. */
function redraw() {
  if (shell.me) anew(shell.me);
}

/** What somebody may see has changed: learn it, and show it where a hash says. */
async function changed(hash, { ifNew = false } = {}) {
  const me = await api.get(ME);
  if (!shell.me || (ifNew && me.emergency?.until === shell.me.emergency?.until)) return;
  history.replaceState(null, "", location.pathname + hash);
  await anew(me);
}

function anew(me) {
  shell.stop();
  shell.start(me);
  return router.start(VIEWS, shell, () => header.home(shell));
}

/** Sign out here, on the server, on the sign-in page and in every other tab. */
async function leave(why) {
  if (!isOpen) return;
  isOpen = false;
  idle.tell(why);
  const hash = why === "idle" ? location.hash : "";
  // The token goes out with this request, and is forgotten before it is answered.
  const ending = api.post("/desk/session/end", {}, { keepalive: true });
  close(why, { hash, open: true });
  try {
    await ending;
  } catch (error) {
    // Unreachable: the server ends an idle session by itself, and whoever signs in next here ends
    // that of the sign-in page first.
    if (error.status === 0) return;
  }
  // Who has pressed "Sign in" meanwhile is on their way already.
  if (!isGoing) await auth.leave();
}

/** Another tab or the server has ended the session: only the screen is left to clear. */
function end(why, { keepsView }) {
  if (!isOpen) return;
  isOpen = false;
  // The session of this tab is its own; where it has ended already, that is said again.
  if (why !== "signed_out") api.post("/desk/session/end", {}).catch(() => {});
  close(why, { hash: keepsView ? location.hash : "", open: why === "signed_out" });
}

/** Nothing of the session stays: not on the screen, not in the address, not in the tab. */
function close(why, kept) {
  shell.stop();
  idle.stop();
  history.replaceState(null, "", location.pathname);
  auth.forget(why, kept);
  signedOut(why);
}

/** What is left when nobody is signed in: why, and the way back in. */
function signedOut(why) {
  document.title = `${text.t("signed_out.title")} · Triagewire`;
  const button = h("button", { type: "button", class: "primary", on: { click: () => signIn() } }, text.t("signed_out.again"));
  page("signed_out.title", text.t(`signed_out.${why}`), button);
  button.focus();
}

/** Signed in, and yet there is nothing to show. */
function refused(error) {
  const again = h("button", { type: "button", class: "primary", on: { click: () => location.reload() } }, text.t("shell.again"));
  const out = h("button", { type: "button", on: { click: () => leave("signed_out_by_you") } }, text.t("sign_out"));
  page("refused.title", error ? said(error) : text.t("refused.no_site"), again, out);
}

function page(title, words, ...buttons) {
  replace(
    document.body,
    h("main", { class: "alone" },
      h("p", { class: "brand", translate: "no" }, "Triagewire"),
      h("h1", { tabindex: "-1" }, text.t(title)),
      h("p", { role: "status" }, words),
      h("div", { class: "acts" }, buttons)),
  );
}
