#!/usr/bin/env bash
# Makes a release: binaries for six kinds of machine, their checksums, a list of
# what is in them (CycloneDX), and with --image an image for two.
#
#   deploy/release.sh v1.2.0 [--image registry.example/onrecord]
#
# What comes out lies in dist/. The same commit and the same Go give the same
# bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?name the version, as in deploy/release.sh v1.2.0}
case $version in v[0-9]*) ;; *) echo "A version is like v1.2.0, not $version." >&2; exit 2 ;; esac
if ! grep -q "const version = \"${version#v}\"" cmd/bot/version.go; then
  echo "cmd/bot/version.go says another version: change it first." >&2
  exit 2
fi
image=
if [ "${2:-}" = --image ]; then
  image=${3:?name the image, as in --image registry.example/onrecord}
fi

export CGO_ENABLED=0
targets=${TARGETS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64}
out=dist/$version
rm -rf "$out"
mkdir -p "$out"
for target in $targets; do
  os=${target%/*} arch=${target#*/} suffix=
  [ "$os" = windows ] && suffix=.exe
  name=onrecord_${version#v}_${os}_$arch$suffix
  echo "$name"
  GOOS=$os GOARCH=$arch go build -trimpath -ldflags="-s -w" -o "$out/$name" ./cmd/bot
  go run ./tools/sbom "$out/$name" >"$out/$name.cdx.json"
done
cp LICENSE NOTICE "$out/"
(cd "$out" && sha256sum -- * >SHA256SUMS)

if [ -n "$image" ]; then
  docker buildx build --platform linux/amd64,linux/arm64 --sbom=true --provenance=true \
    --tag "$image:${version#v}" --tag "$image:latest" --push .
fi
