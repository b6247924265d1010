#!/usr/bin/env bash
# Builds tunesmith and tunes examples/fashion_mnist/train.py, 20 trials on the real images. Given again after an
# interruption it goes on where it was. Arguments are passed to `tunesmith run`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

step "Installing what is missing"
scripts/install_dependencies.sh build example

step "Configuring the release build"
mkdir -p build
if ! cmake --preset release >build/quickstart.log 2>&1; then
  tail -n 30 build/quickstart.log >&2
  exit 1
fi

step "Building (minutes the first time)"
cmake --build --preset release

step "Tuning examples/fashion_mnist/train.py"
python=$(python_with numpy)
command=()
if [ "$python" != "$(command -v python3)" ]; then
  command=(--command "$python train.py")
fi
exec build/release/bin/tunesmith run examples/fashion_mnist/job.json "${command[@]}" "$@"
