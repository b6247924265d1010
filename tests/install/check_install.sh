#!/usr/bin/env bash
# Usage: check_install.sh static|shared BUILD_FOLDER WORK_FOLDER
#   static: installs what BUILD_FOLDER has built, moves it, and lets the consumer find it.
#   shared: builds the consumer with tunesmith as a sub-project, first static, then shared; installs that one and lets the
#           consumer find it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
kind=$1 build_folder=$2 work=$3/$1

# The compiled library is worth keeping between runs; everything that is judged is made anew.
rm -rf "$work"/{prefix,consumer,examples,refused,host,moved_host,trials}
mkdir -p "$work"

# configure <folder> <argument>...
configure() {
  local folder=$1
  shift
  cmake -G Ninja -S "$here/consumer" -B "$folder" -DCMAKE_BUILD_TYPE=Debug "$@"
}

# run <folder> <program> [<argument>...]: what it prints names the launcher of a trial, which must be the one of that folder.
run() {
  local folder=$1 printed
  shift
  printed=$("$@")
  echo "$printed"
  grep -q "^launcher $folder/.*tunesmith-launcher" <<<"$printed"
}

# consume <argument>...: finds the package, builds the consumer and runs it.
consume() {
  configure "$work/consumer" -DCMAKE_PREFIX_PATH="$work/prefix" "$@"
  cmake --build "$work/consumer"
  run "$work/prefix" "$work/consumer/consumer"
  # What the compiler opened tells what a host must have installed.
  local opened
  opened=$(ninja -C "$work/consumer" -t deps)
  grep -q 'tunesmith/tunesmith.hpp' <<<"$opened"
  if grep -iE '/(boost|eigen3?|nlohmann|re2|sqlite3|CLI)[./]' <<<"$opened"; then
    echo "a third-party header is needed to compile a host" >&2
    exit 1
  fi
}

case $kind in
  static)
    cmake --install "$build_folder" --prefix "$work/moved_later" >/dev/null
    mv "$work/moved_later" "$work/prefix"
    "$work/prefix/bin/tunesmith" --version
    cat >"$work/job.json" <<'JOB'
{
  "name": "installed", "command": ["sh", "-c", "echo launcher $(readlink /proc/$PPID/exe); echo loss=1"],
  "parameters": {"x": {"type": "int", "min": 1, "max": 1}}, "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
  "objective": {"metric": "loss", "goal": "minimize"}, "budget": {"max_trials": 1}
}
JOB
    rm -rf "$work"/*.tunesmith
    "$work/prefix/bin/tunesmith" run "$work/job.json"
    run "$work/prefix" cat "$work"/*.tunesmith/*/trial-0000/attempt-1.log
    # Hosts need no header of ours but the public ones, and no package that only our sources use.
    consume -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON \
      -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON
    # The examples are a host's project too.
    cmake -G Ninja -S "$root/examples" -B "$work/examples" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$work/prefix"
    cmake --build "$work/examples" --target example_01_minimal example_07_own_store
    (cd "$work/examples" && ctest --output-on-failure -R '01_minimal|07_own_store')
    # A package of another minor version is not taken.
    if configure "$work/refused" -DCMAKE_PREFIX_PATH="$work/prefix" -DWANTED_VERSION=0.0 >"$work/refused.log" 2>&1; then
      echo "version 0.0 was asked for and another one was taken" >&2
      exit 1
    fi
    grep -q tunesmithConfig.cmake "$work/refused.log"
    ;;
  shared)
    configure "$work/subproject" -DTUNESMITH_SOURCE="$root" -DBUILD_SHARED_LIBS=OFF -DTUNESMITH_INSTALL=OFF
    cmake --build "$work/subproject"
    run "$work/subproject" "$work/subproject/consumer"
    # The host is installed with the launcher and nothing else of ours, and may be moved.
    cmake --install "$work/subproject" --prefix "$work/host" >/dev/null
    mv "$work/host" "$work/moved_host"
    run "$work/moved_host" "$work/moved_host/bin/consumer"
    installed=$(cd "$work/moved_host" && find . -type f | sort | paste -sd ' ')
    [ "$installed" = "./bin/consumer ./libexec/tunesmith/tunesmith-launcher" ]
    # The same objects as a shared library.
    configure "$work/subproject" -DTUNESMITH_SOURCE="$root" -DBUILD_SHARED_LIBS=ON -DTUNESMITH_INSTALL=ON
    cmake --build "$work/subproject"
    run "$work/subproject" "$work/subproject/consumer"
    for target in tunesmith_command test_core; do
      if ninja -C "$work/subproject" -t query "$target" >/dev/null 2>&1; then
        echo "a sub-project must be the library alone, and here is $target" >&2
        exit 1
      fi
    done
    cmake --install "$work/subproject" --prefix "$work/prefix" >/dev/null
    # A shared library brings its own dependencies: none may be asked of the host.
    consume -DCMAKE_DISABLE_FIND_PACKAGE_SQLite3=ON -DCMAKE_DISABLE_FIND_PACKAGE_Threads=ON \
      -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON
    # Only what is marked as public leaves the library. Boost shows its exception base on purpose, to be caught across
    # libraries.
    library=$(find "$work/prefix" -name libtunesmith.so)
    symbols=$(nm -DC --defined-only "$library")
    if grep -E ' [TW] (Eigen|nlohmann|boost|re2)::' <<<"$symbols" | grep -v ' boost::exception::'; then
      echo "third-party symbols are exported" >&2
      exit 1
    fi
    grep -q ' T tunesmith::version()' <<<"$symbols"
    ;;
esac
