#!/usr/bin/env bash
# The Python integrations with the real libraries: makes a virtual environment, installs them (some gigabytes with
# --deep-learning), and runs their tests against the release build. Takes minutes; scripts/test.sh skips what is not
# installed.
#
#   scripts/check_integrations.sh [--deep-learning] [FOLDER OF THE ENVIRONMENT, by default build/integrations]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

packages=(pytest mypy numpy scipy pandas matplotlib scikit-learn xgboost lightgbm 'ray[tune]' 'dask[distributed]')
if [ "${1:-}" = "--deep-learning" ]; then
  packages+=(torch lightning keras transformers accelerate)
  shift
fi
environment=$(realpath -m "${1:-build/integrations}")

step "Building the module"
python=$(command -v python3)
cmake --preset release "-DPython_EXECUTABLE=$python" "-DPython3_EXECUTABLE=$python"
cmake --build --preset release --target _tunesmith

step "Installing the libraries into $environment"
"$python" -m venv "$environment"
"$environment/bin/pip" install --quiet "${packages[@]}"

step "Types"
(cd build/release/python && "$environment/bin/mypy" --strict --ignore-missing-imports \
  tunesmith/{futures,dask,ray,sklearn,plot,_ray_search,_remote,_choices,_distributions,_plot_data,_plot_style}.py)

step "Tests"
tests=bindings/python/tests
PYTHONPATH=build/release/python "$environment/bin/python" -m pytest -rs -q \
  $tests/test_{futures,dask,ray,ray_search,sklearn,callbacks,plot,integration_examples}.py
