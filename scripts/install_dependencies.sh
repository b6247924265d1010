#!/usr/bin/env bash
# Installs what is missing, and nothing else, from Debian's or Ubuntu's own packages.
# Usage: install_dependencies.sh [build] [example] [test] [long] [bench]     (default: build)
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

packages=()

# need_command <command> <package>: a tool may come from anywhere, as long as it is there.
need_command() { command -v "$1" >/dev/null || packages+=("$2"); }

# need_package <package>...: headers and data, by the package that brings them.
need_package() {
  local package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      packages+=("$package")
    fi
  done
}

need_build() {
  need_command "${CXX:-g++}" g++
  need_command cmake cmake
  need_command ninja ninja-build
  need_command pkg-config pkg-config
  need_package libeigen3-dev libboost-dev libre2-dev nlohmann-json3-dev libsqlite3-dev libcli11-dev \
    pybind11-dev python3-dev
}

need_example() {
  python_with numpy >/dev/null || packages+=(python3-numpy)
  need_package dataset-fashion-mnist
}

need_test() {
  need_package catch2 zlib1g-dev dataset-fashion-mnist
  python_with pytest jsonschema >/dev/null || packages+=(python3-pytest python3-jsonschema)
  need_command clang-format clang-format
}

need_long() {
  need_command valgrind valgrind
  need_command clang++ clang
}

need_bench() { need_package libbenchmark-dev; }

for set in "${@:-build}"; do
  case $set in
    build | example | test | long | bench) "need_$set" ;;
    *) echo "unknown set of packages: $set (known: build, example, test, long, bench)" >&2; exit 2 ;;
  esac
done
[ ${#packages[@]} -gt 0 ] || exit 0

give_up() {
  echo "$1 Please install these packages (Debian's names) and try again:" >&2
  printf '  %s\n' "${packages[@]}" >&2
  exit 1
}

command -v apt-get >/dev/null || give_up "This is not Debian or Ubuntu."
as_root=()
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    give_up "Installing needs root, and sudo cannot be used here."
  fi
  as_root=(sudo)
fi

echo "installing ${packages[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  # Another apt may be at work on a machine that has just started: wait for it.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=400 "$@" >"$log" 2>&1 \
    || { tail -n 20 "$log" >&2; return 1; }
}
apt update || echo "the package lists could not be refreshed; trying with those that are here" >&2
apt install --no-install-recommends "${packages[@]}" || give_up "Installing failed."
