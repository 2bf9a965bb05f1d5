#!/usr/bin/env bash
# Mail servers for `seenas lab run --mail`, from Debian's packages. Debian lets only one be installed at a time, so they are
# unpacked side by side, with what they need, into a folder of their own: nothing is configured and nothing is started.
#   bash scripts/lab-servers.sh [FOLDER]      FOLDER: /opt/seenas-lab; another one is named to the lab by SEENAS_LAB_SERVERS
set -euo pipefail
folder=${1:-/opt/seenas-lab}
packages=(exim4-daemon-light exim4-base opensmtpd libevent-2.1-7 libgnutls-dane0 libidn12 libnsl2 libunbound8)
command -v postfix >/dev/null || packages+=(postfix)

mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
cd "$scratch"
apt-get download -qq "${packages[@]}"
for package in ./*.deb; do dpkg -x "$package" "$folder"; done
echo "unpacked into $folder"
