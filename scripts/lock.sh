#!/bin/sh
# Pins what pyproject.toml asks for: requirements.lock to run Thaw, requirements-dev.lock to test it.
# Needs uv. Pass --upgrade to move to the newest releases, or --upgrade-package NAME to move one.
set -eu
cd "$(dirname "$0")/.."

pin() { # OUTPUT ARGUMENTS...: universal (every platform, Python 3.11 and later), hashed, and without registry addresses
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command scripts/lock.sh --output-file "$output" "$@"
    echo "pinned $output" >&2
}

pin requirements.lock pyproject.toml "$@"
# The constraint keeps one version of a package that both lists need.
pin requirements-dev.lock --group dev --constraint requirements.lock "$@"
