#!/usr/bin/env bash
# Builds the wheel and the source package, installs the wheel into a fresh virtual environment, and tunes with it from an
# empty folder: with the module, with processes (which need the launcher), and with the command. Needs a network for what
# building takes, unless WHEEL names a wheel that is there already.
# Usage: [WHEEL=file.whl] check_wheel.sh
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip() { "$folder/venv/bin/python" -m pip --disable-pip-version-check -q "$@"; }

if [ -z "${WHEEL:-}" ]; then
  step "Building the source package"
  pip install build
  "$folder/venv/bin/python" -m build --sdist -o "$folder" . >"$folder/log" || { tail -n 20 "$folder/log" >&2; exit 1; }
  tar -tzf "$folder"/tunesmith-*.tar.gz | sort >"$folder/files"
  for file in CMakeLists.txt LICENSE README.md pyproject.toml src/core/error.cpp include/tunesmith/study.hpp \
    src/search/strategies.def bindings/python/tunesmith/py.typed bindings/python/tunesmith/__init__.pyi; do
    grep -q "^[^/]*/$file$" "$folder/files" || { echo "the source package lacks $file" >&2; exit 1; }
  done
  ! grep -E '/(tests|bench|build|\.git)/|\.output$' "$folder/files" || { echo "the source package has too much" >&2; exit 1; }
  step "Building the wheel"
  pip wheel --no-deps -w "$folder" .
  WHEEL=$(ls "$folder"/tunesmith-*.whl)
fi
WHEEL=$(realpath "$WHEEL")

step "Installing it into a fresh environment"
pip install --no-index "$WHEEL"
site=$("$folder/venv/bin/python" -c "import sysconfig; print(sysconfig.get_path('platlib'))")
for file in bin/tunesmith bin/tunesmith-launcher __init__.pyi py.typed; do
  [ -f "$site/tunesmith/$file" ] || { echo "the wheel lacks $file" >&2; exit 1; }
done
module=$(ls "$site"/tunesmith/_tunesmith.*.so)
! readelf -S "$module" | grep -q '\.symtab' || { echo "the module is not stripped" >&2; exit 1; }
printf 'wheel %d KiB, module %d KiB\n' $(($(stat -c %s "$WHEEL") / 1024)) $(($(stat -c %s "$module") / 1024))

step "Tuning with it"
mkdir "$folder/elsewhere"
cp examples/python/01_minimal.py examples/python/04_script_and_logs.py "$folder/elsewhere"
cd "$folder/elsewhere"
"$folder/venv/bin/python" 01_minimal.py >01.txt
"$folder/venv/bin/python" 04_script_and_logs.py >04.txt
diff 01.txt "$OLDPWD/examples/python/01_minimal.output"
diff 04.txt "$OLDPWD/examples/python/04_script_and_logs.output"
cat >job.json <<'JOB'
{
  "name": "square",
  "command": ["python3", "-c", "import sys; print('loss:', float(sys.argv[2]) ** 2)"],
  "parameters": {"x": {"type": "float", "min": -1, "max": 1}},
  "metrics": [{"name": "loss", "regex": "loss: (.*)"}],
  "objective": {"metric": "loss", "goal": "minimize"},
  "budget": {"max_trials": 5}
}
JOB
"$folder/venv/bin/tunesmith" run job.json >run.txt || { cat run.txt >&2; exit 1; }
"$folder/venv/bin/tunesmith" best job.json >best.txt
grep -q loss best.txt
step "The wheel works"
