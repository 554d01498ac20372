// Who asks, whom it is about, and what staff filled into fields of their own.

import { h } from "./dom.js";
import { text } from "./text.js";
import { kindName } from "./ticket-score.js";
import { facts, items, section, warning } from "./ticket-parts.js";
import { outside } from "./ticket-text.js";

/** The requester, with every identity as it was stated and what speaks against believing it. */
export function requester({ ticket, zone }) {
  const who = ticket.requester;
  const doubtful = ticket.messages.some((each) => each.doubtful_sender);
  const other = ticket.messages.some((each) => (each.remarks ?? []).some((one) => /other sender/i.test(one)));
  const rows = [
    [text.t("who.name"), who.name && outside(who.name)],
    [text.t("who.born"), who.date_of_birth && day(who.date_of_birth)],
    [text.t("who.patient_id"), who.patient_id && outside(who.patient_id)],
    [text.t("who.email"), who.email && outside(who.email)],
    [text.t("who.phone"), who.phone && phone(who.phone)],
  ];
  return section(
    "who",
    `${text.t("who.heading")}: ${text.code("requester", who.kind)}`,
    doubtful ? warning(text.t("who.doubtful"), "danger") : null,
    other ? warning(text.t("who.other_sender")) : null,
    who.on_behalf ? warning(text.t("who.on_behalf"), "note") : null,
    facts(rows) ?? h("p", { class: "dim" }, text.t("who.nothing")),
    patient({ ticket, zone }),
  );
}

/** A telephone number that a telephone can call. */
export function phone(number) {
  const digits = number.replace(/[^\d+]/g, "");
  return /^\+?\d{5,15}$/.test(digits)
    ? h("a", { href: `tel:${digits}`, class: "phone" }, outside(number))
    : outside(number);
}

function day(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  const asked = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString(text.language, asked);
}

/** What is known of the patient: what messages stated beside what the record says. */
function patient({ ticket, zone }) {
  const stated = ticket.messages.map((each) => each.context).filter(Boolean).map((each) => factRows(each, zone)).filter((rows) => rows.length);
  const record = ticket.messages.map((each) => each.record).filter(Boolean).at(-1);
  if (!stated.length && !record) return null;
  return h(
    "div",
    { class: "patient" },
    stated.length ? [h("h3", null, text.t("facts.stated")), stated.map((rows) => facts(rows))] : null,
    record ? recordPart(record, zone) : null,
  );
}

function factRows(context, zone) {
  const rows = [
    [text.t("facts.age"), context.age_years === null || context.age_years === undefined ? null : ageWords(context.age_years)],
    [text.t("facts.pregnant"), context.pregnant && text.t("facts.yes")],
    [text.t("facts.conditions"), named(context.conditions)],
    [text.t("facts.medications"), named(context.medications)],
    [text.t("facts.procedures"), named(context.recent_procedures)],
    [text.t("facts.appointment"), context.next_appointment && text.when(context.next_appointment, zone)],
  ];
  return rows.filter(([, value]) => value);
}

function named(list) {
  return list?.length ? items(list.map((each) => outside(each))) : null;
}

/** An age as people say it: in months for the smallest. */
export function ageWords(years) {
  return years < 2
    ? text.t("facts.months", { count: Math.floor(years * 12) })
    : text.t("facts.years", { count: Math.floor(years) });
}

function recordPart(record, zone) {
  const own = [
    [text.t("facts.born"), record.born && day(record.born)],
    [text.t("facts.sex"), record.sex && text.code("sex", record.sex)],
    [text.t("facts.language"), record.language && text.languageName(record.language)],
  ];
  return [
    h("h3", null, text.t("facts.record")),
    record.deceased ? warning(text.t("facts.deceased"), "danger") : null,
    record.another ? warning(text.t("facts.another"), "danger") : null,
    facts([...own, ...factRows(record.facts ?? {}, zone)]),
    record.unknown?.length
      ? h("p", { class: "dim" }, text.t("facts.not_learnt", { what: text.list(record.unknown.map(kindName)) }))
      : null,
  ];
}

const FIELDS = [
  "category", "department", "place", "asset", "application", "account", "for_whom",
  "business_impact", "patient_impact",
];

/** The fields of a staff request, with what nobody has told yet. */
export function staffRequest({ ticket }) {
  const requests = ticket.messages.map((each) => each.staff_request).filter(Boolean);
  const missing = ticket.verdict?.missing ?? [];
  if (!requests.length && !missing.length && !ticket.asked.length) return null;
  const rows = (request) => [
    ...FIELDS.map((field) => [text.t(`request.${field}`), request[field] && outside(request[field])]),
    [text.t("request.claims"), request.urgency && outside(request.urgency)],
  ];
  const fieldNames = (fields) => text.list(fields.map((each) => (text.has(`request.${each}`) ? text.t(`request.${each}`) : text.code("field", each))));
  return section(
    "request",
    text.t("request.heading"),
    missing.length ? warning(text.t("request.missing_what", { what: fieldNames(missing) })) : null,
    ticket.asked.length ? h("p", { class: "dim" }, text.t("request.asked", { what: fieldNames(ticket.asked) })) : null,
    requests.map((each) => facts(rows(each))),
  );
}
