# Sourced by every case, which is called with the program to test. Works in a folder that is gone afterwards.
set -u
drover=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# A job that trains for long writes many lines an epoch: what is not about one is shown, and the last of those.
fail() {
  [ ! -s out ] || { echo "--- standard output"; grep -v '^epoch ' out; grep '^epoch ' out | tail -n 3; }
  [ ! -s err ] || { echo "--- standard error"; tail -n 100 err; }
  echo "FAILED: $*" >&2
  exit 1
}

# expect CODE WORDS…: runs drover; its outputs are in `out` and `err` then.
expect() {
  local wanted=$1
  shift
  "$drover" "$@" >out 2>err
  local code=$?
  [ "$code" -eq "$wanted" ] || fail "drover $*: ended with $code, not with $wanted"
}

# refused CODE SENTENCE WORDS…: drover ends with that code, and says that, in one line and nothing else.
refused() {
  local code=$1 sentence=$2
  shift 2
  expect "$code" "$@"
  grep -qF -- "$sentence" err || fail "drover $*: does not say: $sentence"
  [ "$(head -c 8 err)" = "drover: " ] || fail "drover $*: the sentence does not begin with its name"
  [ "$(wc -l <err)" -eq 1 ] || fail "drover $*: says more than one line"
  [ ! -s out ] || fail "drover $*: writes to standard output"
}

# A table of 3 classes around 3 points of the plane, the same every time.
make_table() {
  awk 'BEGIN {
    srand(1); print "x,y,label"
    for (i = 0; i < 600; ++i) {
      class = i % 3
      printf "%.4f,%.4f,%d\n", 2 * (class == 1) + rand() - rand(), 2 * (class == 2) + rand() - rand(), class
    }
  }' >"$1"
}
