# SPDX-License-Identifier: Apache-2.0
# Sourced by demo.sh and test.sh: installs what is missing and builds. Says one line per step, nothing about what is there.

build_packages="gcc libc6-dev cmake ninja-build pkg-config libyajl-dev uthash-dev libfyaml-dev libpcre2-dev"
test_packages="libcmocka-dev"

other_system() {
    cat >&2 <<'END'
This is no Debian or Ubuntu. Install these packages, then run this again:
  dnf     gcc cmake ninja-build pkgconf-pkg-config yajl-devel uthash-develel libfyaml-devel pcre2-devel libcmocka-devel
  pacman  gcc cmake ninja pkgconf yajl uthash libfyaml pcre2 cmocka
  apk     gcc musl-dev linux-headers cmake ninja-build pkgconf yajl-dev uthash-dev libfyaml-dev pcre2-dev cmocka-dev
  brew    cmake ninja pkg-config yajl uthash libfyaml pcre2 cmocka
END
    exit 2
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        echo "not root, and there is no sudo: run as root: $*" >&2
        exit 2
    fi
}

# install_missing PACKAGE...
install_missing() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    if [ -z "$missing" ]; then
        return 0
    fi
    echo "installing:$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of words
    if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing; } > "$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "the installation failed; the whole log is in $log" >&2
        exit 2
    fi
    rm -f "$log"
}

# build PRESET: configures and builds, quiet unless it fails
build() {
    echo "building: build/$1"
    log=$(mktemp)
    if ! { cmake --preset "$1" && cmake --build --preset "$1"; } > "$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "the build failed; the whole log is in $log" >&2
        exit 2
    fi
    rm -f "$log"
}

# prepare PRESET PACKAGE...
prepare() {
    preset=$1
    shift
    # Tools of other systems do not know apt; their users may have everything already.
    if command -v apt-get > /dev/null && command -v dpkg-query > /dev/null; then
        install_missing "$@"
    elif ! command -v cmake > /dev/null || ! command -v ninja > /dev/null; then
        other_system
    fi
    build "$preset"
}
