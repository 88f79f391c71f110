#!/bin/sh
# Sets a fresh Debian or Ubuntu machine up: system libraries (installed as root, else named), the
# virtual environment, the locked packages, and Traintable itself.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}

# What Qt loads at run time, as "library package".
LIBRARIES='libglib-2.0.so.0 libglib2.0-0
libGL.so.1 libgl1
libEGL.so.1 libegl1
libfontconfig.so.1 libfontconfig1
libxkbcommon.so.0 libxkbcommon0
libdbus-1.so.3 libdbus-1-3
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxcb-image.so.0 libxcb-image0
libxcb-render-util.so.0 libxcb-render-util0
libxkbcommon-x11.so.0 libxkbcommon-x11-0'

missing_packages() {
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    echo "$LIBRARIES" | while read -r library package; do
        case $known in *"$library "*) ;; *) echo "$package" ;; esac
    done
    # Without a Chinese font Qt draws boxes and says nothing.
    if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh family)" ]; then
        echo fontconfig fonts-wqy-microhei
    fi
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

install_packages() {
    [ $# -eq 0 ] && return
    if [ "$(id -u)" -eq 0 ]; then
        echo "Installing system libraries: $*"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        echo "These system packages are missing; install them and run make again:" >&2
        echo "  sudo apt-get install $*" >&2
        exit 1
    fi
}

command -v "$PYTHON" >/dev/null || { echo "Python 3.11 or newer is needed: sudo apt-get install python3" >&2; exit 1; }
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $("$PYTHON" --version) is here. Name another: make PYTHON=python3.12" >&2
    exit 1
}
if command -v apt-get >/dev/null; then
    # shellcheck disable=SC2046 # one word a package
    install_packages $(missing_packages | tr '\n' ' ')
fi
[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
echo "Installing the locked packages into .venv ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
