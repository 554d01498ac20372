// What can be done with one ticket or several from a list, and what is asked before it.

import { ApiError, api, part } from "./api.js";
import { h } from "./dom.js";
import { said } from "./problems.js";
import { text } from "./text.js";

const AT_ONCE = 3;

/** The acts of a list, by name: their key, their path, and whether a line allows them. */
export const ACTS = {
  claim: { key: "c", path: "claim", allows: (line) => !line.assignee },
  accept: { key: "a", path: "accept", allows: isGiven },
  hand_off: { key: "h", path: "reassign", asks: askHandOff, allows: () => true },
  wait: { key: "w", path: "wait", asks: askWait, allows: (line) => line.urgency < 5 && !line.review },
  resume: { key: null, path: "resume", allows: (line) => line.status === "waiting" },
  resolve: { key: "e", path: "resolve", asks: askResolve, allows: (line) => !line.review },
};

/** The acts by which a ticket becomes one's own. */
export const TAKES = new Set(["claim", "accept"]);

/** What a ticket most likely wants next of somebody; null when it is just being worked on. */
export function nextStep(line, me) {
  if (!line.assignee) return "claim";
  if (line.assignee !== me) return null;
  if (line.status === "waiting") return "resume";
  return isGiven(line) ? "accept" : null;
}

/** Somebody got it, and has not said yet that they have it. */
export function isGiven(line) {
  return Boolean(line.assignee) && line.status !== "accepted" && line.status !== "waiting";
}

/** A ticket's number as people say it. */
export function shortId(id) {
  return id.slice(0, 6);
}

/**
 * Do `name` with some lines; `changed(line)` gets each as it stands afterwards. Gives {done, failed}
 * with {line, error} of each that was refused, or null when somebody thought better of it.
 */
export async function perform(shell, name, lines, changed) {
  const act = ACTS[name];
  const body = act.asks ? await act.asks(shell, lines) : {};
  if (body === null) return null;
  const done = [];
  const failed = [];
  const left = [...lines];
  const work = async () => {
    for (let line = left.shift(); line; line = left.shift()) {
      try {
        const path = `/desk/tickets/${part(line.id)}/${act.path}`;
        const after = await api.post(path, { ...body, version: line.version });
        done.push(after);
        changed(after);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        failed.push({ line, error });
      }
      if (lines.length > AT_ONCE) {
        shell.announce(text.t("bulk.running", { done: lines.length - left.length, count: lines.length }));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  report(shell, name, done, failed, changed);
  return { done, failed };
}

/** Say how it went: one sentence, or the list of what was refused and why. */
function report(shell, name, done, failed, changed) {
  if (done.length === 1 && !failed.length) {
    const [line] = done;
    const where = [text.code("team", line.team), shell.member(line.site, line.assignee)];
    const words = text.t(`act.done_${name}`, {
      id: shortId(line.id),
      where: where.filter(Boolean).join(", "),
    });
    shell.toast(words, name === "resolve" ? undo(shell, line, changed) : {});
  } else if (done.length) {
    shell.toast(text.t("bulk.done", { count: done.length }));
  }
  if (failed.length === 1 && !done.length) {
    shell.problem(failed[0].error);
  } else if (failed.length) {
    const rows = failed.map(({ line, error }) =>
      h("li", {}, h("b", {}, `${shortId(line.id)} ${text.code("topic", line.topic)}: `), said(error)),
    );
    const body = h("div", {}, h("p", {}, text.t("bulk.why")), h("ul", {}, rows));
    shell.dialog({ title: text.t("bulk.failed", { count: failed.length }), body });
  }
}

/** Resolving is the one act of a list that takes a ticket out of sight. */
function undo(shell, line, changed) {
  const run = async () => {
    try {
      const body = { reason: "resolved_by_mistake", version: line.version };
      changed(await api.post(`/desk/tickets/${part(line.id)}/reopen`, body));
    } catch (error) {
      shell.problem(error);
    }
  };
  return { label: text.t("queue.undo_resolve"), run, seconds: 10 };
}

function askHandOff(shell, lines) {
  const [{ site: siteId }] = lines;
  const site = shell.site(siteId);
  const teams = site.teams.filter((team) => team.id !== "review");
  const fields = [
    { name: "reason", label: text.t("ask.reason"), type: "select", required: true, options: coded("handoff_reason", shell.me.codes.handoff_reasons) },
    { name: "team", label: text.t("ask.team"), type: "select", required: true, value: sameTeam(lines), options: teams.map((team) => ({ value: team.id, label: text.code("team", team.id) })) },
    { name: "member", label: text.t("ask.member"), type: "select", options: members(site) },
    { name: "note", label: text.t("ask.note"), type: "textarea", rows: 3, maxlength: 4000 },
  ];
  if (lines.some((line) => line.review)) {
    fields.push({ name: "score", label: text.t("filter.urgency"), type: "select", required: true, options: scores() });
  }
  const ready = ({ score, ...values }) => (score ? { ...filled(values), score: Number(score) } : filled(values));
  return shell.dialog({ title: titled("ask.hand_off", lines), fields, submit: { label: text.t("do.hand_off"), run: ready } });
}

function askWait(shell, lines) {
  const fields = [
    { name: "waiting_for", label: text.t("ask.waiting_for"), type: "radio", required: true, options: coded("waiting_for", shell.me.codes.pause_reasons).slice(1) },
    { name: "until", label: text.t("ask.until"), type: "datetime-local", hint: text.t("ask.until_hint") },
  ];
  const ready = ({ waiting_for, until }) => filled({ waiting_for, until: until && new Date(until).toISOString() });
  return shell.dialog({ title: titled("ask.wait", lines), fields, submit: { label: text.t("do.wait"), run: ready } });
}

function askResolve(shell, lines) {
  const options = coded("outcome", shell.me.codes.outcomes).slice(1);
  const fields = [{ name: "outcome", label: text.t("ask.outcome"), type: "radio", required: true, options }];
  return shell.dialog({ title: titled("ask.resolve", lines), fields, submit: { label: text.t("do.resolve") } });
}

function titled(key, lines) {
  const which = lines.length === 1 ? shortId(lines[0].id) : text.t("bulk.selected", { count: lines.length });
  return `${text.t(key)}: ${which}`;
}

/** Options of a list of codes, beginning with none chosen. */
function coded(group, codes) {
  return [{ value: "", label: "" }, ...codes.map((each) => ({ value: each, label: text.code(group, each) }))];
}

function members(site) {
  const named = site.members.map((each) => ({ value: each.id, label: `${each.name} (${each.teams.map((team) => text.code("team", team)).join(", ")})` }));
  return [{ value: "", label: text.t("ask.least_loaded") }, ...named];
}

function scores() {
  return [{ value: "", label: "" }, ...[5, 4, 3, 2, 1].map((each) => ({ value: each, label: `${each}, ${text.t(`urgency.${each}`)}` }))];
}

function sameTeam(lines) {
  return lines.every((line) => line.team === lines[0].team && line.team !== "review") ? lines[0].team : "";
}

/** Without what was left empty. */
function filled(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}
