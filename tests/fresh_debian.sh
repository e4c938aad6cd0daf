#!/bin/sh
# Runs a command of this checkout in an empty Debian 12, as a new user would, as root.
#
#   tests/fresh_debian.sh [--mirror URL] [--keep DIR] [COMMAND...]      default: ./assay verify
#
# Needs root and debootstrap. The tree is the working tree: tracked files and new ones that git does not ignore. The
# mirror is the host's own unless given; the host's proxy settings hold inside too. With --keep, the Debian root stays
# in DIR and the next run starts from it, with a fresh copy of the tree.
# shellcheck disable=SC2016 # apt and the inner shell expand these
set -eu

mirror=
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --mirror) mirror=$2 && shift 2 ;;
    --keep) keep=$2 && shift 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || set -- ./assay verify
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
  echo 'fresh_debian.sh: needs root and the package debootstrap' >&2
  exit 2
fi
if [ -z "$mirror" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
    sed -n 's/ bookworm$//p' | head -n 1)
fi
checkout=$(cd -- "$(dirname -- "$0")/.." && pwd)
debian=${keep:-$(mktemp -d)}

leave() {
  umount "$debian/proc" 2>/dev/null || true
  if [ -z "$keep" ]; then rm -rf --one-file-system "$debian"; fi
}
trap leave EXIT
trap 'exit 130' INT TERM

if [ ! -e "$debian/etc/debian_version" ]; then
  debootstrap --variant=minbase bookworm "$debian" "${mirror:-http://deb.debian.org/debian}"
fi
cp /etc/resolv.conf /etc/hosts "$debian/etc/"
apt-config dump | grep -iE '^Acquire::(http|https|Check-[A-Za-z-]+)(::[^ ]*)? ' >"$debian/etc/apt/apt.conf.d/99host" || true
mount -t proc proc "$debian/proc" 2>/dev/null || true

rm -rf "$debian/root/assay"
mkdir "$debian/root/assay"
cd "$checkout"
git -c safe.directory='*' ls-files -z --cached --others --exclude-standard | tar --null -T - -c |
  tar -C "$debian/root/assay" --no-same-owner -x

env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM="${TERM:-dumb}" \
  http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" no_proxy="${no_proxy-}" \
  chroot "$debian" sh -c 'cd /root/assay && exec "$@"' - "$@"
