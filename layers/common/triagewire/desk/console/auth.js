// Signing in at Cognito's own page (authorization code with PKCE), and staying so while at work.

const KEPT = "triagewire.session";
const ASKED = "triagewire.sign-in";
const ENDED = "triagewire.ended";
const EARLY_MS = 2 * 60_000;

let configured = null;
let session = null;
let renewing = null;

export const auth = { load, start, finish, token, renew, begin, forget, leave, ended, member };

/** Take up the session of this tab; where one signs in is asked meanwhile. */
function load() {
  session = read(KEPT);
  configured = settings();
  configured.catch(() => {});
}

async function settings() {
  const answer = await fetch(new URL("./config.json", import.meta.url), { cache: "no-store" });
  if (!answer.ok) throw new Error("no configuration");
  return answer.json();
}

/** Whether somebody is signed in in this tab. */
function start() {
  return session !== null && session.refresh_token !== undefined;
}

/** The user name of who is signed in. */
function member() {
  return session ? claims(session.id_token)["cognito:username"] : "";
}

/**
 * Take the code that the sign-in page sent back. Gives the hash to go on with, or null when there
 * is none. Throws when the answer does not belong to a question that this tab asked.
 */
async function finish() {
  const query = new URLSearchParams(location.search);
  if (!query.has("code") && !query.has("error")) return null;
  const asked = read(ASKED);
  sessionStorage.removeItem(ASKED);
  history.replaceState(null, "", location.pathname + (asked?.hash ?? ""));
  if (query.has("error")) throw new Error("refused");
  if (asked === null || query.get("state") !== asked.state) throw new Error("state");
  await exchange({
    grant_type: "authorization_code",
    code: query.get("code"),
    redirect_uri: here(),
    code_verifier: asked.verifier,
  });
  if (claims(session.id_token).nonce !== asked.nonce) {
    drop();
    throw new Error("nonce");
  }
  sessionStorage.removeItem(ENDED);
  return asked.hash;
}

/** Go to the sign-in page, to come back to the same view. */
async function begin() {
  const asked = { state: random(), nonce: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(asked.verifier));
  const { client_id, sign_in_url } = await configured;
  const query = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri: here(),
    scope: "openid",
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  location.assign(`${sign_in_url}/oauth2/authorize?${query}`);
}

/** The token that the desk wants, renewed when it is about to run out; "" when there is none. */
async function token() {
  if (session === null) return "";
  if (session.until - Date.now() < EARLY_MS) await renew();
  return session?.id_token ?? "";
}

/** Get new tokens; whether it worked. Several who ask at once get the same. */
function renew() {
  renewing ??= renewed().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewed() {
  if (!session?.refresh_token) return false;
  try {
    await exchange({ grant_type: "refresh_token", refresh_token: session.refresh_token });
    return true;
  } catch {
    return false;
  }
}

/** Forget the tokens in this tab, and say why to who looks at the page next. `open`: the session of
 *  the sign-in page has yet to be ended too. */
function forget(why, { hash = "", open = false } = {}) {
  drop();
  sessionStorage.setItem(ENDED, JSON.stringify({ why, hash, open }));
}

/** Why the last session of this tab ended ({why, hash, open, again}), or null; `again`: somebody
 *  wants to sign in, and came from the sign-in page's own end. */
function ended() {
  return read(ENDED);
}

/** End the session of the sign-in page too: whoever comes next must say who they are. `again`: to
 *  sign in right after it. */
async function leave({ again = false } = {}) {
  const { client_id, sign_in_url } = await configured;
  sessionStorage.setItem(ENDED, JSON.stringify({ ...ended(), open: false, again }));
  location.replace(`${sign_in_url}/logout?${new URLSearchParams({ client_id, logout_uri: here() })}`);
}

async function exchange(asked) {
  const { client_id, sign_in_url } = await configured;
  const answer = await fetch(`${sign_in_url}/oauth2/token`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...asked, client_id }),
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
  });
  if (!answer.ok) throw new Error("token");
  const given = await answer.json();
  session = {
    id_token: given.id_token,
    // With rotation every renewal brings the next one; the one before it is dead.
    refresh_token: given.refresh_token ?? session?.refresh_token,
    until: Date.now() + 1_000 * (given.expires_in ?? 3_600),
  };
  sessionStorage.setItem(KEPT, JSON.stringify(session));
}

function drop() {
  session = null;
  sessionStorage.removeItem(KEPT);
}

/** The address of the page, to the letter as it is registered. */
function here() {
  return location.origin + location.pathname;
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a token says; the server checks it, here it is only read. */
function claims(jwt) {
  const middle = jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(middle), (c) => c.charCodeAt(0))));
}
