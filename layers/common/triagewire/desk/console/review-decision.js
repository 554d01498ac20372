// The panel of a decision: score, then why, then what will happen, and yes.

import { h } from "./dom.js";
import { said } from "./problems.js";
import { text } from "./text.js";
import { urgency } from "./urgency.js";

const CLINICAL = 4;
/** Where tickets of a score and topic were last sent in this tab. */
const sent = new Map();

/** `about` is {shell, site, ticket, notes, mayWork, confirm(decided), skip}: `notes` keeps what was
 *  written on which ticket, for when it is shown anew. */
export function decision(about) {
  const { shell, site, ticket } = about;
  const chosen = { score: null, team: "", topic: ticket.topic ?? "", why: "" };
  const basis = shell.me.codes.bases;
  const teams = site.teams.filter((each) => each.id !== "review");

  const scores = h("div", { class: "scores", role: "group", "aria-label": text.t("review.decide") },
    [1, 2, 3, 4, 5].map((each) =>
      h("button", { type: "button", class: "score", "aria-pressed": "false", dataset: { score: each }, on: { click: () => pickScore(each) } },
        urgency.badge(each), h("span", { class: "score-name", "aria-hidden": "true" }, urgency.name(each)), kbd(each))));
  const whys = h("div", { class: "whys", role: "group", "aria-label": text.t("review.basis") },
    basis.map((each, index) =>
      h("button", { type: "button", class: "why", "aria-pressed": "false", dataset: { why: each }, on: { click: () => pickWhy(each) } },
        text.code("basis", each), index < 9 && kbd(index + 1))));
  const team = select("review-team", text.t("review.team"), "", [
    { value: "", label: text.t("review.choose_team") },
    ...teams.map((each) => ({ value: each.id, label: text.code("team", each.id) })),
  ], (value) => { chosen.team = value; });
  const topics = [...new Set([ticket.topic, ...(site.topics ?? [])].filter(Boolean))];
  const topic = select("review-topic", text.t("review.topic"), chosen.topic,
    topics.map((each) => ({ value: each, label: text.code("topic", each) })),
    (value) => { chosen.topic = value; });
  const note = h("textarea", { "aria-label": text.t("review.note"), rows: 2, maxlength: 4000, value: about.notes.get(ticket.id) ?? "", on: { input: () => about.notes.set(ticket.id, note.value) } });
  const second = h("div", { class: "review-second", hidden: true },
    h("h3", {}, text.t("review.basis")), whys,
    h("div", { class: "review-places" }, team.element, topic.element),
    h("details", { class: "review-note", open: Boolean(note.value) }, h("summary", {}, text.t("review.note"), h("span", { class: "optional" }, text.t("ask.optional"))), note));
  const will = h("p", { class: "will", id: "review-will", role: "status" });
  const problem = h("p", { class: "problem", role: "alert" });
  const yes = h("button", { type: "button", class: "primary", disabled: true, "aria-describedby": "review-will", on: { click: enter } }, text.t("review.confirm"), kbd("Enter"));
  const skip = h("button", { type: "button", on: { click: about.skip } }, text.t("review.skip"), kbd("s"));
  const element = h("section", { class: "review-panel", "aria-labelledby": "review-decide" },
    h("h2", { id: "review-decide" }, text.t("review.decide")),
    about.mayWork ? [scores, second, will, problem, h("div", { class: "acts" }, yes, skip)] : h("p", { class: "hint" }, text.t("review.not_yours")));
  drawWill();

  function pickScore(score) {
    chosen.score = score;
    press(scores, "score", score);
    second.hidden = false;
    chosen.team = usual(score, chosen.topic, ticket, teams);
    team.input.value = chosen.team;
    // Who says the same as the rules has said why.
    pickWhy(score === ticket.verdict?.score ? "as_scored" : "");
    drawWill();
  }

  function pickWhy(why) {
    chosen.why = why;
    press(whys, "why", why);
    drawWill();
  }

  function drawWill() {
    const { score, why } = chosen;
    const ready = score !== null && chosen.team && why;
    yes.disabled = !ready;
    const words = { score, team: text.code("team", chosen.team), why: text.code("basis", why).toLocaleLowerCase() };
    if (ready) will.textContent = text.t(score === 5 ? "review.will_page" : "review.will", words);
    else if (score === null) will.textContent = text.t("review.first");
    else will.textContent = text.t(why ? "review.then_team" : "review.then_why");
  }

  function enter() {
    if (yes.disabled) return;
    yes.disabled = true;
    problem.textContent = "";
    sent.set(`${chosen.score}/${chosen.topic}`, chosen.team);
    const words = note.value.trim();
    about.confirm({
      score: chosen.score,
      team: chosen.team,
      why: chosen.why,
      ...(chosen.topic ? { topic: chosen.topic } : {}),
      ...(words ? { note: words } : {}),
    });
  }

  function select(id, label, value, options, changed) {
    const rows = options.map((each) => h("option", { value: each.value, selected: each.value === value }, each.label));
    const input = h("select", { id, on: { change: () => { changed(input.value); drawWill(); } } }, rows);
    return { input, element: h("div", { class: "field" }, h("label", { for: id }, label), input) };
  }

  return {
    element,
    enter,
    /** The first digit is the score, one after it says why. */
    digit(number) {
      if (chosen.score === null) {
        if (number <= 5) pickScore(number);
      } else if (basis[number - 1]) {
        pickWhy(basis[number - 1]);
      }
    },
    /** Choose the score again. */
    back() {
      chosen.score = null;
      chosen.why = "";
      second.hidden = true;
      press(scores, "score", null);
      drawWill();
    },
    team() {
      if (!second.hidden) team.input.focus();
    },
    /** The desk did not take it: say why, and let it be mended. */
    refused(error) {
      problem.textContent = said(error);
      drawWill();
    },
  };
}

function press(group, name, value) {
  for (const button of group.children) {
    button.setAttribute("aria-pressed", String(button.dataset[name] === String(value)));
  }
}

/** The team that a score and topic most likely go to: the one of last time, the one that scoring
 *  named, or the clinical one for what is clinical. "" when a person must say. */
function usual(score, topic, ticket, teams) {
  const has = (id) => teams.some((each) => each.id === id);
  const last = sent.get(`${score}/${topic}`);
  if (last && has(last)) return last;
  const named = ticket.verdict?.team;
  const sameKind = (ticket.verdict?.score ?? 0) >= CLINICAL === score >= CLINICAL;
  if (named && has(named) && (sameKind || (score < CLINICAL && named !== "clinical"))) return named;
  return score >= CLINICAL && has("clinical") ? "clinical" : "";
}

function kbd(key) {
  return h("kbd", { "aria-hidden": "true" }, text.has(`key.${key}`) ? text.t(`key.${key}`) : String(key));
}
