#!/bin/sh
# Makes the environments from the locked files: .venv (everything) and .venv-sam (SAM CLI); with the argument
# `audit`, after those, .venv-audit (what looks for faults), which only who audits needs.
# Run it through `make`, which skips it while the locks are unchanged.
# The registry is whatever pip is configured with; uv is told the same one.
set -eu
cd "$(dirname "$0")/.."
uv_version=0.13.9

find_python() {
    for candidate in "${PYTHON:-}" python3.13 "$HOME"/.pyenv/versions/3.13*/bin/python3.13 python3; do
        if [ -n "$candidate" ] &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "setup: Python 3.13 was not found; name it with: make setup PYTHON=/path/to/python3.13" >&2
    exit 1
}

environment() { # folder
    if [ -L "$1" ]; then
        echo "setup: $1 is a link to another environment; remove it first" >&2
        exit 1
    fi
    # One that works is brought up to date in place: somebody may be running something from it.
    if ! "$1/bin/python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
        "$python" -m venv --clear "$1"
    fi
}

install() { # environment, lock
    if ! .venv/bin/uv pip sync --quiet --require-hashes --python "$1/bin/python" "$2"; then
        echo "setup: uv could not install $2; trying pip, which takes longer" >&2
        "$1/bin/python" -m pip install --quiet --require-hashes -r "$2"
    fi
}

# The console is tried in the browser that Debian keeps safe, not in one that a test library brings.
chromium() {
    if command -v chromium >/dev/null; then
        return
    fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        if apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; then
            return
        fi
    fi
    echo "setup: without chromium (apt-get install chromium) the tests of the console are left out" >&2
}

python=$(find_python)
echo "setup 1/5: environments with $("$python" --version)"
environment .venv
environment .venv-sam

echo "setup 2/5: uv"
if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$uv_version" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
    # uv pip sync removes what the lock does not name, uv itself included: keep a copy of its program.
    cp "$(.venv/bin/python -c 'import uv; print(uv.find_uv_bin())')" .venv/uv-standalone
    mv .venv/uv-standalone .venv/bin/uv
fi
index=$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)
if [ -n "$index" ]; then
    export UV_DEFAULT_INDEX="$index"
fi
if [ "${1:-}" = audit ]; then
    echo "setup: the environment of the audits"
    environment .venv-audit
    install .venv-audit requirements/audit.txt
    exit
fi

echo "setup 3/5: tools, test libraries and the embedded stack"
install .venv requirements/dev.txt
echo "setup 4/5: SAM CLI"
install .venv-sam requirements/sam.txt
echo "setup 5/5: Chromium"
chromium

# The command is a launcher, not an installed package: with triagewire in site-packages, the
# packaging tests could not see a layer that lacks it.
cat >.venv/bin/triagewire <<'LAUNCHER'
#!/bin/sh
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
exec "$root/.venv/bin/python" -P "$root/ops/launcher.py" "$@"
LAUNCHER
chmod +x .venv/bin/triagewire
echo "setup: done"
