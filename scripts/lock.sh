#!/bin/sh
# Make the lock files again from requirements/*.in: newest versions that fit, with the hash of every file.
# Arguments go to the tool, for example: scripts/lock.sh --upgrade-package flask
set -eu

tool=$(command -v uv || true)
if [ -z "$tool" ]; then
    tool=var/locker/bin/uv
    if ! [ -x "$tool" ]; then
        scripts/setup.sh runtime
        .venv/bin/python -m venv var/locker
        var/locker/bin/python -m pip install --quiet uv
    fi
fi
compile() {
    kind=$1
    shift
    echo "lock: requirements/$kind.lock"
    "$tool" pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header \
        "requirements/$kind.in" --output-file "requirements/$kind.lock" "$@"
}
compile runtime "$@"
# What is tested is what runs: the same versions, and the tools beside them.
compile development --constraint requirements/runtime.lock "$@"
