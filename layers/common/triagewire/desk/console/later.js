// Views that are fetched when they are wanted, or when nothing else is to be done.

import { ApiError } from "./api.js";
import { text } from "./text.js";

const ANEW = "triagewire.loaded-anew";

/** A view whose module comes later: `load` imports it, `name` is its title until then. */
export function later(path, name, load) {
  let view = null;
  let turn = 0;
  const fetched = async () => {
    view ??= (await orAnew(load)).default;
    return view;
  };
  return {
    path,
    title: (params) => (view ? view.title(params) : text.t(name)),
    async show(root, params, shell) {
      const mine = (turn += 1);
      const found = await fetched();
      if (mine === turn) await found.show(root, params, shell);
    },
    refresh: () => view?.refresh?.(),
    leave() {
      turn += 1;
      view?.leave?.();
    },
    /** Have it at hand before it is asked for. */
    warm: () => load().then((module) => (view ??= module.default), () => {}),
  };
}

/** A module that is gone was of a version before this one: load the page anew, once. */
async function orAnew(load) {
  try {
    const module = await load();
    sessionStorage.removeItem(ANEW);
    return module;
  } catch {
    if (navigator.onLine && !sessionStorage.getItem(ANEW)) {
      sessionStorage.setItem(ANEW, "yes");
      location.reload();
    }
    // A browser does not ask twice for a module that it did not get.
    throw Object.assign(new ApiError(0, {}), { needsPage: true });
  }
}
