#!/usr/bin/env bash
# On a machine with an NVIDIA GPU and a Python that has PyTorch (2.11 or newer): builds tstorch against that PyTorch,
# runs the tests that need a GPU and measures beside that same PyTorch. One call does it all:
#
#     scripts/gpu/run.sh [folder for logs and figures]
#
# TSTORCH_PYTHON names the Python, python3 by default. Where there is no Node or no network, scripts/gpu/pack.mjs has to
# have made `.gpu/` before. Each part goes on when the one before it failed; the exit status tells whether all went well.
set -uo pipefail
cd "$(dirname "$0")/../.."
out=$(realpath -m "${1:-build/gpu}")
mkdir -p "$out"
python=${TSTORCH_PYTHON:-python3}
failed=0

part() {
  local name=$1
  shift
  echo "== $name"
  local begin=$SECONDS
  "$@" 2>&1 | tee "$out/$name.log"
  local status=${PIPESTATUS[0]}
  echo "== $name: $([ "$status" = 0 ] && echo ok || echo "FAILED with $status") after $((SECONDS - begin)) s"
  [ "$status" = 0 ] || failed=1
}

if [ -d .gpu ]; then
  mkdir -p build/gpu-node
  [ -x build/gpu-node/node ] || tar -C build/gpu-node -xJf .gpu/node.tar.xz
  export PATH="$PWD/build/gpu-node:$PATH"
  [ -d node_modules ] || tar -xJf .gpu/node_modules.tar.xz
  [ -d dist ] || tar -xJf .gpu/built.tar.xz
fi

TSTORCH_LIBTORCH=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))') || exit 1
export TSTORCH_LIBTORCH TSTORCH_PYTHON=$python
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | tee "$out/device.txt"

part build node scripts/gpu/build.mjs
part oracle "$python" scripts/gpu/oracle.py "$out/oracle.json"
export TSTORCH_CUDA_ORACLE="$out/oracle.json"
part tests node node_modules/vitest/vitest.mjs run tests/cuda
part bench node bench/run.mjs cuda_operators cuda_training --rounds "${TSTORCH_GPU_ROUNDS:-7}" --no-build --json "$out/cuda.json"
exit $failed
