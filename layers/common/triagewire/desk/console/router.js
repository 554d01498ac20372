// Which view a hash shows: "#/queues/riverside/clinical?late=true".

let routes = [];
let shown = null;
let turn = 0;
let surroundings = null;

export const router = {
  start,
  stop,
  go,
  reload: () => show(),
  href,
  /** The view that is shown, with its `params`; null before the first. */
  get current() {
    return shown;
  },
};

/** Serve `views` into what `shell` draws; `home()` is the hash for an empty or unknown one. */
function start(views, shell, home) {
  routes = views.map((view) => ({ view, ...pattern(view.path) }));
  surroundings = { shell, home };
  window.addEventListener("hashchange", show);
  return show();
}

/** Forget the view without a trace of it on the screen. */
function stop() {
  window.removeEventListener("hashchange", show);
  turn += 1;
  leave();
}

/** Go to a hash; `replace` leaves no entry behind in the history. */
function go(hash, { replace = false } = {}) {
  if (hash === location.hash) return show();
  if (replace) {
    history.replaceState(null, "", hash);
    return show();
  }
  location.hash = hash;
  return undefined;
}

/** The hash of a path with its values: href("#/tickets/:ticket", {ticket}). */
function href(path, values = {}, query = {}) {
  const filled = path.replace(/:(\w+)/g, (_all, name) => encodeURIComponent(values[name]));
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  return asked.size ? `${filled}?${asked}` : filled;
}

async function show() {
  const found = match(location.hash);
  if (found === null) return go(surroundings.home(), { replace: true });
  const mine = (turn += 1);
  leave();
  const { view, params } = found;
  shown = { view, params };
  const root = surroundings.shell.fresh(view, params);
  try {
    await view.show(root, params, surroundings.shell);
    if (mine === turn) surroundings.shell.arrived(view, params);
  } catch (error) {
    if (mine === turn) surroundings.shell.failed(error, root);
  }
  return undefined;
}

function leave() {
  shown?.view.leave?.();
  shown = null;
}

function match(hash) {
  const [path, asked = ""] = hash.split("?");
  for (const { view, names, expression } of routes) {
    const found = expression.exec(path);
    if (found === null) continue;
    const params = { query: new URLSearchParams(asked) };
    names.forEach((name, index) => {
      params[name] = decoded(found[index + 1]);
    });
    return { view, params };
  }
  return null;
}

function pattern(path) {
  const names = [...path.matchAll(/:(\w+)/g)].map((each) => each[1]);
  const expression = new RegExp(`^${path.replace(/:\w+/g, "([^/]+)")}$`);
  return { names, expression };
}

function decoded(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
