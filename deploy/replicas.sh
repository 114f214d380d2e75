#!/usr/bin/env bash
# Three servers of the dashboard behind HAProxy, on this machine; what ends is begun again, and Ctrl-C ends all of it.
set -euo pipefail
cd "$(dirname "$0")/.."

export REPLICA_1=${REPLICA_1:-127.0.0.1:8601} REPLICA_2=${REPLICA_2:-127.0.0.1:8602} REPLICA_3=${REPLICA_3:-127.0.0.1:8603}

keep() {
    local running=
    trap 'trap - TERM; kill $running; wait; exit' TERM
    while :; do
        "$@" &
        running=$!
        wait $running || echo "Ended with $?, and begins again: $*" >&2
        sleep 1
    done
}

trap 'trap - EXIT INT TERM; kill $(jobs -p); wait' EXIT INT TERM
for replica in "$REPLICA_1" "$REPLICA_2" "$REPLICA_3"; do
    keep python -m mnistgrad run --server.address "${replica%:*}" --server.port "${replica##*:}" --server.headless true &
done
keep haproxy -f deploy/haproxy.cfg &
wait
