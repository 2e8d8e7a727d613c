#!/bin/sh
# Make .venv from a lock file with hashes. The second run finds its own stamp and does nothing.
#
#   scripts/setup.sh runtime        what the server needs
#   scripts/setup.sh development    that, and what testing needs
#
# The stamp is a copy of the lock that was installed, so a changed lock is installed again by itself.
set -eu

kind=${1:-runtime}
lock=requirements/$kind.lock
stamp=.venv/installed-$kind.lock
[ -f "$lock" ] || { echo "setup: there is no $lock" >&2; exit 2; }
if cmp -s "$lock" "$stamp" && [ -x .venv/bin/python ]; then exit 0; fi

find_python() {
    # A name on the path may be a shim that does not start, so each one is asked.
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "setup: Python 3.11 or newer is needed and was not found." >&2
    echo "       Debian and Ubuntu: apt-get install python3.11 python3.11-venv" >&2
    echo "       Elsewhere: https://www.python.org/downloads/ — or say which one: make setup PYTHON=/path/to/python3.11" >&2
    exit 1
}

have_venv() { "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; }

if ! .venv/bin/python -c '' >/dev/null 2>&1; then
    python=$(find_python)
    if ! have_venv; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        scripts/debian_packages.sh install "python$version-venv" || true
        have_venv || {
            echo "setup: $python cannot make environments: its modules venv and ensurepip are missing." >&2
            echo "       Run this as an administrator, then \`make setup\` again: apt-get install python$version-venv" >&2
            exit 1
        }
    fi
    echo "setup: making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi
.venv/bin/python scripts/install_locked.py "$lock"
cp "$lock" "$stamp"
