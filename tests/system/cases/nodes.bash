# Sourced by every case. Nodes listen on ports of their own choice and are gone when the case ends.
. "$(dirname "$0")/../../cli/cases/common.bash"

node_pids=()
nodes_started=0
end_nodes() {
  [ ${#node_pids[@]} -eq 0 ] || kill -9 "${node_pids[@]}" 2>/dev/null
  [ -z "${trainer:-}" ] || kill -9 "$trainer" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$work"
}
trap end_nodes EXIT

# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
  local until=$((SECONDS + $1))
  shift
  while ! "$@"; do
    [ $SECONDS -lt $until ] || return 1
    sleep 0.1
  done
}

listens() { grep -q '^listening on ' "$1" 2>/dev/null; }

# start_node FLAGS…: sets node_address and node_pid. Listens on $listen, or else on any port.
start_node() {
  local log=node.$nodes_started.log
  nodes_started=$((nodes_started + 1)) # a log that was there would be read before it is begun anew
  "$drover" node --listen "${listen:-127.0.0.1:0}" "$@" >"$log" 2>&1 &
  node_pid=$!
  node_pids+=("$node_pid")
  wait_for 20 listens "$log" || fail "a node does not listen: $(cat "$log")"
  node_address=$(sed -n 's/^listening on //p' "$log")
}

# start_nodes COUNT FLAGS…: sets nodes to their addresses, separated by commas.
start_nodes() {
  local count=$1
  shift
  nodes=
  while [ "$count" -gt 0 ]; do
    start_node "$@"
    nodes=${nodes:+$nodes,}$node_address
    count=$((count - 1))
  done
}

# What a job has learned is seen in its table of shards: every update's staleness within the bound.
check_staleness() { grep -q '^staleness .* kept$' "$1" || fail "the staleness bound was not kept: $(cat "$1")"; }

# What was learned: of model.safetensors all but the header, which names the job.
parameters() {
  local file=${1:-model.safetensors} header
  header=$(od -An -tu8 -N8 "$file" | tr -d ' ')
  tail -c "+$((9 + header))" "$file" | sha256sum
}

# A job that goes on until it is stopped, and how to see that it trains.
long_job=(--data table.csv --holdout 0.25 --model mlp:64,64 --epochs 100000 --consistency ssp:2 --workers 3
  --metrics metrics.jsonl)
trains() { [ -s metrics.jsonl ] && [ "$(wc -l <metrics.jsonl)" -ge "${1:-3}" ]; }
make_table table.csv
