// The desk API: JSON in, JSON out, one kind of error.

import { auth } from "./auth.js";
import { clock } from "./clock.js";

const MOST_MS = 25_000;
const listeners = { reach: new Set(), signedOut: new Set() };
const early = new Map();
let lastForeground = Date.now();

/**
 * What the desk refused, or that it could not be reached (`status` 0, `code` "offline").
 * `fields` lists {field, problem}; `changed` and `version` tell how a ticket stands by now.
 */
export class ApiError extends Error {
  constructor(status, body) {
    super(body.message ?? "");
    this.name = "ApiError";
    this.status = status;
    this.code = body.error ?? (status === 0 ? "offline" : "internal");
    this.fields = body.fields ?? [];
    this.changed = body.changed ?? [];
    this.version = body.version ?? null;
    this.ticketStatus = body.status ?? null;
    this.requestId = body.request_id ?? null;
  }
}

export const api = {
  /** Read `/desk/…`; `background` is a look that nobody asked for, and no sign of a person. */
  get: (path, options = {}) => taken(path) ?? ask("GET", path, undefined, options),
  /** Ask for what the next `get` of the same path will want. */
  warm(path) {
    const answer = ask("GET", path, undefined, {});
    answer.catch(() => {});
    early.set(path, answer);
  },
  /** Do something at `/desk/…`. */
  post: (path, body = {}, options = {}) => ask("POST", path, body, options),
  /** Read a file (an export) as a Blob. */
  file: (path) => ask("GET", path, undefined, { blob: true }),
  /** Call `run(reachable)` when the desk can or cannot be reached. */
  onReach: (run) => listeners.reach.add(run),
  /** Call `run()` when the desk says that nobody is signed in any more. */
  onSignedOut: (run) => listeners.signedOut.add(run),
  /** Milliseconds since the last request that a person made. */
  sinceForeground: () => Date.now() - lastForeground,
};

function taken(path) {
  const answer = early.get(path);
  early.delete(path);
  return answer;
}

/** A part of an address that is a value: never a way out of the path. */
export function part(value) {
  return encodeURIComponent(String(value));
}

async function ask(method, path, body, options) {
  if (!options.background) lastForeground = Date.now();
  let answer = await send(method, path, body, options, await auth.token());
  if (answer.status === 401) answer = await again(method, path, body, options, answer);
  if (options.blob && answer.ok) return answer.blob();
  const said = await json(answer);
  if (answer.ok) {
    if (said.at) clock.sync(said.at);
    return said;
  }
  if (answer.status === 401) tell("signedOut");
  throw new ApiError(answer.status, said);
}

/** A token may have run out on the way: renew it and ask once more, unless we are signed out. */
async function again(method, path, body, options, refused) {
  const said = await json(refused.clone());
  if (said.error === "signed_out" || !(await auth.renew())) return refused;
  return send(method, path, body, options, await auth.token());
}

async function send(method, path, body, options, token) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = token;
  if (options.background) headers["X-Background"] = "true";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const asked = {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    keepalive: options.keepalive ?? false,
    signal: options.signal ?? AbortSignal.timeout(MOST_MS),
  };
  try {
    const answer = await fetch(address(path), asked);
    tell("reach", true);
    return answer;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    tell("reach", false);
    throw new ApiError(0, {});
  }
}

/** Relative to the page: it works under the stage of an API and behind a domain of one's own. */
function address(path) {
  return new URL(path.replace(/^\//, ""), document.baseURI);
}

async function json(answer) {
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

function tell(kind, value) {
  for (const run of listeners[kind]) run(value);
}
