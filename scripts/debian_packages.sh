#!/bin/sh
# Debian packages: what is missing, and installing it where we may (as root, or with sudo that asks no password).
#
#   scripts/debian_packages.sh install            everything that debian-packages.txt names, but for python*-venv
#   scripts/debian_packages.sh install NAME...    these
#
# Ends with 0 when nothing is missing any more. Elsewhere than on Debian it says so and ends with 1.
set -eu

[ "${1:-}" = install ] || { echo "usage: $0 install [NAME...]" >&2; exit 2; }
shift
[ $# -gt 0 ] || set -- $(sed -e 's/#.*//' -e '/^python/d' debian-packages.txt)

command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 || {
    echo "This is no Debian system; what would be installed: $*" >&2
    exit 1
}

missing=
for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing="$missing $name"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "Not installed, and only an administrator may:$missing" >&2
    echo "    apt-get install$missing" >&2
    exit 1
fi

echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q </dev/null &&
    $as_root apt-get install -q -y --no-install-recommends $missing </dev/null || {
    echo "Not installed, because apt-get failed (see above):$missing" >&2
    exit 1
}
