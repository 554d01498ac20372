// Emergency access: asked for in a dialog, told of on every page while it stands, ended by hand or
// at its minute.

import { api } from "./api.js";
import { clock } from "./clock.js";
import { h } from "./dom.js";
import { text } from "./text.js";

const LAST_MS = 60_000;

let timer = null;
let channel = null;
let isEnding = false;

/**
 * `onChange(hash, {ifNew})` is called when it begins or ends: everything is drawn anew, at that
 * hash; with `ifNew` only where the session did not know it yet.
 */
export const emergency = { button, banner, stop, onChange: async () => {} };

/** The way to it, for who may have it and has none; else null. */
function button(shell) {
  const { emergency: stands, emergency_sites: sites } = shell.me;
  if (stands || !sites?.length) return null;
  return h("button", { type: "button", class: "quiet", "aria-haspopup": "dialog", on: { click: () => begin(shell) } }, text.t("emergency.name"));
}

/** What stands on every page while it does; null while none does. */
function banner(shell) {
  stop();
  channel = new BroadcastChannel(`triagewire.emergency:${location.pathname}:${shell.me.member}`);
  channel.addEventListener("message", ({ data }) => heard(shell, data));
  const stands = shell.me.emergency;
  if (!stands) return null;
  const left = h("strong", { role: "timer" });
  const end = h("button", { type: "button", on: { click: () => finish(shell) } }, text.t("emergency.end"));
  const count = { until: Date.parse(stands.until), left, warned: false };
  draw(shell, count);
  timer = setInterval(() => draw(shell, count), 1_000);
  const name = shell.site(stands.site)?.name ?? stands.site;
  return h(
    "section",
    { class: "emergency", "aria-label": text.t("emergency.name") },
    h("p", null, text.t("emergency.stands", { site: name }), " ", left),
    end,
  );
}

/** Count no more. */
function stop() {
  clearInterval(timer);
  channel?.close();
  timer = channel = null;
}

async function begin(shell) {
  const sites = shell.me.emergency_sites.map(({ id, name, minutes }) => ({ value: id, label: text.t("emergency.site_for", { site: name, minutes }) }));
  const reasons = shell.me.codes.emergency_reasons.map((value) => ({ value, label: text.code("emergency_reason", value) }));
  const found = await shell.dialog({
    title: text.t("emergency.title"),
    body: h("p", null, text.t("emergency.explained")),
    fields: [
      { name: "site", label: text.t("nav.site"), type: "select", required: true, options: sites },
      { name: "why", label: text.t("emergency.why"), type: "radio", required: true, options: reasons },
    ],
    submit: { label: text.t("emergency.begin"), danger: true, run: (values) => api.post("/desk/emergency-access", values) },
  });
  if (!found) return;
  channel?.postMessage("changed");
  shell.choose(found.site);
  await emergency.onChange("");
  shell.alert(text.t("emergency.begun", { until: text.clockTime(found.until, shell.zone(found.site)) }));
}

async function finish(shell) {
  if (isEnding) return;
  isEnding = true;
  try {
    await api.post("/desk/emergency-access/end");
    await ended(shell);
  } catch (error) {
    shell.problem(error);
  } finally {
    isEnding = false;
  }
}

/** What was opened is not there any more: back to what is one's own. */
async function ended(shell) {
  channel?.postMessage("changed");
  await emergency.onChange("");
  shell.toast(text.t("emergency.ended"), { kind: "problem" });
}

/** A tab of the same session has begun or ended it; one of another session learns nothing new. */
function heard(shell, data) {
  if (data === "changed" && shell.me) emergency.onChange(location.hash, { ifNew: true });
}

function draw(shell, count) {
  const ms = count.until - clock.now();
  if (ms <= 0) {
    stop();
    ended(shell).catch((error) => shell.problem(error));
    return;
  }
  if (ms <= LAST_MS && !count.warned) {
    count.warned = true;
    shell.alert(text.t("emergency.last_minute"));
  }
  const seconds = Math.ceil(ms / 1_000);
  const words = text.t("span.exact", { minutes: Math.floor(seconds / 60), seconds: String(seconds % 60).padStart(2, "0") });
  if (count.left.textContent !== words) count.left.textContent = words;
}
