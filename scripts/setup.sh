# Shared by ./start and ./test: a virtual environment beside this checkout, exactly as the lock file says.
# Usage: lock=LOCKFILE; . scripts/setup.sh     (sets $PY; run from the checkout's folder)

find_python() {
    for candidate in "${UPSTANDER_PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Upstander needs Python 3.11 or newer with its venv module (on Debian: apt install python3 python3-venv)." >&2
    echo "If it lies somewhere else, name it: UPSTANDER_PYTHON=/path/to/python3 $0" >&2
    return 1
}

if [ ! -x .venv/bin/python ]; then
    python=$(find_python) || exit 2
    echo "Making a virtual environment in .venv …"
    "$python" -m venv .venv
fi
PY=.venv/bin/python

wanted=$(cksum <"$lock")$(cksum <pyproject.toml)$($PY -V)
stamp=.venv/installed-$(basename "$lock")
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing the packages of $lock (about a minute the first time) …"
    $PY -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$lock"
    $PY -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
    # A development lock holds everything of the other one too, but not the other way round.
    rm -f .venv/installed-*
    printf '%s' "$wanted" >"$stamp"
    [ "$lock" != requirements-dev.lock ] || printf '%s' "$(cksum <requirements.lock)$(cksum <pyproject.toml)$($PY -V)" >.venv/installed-requirements.lock
fi

$PY scripts/messages.py compile
