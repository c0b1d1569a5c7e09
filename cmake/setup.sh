# SPDX-License-Identifier: Apache-2.0
# Sourced by demo.sh and test.sh: installs what is missing and builds. Says one line per step, nothing about what is there.

build_packages="gcc libc6-dev cmake ninja-build pkg-config libyajl-dev libarchive-dev uthash-dev libfyaml-dev libpcre2-dev libsqlite3-dev"
test_packages="libcmocka-dev"

other_system() {
    cat >&2 <<'END'
This is no Debian or Ubuntu. Install these packages, then run this again:
  dnf     gcc cmake ninja-build pkgconf-pkg-config yajl-devel libarchive-devel uthash-devel libfyaml-devel pcre2-devel sqlite-devel libcmocka-devel
  pacman  gcc cmake ninja pkgconf yajl libarchive uthash libfyaml pcre2 sqlite cmocka
  apk     gcc musl-dev linux-headers cmake ninja-build pkgconf yajl-dev libarchive-dev uthash-dev libfyaml-dev pcre2-dev sqlite-dev cmocka-dev
  brew    cmake ninja pkg-config yajl libarchive uthash libfyaml pcre2 sqlite cmocka
END
    exit 2
}

# The word that makes a command root's: nothing, or sudo. Fails if there is no way.
root_word() {
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo
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
    if ! root=$(root_word); then
        echo "These packages are missing, and here is neither root nor sudo to install them. As root:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends$missing" >&2
        exit 2
    fi
    echo "installing:$missing"
    log=$(mktemp)
    # A machine that has just started may still be busy with updates of its own: wait for its lock.
    apt="$root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120"
    # shellcheck disable=SC2086 # lists of words
    if ! { $apt update && $apt install -y --no-install-recommends $missing; } > "$log" 2>&1; then
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

# Whether the machine has what $build_packages stand for. For systems that do not know these names.
have_all() {
    for tool in cc cmake ninja pkg-config; do
        command -v "$tool" > /dev/null || return 1
    done
    for library in yajl libarchive libfyaml libpcre2-8 sqlite3; do
        pkg-config --exists "$library" || return 1
    done
}

# prepare PRESET PACKAGE...
prepare() {
    preset=$1
    shift
    # Tools of other systems do not know apt; their users may have everything already.
    if command -v apt-get > /dev/null && command -v dpkg-query > /dev/null; then
        install_missing "$@"
    elif ! have_all; then
        other_system
    fi
    build "$preset"
}
