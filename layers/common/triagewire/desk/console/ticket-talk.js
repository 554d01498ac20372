// The conversation of a ticket: what came in, what we sent, and notes among colleagues.

import { clock } from "./clock.js";
import { h, isSafeAddress } from "./dom.js";
import { text } from "./text.js";
import { actorName, failedWhy } from "./ticket-names.js";
import { away, chip, section, size, warning } from "./ticket-parts.js";
import { outside, written } from "./ticket-text.js";

const MOST_AT_FIRST = 12;
const OTHER_SENDER = /other sender|not (from )?the requester/i;
const SIGNS = { in: "↓", out: "↑", note: "✎" };

/**
 * The conversation, the oldest first. `about` is {ticket, site, zone, me, undo(message),
 * tryAgain(message)}.
 */
export function talk(about) {
  const said = about.ticket.messages;
  const list = h("ol", { class: "talk" });
  const hidden = Math.max(0, said.length - MOST_AT_FIRST);
  list.append(...said.slice(hidden).map((each) => bubble(about, each)));
  return section(
    "talk",
    text.t("talk.heading"),
    hidden ? earlier(about, list, said.slice(0, hidden)) : null,
    said.length ? list : h("p", { class: "dim" }, text.t("talk.empty")),
  );
}

function earlier(about, list, messages) {
  const show = (event) => {
    const made = messages.map((each) => bubble(about, each));
    list.prepend(...made);
    event.currentTarget.remove();
    made[0].focus();
  };
  const words = text.t("talk.earlier", { count: messages.length });
  return h("button", { type: "button", class: "link-button", on: { click: show } }, words);
}

function bubble(about, message) {
  const { direction } = message;
  return h(
    "li",
    {
      class: `said said-${direction}`,
      tabindex: -1,
      dataset: { message: message.id, direction, automatic: message.automatic ? "yes" : null },
    },
    heading(about, message),
    marks(about, message),
    message.subject && h("p", { class: "subject" }, h("span", { class: "dim" }, `${text.t("talk.subject")}: `), subject(about, message)),
    words(about, message),
    attachments(message.attachments),
    direction === "out" ? delivery(about, message) : null,
  );
}

function heading(about, message) {
  const { direction } = message;
  const kind = message.automatic ? `talk.automatic_${direction === "in" ? "in" : "out"}` : `talk.${direction}`;
  const who = direction === "in" ? senderName(about, message) : message.author && !message.automatic && actorName(about, message.author);
  return h(
    "h3",
    { class: "said-head" },
    h("span", { class: "said-sign", "aria-hidden": "true" }, SIGNS[direction]),
    h("span", { class: "said-kind" }, text.t(kind)),
    who && h("span", { class: "said-who" }, who),
    h("span", { class: "said-how" }, direction === "note" ? null : how(message)),
    h("time", { datetime: message.at }, text.when(message.at, about.zone)),
  );
}

function senderName(about, message) {
  if (message.author) return outside(message.author);
  return about.ticket.requester.name ? outside(about.ticket.requester.name) : null;
}

function how(message) {
  return message.direction === "out" && message.way
    ? text.t(`way.${message.way}`)
    : text.code("channel", message.channel);
}

function marks(about, message) {
  const told = [];
  if (message.doubtful_sender) told.push(warning(text.t("talk.doubtful"), "danger"));
  for (const remark of message.remarks ?? []) {
    const other = OTHER_SENDER.test(remark);
    told.push(warning(other ? text.t("talk.other_sender") : outside(remark), other ? "danger" : "note"));
  }
  if (message.pointer) told.push(warning(pointer(message.pointer), "note"));
  const chips = [
    message.ticket !== about.ticket.id && chip(text.t("talk.merged_in", { id: message.ticket })),
    message.speech !== null && message.speech !== undefined &&
      chip(text.t("talk.speech", { percent: text.number(Math.round(message.speech * 100)) })),
    message.occurred_at && differs(message) &&
      chip(text.t("talk.happened", { when: text.when(message.occurred_at, about.zone) })),
    message.direction === "out" && message.made_by && chip(text.t("talk.made_by", { what: message.made_by.replace(/^template:/, "") })),
  ].filter(Boolean);
  return [told, chips.length ? h("p", { class: "chips" }, chips) : null];
}

