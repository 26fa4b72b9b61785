#!/bin/sh
# Makes the checkout's own environment ready: uv, Python, the locked dependencies.
#
#   tools/uv.sh run    what the site needs
#   tools/uv.sh dev    that, and what tests, checks and documents need (the default)
#
# Nothing outside the checkout is written: uv, its cache and a Python it may download lie in .uv/,
# the environment in .venv/. When nothing changed since the last time this takes a few milliseconds.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
group=${1:-dev}
oldest_uv=8 # 0.8: dependency groups as pyproject.toml has them

say() { printf '%s\n' "$*" >&2; }
die() {
    say "broadsheet: $*"
    exit 1
}

# --- Nothing to do? -------------------------------------------------------------------------
# The folder's own path counts: an environment that was moved has scripts that point elsewhere.
state="$(cat uv.lock pyproject.toml .python-version | cksum) $root"
fresh() { [ -f ".venv/.made-for-$1" ] && [ "$(cat ".venv/.made-for-$1")" = "$state" ]; }
if [ -x .venv/bin/python ]; then
    if fresh dev || { [ "$group" = run ] && fresh run; }; then
        exit 0
    fi
fi
[ -w . ] || die "this folder is not writable, and .venv/ belongs into it: $root"

# --- Pythons of this machine ----------------------------------------------------------------
# Looked at in pyenv's own folder too: its shims refuse to run while .python-version names a
# version that is not installed. 3.13 goes first, since that is what is tested most.
pythons() {
    for name in python3.13 python3.12 python3.14 python3 python; do
        command -v "$name" || true
    done
    pyenv="${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}/versions"
    for folder in "$pyenv"/3.13* "$pyenv"/3.*; do
        [ ! -x "$folder/bin/python3" ] || printf '%s\n' "$folder/bin/python3"
    done
}
at_least_312='import sys; sys.exit(print(sys.executable) if sys.version_info >= (3, 12) else 1)'
python_312() {
    pythons | while IFS= read -r candidate; do
        "$candidate" -I -c "$at_least_312" 2>/dev/null && break
    done
}

# --- uv -------------------------------------------------------------------------------------
new_enough() {
    "$1" --version 2>/dev/null | {
        read -r _ version _ || exit 1
        major=${version%%.*}
        rest=${version#*.}
        [ "$major" -gt 0 ] 2>/dev/null || [ "${rest%%.*}" -ge "$oldest_uv" ] 2>/dev/null
    }
}
find_uv() {
    for candidate in "$(command -v uv || true)" "$root/.uv/bin/uv" "$root/.uv/lib/bin/uv"; do
        if [ -n "$candidate" ] && [ -x "$candidate" ] && new_enough "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}
# pip of any Python 3 will do: uv is one program, and it is uv that brings or finds 3.12.
install_uv() {
    say "Installing uv into .uv/ (once) …"
    mkdir -p .uv
    log="$root/.uv/install.log"
    : >"$log"
    pythons | while IFS= read -r candidate; do
        if "$candidate" -m venv .uv >>"$log" 2>&1 &&
            .uv/bin/python -m pip install --quiet --no-cache-dir 'uv>=0.8' >>"$log" 2>&1; then
            break
        fi
        # Debian splits venv off; pip into a folder of our own needs neither it nor permission.
        if "$candidate" -m pip install --quiet --no-cache-dir --target .uv/lib 'uv>=0.8' >>"$log" 2>&1; then
            break
        fi
    done
}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
uv=$(find_uv)
if [ -z "$uv" ]; then
    [ -n "$(pythons)" ] ||
        die "needs Python 3.12 or newer, and found none; install it (or uv, which brings it) and try again"
    install_uv
    uv=$(find_uv)
    [ -n "$uv" ] ||
        die "uv could not be installed (see .uv/install.log); install it from https://docs.astral.sh/uv/ and try again"
fi

unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT 2>/dev/null || true
export UV_CACHE_DIR="${UV_CACHE_DIR:-$root/.uv/cache}"
export UV_PYTHON_INSTALL_DIR="${UV_PYTHON_INSTALL_DIR:-$root/.uv/python}"
export UV_PYTHON_INSTALL_BIN=0
# Behind a company's proxy the machine knows a certificate that uv does not.
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

python=$(python_312 || true)
if [ -z "$python" ]; then
    python=$("$uv" python find --no-project '>=3.12' 2>/dev/null || true)
fi
if [ -z "$python" ]; then
    say "No Python 3.12 or newer here; asking uv for one …"
    "$uv" python install --quiet 3.13 2>/dev/null || true
    python=$("$uv" python find --no-project '>=3.12' 2>/dev/null || true)
fi
[ -n "$python" ] ||
    die "needs Python 3.12 or newer: none on PATH or in pyenv, and uv could not download one; install it and try again"

# --- The environment ------------------------------------------------------------------------
say "Setting up .venv from uv.lock …"
case $group in
run) options="--no-default-groups --inexact" ;;
dev) options="" ;;
*) die "tools/uv.sh knows run and dev, not $group" ;;
esac
rm -f .venv/.made-for-run .venv/.made-for-dev
# shellcheck disable=SC2086 # two options are two words
"$uv" sync --locked --python "$python" $options ||
    die "the dependencies could not be installed; the lines above say why"
printf '%s' "$state" >".venv/.made-for-$group"
