#!/bin/sh
# Builds @tensorflow/tfjs-node against the TensorFlow C library that PyPI's wheel carries. See README.md beside this file.
#   sh infra/tensorflow-from-wheel/build.sh [FOLDER]      (default: .basin/tensorflow in the working folder)
# Settings: TENSORFLOW_PACKAGE (tensorflow-cpu; tensorflow for NVIDIA GPUs), TENSORFLOW_VERSION (2.12.1), PYTHON (python3),
# WHEEL (a wheel that is already here).
set -eu

tfjs_version=4.22.0
package=${TENSORFLOW_PACKAGE:-tensorflow-cpu}
version=${TENSORFLOW_VERSION:-2.12.1}
python=${PYTHON:-python3}
napi=8

basin=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "${1:-.basin/tensorflow}"
target=$(cd "${1:-.basin/tensorflow}" && pwd)

fail() {
  echo "$1" >&2
  exit 1
}

for command in node npm g++ unzip "$python"; do
  command -v "$command" > /dev/null || fail "This recipe needs $command."
done
core="$basin/node_modules/@tensorflow/tfjs-core"
[ -d "$core" ] || fail "Basin's own packages are missing: run npm ci in $basin first."

# Node's C headers stand beside its binary, in a distribution's folder, or where npm was told (npm config set nodedir).
headers=
for folder in "$(dirname "$(command -v node)")/../include/node" "$(npm config get nodedir 2> /dev/null)/include/node" /usr/include/node; do
  if [ -f "$folder/node_api.h" ]; then
    headers=$folder
    break
  fi
done
[ -n "$headers" ] || fail "No node_api.h found: install Node's headers (Debian: libnode-dev) or run npm config set nodedir FOLDER."

echo "1/4 the packages, without their download of libtensorflow"
printf '{ "private": true }\n' > "$target/package.json"
npm install --prefix "$target" --ignore-scripts --no-audit --no-fund --loglevel=error --install-strategy=hoisted \
  "@tensorflow/tfjs-node@$tfjs_version"
# One TensorFlow.js for Basin and the addon: a backend registers itself with the copy that it was loaded beside.
for shared in tfjs-core tfjs-backend-cpu; do
  rm -rf "$target/node_modules/@tensorflow/$shared"
  ln -s "$basin/node_modules/@tensorflow/$shared" "$target/node_modules/@tensorflow/$shared"
done

echo "2/4 the wheel ${WHEEL:-$package $version}"
wheel=${WHEEL:-}
if [ -z "$wheel" ]; then
  "$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$target/wheel" "$package==$version"
  wheel=$(find "$target/wheel" -name "*-$version-*.whl" | head -n 1)
fi

echo "3/4 library and headers"
addon="$target/node_modules/@tensorflow/tfjs-node"
rm -rf "$target/unpacked" "$addon/deps" "$addon/lib"
mkdir -p "$target/unpacked" "$addon/deps/lib" "$addon/lib/napi-v$napi"
unzip -q "$wheel" 'tensorflow/libtensorflow_*' 'tensorflow/include/*' -d "$target/unpacked"
mv "$target"/unpacked/tensorflow/libtensorflow_* "$addon/deps/lib/"
mv "$target/unpacked/tensorflow/include" "$addon/deps/include"
rm -rf "$target/unpacked" "$target/wheel"
for name in tensorflow_cc tensorflow_framework; do
  [ -f "$addon/deps/lib/lib$name.so.2" ] || fail "$wheel carries no lib$name.so.2 (wheels from 2.11 on do)."
done

echo "4/4 the addon"
g++ -O2 -std=c++17 -shared -fPIC -DNAPI_VERSION=$napi -DBUILDING_NODE_EXTENSION \
  -I"$headers" -I"$addon" -I"$addon/deps/include" \
  "$addon/binding/tfjs_backend.cc" "$addon/binding/tfjs_binding.cc" \
  -L"$addon/deps/lib" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
  -Wl,-rpath,'$ORIGIN/../../deps/lib' -o "$addon/lib/napi-v$napi/tfjs_binding.node"

NODE_PATH="$target/node_modules" TF_CPP_MIN_LOG_LEVEL=1 node -e '
  const tf = require("@tensorflow/tfjs-node");
  const [product] = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5], [6]])).dataSync();
  if (tf.getBackend() !== "tensorflow" || product !== 17) throw new Error(`${tf.getBackend()}: 1·5 + 2·6 = ${product}`);
  console.log(`works: the addon of tfjs-node on TensorFlow ${tf.backend().binding.TF_Version}, ${tf.backend().isUsingGpuDevice ? "GPU" : "CPU"}`);
'
echo "Start a trainer on it with: NODE_PATH=$target/node_modules BASIN_BACKEND=tensorflow npm run trainer"