function differs({ at, occurred_at: happened }) {
  return Math.abs(Date.parse(at) - Date.parse(happened)) > 5 * 60_000;
}

function pointer(where) {
  const address = /^https?:\/\//.test(where) && isSafeAddress(where);
  const place = address ? away(where, where) : outside(where);
  const [before, after = ""] = text.t("talk.pointer").split("{where}");
  return h("span", null, before, place, after);
}

function subject(about, message) {
  return written(message.subject, { reasons: reasonsOf(about, message), tag: "span" });
}

function reasonsOf({ ticket }, message) {
  return message.direction === "in" ? (ticket.verdict?.reasons ?? []) : [];
}

function words(about, message) {
  const reasons = reasonsOf(about, message);
  const name = text.when(message.at, about.zone);
  if (!message.text && !message.full_text) return h("p", { class: "dim" }, text.t("talk.no_words"));
  const lang = message.language && message.language !== "und" ? message.language : null;
  const own = written(message.text, { reasons, tag: "div", name, lang });
  if (!message.full_text || message.full_text === message.text) return own;
  return [own, quoted(message, reasons, name)];
}

function quoted(message, reasons, name) {
  const body = h("div", { class: "quoted" });
  const details = h("details", null, h("summary", null, text.t("talk.show_quoted")), body);
  details.addEventListener("toggle", () => {
    if (details.open && !body.firstChild) {
      body.append(written(message.full_text, { reasons, tag: "div", name }));
    }
  });
  return details;
}

function attachments(files) {
  if (!files?.length) return null;
  return h(
    "div",
    { class: "files" },
    h("h4", null, text.t("talk.attachments")),
    h("ul", null, files.map((file) => h("li", null, fileName(file), h("span", { class: "dim" }, fileFacts(file), storedAt(file))))),
  );
}

function fileName(file) {
  const name = outside(file.name || text.t("talk.no_name"));
  if (!file.link || !/^https?:\/\//.test(file.link)) {
    return h("span", { title: text.t("talk.no_link") }, name);
  }
  const link = away(file.link, name);
  link.setAttribute("aria-label", text.t("talk.open_file", { name: file.name || text.t("talk.no_name") }));
  return link;
}

// Our own store opens to no browser: who may read there needs the place.
function storedAt({ link }) {
  return link?.startsWith("s3://") ? [" ", outside(link)] : null;
}

function fileFacts(file) {
  const told = [file.media_type, size(file.size_bytes, text.number)].filter(Boolean);
  return told.length ? ` ${told.join(", ")}` : "";
}

/** How far one of our texts got, and what can still be done about it. */
function delivery(about, message) {
  const { delivery: state } = message;
  if (!state || state === "none") return null;
  const row = h("p", { class: "delivery", dataset: { state } });
  const said = h("span", { class: "delivery-state" }, deliveryWords(message));
  row.append(said);
  if (state === "pending" && left(message) > 0) row.append(undoButton(about, message, said));
  if (state === "failed" && about.allowed) {
    row.append(" ", h("button", { type: "button", on: { click: () => about.tryAgain(message) } }, text.t("delivery.try_again")));
  }
  return row;
}

function deliveryWords(message) {
  if (message.delivery === "failed" && message.failed_why) {
    return text.t("delivery.failed_why", { why: failedWhy(message.failed_why) });
  }
  return text.t(`delivery.${message.delivery}`);
}

function left(message) {
  return message.undo_until ? Math.ceil((Date.parse(message.undo_until) - clock.now()) / 1_000) : 0;
}

function undoButton(about, message, said) {
  const button = h("button", { type: "button", on: { click: () => about.undo(message) } }, text.t("delivery.undo"));
  const draw = () => {
    const seconds = left(message);
    said.textContent = seconds > 0 ? text.t("delivery.leaves_in", { seconds }) : text.t("delivery.pending");
    if (seconds > 0) return;
    clearInterval(timer);
    button.remove();
  };
  const timer = setInterval(() => (said.isConnected || left(message) > 0 ? draw() : clearInterval(timer)), 500);
  draw();
  return button;
}
