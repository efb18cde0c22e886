# Sourced by every case, which is called with the folder of launch files. Works in a folder that is gone afterwards.
# What runs there finds stand-ins for drover, ssh and Slurm first; each writes to the file `log` what it was called with.
set -u
launch=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
PATH=$here/fake:$PATH
export DROVER_TEST_LOG=$work/log
: >log

fail() {
  echo "FAILED: $*" >&2
  echo "--- calls" && cat log
  [ ! -s out ] || { echo "--- output" && cat out; }
  exit 1
}

# logged COUNT LINE: so many lines of the log are this one.
logged() {
  local count
  count=$(grep -cxF -- "$2" log)
  [ "$count" -eq "$1" ] || fail "expected $1 times, seen $count times: $2"
}

# await LINE: until it is in the log.
await() {
  local try
  for try in {1..200}; do
    ! grep -qxF -- "$1" log || return 0
    sleep 0.05
  done
  fail "never happened after $try looks: $1"
}

# The script is one that shellcheck finds nothing in, or at least one that bash can read.
lint() {
  if command -v shellcheck >/dev/null; then
    shellcheck "$1" || fail "shellcheck has findings"
  else
    echo "SKIPPED: shellcheck is not installed: bash -n reads the script instead"
    bash -n "$1" || fail "bash cannot read it"
  fi
}
