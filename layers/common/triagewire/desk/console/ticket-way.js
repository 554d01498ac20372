// By which way to which address a reply goes, and what to do where none can.

import { h } from "./dom.js";
import { text } from "./text.js";
import { phone } from "./ticket-people.js";
import { warning } from "./ticket-parts.js";
import { outside } from "./ticket-text.js";

/** How the requester of a ticket is answered; null where only a telephone reaches them. */
export function replyOf({ reply, unreachable }) {
  // Mail on this very ticket came back.
  const cameBack = unreachable && reply?.way === "email";
  return cameBack ? { ...reply, barred: reply.barred ?? "bounced" } : (reply ?? null);
}

/** The same in words; `about` is {ticket, respond()}. */
export function wayOf(about, reply) {
  if (!reply) return [warning(text.t("compose.no_way")), callThem(about)];
  const goes = h("p", { class: "way-to" }, text.t(`way.by_${reply.way}`), " ", address(reply));
  return reply.barred ? [goes, warning(whyBarred(reply), "danger"), callThem(about)] : goes;
}

function whyBarred({ barred, why }) {
  const key = `compose.barred_${barred}`;
  return text.has(key) ? text.t(key) : why || text.t("compose.barred");
}

// A webhook's address is the name of a source, which says nothing to who writes.
function address({ way, to }) {
  if (way === "sms") return phone(to);
  return way === "email" ? outside(to) : null;
}

function callThem({ ticket, respond }) {
  const number = ticket.requester.phone;
  return h(
    "p",
    { class: "call-them" },
    h("strong", null, text.t("compose.call_them")),
    " ",
    number ? phone(number) : text.t("compose.no_phone"),
    " ",
    h("button", { type: "button", on: { click: () => respond() } }, text.t("act.respond")),
  );
}
