# Sourced by cases that need two hosts with a network between them: network namespaces of this one, 10.77.0.1 and 10.77.0.2.
# Where none can be made, the case is skipped.
. "$(dirname "$0")/nodes.bash"

command -v ip >/dev/null || { echo "skipped: needs iproute2"; exit 77; }
here=drover$$a there=drover$$b
ip netns add "$here" 2>err || { echo "skipped: no network namespaces may be made here: $(cat err)"; exit 77; }
end_hosts() {
  end_nodes
  ip netns delete "$here"
  ip netns delete "$there"
} 2>/dev/null
trap end_hosts EXIT
ip netns add "$there" && ip -n "$here" link add wire type veth peer name wire netns "$there" 2>err ||
  { echo "skipped: no network can be made here: $(cat err)"; exit 77; }
ip -n "$here" address add 10.77.0.1/24 dev wire && ip -n "$there" address add 10.77.0.2/24 dev wire || fail "no addresses"
for host in "$here" "$there"; do ip -n "$host" link set lo up && ip -n "$host" link set wire up || fail "no network"; done

# The program, on one of them.
real=$drover
on() {
  printf '#!/bin/sh\nexec ip netns exec %s %s "$@"\n' "$1" "$real" >on."$1"
  chmod +x on."$1"
  drover=$PWD/on.$1
}
on "$here"
"$drover" node --make-credentials ours >/dev/null || fail "cannot make credentials"

# goes_on: the job trains on for a while.
goes_on() {
  local before
  before=$(wc -l <metrics.jsonl)
  wait_for 60 trains $((before + 20))
}

# shows WORDS: the other host's node answers, and says so.
shows() { "$drover" nodes --nodes 10.77.0.2:4500 --credentials ours >out 2>err && grep -q "$1" out; }
